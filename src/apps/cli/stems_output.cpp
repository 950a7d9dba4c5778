#include "apps/cli/stems_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/cli/table.h"
#include "core/text.h"
#include "core/units.h"

namespace dubplate::cli {

namespace {

std::string level(double value, const char* unit) {
    return std::isfinite(value) ? fmt::format("{:.1f} {}", value, unit) : "silent";
}

std::string below_folder(const std::string& path, const StemsPlan& plan) {
    return std::filesystem::path(path).lexically_relative(plan.folder).string();
}

std::string length_text(const StemsPlan& plan) {
    return fmt::format("{} ({} frames at {} Hz)",
                       format_duration(frames_to_seconds(plan.frames, plan.sample_rate_hz)), plan.frames,
                       plan.sample_rate_hz);
}

std::string frames_text(const ManifestFile& file) {
    const auto check = std::ranges::find(file.checks, "frames", &ProofCheck::name);
    return check != file.checks.end() && check->passed ? "exact" : "WRONG";
}

void add_rows(Table& table, const ManifestItem& item, const StemsPlan& plan) {
    if (item.error) table.row({item.input, "", "", "", "", "FAILED"});
    for (const ManifestFile& file : item.files) {
        if (file.error) {
            table.row({item.input, below_folder(file.path, plan), "", "", "", "FAILED"});
            continue;
        }
        table.row({item.input, below_folder(file.path, plan), level(file.loudness.integrated_lufs, "LUFS"),
                   level(file.loudness.true_peak_dbtp, "dBTP"), frames_text(file), "ok"});
    }
}

// Why something is left, as far as the numbers tell.
std::string hint_of(const NullTest& test, const StemsPlan& plan) {
    if (test.passed) return "";
    constexpr double sure = 0.9;
    constexpr double explained_db = 20;
    if (test.correlation >= sure && test.offset_frames != 0)
        return fmt::format("; the mix is {} frames ({:.2f} ms) {} than the stems",
                           std::abs(test.offset_frames),
                           1000 * frames_to_seconds(std::abs(test.offset_frames), plan.sample_rate_hz),
                           test.offset_frames > 0 ? "later" : "earlier");
    if (test.correlation >= sure && test.inverted) return "; the mix has the opposite polarity";
    if (std::abs(test.gain_db) >= 0.05 && test.gained_rms_dbfs < test.mix_rms_dbfs - explained_db)
        return fmt::format("; it is nearest with {:+.1f} dB on the stems", test.gain_db);
    return "; the mix holds something that the stems do not, or the other way round";
}

std::string null_test_text(const StemsManifest& manifest, const StemsPlan& plan) {
    if (manifest.null_test_error)
        return "null test   FAILED: " + manifest.null_test_error->to_string() + "\n";
    if (!manifest.null_test) return "";
    const NullTest& test = *manifest.null_test;
    const std::string verdict = !std::isfinite(test.limit_peak_dbfs) ? "measured (lossy)"
                                : test.passed                        ? "ok"
                                                                     : "DIFFERENT";
    const std::string against = escape_control(std::filesystem::path(test.against).filename().string());
    if (!std::isfinite(test.residual_peak_dbfs))
        return fmt::format("null test   {}   stems minus {}: nothing is left\n", verdict, against);
    return fmt::format("null test   {}   stems minus {}: {} RMS, {} at most, at {}{}\n", verdict, against,
                       level(test.residual_rms_dbfs, "dBFS"), level(test.residual_peak_dbfs, "dBFS"),
                       format_duration(frames_to_seconds(test.worst_frame, plan.sample_rate_hz)),
                       hint_of(test, plan));
}

std::string notes_text(const StemsManifest& manifest) {
    std::vector<std::string> lines;
    for (const std::string& warning : manifest.warnings)
        lines.push_back("warning: " + escape_control(warning));
    for (const ManifestItem& item : manifest.audio.items) {
        for (const std::string& warning : item.warnings)
            lines.push_back(
                fmt::format("{}: warning: {}", escape_control(item.input), escape_control(warning)));
    }
    for (const ExtraFile& extra : manifest.extras)
        for (const ManifestLoss& loss : extra.losses)
            lines.push_back(
                fmt::format("{}: {}: {}", extra.kind, escape_control(loss.what), escape_control(loss.why)));
    std::string text;
    for (const std::string& line : lines) text += "  " + line + "\n";
    return text;
}

}  // namespace

std::string plan_text(const StemsPlan& plan) {
    std::string text = fmt::format("{} tracks, {}\n\n", plan.stems.size(), length_text(plan));
    Table table({Align::left, Align::left, Align::left, Align::left});
    for (std::size_t i = 0; i < plan.stems.size(); ++i) {
        const PlannedStem& stem = plan.stems[i];
        if (stem.error) table.row({stem.name, "", stem.track.group, "FAILED"});
        for (const PlannedFile& file : plan.audio.items[i].files)
            table.row({stem.name, below_folder(file.path.string(), plan), stem.track.group,
                       "about " + format_bytes(file.estimated_bytes)});
    }
    for (const PlannedItem& item : plan.mix.items)
        for (const PlannedFile& file : item.files)
            table.row({item.name, below_folder(file.path.string(), plan),
                       plan.mix_is_given ? "" : "the sum of the stems",
                       "about " + format_bytes(file.estimated_bytes)});
    for (const PlannedProject& project : plan.projects)
        table.row({std::string(project.format->title), below_folder(project.path.string(), plan), "", ""});
    if (!plan.zip.empty()) table.row({"zip", below_folder(plan.zip.string(), plan), "", ""});
    text += table.text();
    for (const PlannedProject& project : plan.projects)
        for (const Loss& loss : project.losses)
            text += fmt::format("  {}: {}: {}\n", project.format->name, escape_control(loss.what),
                                escape_control(loss.why));
    for (const std::string& warning : plan.warnings) text += "  warning: " + escape_control(warning) + "\n";
    return text + fmt::format("\nabout {} in {}; nothing was written\n",
                              format_bytes(plan.audio.estimated_bytes + plan.mix.estimated_bytes),
                              (plan.folder / "").string());
}

std::string manifest_text(const StemsManifest& manifest, const StemsPlan& plan) {
    std::string text = fmt::format("{} tracks, {}\n\n", plan.stems.size(), length_text(plan));
    Table table({Align::left, Align::left, Align::right, Align::right, Align::left, Align::left});
    table.row({"track", "file", "loudness", "true peak", "length", "proof"});
    for (const ManifestItem& item : manifest.audio.items) add_rows(table, item, plan);
    text += table.text() + "\n" + null_test_text(manifest, plan);
    for (const ExtraFile& extra : manifest.extras)
        text += fmt::format("{:<12}{}   {}\n", extra.kind, below_folder(extra.path, plan),
                            extra.error ? "FAILED" : "ok");
    text += notes_text(manifest);
    if (manifest.gain_db != 0) text += fmt::format("  gain {:+.1f} dB on all tracks\n", manifest.gain_db);
    const int failed = manifest.failed_count();
    return text + fmt::format("\n{}   {:.1f} s{}\n", (plan.folder / "").string(), manifest.audio.wall_seconds,
                              failed > 0 ? fmt::format("   {} failed", failed) : "");
}

}  // namespace dubplate::cli
