#include "exports/audio/report.h"
#include "core/text.h"
#include "exports/audio/report_file.h"
#include "exports/audio/report_style.h"
#include "exports/audio/report_text.h"
#include "plot/svg.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace dubplate {

namespace {

using namespace report;  // NOLINT(google-build-using-namespace): the parts of this page

struct Counts {
    std::size_t delivered = 0, failed = 0, canceled = 0;
    std::uint64_t bytes = 0;
};

Counts count(const Manifest& manifest) {
    Counts counts;
    for (const ManifestItem& item : manifest.items) {
        // An input that failed before it had files counts for one.
        if (item.files.empty() && item.error)
            ++(item.error->code == ErrorCode::canceled ? counts.canceled : counts.failed);
        for (const ManifestFile& file : item.files) {
            if (!file.error) counts.bytes += file.bytes;
            ++(is_canceled(file) ? counts.canceled : is_proven(file) ? counts.delivered : counts.failed);
        }
    }
    return counts;
}

std::string verdict(const Counts& counts) {
    if (counts.failed == 0 && counts.canceled == 0 && counts.delivered == 0) return "Nothing was delivered";
    std::string text;
    const auto add = [&](std::size_t number, std::string_view what) {
        if (number == 0) return;
        if (!text.empty()) text += ", ";
        text += text.empty() ? counted(number, "file") + " " : std::to_string(number) + " ";
        text += what;
    };
    add(counts.delivered, "delivered and proven");
    add(counts.failed, "failed");
    add(counts.canceled, "canceled");
    return text;
}

std::string head(const Manifest& manifest, const std::string& failure) {
    const Counts counts = count(manifest);
    std::string lead = manifest.created_utc.empty() ? "" : xml_escape(manifest.created_utc) + " \u00B7 ";
    lead += counted(manifest.items.size(), "input") + " \u00B7 ";
    if (counts.bytes > 0) lead += format_bytes(counts.bytes) + " \u00B7 ";
    lead += fmt::format("{:.1f} s", manifest.wall_seconds);
    if (manifest.wall_seconds > 0 && manifest.audio_seconds > 0)
        lead += fmt::format(" ({:.0f} \u00D7 real time)", manifest.audio_seconds / manifest.wall_seconds);
    const bool all_good =
        failure.empty() && counts.failed == 0 && counts.canceled == 0 && counts.delivered > 0;
    return fmt::format(
        "<p class=\"brand\">Dubplate \u00B7 proof of delivery</p>\n<h1><span class=\"{}\">{}</span> {}</h1>\n"
        "<p class=\"lead\">{}</p>\n",
        all_good ? "good" : "bad", all_good ? "\u2713" : "\u2717",
        verdict(counts) + (failure.empty() ? "" : "; " + failure), lead);
}

std::string source_depth(const ManifestItem& item) {
    if (item.bits == 0) return "";
    return fmt::format(" \u00B7 {} bit{}", item.bits, item.is_float ? " float" : "");
}

std::string source_pill(const ManifestItem& item) {
    if (item.status == "canceled") return "<span class=\"pill idle\">canceled</span>";
    if (item.status == "failed" && item.files.empty()) return "<span class=\"pill bad\">\u2717 failed</span>";
    return "source";
}

std::string overview_source(const ManifestItem& item) {
    const std::string name = outside(base_name(item.input));
    if (item.sample_rate_hz == 0)
        return fmt::format(
            "<tr class=\"before\"><th scope=\"row\">{}</th><td></td><td></td><td></td><td></td>"
            "<td></td><td></td><td>{}</td></tr>\n",
            name, source_pill(item));
    return fmt::format(
        "<tr class=\"before\"><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td></td>"
        "<td></td><td></td><td>{}</td></tr>\n",
        name, lufs(item.loudness.integrated_lufs), dbtp(item.loudness.true_peak_dbtp),
        format_duration(item.duration_seconds), source_pill(item));
}

bool is_length_exact(const ManifestFile& file) {
    const auto frames = std::ranges::find(file.checks, "frames", &ProofCheck::name);
    return frames != file.checks.end() && frames->passed;
}

std::string overview_file(const ManifestFile& file) {
    const std::string name =
        fmt::format("<tr class=\"after\"><th scope=\"row\">{}</th>", outside(base_name(file.path)));
    if (file.error && file.checks.empty())
        return name + "<td></td><td></td><td></td><td></td><td></td><td></td><td>" + verdict_pill(file) +
               "</td></tr>\n";
    return name +
           fmt::format("<td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                       lufs(file.loudness.integrated_lufs), dbtp(file.loudness.true_peak_dbtp),
                       is_length_exact(file) ? "exact" : format_duration(seconds_of(file)), tag_score(file),
                       format_bytes(file.bytes), encodings(file), verdict_pill(file));
}

std::string overview(const Manifest& manifest) {
    std::string html =
        "<div class=\"overview\"><table>\n<thead><tr><th>file</th><th>loudness</th><th>true "
        "peak</th><th>length</th>"
        "<th>tags</th><th>size</th><th>encoded</th><th>proof</th></tr></thead>\n<tbody>\n";
    for (const ManifestItem& item : manifest.items) {
        html += overview_source(item);
        for (const ManifestFile& file : item.files) html += overview_file(file);
    }
    return html + "</tbody></table></div>\n";
}

std::string source_line(const ManifestItem& item) {
    if (item.sample_rate_hz == 0) return {};
    std::string html = fmt::format(
        "<p class=\"source\">{} \u00B7 {} \u00B7 {}{} \u00B7 {} \u00B7 {} \u00B7 {} \u00B7 {} range",
        outside(item.source_format), format_duration(item.duration_seconds), rate(item.sample_rate_hz),
        source_depth(item), channels(item.channels), lufs(item.loudness.integrated_lufs),
        dbtp(item.loudness.true_peak_dbtp), lu(item.loudness.range_lu));
    if (!item.outcome.empty()) html += " \u00B7 <strong>" + outside(item.outcome) + "</strong>";
    if (!item.sha256.empty()) html += "<br/>SHA-256 <code>" + xml_escape(item.sha256) + "</code>";
    return html + "</p>\n";
}

std::string item_section(const ManifestItem& item) {
    std::string html = fmt::format("<section>\n<h2>{}</h2>\n", outside(item.input)) + source_line(item);
    if (item.error) html += error_box(*item.error);
    if (!item.warnings.empty()) {
        html += "<ul class=\"warnings\">\n";
        for (const std::string& warning : item.warnings) html += "<li>" + outside(warning) + "</li>\n";
        html += "</ul>\n";
    }
    for (const ManifestFile& file : item.files) html += file_card(file, item);
    return html + "</section>\n";
}

std::string spec_details(const Manifest& manifest) {
    if (manifest.spec_json.empty()) return {};
    const auto spec = nlohmann::json::parse(manifest.spec_json, nullptr, false);
    const std::string text = spec.is_discarded()
                                 ? manifest.spec_json
                                 : spec.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
    return "<details><summary>The specification that this came from</summary>\n<pre>" + xml_escape(text) +
           "</pre></details>\n";
}

}  // namespace

std::string render_html(const Manifest& manifest, const ReportSections& sections) {
    std::string html =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'\"/>\n"
        "<title>Dubplate: proof of delivery</title>\n<style>";
    html += style_sheet();
    html += "</style>\n</head>\n<body>\n<main>\n";
    html += head(manifest, sections.failure) + overview(manifest) + sections.html;
    for (const ManifestItem& item : manifest.items) html += item_section(item);
    html += spec_details(manifest);
    html += fmt::format(
        "<footer>Made by Dubplate {}. What was delivered was decoded again and measured: loudness and "
        "true peak by ITU-R BS.1770-5, loudness range by EBU Tech 3342.</footer>\n",
        xml_escape(manifest.version));
    return html + "</main>\n</body>\n</html>\n";
}

}  // namespace dubplate
