// plan.h: everything that a multitrack delivery will do, found out before anything is written.
//
// What     plan_stems() opens each track, unites their rates and lengths, gives each a name of its own, and plans the stems and
//          the mix as audio exports (exports/audio/plan.h) of tracks that stand in their place (placed_reader.h); and the
//          projects. A track that cannot be delivered carries its error; the others go on, and the projects say what is
//          missing.
// Rate     the one asked for, else the one that most tracks have, the higher of two.
// Length   to the end of the longest track, and the tail. A source whose header does not tell its length is decoded once here
//          to count it.
// Names    as the tracks', unique without regard to case: "Bass", "Bass (2)", in the project and on disk alike. A track whose
//          name has nothing that a file's name can hold is "Track 3".
// Threads  constant after it was made; run it once.
// Errors   what concerns the whole delivery: no tracks, none that can be read, what is in the way of a file. What concerns one
//          track is in its stem.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exports/audio/plan.h"
#include "exports/stems/mix_reader.h"
#include "exports/stems/spec.h"
#include "formats/daw/format.h"

namespace dubplate {

struct PlannedStem {
    std::string name;  // as it is shown, and on disk where a file's name can hold it
    StemTrack track;
    std::optional<Error> error;  // set: there is no stem, and why
};

struct PlannedProject {
    const DawFormat* format = nullptr;
    std::filesystem::path path;
    std::vector<Loss> losses;
};

struct StemsPlan {
    StemsSpec spec;
    ExportTarget target;  // where the folder of the delivery stands
    std::filesystem::path folder;
    int sample_rate_hz = 0;
    std::int64_t frames = 0;
    std::vector<PlannedStem> stems{};
    AudioPlan audio{};  // of the stems, in their order
    AudioPlan mix{};    // of one item; no items where there is nothing to mix
    bool mix_is_given = false;
    DawSession session{};  // as it is planned; its files' formats are those of the first format
    std::vector<PlannedProject> projects{};
    std::string template_text{};  // of the REAPER template, where one is given
    std::filesystem::path zip{};  // empty: none
    std::vector<std::string> warnings{};
    std::uint64_t estimated_bytes = 0;  // of all files
    // Of all tracks and the mix, known when the mix was measured; read when they are opened.
    std::shared_ptr<double> gain_db = std::make_shared<double>(0.0);

    std::size_t failed_count() const;
    std::vector<bool> heard() const;  // in the sum: neither missing nor muted nor beside a solo
};

Result<StemsPlan> plan_stems(const StemsSpec& spec, const ExportTarget& target, std::stop_token stop = {});
Json to_json(const StemsPlan& plan);

// The sum of the tracks as they stand in the session, before rounding. heard: for each stem; threads: that read them.
Result<std::unique_ptr<MixReader>> open_sum(const StemsPlan& plan, const std::vector<bool>& heard,
                                            double gain_db, int threads);

}  // namespace dubplate
