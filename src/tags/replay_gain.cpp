#include "tags/replay_gain.h"

#include "core/units.h"

#include <fmt/format.h>

namespace dubplate {

namespace {

std::string two_digits(double value) {
    std::string text = fmt::format("{:.2f}", value);
    return text == "-0.00" ? "0.00" : text;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> replay_gain_tags(const TagSet& tags) {
    if (!tags.loudness) return {};
    const double gain_db = replay_gain_reference_lufs - tags.loudness->integrated_lufs;
    return {{"REPLAYGAIN_TRACK_GAIN", two_digits(gain_db) + " dB"},
            {"REPLAYGAIN_TRACK_PEAK", fmt::format("{:.6f}", db_to_gain(tags.loudness->true_peak_dbtp))},
            {"REPLAYGAIN_REFERENCE_LOUDNESS", two_digits(replay_gain_reference_lufs) + " LUFS"}};
}

}  // namespace dubplate
