#include "apps/cli/pack_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/cli/table.h"
#include "core/text.h"
#include "core/units.h"

namespace dubplate::cli {

namespace {

std::string count_text(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

std::string seconds_text(std::int64_t frames, int rate_hz) {
    return fmt::format("{:.3f} s", frames_to_seconds(frames, rate_hz));
}

std::string lines(const std::vector<std::string>& texts, std::string_view prefix) {
    std::string text;
    for (const std::string& line : texts) text += fmt::format("  {}{}\n", prefix, escape_control(line));
    return text;
}

// Tables stay within the width of a terminal; JSON and the rename table tell names whole.
constexpr int widest_name = 36;

// Its beginning and its end, which tell names apart.
std::string shortened(const std::string& name) {
    std::string end = escape_control(name);
    if (display_width(end) <= widest_name) return end;
    std::string begin(truncate_utf8(end, widest_name / 2));
    while (!end.empty() && display_width(end) > widest_name - 3 - display_width(begin)) do {
            end.erase(0, 1);
        } while (!end.empty() && (static_cast<unsigned char>(end.front()) & 0xC0U) == 0x80U);
    return begin + "..." + end;
}

std::string input_name(const std::string& input) {
    return shortened(std::filesystem::path(input).filename().string());
}

void add_rows(Table& table, const PackItem& item) {
    if (item.error) table.row({input_name(item.input), "", "", "", "FAILED"});
    for (const PackSample& sample : item.samples) {
        if (sample.error) {
            table.row({input_name(item.input), joined(sample.pads), "", "", "FAILED"});
            continue;
        }
        const std::string how = sample.kept           ? "as it was"
                                : sample.gain_db != 0 ? fmt::format("{:+.1f} dB", sample.gain_db)
                                                      : "converted";
        table.row({input_name(item.input), shortened(sample.files.front().path),
                   seconds_text(sample.layout.frames, sample.layout.sample_rate_hz), how, "ok"});
    }
}

std::string project_line(const PackManifest& manifest) {
    if (manifest.project_error) return "project     FAILED: " + manifest.project_error->to_string() + "\n";
    if (manifest.project.empty()) return "";
    const auto table = std::ranges::find(manifest.extras, "project", &PackFile::kind);
    return fmt::format("project     {}   {} read back and compared\n", table->path,
                       count_text(manifest.project.size() - 3, "pad"));
}

std::string plan_word(const PackPlan& plan, const PlannedSample& sample) {
    const std::string word = sample.keeps_samples ? "as it is" : "convert";
    if (!sample.is_padded) return word;
    return fmt::format("{}, with silence to {} ms", word, plan.device->padded_milliseconds);
}

}  // namespace

std::string plan_text(const PackPlan& plan) {
    const auto to_make = static_cast<std::size_t>(std::ranges::count_if(
        plan.samples, [&](const PlannedSample& sample) { return plan.will_make(sample); }));
    std::string text = fmt::format("{} for the {}\n\n", count_text(to_make, "sample"), plan.device->title);
    Table table({Align::left, Align::left, Align::right, Align::left});
    for (const PackSource& source : plan.sources)
        if (source.error)
            table.row({input_name(source.input.name), "",
                       fmt::format("{:.3f} s", source.validation.duration_ms / 1000), "FAILED"});
    for (const PlannedSample& sample : plan.samples) {
        const PackSource& source = plan.sources[sample.source];
        const std::int64_t frames = sample.end_frame.value_or(source.info.frames) - sample.begin_frame;
        table.row({input_name(source.input.name), shortened(sample.files.front().path.generic_string()),
                   seconds_text(frames, source.info.stream.sample_rate_hz),
                   sample.error ? "FAILED" : plan_word(plan, sample)});
    }
    text += table.text();
    for (const PlannedSample& sample : plan.samples)
        for (const Loss& loss : sample.losses)
            text += fmt::format("  {}: {}\n", escape_control(loss.what), escape_control(loss.why));
    text += lines(plan.warnings, "warning: ");
    const std::string about =
        plan.estimated_bytes > 0
            ? fmt::format("about {} in {}; ", format_bytes(plan.estimated_bytes), plan.target.output.string())
            : "";
    return text + "\n" + about + "nothing was written\n";
}

std::string manifest_text(const PackManifest& manifest) {
    std::string text;
    Table table({Align::left, Align::left, Align::right, Align::left, Align::left});
    table.row({"sample", "file", "length", "how", "proof"});
    for (const PackItem& item : manifest.items) add_rows(table, item);
    text += table.text() + "\n" + project_line(manifest);
    for (const PackItem& item : manifest.items)
        for (const PackSample& sample : item.samples)
            for (const Loss& loss : sample.losses)
                text += fmt::format("  {}: {}\n", escape_control(loss.what), escape_control(loss.why));
    text += lines(manifest.warnings, "warning: ");
    const std::size_t failed = manifest.failed_count();
    return text + fmt::format("\n{}   {}   {}   {:.1f} s{}\n", manifest.output,
                              count_text(manifest.sample_count(), "sample"),
                              format_bytes(manifest.total_bytes()), manifest.wall_seconds,
                              failed > 0 ? fmt::format("   {} failed", failed) : "");
}

std::string project_text(const InspectedProject& inspected) {
    std::string text = fmt::format(
        "{}: \"{}\", {} bpm, {}\n\n", inspected.device->title, escape_control(inspected.project.name),
        format_number(inspected.project.bpm), count_text(inspected.pads.size(), "pad"));
    Table table(
        {Align::left, Align::left, Align::right, Align::right, Align::right, Align::left, Align::left});
    table.row({"pad", "name", "length", "level", "pan", "plays", "sample"});
    for (const InspectedPad& entry : inspected.pads) {
        const PadSettings& s = entry.pad.settings;
        std::string plays = s.loop ? "loop" : s.gate ? "gate" : "one-shot";
        if (s.reverse) plays += ", reverse";
        if (s.pitch != 0) plays += fmt::format(", {:+.4g} st", s.pitch);
        if (s.mute_group != 0) plays += fmt::format(", mute {}", s.mute_group);
        if (!entry.pad.chop_frames.empty()) plays += ", " + count_text(entry.pad.chop_frames.size(), "chop");
        table.row(
            {entry.pad.place.to_string(), entry.pad.name,
             seconds_text(entry.pad.end_frame - entry.pad.begin_frame, inspected.device->sample_rate_hz),
             std::to_string(s.level), std::to_string(s.pan), plays, entry.status});
    }
    return text + table.text();
}

std::string verified_text(const VerifiedPack& verified) {
    Table table({Align::left, Align::left});
    for (const VerifiedFile& file : verified.files)
        if (file.status != "ok") table.row({file.path, file.status});
    const std::size_t wrong = verified.wrong_count();
    const auto unknown = static_cast<std::size_t>(
        std::ranges::count(verified.files, "not in the manifest", &VerifiedFile::status));
    const std::string known = count_text(verified.files.size() - unknown, "file");
    if (wrong > 0) return table.text() + fmt::format("{} of {} wrong\n", wrong, known);
    return table.text() + fmt::format("{} as the manifest says{}\n", known,
                                      unknown == 0 ? "" : fmt::format("; {} not in it", unknown));
}

}  // namespace dubplate::cli
