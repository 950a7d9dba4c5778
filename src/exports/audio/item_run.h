// item_run.h: one item on its way through the run. Internal to exports/audio.
//
// Order    scan() fills what the source is, find_levels() what is done to its level, deliver() makes and proves its files.
// Threads  one thread at a time for each item.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "audio/nodes/loudness_meter.h"
#include "core/progress.h"
#include "exports/audio/graph.h"
#include "exports/audio/kept_audio.h"
#include "exports/audio/plan.h"
#include "exports/audio/run.h"
#include "exports/audio/source_scan.h"
#include "exports/manifest.h"

namespace dubplate {

// What is done to the level of one file, and what it promises.
// Files that share their trials: whose limiter stands at the same ceiling, and whose encoders lose as much.
struct LevelGroup {
    double ceiling_dbtp = 0;
    double encoder_loss_lu = 0;
    bool operator==(const LevelGroup&) const = default;
};

struct FileLevel {
    Level level;
    std::optional<double> promised_lufs;  // none: nothing is promised
    std::optional<double> promised_dbtp;
    std::optional<double> trial_lufs;    // what gain and limiter made of the source when they were last tried
    double encoder_loss_lu = 0;          // how much quieter the encoder was found to make it
    std::optional<LoudnessFacts> facts;  // predicted for the tags; the proof measures
    std::optional<Error> error;          // set: the file cannot be made

    // None: it has no limiter.
    std::optional<LevelGroup> group() const {
        return level.ceiling_dbtp ? std::optional(LevelGroup{*level.ceiling_dbtp, encoder_loss_lu})
                                  : std::nullopt;
    }
};

// What the search for a gain came to.
struct LimitedGain {
    bool reached = false;  // the target, within the tolerance of the proof
    double lufs = 0;       // the loudness that came nearest to it
};

struct ItemRun {
    const PlannedItem* planned = nullptr;
    OpenedAudio audio;
    Shape shape;
    std::shared_ptr<const LoudnessMeter> shaped;     // of the shaped source, before its level is touched
    std::map<int, std::unique_ptr<KeptAudio>> kept;  // by sample rate, as trials have asked for it
    bool untouched = false;                          // the level stays as it is, to the bit
    std::vector<FileLevel> levels;                   // one for each planned file
    ManifestItem result;
    Progress::Part progress;
    Progress::Part level_progress;  // for the limiter's trials; their number is not known, so that each takes
    double level_progress_taken = 0;  // half of what is left of it

    const LoudnessResult& measured() const { return shaped->result(); }
};

// What all items of a run share.
struct RunContext {
    const AudioPlan& plan;
    RunOptions options;
    std::stop_token stop;
    int threads = 1;  // that the machine has for each item
    ScanCache scans;
    std::mutex mutex;
    std::set<std::filesystem::path> taken_paths;  // guarded by mutex
};

// Decodes the source once: measures it, counts its frames, finds its silence; and again if its shape is changed.
Status scan(ItemRun& item, RunContext& context);

// The gain and the ceiling of every file of the items, which share one gain (an album, or a single item).
Status find_levels(std::span<ItemRun* const> items, RunContext& context);

// One item through gain and limiter into a meter.
Status run_trial(ItemRun& item, const Level& level, LoudnessMeter& meter, RunContext& context);

// Passes the items through gain and limiter into meters, and tells their joint loudness. The files of the group get the
// gain, and new promises.
Result<double> try_gain(std::span<ItemRun* const> items, const LevelGroup& group, double gain_db,
                        RunContext& context);

// The gain with which the items come out of the group's limiter with the joint loudness `target_lufs`, starting from the
// gain that its files have. They get it, and new promises.
Result<LimitedGain> solve_limited_gain(std::span<ItemRun* const> items, const LevelGroup& group,
                                       double target_lufs, RunContext& context);
// For a file whose proof found its level out of spec: how much of that is its encoder's doing, and not the chain's in front
// of it, whose resampler may drop the highest highs; and then another ceiling and another gain for its next encoding.
Status measure_encoder_loss(FileLevel& file, ItemRun& item, const LoudnessResult& found, RunContext& context);
Status correct_level(FileLevel& file, ItemRun& item, const LoudnessResult& found, RunContext& context);

// In the user's own numbers.
Error cannot_be_reached(const LoudnessSpec& spec, const LimitedGain& nearest);

// Encodes, proves, corrects and publishes. Errors are put into the item's files; the status is that of the item.
Status deliver(ItemRun& item, RunContext& context);

}  // namespace dubplate
