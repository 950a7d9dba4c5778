#include "exports/stems/manifest.h"

#include <algorithm>
#include <cmath>

#include "formats/audio/format.h"

namespace dubplate {

namespace {

Json level(double db) {
    return std::isfinite(db) ? Json(std::round(db * 100) / 100) : Json(nullptr);
}

Json null_test_json(const NullTest& test, bool with_pictures) {
    Json json = {{"against", test.against},
                 {"passed", test.passed},
                 {"residual_rms_dbfs", level(test.residual_rms_dbfs)},
                 {"residual_peak_dbfs", level(test.residual_peak_dbfs)},
                 {"limit_peak_dbfs", level(test.limit_peak_dbfs)},
                 {"worst_frame", test.worst_frame},
                 {"mix_rms_dbfs", level(test.mix_rms_dbfs)},
                 {"sum_rms_dbfs", level(test.sum_rms_dbfs)},
                 {"offset_frames", test.offset_frames},
                 {"correlation", std::round(test.correlation * 1e4) / 1e4},
                 {"inverted", test.inverted},
                 {"gain_db", level(test.gain_db)},
                 {"gained_rms_dbfs", level(test.gained_rms_dbfs)}};
    if (with_pictures)
        json["pictures"] = {
            {"mix", test.mix_peaks}, {"sum", test.sum_peaks}, {"residual", test.residual_peaks}};
    return json;
}

Json extra_json(const ExtraFile& extra) {
    Json checks = Json::array();
    for (const ProofCheck& check : extra.checks)
        checks.push_back({{"name", check.name},
                          {"wanted", check.wanted},
                          {"found", check.found},
                          {"passed", check.passed}});
    Json losses = Json::array();
    for (const ManifestLoss& loss : extra.losses) losses.push_back({{"what", loss.what}, {"why", loss.why}});
    return {{"kind", extra.kind},
            {"path", extra.path},
            {"status", extra.error ? "failed" : "done"},
            {"error", extra.error ? Json(*extra.error) : Json(nullptr)},
            {"bytes", extra.bytes},
            {"sha256", extra.sha256},
            {"checks", std::move(checks)},
            {"losses", std::move(losses)}};
}

}  // namespace

const ManifestFile* best_file(const std::vector<ManifestFile>& files) {
    const ManifestFile* best = nullptr;
    const auto is_lossless = [](const ManifestFile& file) {
        return find_audio_format(file.format)->lossless;
    };
    for (const ManifestFile& file : files)
        if (!file.error && (best == nullptr || (is_lossless(file) && !is_lossless(*best)))) best = &file;
    return best;
}

int StemsManifest::failed_count() const {
    return audio.failed_count() + static_cast<int>(std::ranges::count_if(extras, [](const ExtraFile& extra) {
               return extra.error.has_value();
           }));
}

bool StemsManifest::passed() const {
    return failed_count() == 0 && !null_test_error && (!null_test || null_test->passed);
}

Json to_json(const StemsManifest& manifest, bool with_pictures) {
    Json json = to_json(manifest.audio, with_pictures);
    json["null_test"] =
        manifest.null_test ? null_test_json(*manifest.null_test, with_pictures) : Json(nullptr);
    if (manifest.null_test_error) json["null_test_error"] = *manifest.null_test_error;
    json["gain_db"] = level(manifest.gain_db);
    json["mix_gain_db"] = level(manifest.mix_gain_db);
    json["warnings"] = manifest.warnings;
    json["extras"] = Json::array();
    for (const ExtraFile& extra : manifest.extras) json["extras"].push_back(extra_json(extra));
    return json;
}

}  // namespace dubplate
