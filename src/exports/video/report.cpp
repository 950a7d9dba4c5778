#include "exports/video/report.h"

#include <fmt/format.h>

#include "core/text.h"
#include "exports/audio/report_style.h"
#include "exports/audio/report_text.h"
#include "plot/svg.h"
#include "tags/base64.h"

namespace dubplate {

namespace {

std::string check_rows(const VideoReport& report) {
    std::string rows;
    for (const ProofCheck& check : report.checks)
        rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                            report::outside(check.name), report::outside(check.wanted),
                            report::outside(check.found), check.passed ? "\u2713" : "\u2717");
    return rows;
}

std::string lead(const VideoReport& report, const VideoPlan& plan) {
    return fmt::format("{} \u00B7 {}\u00D7{} \u00B7 {:.6g} fps \u00B7 {} frames \u00B7 {} \u00B7 {}",
                       xml_escape(report.created_utc), plan.settings.width, plan.settings.height,
                       plan.settings.rate.hz(), plan.frames, format_duration(plan.seconds()),
                       format_bytes(report.bytes));
}

}  // namespace

Result<std::string> render_html(const VideoReport& report, const VideoPlan& plan) {
    DUBPLATE_TRY(const Bytes sheet, encode_png(report.contact_sheet));
    std::string html =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'; "
        "img-src data:\"/>\n<title>Dubplate: proof of a video</title>\n<style>";
    html += report::style_sheet();
    html += "</style>\n</head>\n<body>\n<main>\n<p class=\"brand\">Dubplate \u00B7 proof of a video</p>\n";
    html += fmt::format("<h1><span class=\"good\">\u2713</span> {}</h1>\n<p class=\"lead\">{}</p>\n",
                        report::outside(report::base_name(report.path)), lead(report, plan));
    html += fmt::format(
        "<section>\n<h2>Contact sheet</h2>\n<p>Frames as they were decoded from the file.</p>\n<img "
        "alt=\"frames of the video\" style=\"max-width:100%\" "
        "src=\"data:image/png;base64,{}\"/>\n</section>\n",
        encode_base64(sheet));
    html +=
        "<section>\n<h2>Proof</h2>\n<table "
        "class=\"proven\"><thead><tr><th>what</th><th>wanted</th><th>found</th>"
        "<th></th></tr></thead>\n<tbody>\n" +
        check_rows(report) + "</tbody></table>\n</section>\n";
    for (const std::string& warning : report.warnings)
        html += "<p class=\"warnings\">" + report::outside(warning) + "</p>\n";
    html += fmt::format("<p class=\"source\">{}<br/>SHA-256 <code>{}</code></p>\n",
                        report::outside(report.encoder), xml_escape(report.sha256));
    return html + fmt::format("<footer>Made by Dubplate {}.</footer>\n</main>\n</body>\n</html>\n",
                              xml_escape(report.version));
}

}  // namespace dubplate
