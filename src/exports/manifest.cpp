#include "exports/manifest.h"

#include "core/unicode.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace dubplate {

namespace {

using Json = nlohmann::json;

constexpr double level_step = 0.01;
constexpr double time_step = 0.001;
constexpr double frequency_step = 0.1;

// Silence and what was not measured are null: JSON has no infinity.
Json rounded(double value, double step) {
    if (!std::isfinite(value)) return nullptr;
    const double scale = std::round(1.0 / step);
    return std::round(value * scale) / scale + 0.0;  // + 0.0 turns -0.0 into 0.0
}

Json optional_level(const std::optional<double>& level) {
    return level ? rounded(*level, level_step) : Json(nullptr);
}

// Names and errors carry bytes of hostile files.
Json text(const std::string& value) {
    return to_valid_utf8(value);
}

Json error_json(const std::optional<Error>& error) {
    if (!error) return nullptr;
    Json json = *error;
    for (auto& [key, value] : json.items())
        if (value.is_string()) value = text(value.get<std::string>());
    return json;
}

Json loudness_json(const MeasuredLoudness& loudness) {
    return {{"integrated_lufs", rounded(loudness.integrated_lufs, level_step)},
            {"range_lu", rounded(loudness.range_lu, level_step)},
            {"max_momentary_lufs", rounded(loudness.max_momentary_lufs, level_step)},
            {"max_short_term_lufs", rounded(loudness.max_short_term_lufs, level_step)},
            {"true_peak_dbtp", rounded(loudness.true_peak_dbtp, level_step)},
            {"true_peak_seconds", rounded(loudness.true_peak_seconds, time_step)},
            {"shorter_than_400_ms", loudness.is_short}};
}

Json series_json(const std::vector<float>& series) {
    Json json = Json::array();
    for (const float value : series) json.push_back(rounded(static_cast<double>(value), level_step));
    return json;
}

Json pairs_json(const std::vector<std::pair<double, double>>& pairs, double first_step) {
    Json json = Json::array();
    for (const auto& [first, second] : pairs)
        json.push_back(Json::array({rounded(first, first_step), rounded(second, level_step)}));
    return json;
}

Json waveform_json(const std::vector<std::pair<float, float>>& waveform) {
    constexpr double amplitude_step = 0.0001;  // -80 dBFS: finer than any pixel
    Json json = Json::array();
    for (const auto& [low, high] : waveform)
        json.push_back(Json::array({rounded(static_cast<double>(low), amplitude_step),
                                    rounded(static_cast<double>(high), amplitude_step)}));
    return json;
}

Json pictures_json(const ManifestPictures& pictures) {
    return {{"seconds", rounded(pictures.seconds, time_step)},
            {"waveform", waveform_json(pictures.waveform)},
            {"short_term_lufs", series_json(pictures.short_term_lufs)},
            {"momentary_lufs", series_json(pictures.momentary_lufs)},
            {"limiter_reduction_db", series_json(pictures.limiter_reduction_db)},
            {"spectrum_hz_dbfs", pairs_json(pictures.spectrum, frequency_step)},
            {"peaks_seconds_dbtp", pairs_json(pictures.peaks, time_step)}};
}

Json texts_json(const std::vector<std::string>& texts) {
    Json json = Json::array();
    for (const std::string& value : texts) json.push_back(text(value));
    return json;
}

template <class Proven>
Json proven_json(const std::vector<Proven>& proven) {
    Json json = Json::array();
    for (const Proven& one : proven)
        json.push_back({{"name", text(one.name)},
                        {"wanted", text(one.wanted)},
                        {"found", text(one.found)},
                        {"passed", one.passed}});
    return json;
}

Json losses_json(const std::vector<ManifestLoss>& losses) {
    Json json = Json::array();
    for (const ManifestLoss& loss : losses)
        json.push_back({{"what", text(loss.what)}, {"why", text(loss.why)}});
    return json;
}

Json file_json(const ManifestFile& file, bool with_pictures) {
    Json json{
        {"path", text(file.path)},
        {"status", !file.error                               ? "done"
                   : file.error->code == ErrorCode::canceled ? "canceled"
                                                             : "failed"},
        {"error", error_json(file.error)},
        {"format", text(file.format)},
        {"encoder", text(file.encoder)},
        {"decoder", text(file.decoder)},
        {"method", text(file.method)},
        {"method_reason", text(file.method_reason)},
        {"generations", file.generations},
        {"generation_reasons", texts_json(file.generation_reasons)},
        {"sample_rate_hz", file.sample_rate_hz},
        {"channels", file.channels},
        {"bit_depth", file.bit_depth.empty() ? Json(nullptr) : text(file.bit_depth)},
        {"frames", file.frames},
        {"duration_seconds", file.sample_rate_hz > 0
                                 ? rounded(static_cast<double>(file.frames) / file.sample_rate_hz, time_step)
                                 : Json(nullptr)},
        {"bytes", file.bytes},
        {"sha256", text(file.sha256)},
        {"gain_db", rounded(file.gain_db, level_step)},
        {"limiter_max_reduction_db", rounded(file.limiter_max_reduction_db, level_step)},
        {"limiter_active_seconds", rounded(file.limiter_active_seconds, time_step)},
        {"target_lufs", optional_level(file.target_lufs)},
        {"ceiling_dbtp", optional_level(file.ceiling_dbtp)},
        {"loudness", file.sha256.empty() ? Json(nullptr) : loudness_json(file.loudness)},  // null: not proven
        {"checks", proven_json(file.checks)},
        {"tags", proven_json(file.tags)},
        {"losses", losses_json(file.losses)}};
    if (with_pictures) json["pictures"] = pictures_json(file.pictures);
    return json;
}

Json source_json(const ManifestItem& item) {
    return {{"format", text(item.source_format)},
            {"duration_seconds", rounded(item.duration_seconds, time_step)},
            {"sample_rate_hz", item.sample_rate_hz},
            {"channels", item.channels},
            {"bits", item.bits > 0 ? Json(item.bits) : Json(nullptr)},
            {"is_float", item.is_float},
            {"sha256", text(item.sha256)},
            {"loudness", loudness_json(item.loudness)}};
}

Json item_json(const ManifestItem& item, bool with_pictures) {
    Json files = Json::array();
    for (const ManifestFile& file : item.files) files.push_back(file_json(file, with_pictures));
    // A source that could not be opened has no figures, and zeros would look like some.
    const bool was_read = item.sample_rate_hz > 0;
    Json json{{"input", text(item.input)},
              {"status", text(item.status)},
              {"error", error_json(item.error)},
              {"outcome", item.outcome.empty() ? Json(nullptr) : text(item.outcome)},
              {"warnings", texts_json(item.warnings)},
              {"source", was_read ? source_json(item) : Json(nullptr)},
              {"files", std::move(files)}};
    if (with_pictures && was_read) json["source"]["pictures"] = pictures_json(item.pictures);
    return json;
}

bool has_failed(const ManifestItem& item) {
    const auto failed = [](const ManifestFile& file) {
        return file.error && file.error->code != ErrorCode::canceled;
    };
    return item.status == "failed" || std::ranges::any_of(item.files, failed);
}

Json summary_json(const Manifest& manifest) {
    int delivered = 0;
    std::uint64_t bytes = 0;
    for (const ManifestItem& item : manifest.items) {
        for (const ManifestFile& file : item.files) {
            if (file.error) continue;
            ++delivered;
            bytes += file.bytes;
        }
    }
    const auto inputs = static_cast<int>(manifest.items.size());
    const int done = manifest.done_count();
    const int failed = manifest.failed_count();
    return {{"kind", text(manifest.kind)},
            {"version", text(manifest.version)},
            {"created_utc", text(manifest.created_utc)},
            {"inputs", inputs},
            {"done", done},
            {"failed", failed},
            {"canceled", inputs - done - failed},
            {"files", delivered},
            {"bytes", bytes},
            {"wall_seconds", rounded(manifest.wall_seconds, time_step)},
            {"audio_seconds", rounded(manifest.audio_seconds, time_step)},
            {"times_real_time", manifest.wall_seconds > 0
                                    ? rounded(manifest.audio_seconds / manifest.wall_seconds, 0.1)
                                    : Json(nullptr)}};
}

}  // namespace

int Manifest::done_count() const {
    return static_cast<int>(std::ranges::count_if(
        items, [](const ManifestItem& item) { return item.status == "done" && !has_failed(item); }));
}

int Manifest::failed_count() const {
    return static_cast<int>(std::ranges::count_if(items, has_failed));
}

nlohmann::json to_json(const Manifest& manifest, bool with_pictures) {
    Json items = Json::array();
    for (const ManifestItem& item : manifest.items) items.push_back(item_json(item, with_pictures));
    Json spec = Json::parse(manifest.spec_json, nullptr, false);
    return {{"items", std::move(items)},
            {"summary", summary_json(manifest)},
            {"spec", spec.is_discarded() ? Json(nullptr) : std::move(spec)}};
}

}  // namespace dubplate
