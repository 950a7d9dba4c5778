// What is done to the level of a file whose proof found it out of spec.
#include <algorithm>
#include <cmath>

#include "exports/audio/item_run.h"
#include "exports/audio/prove.h"

namespace dubplate {

namespace {

// When a file has to be encoded again, its peaks are brought down by what they were over and this more.
constexpr double correction_margin_db = 0.1;
// How much of the tolerance a correction of places may take.
constexpr double most_change_lu = 0.03;

// The stretches that are to be held lower, a second to each side of what was lifted; empty where there are too many of them
// to be listed, or none.
std::vector<LowerCeiling> places_over(const FileLevel& file, const LoudnessResult& found) {
    const double promised = *file.promised_dbtp;
    const auto is_over = [&](const PeakPlace& place) { return place.dbtp > promised; };
    if (std::ranges::all_of(found.peak_places, is_over)) return {};
    std::vector<LowerCeiling> lower;
    for (const PeakPlace& place : found.peak_places) {
        if (!is_over(place)) continue;
        double ceiling = *file.level.ceiling_dbtp;
        for (const LowerCeiling& known : file.level.lower)
            if (known.begin_frame <= place.frame && place.frame < known.end_frame)
                ceiling = std::min(ceiling, known.ceiling_dbtp);
        lower.push_back({.begin_frame = place.frame - file.level.rate_hz,
                         .end_frame = place.frame + file.level.rate_hz,
                         .ceiling_dbtp = ceiling - (place.dbtp - promised) - correction_margin_db});
    }
    return lower;
}

// Where an encoder has lifted a few peaks above the ceiling and all else is as wanted, these places alone are held lower.
// False where that cannot be, or would make the whole quieter: then the ceiling of all of it comes down.
Result<bool> lower_places(FileLevel& file, ItemRun& item, const LoudnessResult& found, RunContext& context) {
    if (!file.level.ceiling_dbtp || !file.trial_lufs || !file.promised_lufs) return false;
    if (std::abs(found.integrated_lufs - *file.promised_lufs) > loudness_tolerance_lu) return false;
    Level level = file.level;
    for (const LowerCeiling& place : places_over(file, found)) level.lower.push_back(place);
    if (level.lower.size() == file.level.lower.size()) return false;
    LoudnessMeter meter({.dual_mono = context.plan.spec.loudness.dual_mono, .threads = context.threads});
    DUBPLATE_CHECK(run_trial(item, level, meter, context));
    if (std::abs(meter.result().integrated_lufs - *file.trial_lufs) > most_change_lu) return false;
    file.level = level;
    return true;
}

}  // namespace

Status measure_encoder_loss(FileLevel& file, ItemRun& item, const LoudnessResult& found,
                            RunContext& context) {
    const std::optional<double> promised = file.promised_lufs;
    ItemRun* const alone = &item;
    if (!file.trial_lufs && file.group())
        DUBPLATE_CHECK(try_gain(std::span(&alone, 1), *file.group(), file.level.gain_db, context));
    file.promised_lufs = promised;  // a trial of an album's item sets its own
    file.encoder_loss_lu = file.trial_lufs.value_or(*promised) - found.integrated_lufs;
    return {};
}

// By as much as the proof found. An encoder that drops the highs makes the file quieter; the gain then aims above the target
// by so much, and where its peaks stayed under the ceiling, the limiter gets that room.
Status correct_level(FileLevel& file, ItemRun& item, const LoudnessResult& found, RunContext& context) {
    DUBPLATE_TRY(const bool done, lower_places(file, item, found, context));
    if (done) return {};
    file.level.lower.clear();
    const LoudnessSpec& spec = context.plan.spec.loudness;
    const double over = found.true_peak.dbtp - *file.promised_dbtp;
    if (over > 0 && spec.on_peak == OnPeak::reduce && !item.untouched) {
        file.level.gain_db -= over + correction_margin_db;
        *file.promised_lufs -= over + correction_margin_db;
    } else if (over > 0 || file.level.ceiling_dbtp) {
        const double ceiling = file.level.ceiling_dbtp.value_or(*file.promised_dbtp);
        file.level.ceiling_dbtp = std::min(*file.promised_dbtp, ceiling - over - correction_margin_db);
    }
    if (!file.level.ceiling_dbtp) {
        if (over <= 0) file.level.gain_db += *file.promised_lufs - found.integrated_lufs;
        return {};
    }
    ItemRun* const alone = &item;
    const std::optional<double> promised = file.promised_lufs;
    DUBPLATE_TRY(LimitedGain nearest, solve_limited_gain(std::span(&alone, 1), *file.group(),
                                                         *promised + file.encoder_loss_lu, context));
    nearest.lufs -= file.encoder_loss_lu;
    if (!nearest.reached) return cannot_be_reached(spec, nearest);
    file.promised_lufs = promised;  // an album's is that of the whole, which stands
    if (file.facts) file.facts->integrated_lufs -= file.encoder_loss_lu;
    return {};
}

}  // namespace dubplate
