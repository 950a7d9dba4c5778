#include "apps/cli/export_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/cli/table.h"
#include "core/text.h"
#include "core/units.h"
#include "exports/audio/presets.h"

namespace dubplate::cli {

namespace {

std::string level(double value, const char* unit, bool sign) {
    if (!std::isfinite(value)) return "silent";
    return sign ? fmt::format("{:+.1f} {}", value, unit) : fmt::format("{:.1f} {}", value, unit);
}

std::string rate_text(int sample_rate_hz) {
    return format_number(sample_rate_hz / 1000.0) + " kHz";
}

std::string channels_text(int channels) {
    return channels == 1 ? "mono" : channels == 2 ? "stereo" : fmt::format("{} channels", channels);
}

std::string depth_text(int bits, bool is_float) {
    if (bits == 0) return "lossy";
    return is_float ? fmt::format("{} bit float", bits) : fmt::format("{} bit", bits);
}

std::string passed_of(const std::vector<ProvenTag>& tags) {
    const auto passed = std::ranges::count_if(tags, &ProvenTag::passed);
    return fmt::format("{}/{}", passed, tags.size());
}

std::string frames_check(const ManifestFile& file) {
    for (const ProofCheck& check : file.checks)
        if (check.name == "frames")
            return check.passed ? "exact" : fmt::format("{}, wanted {}", check.found, check.wanted);
    return "";
}

std::string times(const ManifestFile& file) {
    if (file.method != "encoded") return file.method;
    return file.generations == 1   ? "once"
           : file.generations == 2 ? "twice"
                                   : fmt::format("{} times", file.generations);
}

// The name below the output folder, so that the table stays narrow.
std::string short_path(const std::string& path, const AudioPlan& plan) {
    const std::filesystem::path relative = std::filesystem::path(path).lexically_relative(plan.target.output);
    return relative.empty() || relative == "." || relative.begin()->string() == ".." ? path
                                                                                     : relative.string();
}

std::string item_header(const ManifestItem& item) {
    return fmt::format("{}   {}   {}  {}  {}   {:>11}   {:>10}", escape_control(item.input),
                       format_duration(item.duration_seconds), rate_text(item.sample_rate_hz),
                       depth_text(item.bits, item.is_float), channels_text(item.channels),
                       level(item.loudness.integrated_lufs, "LUFS", false),
                       level(item.loudness.true_peak_dbtp, "dBTP", true));
}

std::string files_table(const ManifestItem& item, const AudioPlan& plan) {
    Table table({Align::left, Align::right, Align::right, Align::left, Align::right, Align::right,
                 Align::left, Align::left});
    table.row({"file", "loudness", "true peak", "length", "tags", "size", "encoded", "proof"});
    for (const ManifestFile& file : item.files) {
        if (file.error) {
            table.row({short_path(file.path, plan), "", "", "", "", "", times(file), "FAILED"});
            continue;
        }
        table.row({short_path(file.path, plan), level(file.loudness.integrated_lufs, "LUFS", false),
                   level(file.loudness.true_peak_dbtp, "dBTP", true), frames_check(file),
                   passed_of(file.tags), format_bytes(file.bytes), times(file), "ok"});
    }
    return table.text();
}

// Gain and limiter, one text for all files that share them.
std::string level_text(const ManifestFile& file) {
    if (file.method != "encoded") return file.method + ": " + file.method_reason;
    const std::string limiter = file.limiter_max_reduction_db > 0
                                    ? fmt::format("limiter {:.1f} dB at most, {:.1f} s in all",
                                                  file.limiter_max_reduction_db, file.limiter_active_seconds)
                                    : "limiter idle";
    // -0.04 would be printed as "-0.0".
    const double gain = std::abs(file.gain_db) < 0.05 ? 0.0 : file.gain_db;
    return fmt::format("gain {:+.1f} dB, {}", gain, file.target_lufs ? limiter : "level kept");
}

// Every conversion to a lossy format loses samples; worth a line where the source has lost some before.
bool is_expected(const ManifestLoss& loss, const ManifestItem& item) {
    const bool lossy_source = item.bits == 0;
    return loss.what == "samples" && !lossy_source;
}

// The reason for a copy may be the outcome of the whole input, which is told once.
bool is_told_of_a_file(const ManifestItem& item) {
    return std::ranges::any_of(item.files, [&](const ManifestFile& file) {
        return !file.error && file.method_reason == item.outcome;
    });
}

// What there is to tell of an input and its files, each line once.
std::vector<std::string> notes_of(const ManifestItem& item) {
    std::vector<std::string> lines;
    const auto tell = [&](std::string line) {
        if (std::ranges::find(lines, line) == lines.end()) lines.push_back(std::move(line));
    };
    if (!item.outcome.empty() && !is_told_of_a_file(item)) tell("note: " + item.outcome);
    for (const std::string& warning : item.warnings) tell("warning: " + escape_control(warning));
    for (const ManifestFile& file : item.files) {
        for (const std::string& reason : file.generation_reasons)
            tell(fmt::format("{}: encoded again: {}", file.format, reason));
        if (file.error) continue;
        for (const ManifestLoss& loss : file.losses)
            if (!is_expected(loss, item))
                tell(fmt::format("{}: {}: {}", file.format, escape_control(loss.what),
                                 escape_control(loss.why)));
    }
    return lines;
}

std::string item_text(const ManifestItem& item, const AudioPlan& plan) {
    std::string text;
    if (item.sample_rate_hz > 0) text += item_header(item) + "\n";
    if (!item.files.empty()) text += "\n" + files_table(item, plan) + "\n";
    std::vector<std::string> told;
    for (const ManifestFile& file : item.files) {
        const std::string line = file.error ? "" : level_text(file);
        if (line.empty() || std::ranges::find(told, line) != told.end()) continue;
        text += fmt::format("  {}: {}\n", file.format, line);
        told.push_back(line);
    }
    for (const std::string& note : notes_of(item)) text += "  " + note + "\n";
    return text + "\n";
}

std::string files_text(int count) {
    return fmt::format("{} file{}", count, count == 1 ? "" : "s");
}

std::string folder_text(const AudioPlan& plan) {
    const std::filesystem::path& output = plan.target.output;
    const std::filesystem::path folder = plan.output_is_file ? output.parent_path() : output;
    return ((folder.empty() ? "." : folder) / "").string();
}

std::string summary_text(const Manifest& manifest, const AudioPlan& plan) {
    int delivered = 0;
    for (const ManifestItem& item : manifest.items)
        delivered += static_cast<int>(
            std::ranges::count_if(item.files, [](const ManifestFile& f) { return !f.error; }));
    std::string text =
        fmt::format("{} in {}   {:.1f} s", files_text(delivered), folder_text(plan), manifest.wall_seconds);
    if (manifest.wall_seconds > 0 && delivered > 0)
        text += fmt::format("   ({:.0f} x real time)", plan.audio_seconds / manifest.wall_seconds);
    if (const int failed = manifest.failed_count(); failed > 0)
        text += fmt::format("   {} of {} inputs failed", failed, manifest.items.size());
    return text + "\n";
}

// FLAC takes 16 bits where the source has them and nothing changes them, which only the run finds out.
std::string planned_depth(const PlannedItem& item, const PlannedFile& file) {
    if (!file.format->lossless) return "lossy";
    const bool may_be_16 = file.format->name == "flac" && !file.depth_asked && !item.source.lossy &&
                           !item.source.is_float && item.source.bits <= 16 &&
                           file.settings.depth != BitDepth::pcm16;
    return fmt::format("{} bit{}", name_of(file.settings.depth), may_be_16 ? " (16 if unchanged)" : "");
}

}  // namespace

std::string plan_text(const AudioPlan& plan) {
    std::string text;
    if (plan.name.needs_measurement())
        text += "{lufs} and {tp} stand for the target in these names; the files get what is measured\n\n";
    for (const PlannedItem& item : plan.items) {
        if (item.error) continue;
        text += fmt::format(
            "{}   {}   {}  {}  {}\n", escape_control(item.name),
            format_duration(frames_to_seconds(item.source.frames, item.source.stream.sample_rate_hz)),
            rate_text(item.source.stream.sample_rate_hz), depth_text(item.source.bits, item.source.is_float),
            channels_text(item.source.stream.channels));
        Table table({Align::left, Align::right, Align::right, Align::left, Align::left, Align::left});
        for (const PlannedFile& file : item.files)
            table.row({file.path.string(), rate_text(file.settings.stream.sample_rate_hz),
                       planned_depth(item, file), channels_text(file.settings.stream.channels),
                       "about " + format_bytes(file.estimated_bytes),
                       file.may_keep ? "copied with its own bits if at its target" : ""});
        text += "\n" + table.text();
        for (const PlannedFile& file : item.files)
            for (const Loss& loss : file.losses)
                text += fmt::format("  {}: {}: {}\n", file.format->name, loss.what, escape_control(loss.why));
        for (const std::string& warning : item.warnings)
            text += "  warning: " + escape_control(warning) + "\n";
        text += "\n";
    }
    return text + fmt::format(
                      "{}, about {}, {:.1f} s of one core, {} of memory for one input; nothing was written\n",
                      files_text(static_cast<int>(plan.file_count())), format_bytes(plan.estimated_bytes),
                      plan.estimated_cpu_seconds, format_bytes(plan.estimated_memory_bytes));
}

std::string manifest_text(const Manifest& manifest, const AudioPlan& plan) {
    std::string text;
    for (const ManifestItem& item : manifest.items) text += item_text(item, plan);
    return text + summary_text(manifest, plan);
}

Json presets_json(const std::map<std::string, Json>& user_presets) {
    Json items = Json::array();
    for (const AudioPreset& preset : builtin_audio_presets())
        items.push_back(
            {{"name", preset.name}, {"built_in", true}, {"help", preset.help}, {"values", preset.values}});
    for (const auto& [name, values] : user_presets)
        items.push_back({{"name", name}, {"built_in", false}, {"help", ""}, {"values", values}});
    const std::size_t count = items.size();
    return {{"items", std::move(items)}, {"summary", {{"presets", count}}}};
}

std::string presets_text(const std::map<std::string, Json>& user_presets) {
    Table table({Align::left, Align::left}, 0);
    for (const AudioPreset& preset : builtin_audio_presets()) table.row({preset.name, preset.help});
    for (const auto& [name, values] : user_presets) table.row({name, "yours: " + values.dump()});
    return table.text();
}

}  // namespace dubplate::cli
