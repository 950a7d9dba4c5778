#include "exports/audio/report_file.h"
#include "core/text.h"
#include "exports/audio/report_charts.h"
#include "exports/audio/report_text.h"
#include "plot/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace dubplate::report {

namespace {

std::string tile(std::string_view name, std::string_view value, std::string_view notes) {
    return fmt::format("<div class=\"tile\"><span>{}</span><strong>{}</strong><em>{}</em></div>\n", name,
                       value, notes);
}

// Joins what is there with a dot.
std::string joined(std::initializer_list<std::string> parts) {
    std::string text;
    for (const std::string& part : parts)
        if (!part.empty()) text += (text.empty() ? "" : " \u00B7 ") + part;
    return text;
}

std::string tiles(const ManifestFile& file, const ManifestItem& source) {
    const MeasuredLoudness& loudness = file.loudness;
    const std::string target = file.target_lufs ? "target " + level(*file.target_lufs) : "level kept";
    const std::string ceiling = file.ceiling_dbtp ? "ceiling " + level(*file.ceiling_dbtp) : "";
    const std::string place =
        std::isfinite(loudness.true_peak_dbtp) ? "at " + format_duration(loudness.true_peak_seconds) : "";
    std::string html = "<div class=\"tiles\">\n";
    html +=
        tile(loudness.is_short ? "Loudness, ungated" : "Integrated loudness", lufs(loudness.integrated_lufs),
             joined({target, "source " + level(source.loudness.integrated_lufs)}));
    html += tile("True peak", dbtp(loudness.true_peak_dbtp), joined({ceiling, place}));
    html += tile("Loudness range", lu(loudness.range_lu), "source " + lu(source.loudness.range_lu));
    html += tile("Length", format_duration(seconds_of(file)), grouped(file.frames) + " frames");
    return html + "</div>\n";
}

std::string fact(std::string_view name, std::string_view value) {
    return value.empty() ? std::string() : fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, value);
}

std::string limiter_text(const ManifestFile& file) {
    if (file.limiter_max_reduction_db <= 0) return "idle";
    return fmt::format("{:.1f} dB at most, {:.1f} s in all", file.limiter_max_reduction_db,
                       file.limiter_active_seconds);
}

std::string method_text(const ManifestFile& file) {
    std::string text = file.method == "copied"     ? "copied bit for bit"
                       : file.method == "retagged" ? "new tags, audio bytes untouched"
                                                   : "encoded " + encodings(file);
    if (!file.method_reason.empty()) text += ": " + xml_escape(file.method_reason);
    for (const std::string& reason : file.generation_reasons)
        text += "<br/>again because " + xml_escape(reason);
    return text;
}

std::string facts(const ManifestFile& file) {
    std::string html = "<dl class=\"facts\">\n";
    html += fact("Max short-term", lufs(file.loudness.max_short_term_lufs));
    html += fact("Max momentary", lufs(file.loudness.max_momentary_lufs));
    html += fact("Gain", gain_db(file.gain_db));
    html += fact("Limiter", limiter_text(file));
    html += fact("Sample rate", rate(file.sample_rate_hz));
    html += fact("Depth", depth(file.bit_depth));
    html += fact("Channels", channels(file.channels));
    html += fact("Size", format_bytes(file.bytes));
    html += fact("Made", method_text(file));
    html += fact("Encoder", xml_escape(file.encoder));
    html += fact("Decoded again by", xml_escape(file.decoder));
    html += "</dl>\n";
    if (!file.sha256.empty())
        html += fmt::format("<p class=\"hash\"><span>SHA-256</span> <code>{}</code></p>\n",
                            xml_escape(file.sha256));
    return html;
}

std::string passed_cell(bool passed) {
    return passed ? "<td class=\"good\">\u2713 ok</td>" : "<td class=\"bad\">\u2717 failed</td>";
}

template <class Proven>
std::string proven_table(std::string_view heading, const std::vector<Proven>& proven) {
    if (proven.empty()) return {};
    std::string html = fmt::format(
        "<section><h4>{}</h4>\n<table class=\"proven\"><thead><tr><th>{}</th><th>wanted</th>"
        "<th>found</th><th></th></tr></thead><tbody>\n",
        heading, heading == "Tags, read back" ? "tag" : "check");
    for (const Proven& one : proven)
        html += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td>{}</tr>\n", outside(one.name),
                            outside(one.wanted), outside(one.found), passed_cell(one.passed));
    return html + "</tbody></table></section>\n";
}

std::string losses(const std::vector<ManifestLoss>& lost) {
    if (lost.empty()) return {};
    std::string html = "<section class=\"losses\"><h4>Lost or changed on the way</h4>\n<ul>\n";
    for (const ManifestLoss& loss : lost)
        html += fmt::format("<li><strong>{}</strong> {}</li>\n", outside(loss.what), outside(loss.why));
    return html + "</ul></section>\n";
}

}  // namespace

std::string error_box(const Error& error) {
    Error without_hint = error;
    without_hint.hint.clear();
    const bool canceled = error.code == ErrorCode::canceled;
    std::string html = fmt::format("<div class=\"error{}\" role=\"note\">", canceled ? " idle" : "");
    // The word of a cancellation says it all already.
    if (!canceled) html += fmt::format("<strong>{}</strong>", info(error.code).name);
    html += "<p>" + outside(without_hint.to_string()) + "</p>";
    if (!error.hint.empty()) html += "<p class=\"hint\">" + outside(error.hint) + "</p>";
    return html + "</div>\n";
}

std::string verdict_pill(const ManifestFile& file) {
    if (is_canceled(file)) return "<span class=\"pill idle\">canceled</span>";
    return is_proven(file) ? "<span class=\"pill good\">\u2713 proven</span>"
                           : "<span class=\"pill bad\">\u2717 failed</span>";
}

std::string file_card(const ManifestFile& file, const ManifestItem& source) {
    const std::string_view name = base_name(file.path);
    const std::string_view folder = std::string_view(file.path).substr(0, file.path.size() - name.size());
    std::string html = fmt::format(
        "<article class=\"card\">\n<header><h3><span class=\"folder\">{}</span>{}</h3>{}</header>\n",
        folder.empty() ? "" : outside(folder), outside(name), verdict_pill(file));
    if (file.error) html += error_box(*file.error);
    // What never came to be measured has no figures.
    const bool measured = !file.checks.empty() || !file.error;
    if (measured) html += tiles(file, source) + charts_of(file, source) + facts(file);
    html += "<div class=\"tables\">\n" + proven_table("Checks", file.checks) +
            proven_table("Tags, read back", file.tags) + "</div>\n";
    return html + losses(file.losses) + "</article>\n";
}

}  // namespace dubplate::report
