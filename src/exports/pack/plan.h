// plan.h: everything that a pack will hold, found out before anything is written.
//
// What     plan_pack() opens each sample, checks it against what the device takes, gives it a name, a folder and its pads. A
//          sample that the device would refuse carries every reason; the others go on.
// Shape    a source is one file that was given; a sample is what is made of it (all of it, or a slice), once, whatever the number of
//          its files: a kit's sample may lie on several pads, and in the project beside the folders.
// Analysis folders by tempo and key, and slices at beats and onsets, need the sources analyzed where no tag tells; only
//          then is audio decoded here.
// Order    samples in the order of the inputs or the pads; the same plan on every run.
// Threads  constant after it was made; run it once.
// Errors   what concerns the whole pack: no samples, more than there are pads, an occupied pad, what is in the way.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/progress.h"
#include "exports/audio/input.h"
#include "exports/audio/plan.h"
#include "exports/pack/spec.h"

namespace dubplate {

// What the device would say of a source (requirements R3 A 4).
struct SampleValidation {
    double duration_ms = 0;
    bool meets_duration_requirement = false;
    bool format_supported = false;
    bool file_readable = false;
    std::vector<std::string> errors{};
    bool valid() const { return errors.empty(); }
};

struct PackSource {
    AudioInput input{};
    SourceInfo info{};
    std::uint64_t bytes = 0;
    SampleValidation validation{};
    std::optional<Error> error{};  // set: nothing is made of it, and why
    std::optional<double> bpm{};   // from its tags, or as analyzed where that was needed
    std::string key{};             // likewise
};

// A file of the pack that one sample goes into.
struct SampleFile {
    std::filesystem::path path{};  // relative to the pack
    const SampleFileKind* kind = nullptr;
    PadPlace place{};               // of a project's sample
    std::filesystem::path sheet{};  // the text beside it; empty: none
};

// A pad and what of the kit it came from: frames are known when its sample was made.
struct PlannedPad {
    PadPlace place{};
    std::string name{};
    PackPad asked{};
};

struct PlannedSample {
    std::size_t source = 0;
    std::string name{};                        // as people call it: the title, or the file's
    std::int64_t begin_frame = 0;              // of the source, at its rate
    std::optional<std::int64_t> end_frame{};   // none: to the end
    std::optional<std::int64_t> loop_frame{};  // it loops from there to its end; none: it does not
    int channels = 1;                          // as delivered
    bool is_padded = false;                    // silence is added; known where the source tells its length
    bool keeps_samples = false;                // it fits as it is: every sample comes out as it went in
    std::vector<SampleFile> files{};
    std::vector<PlannedPad> pads{};
    std::vector<Loss> losses{};
    std::optional<Error> error{};  // of this slice or these pads alone
};

// A picture that the unit shows.
struct PlannedPicture {
    std::string source{};
    std::filesystem::path path{};  // relative to the pack
    Bytes content{};               // as it will be written
};

struct PackPlan {
    PackSpec spec{};
    const SamplerDevice* device = nullptr;
    ExportTarget target{};
    bool is_zip = false;  // target.output is the archive; else the folder of the pack
    std::vector<PackSource> sources{};
    std::vector<PlannedSample> samples{};
    std::vector<PlannedPicture> pictures{};
    std::vector<std::string> warnings{};
    double project_bpm = 0;
    std::uint64_t estimated_bytes = 0;
    Json files_before = Json::array();  // what the manifest in the folder tells of packs before this one

    // Below the pack: empty where there is no project.
    std::filesystem::path project_folder() const;
    std::size_t failed_count() const;  // sources and samples
    bool will_make(const PlannedSample& sample) const;
};

Result<PackPlan> plan_pack(const PackSpec& spec, const ExportTarget& target,
                           const Progress::Part& progress = {}, std::stop_token stop = {});
// The same from inputs that are already there; spec.inputs is not looked at.
Result<PackPlan> plan_pack(const PackSpec& spec, const std::vector<ExpandedInput>& inputs,
                           const ExportTarget& target, const Progress::Part& progress = {},
                           std::stop_token stop = {});
Json to_json(const PackPlan& plan);

}  // namespace dubplate
