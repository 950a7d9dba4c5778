#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "exports/audio/item_run.h"
#include "exports/audio/pass.h"
#include "exports/audio/prove.h"

namespace dubplate {

namespace {

// BS.1770's absolute gate: what is below it has no loudness.
constexpr double silence_lufs = -70.0;
// The gain is sought until the loudness is so near to the target that the rest of the tolerance is left to encoders.
constexpr double gain_precision_lu = 0.03;
constexpr int max_trials = 14;
// A resampler moves true peaks a little; where the peak comes so near to the ceiling, the limiter is tried.
constexpr double near_ceiling_db = 0.1;
// How far a step goes that has not been tried yet, and how much gain beyond what the loudness lacks is tried at all: a
// limiter that takes 24 dB away leaves nothing to hear.
constexpr double max_step_db = 6;
constexpr double max_extra_gain_db = 24;
constexpr double least_slope = 0.25;

bool is_silent(const LoudnessResult& measured) {
    return !(measured.integrated_lufs >= silence_lufs);
}

// A lossy encoder raises peaks: by how much depends on the bit rate and the music. At 320 kbit/s, limited orchestral
// music rises by 0.1 dB and clipped masters by up to 1.3 dB; fewer bits raise more. With these figures nearly every song
// passes its proof at the first encoding (scripts/bench counts them), and the proof mends the others.
double encoder_margin_db(const PlannedFile& file) {
    if (file.format->lossless) return 0;
    const Mp3Settings& mp3 = file.settings.mp3;
    if (mp3.vbr_quality) return 0.8 + 0.2 * *mp3.vbr_quality;
    if (mp3.bitrate_kbps >= 256) return 0.8;
    if (mp3.bitrate_kbps >= 160) return 1.3;
    return 2.0;
}

double joint_lufs(std::span<const LoudnessMeter* const> meters) {
    return meters.size() == 1 ? meters.front()->result().integrated_lufs : joint_integrated_lufs(meters);
}

double joint_lufs(std::span<ItemRun* const> items) {
    std::vector<const LoudnessMeter*> meters;
    for (const ItemRun* item : items) meters.push_back(item->shaped.get());
    return joint_lufs(meters);
}

double highest_peak(std::span<ItemRun* const> items) {
    double peak = silence_db;
    for (const ItemRun* item : items) peak = std::max(peak, item->measured().true_peak.dbtp);
    return peak;
}

std::optional<LoudnessFacts> facts_of(const LoudnessResult& measured, double gain_db) {
    const LoudnessFacts facts{.integrated_lufs = measured.integrated_lufs + gain_db,
                              .range_lu = measured.range_lu,
                              .true_peak_dbtp = measured.true_peak.dbtp + gain_db,
                              .max_momentary_lufs = measured.max_momentary_lufs + gain_db,
                              .max_short_term_lufs = measured.max_short_term_lufs + gain_db};
    const bool finite = std::isfinite(facts.integrated_lufs) && std::isfinite(facts.true_peak_dbtp) &&
                        std::isfinite(facts.max_momentary_lufs);
    return finite ? std::optional(facts) : std::nullopt;
}

// Every file of the items that belongs to the group.
template <class Visit>
void for_each_of(std::span<ItemRun* const> items, const LevelGroup& group, Visit visit) {
    for (ItemRun* item : items)
        for (FileLevel& file : item->levels)
            if (file.group() == group) visit(*item, file);
}

Progress::Part next_trial(ItemRun& item) {
    const double begin = item.level_progress_taken;
    item.level_progress_taken += (1 - begin) / 2;
    return item.level_progress.part(begin, item.level_progress_taken);
}

void leave_untouched(ItemRun& item, std::string outcome) {
    item.untouched = true;
    item.result.outcome = std::move(outcome);
    for (FileLevel& file : item.levels) file.facts = facts_of(item.measured(), 0);
}

// Where nothing was asked or nothing is needed. The ceiling of lossy files stays: their encoder may raise peaks.
bool needs_no_gain(std::span<ItemRun* const> items, const LoudnessSpec& spec) {
    if (!spec.normalize) {
        for (ItemRun* item : items) leave_untouched(*item, "");
        return true;
    }
    const bool at_target = std::abs(spec.target_lufs - joint_lufs(items)) <= loudness_tolerance_lu &&
                           highest_peak(items) <= spec.true_peak_dbtp;
    if (!at_target) return false;
    for (ItemRun* item : items) leave_untouched(*item, "already at the target");
    return true;
}

// Silence cannot be brought to a loudness: it is delivered as it is, and nothing is promised.
std::vector<ItemRun*> without_silent(std::span<ItemRun* const> items) {
    std::vector<ItemRun*> audible;
    for (ItemRun* item : items) {
        if (is_silent(item->measured())) {
            leave_untouched(*item, "silent");
        } else {
            audible.push_back(item);
        }
    }
    return audible;
}

void name_outcome(ItemRun& item) {
    if (item.measured().is_short) {
        const auto is_lossy = [](const PlannedFile& file) { return !file.format->lossless; };
        item.result.outcome = "shorter than 400 ms: measured without gates";
        if (std::ranges::any_of(item.planned->files, is_lossy))
            item.result.outcome += "; the loudness of lossy files is aimed at, not promised";
    } else if (item.measured().integrated_lufs >= 0) {
        item.result.outcome = "source at or above 0 LUFS";
    }
}

// Promises of a file at a gain that no limiter changes.
void promise(const ItemRun& item, FileLevel& file, double gain_db, const LoudnessSpec& spec) {
    file.level.gain_db = gain_db;
    file.promised_lufs = item.measured().integrated_lufs + gain_db;
    file.promised_dbtp = spec.true_peak_dbtp;
    file.facts = facts_of(item.measured(), gain_db);
}

// What the limiter was found to make of a gain.
struct Trial {
    double gain_db = 0;
    double lufs = 0;
};

// The search for a gain, between the nearest trials on both sides of the target. More gain into a limiter gives more
// loudness, by 1 LU for each dB at most, and by less the harder it works.
class GainSearch {
  public:
    GainSearch(double target_lufs, double gain_db) : target_(target_lufs), first_gain_db_(gain_db) {}

    void add(Trial trial) {
        if (last_ && std::abs(trial.gain_db - last_->gain_db) > 1e-6)
            slope_ =
                std::clamp((trial.lufs - last_->lufs) / (trial.gain_db - last_->gain_db), least_slope, 1.0);
        last_ = trial;
        if (!best_ || miss(trial) < miss(*best_)) best_ = trial;
        (trial.lufs < target_ ? quiet_ : loud_) = trial;
    }

    bool found(double tolerance_lu) const { return miss(*best_) <= tolerance_lu; }
    bool exhausted() const { return !loud_ && quiet_->gain_db >= first_gain_db_ + max_extra_gain_db; }
    const Trial& best() const { return *best_; }
    const Trial& last() const { return *last_; }

    double next_gain() const {
        if (quiet_ && loud_) {
            const double share = (target_ - quiet_->lufs) / (loud_->lufs - quiet_->lufs);
            return std::lerp(quiet_->gain_db, loud_->gain_db, std::clamp(share, 0.1, 0.9));
        }
        const Trial& nearest = quiet_ ? *quiet_ : *loud_;
        const double step = std::clamp((target_ - nearest.lufs) / slope_, -max_step_db, max_step_db);
        return std::min(nearest.gain_db + step, first_gain_db_ + max_extra_gain_db);
    }

  private:
    double miss(const Trial& trial) const { return std::abs(trial.lufs - target_); }

    double target_;
    double first_gain_db_;
    double slope_ = 1;
    std::optional<Trial> quiet_;
    std::optional<Trial> loud_;
    std::optional<Trial> last_;
    std::optional<Trial> best_;
};

// The files at this ceiling get their gain; whether the target is reached with it, else how near.
Result<LimitedGain> find_gain_of(std::span<ItemRun* const> items, const LevelGroup& group,
                                 RunContext& context) {
    const LoudnessSpec& spec = context.plan.spec.loudness;
    const double wanted = spec.target_lufs - joint_lufs(items);
    const double room = group.ceiling_dbtp - highest_peak(items);
    const bool passes_ceiling = wanted > room;
    const double gain = passes_ceiling && spec.on_peak == OnPeak::reduce ? room : wanted;
    for_each_of(items, group, [&](ItemRun& item, FileLevel& file) {
        promise(item, file, gain, spec);
        if (gain < wanted) item.result.outcome = "gain reduced to stay under the ceiling";
    });
    if (spec.on_peak == OnPeak::reduce || wanted <= room - near_ceiling_db)
        return LimitedGain{.reached = true};
    if (spec.album && passes_ceiling)
        for (ItemRun* item : items)
            item->result.outcome =
                "peaks are limited, which moves the balance of the album; --on-peak reduce keeps it";
    return solve_limited_gain(items, group, spec.target_lufs, context);
}

// The files at this ceiling that were to stay under the user's by the encoder's margin go without it: the proof tells
// how much of it the encoder really needs. The others are given up.
void settle_unreached(std::span<ItemRun* const> items, const LevelGroup& group, const LimitedGain& nearest,
                      const LoudnessSpec& spec) {
    for_each_of(items, group, [&](ItemRun&, FileLevel& file) {
        if (group.ceiling_dbtp < spec.true_peak_dbtp) {
            file.level.ceiling_dbtp = spec.true_peak_dbtp;
        } else {
            file.error = cannot_be_reached(spec, nearest);
        }
    });
}

}  // namespace

Status run_trial(ItemRun& item, const Level& level, LoudnessMeter& meter, RunContext& context) {
    const Progress::Part progress = next_trial(item);
    const int channels = item.audio.reader->info().stream.channels;
    std::unique_ptr<KeptAudio>& kept = item.kept[level.rate_hz];
    // The songs of an album wait for each other: all of them at once would be too much to keep.
    const bool waits = context.plan.spec.loudness.album;
    if (!kept && !waits && can_be_kept(item.shape, channels, level.rate_hz)) {
        DUBPLATE_TRY(kept, keep_audio(*item.audio.reader, item.shape, level.rate_hz, context.threads,
                                      progress.part(0, 0.5), context.stop));
    }
    const Shape& shape = kept ? kept->shape : item.shape;
    AudioReader& reader = kept ? *kept->audio.reader : *item.audio.reader;
    ExportGraph graph(shape, context.threads);
    graph.add_meter(level, meter);
    DUBPLATE_CHECK(run_pass(reader, graph.head(), shape.end_frame, progress.part(0.5, 1), context.stop,
                            [&] { return graph.wants_more(); }));
    return {};
}

Result<double> try_gain(std::span<ItemRun* const> items, const LevelGroup& group, double gain_db,
                        RunContext& context) {
    std::vector<std::unique_ptr<LoudnessMeter>> meters;
    std::vector<const LoudnessMeter*> borrowed;
    for (ItemRun* item : items) {
        meters.push_back(std::make_unique<LoudnessMeter>(LoudnessMeterOptions{
            .dual_mono = context.plan.spec.loudness.dual_mono, .threads = context.threads}));
        borrowed.push_back(meters.back().get());
        Level level{
            .rate_hz = item->shape.source_rate_hz, .gain_db = gain_db, .ceiling_dbtp = group.ceiling_dbtp};
        for_each_of(std::span(&item, 1), group,
                    [&](ItemRun&, FileLevel& file) { level.rate_hz = file.level.rate_hz; });
        DUBPLATE_CHECK(run_trial(*item, level, *meters.back(), context));
        for_each_of(std::span(&item, 1), group, [&](ItemRun&, FileLevel& file) {
            file.level.gain_db = gain_db;
            file.trial_lufs = meters.back()->result().integrated_lufs;
            file.facts = facts_of(meters.back()->result(), 0);
            if (context.plan.spec.loudness.album)
                file.promised_lufs = meters.back()->result().integrated_lufs;
        });
    }
    return joint_lufs(borrowed);
}

Error cannot_be_reached(const LoudnessSpec& spec, const LimitedGain& nearest) {
    return fail(
        ErrorCode::unsupported,
        fmt::format("{:g} LUFS cannot be reached under {:g} dBTP: the limiter leaves {:.1f} LUFS at most",
                    spec.target_lufs, spec.true_peak_dbtp, nearest.lufs),
        fmt::format("try --loudness {:.1f}, or --on-peak reduce", std::floor(nearest.lufs * 10) / 10));
}

Result<LimitedGain> solve_limited_gain(std::span<ItemRun* const> items, const LevelGroup& group,
                                       double target_lufs, RunContext& context) {
    double gain = 0;
    for_each_of(items, group, [&](ItemRun&, const FileLevel& file) { gain = file.level.gain_db; });
    GainSearch search(target_lufs, gain);
    const auto try_next = [&](double gain_db) -> Status {
        DUBPLATE_TRY(const double lufs, try_gain(items, group, gain_db, context));
        search.add({gain_db, lufs});
        return {};
    };
    DUBPLATE_CHECK(try_next(gain));
    for (int trial = 1; trial < max_trials && !search.found(gain_precision_lu) && !search.exhausted();
         ++trial)
        DUBPLATE_CHECK(try_next(search.next_gain()));
    const Trial best = search.best();
    if (best.gain_db != search.last().gain_db) DUBPLATE_CHECK(try_next(best.gain_db));  // its promises stand
    return LimitedGain{.reached = search.found(loudness_tolerance_lu), .lufs = best.lufs};
}

Status find_levels(std::span<ItemRun* const> all_items, RunContext& context) {
    const LoudnessSpec& spec = context.plan.spec.loudness;
    for (ItemRun* item : all_items) {
        item->levels.clear();
        item->progress.stage("finding the level", item->planned->name);
        item->level_progress = item->progress.part(0.25, 0.35);
        for (const PlannedFile& planned : item->planned->files) {
            FileLevel file;
            file.level.rate_hz = planned.settings.stream.sample_rate_hz;
            if (spec.normalize) file.level.ceiling_dbtp = spec.true_peak_dbtp - encoder_margin_db(planned);
            item->levels.push_back(file);
        }
    }
    const std::vector<ItemRun*> items = without_silent(all_items);
    if (items.empty()) return {};
    if (needs_no_gain(items, spec)) {
        for (ItemRun* item : items) {
            for (std::size_t i = 0; i < item->levels.size(); ++i) {
                FileLevel& file = item->levels[i];
                if (spec.normalize) promise(*item, file, 0, spec);
                if (item->planned->files[i].format->lossless) file.level.ceiling_dbtp.reset();
            }
        }
        return {};
    }
    std::set<double> ceilings;
    for (ItemRun* item : items) {
        name_outcome(*item);
        for (const FileLevel& file : item->levels) ceilings.insert(*file.level.ceiling_dbtp);
    }
    for (const double ceiling : ceilings) {  // from the lowest to the user's own
        DUBPLATE_TRY(const LimitedGain found, find_gain_of(items, {.ceiling_dbtp = ceiling}, context));
        if (found.reached) continue;
        settle_unreached(items, {.ceiling_dbtp = ceiling}, found, spec);
        ceilings.insert(spec.true_peak_dbtp);
    }
    if (spec.on_peak == OnPeak::reduce)  // the gain alone keeps the ceiling
        for (ItemRun* item : items)
            for (FileLevel& file : item->levels) file.level.ceiling_dbtp.reset();
    return {};
}

}  // namespace dubplate
