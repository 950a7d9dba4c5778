// plan.h: everything that an export will do, found out before anything is written.
//
// What     plan_audio() opens each input, reads its header and tags, and lists every file with its path, format, rate,
//          depth, tags, size and the losses that it brings. An input that cannot be exported carries its error; the
//          others go on. Nothing is written and no audio is decoded.
// Open     what only the audio tells stays open until the run: whether a file that is already at its target can be
//          copied, and {lufs} and {tp} in a name.
// Estimates bytes, seconds on one core and memory; rough, and said to be.
// Names    are made unique over the whole plan, the same way on every run; an existing file is an error unless
//          overwriting was asked for, and an output is never one of the inputs.
// Threads  a plan is constant after it was made and may be run more than once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/clock.h"
#include "exports/audio/input.h"
#include "exports/audio/spec.h"
#include "organize/name_template.h"

namespace dubplate {

// Where the files go.
struct ExportTarget {
    Store* store = nullptr;  // borrowed; must outlive the plan
    std::filesystem::path
        output;  // a folder; or a file where its extension is a format's and one output is made
    bool overwrite = false;
    const Clock* clock = &Clock::system();
};

struct PlannedFile {
    std::filesystem::path path;  // where the name asks for measured values: with those aimed at
    NameValues name_values;      // to name it again when they are known
    const AudioFormat* format = nullptr;
    WriterSettings settings;   // frames as the header tells
    bool depth_asked = false;  // false: the depth may follow the source's where nothing changes it
    bool may_keep = false;     // copied or retagged if the audio turns out to need nothing
    TagSet tags;
    std::vector<Loss> losses;
    std::uint64_t estimated_bytes = 0;
};

struct PlannedItem {
    std::string name;  // the input's, and the region's: "mix.wav [Intro]"
    AudioInput input;
    SourceInfo source;
    std::int64_t begin_frame = 0;           // the region, at the source's rate
    std::optional<std::int64_t> end_frame;  // none: to the end
    Metadata source_metadata;               // before any change, to see whether a copy keeps them
    std::vector<PlannedFile> files;
    std::vector<std::string> warnings;
    std::optional<Error> error;  // set: cannot be exported, and why
};

struct AudioPlan {
    AudioSpec spec;
    ExportTarget target;
    NameTemplate name;
    bool output_is_file = false;  // target.output is the file and not its folder
    std::vector<PlannedItem> items{};
    double audio_seconds = 0;           // of all inputs, as far as known
    std::uint64_t estimated_bytes = 0;  // of all outputs
    double estimated_cpu_seconds = 0;
    std::uint64_t estimated_memory_bytes = 0;  // of the program and one input at work, the largest

    int file_count() const;
};

// What the program takes of its own: itself, its libraries and their tables.
inline constexpr std::uint64_t program_memory_bytes = 36ULL << 20;

// Errors: what concerns the whole request (a bad spec, a bad template, an unreadable cover). What concerns one input is
// in its item.
Result<AudioPlan> plan_audio(const AudioSpec& spec, const ExportTarget& target, std::stop_token stop = {});
// The same from inputs that are already there; spec.inputs is not looked at.
Result<AudioPlan> plan_audio(const AudioSpec& spec, const std::vector<ExpandedInput>& inputs,
                             const ExportTarget& target, std::stop_token stop = {});

Json to_json(const AudioPlan& plan);

// The path of a file whose name asks for measured values, now that they are known; else its path as planned.
Result<std::filesystem::path> measured_path(const AudioPlan& plan, const PlannedItem& item,
                                            const PlannedFile& file, double integrated_lufs,
                                            double true_peak_dbtp);

}  // namespace dubplate
