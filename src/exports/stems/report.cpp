#include "exports/stems/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "core/units.h"
#include "exports/audio/report.h"
#include "exports/audio/report_text.h"
#include "plot/chart.h"

namespace dubplate {

namespace {

constexpr double lowest_db = -150;  // below what 24 bits hold

std::string dbfs(double level) {
    return std::isfinite(level) ? report::level(level) + " dBFS" : "nothing";
}

Series line(std::string name, Ink ink, const std::vector<float>& peaks, double seconds) {
    Series series{.name = std::move(name), .ink = ink};
    const double step = seconds / static_cast<double>(std::max<std::size_t>(peaks.size(), 1));
    for (std::size_t i = 0; i < peaks.size(); ++i) {
        const double level = std::max(gain_to_db(static_cast<double>(peaks[i])), lowest_db);
        series.points.push_back({(static_cast<double>(i) + 0.5) * step, lowest_db, level});
    }
    return series;
}

std::string picture(const NullTest& test, double seconds) {
    Chart chart{.title = "mix, sum of the stems, and what is left between them",
                .x = {"time, minutes:seconds", 0, seconds, AxisScale::time},
                .y = {"peak, dBFS", lowest_db, 0}};
    chart.series.push_back(line("mix", Ink::blue, test.mix_peaks, seconds));
    chart.series.push_back(line("sum of the stems", Ink::green, test.sum_peaks, seconds));
    chart.series.back().dashed = true;
    chart.series.push_back(line("residual", Ink::red, test.residual_peaks, seconds));
    if (std::isfinite(test.limit_peak_dbfs) && test.limit_peak_dbfs > lowest_db)
        chart.rules.push_back({"what rounding may leave", test.limit_peak_dbfs, Ink::red});
    return "<figure>" + render_svg(chart) + "</figure>\n";
}

std::string null_test_section(const StemsManifest& manifest) {
    if (manifest.null_test_error)
        return "<section>\n<h2>Null test</h2>\n<p>" + report::outside(manifest.null_test_error->to_string()) +
               "</p></section>\n";
    if (!manifest.null_test) return {};
    const NullTest& test = *manifest.null_test;
    const std::string verdict = !std::isfinite(test.limit_peak_dbfs) ? "measured; the files are lossy"
                                : test.passed                        ? "the stems sum to the mix"
                                                                     : "the stems do not sum to the mix";
    return fmt::format(
               "<section>\n<h2>Null test: {}</h2>\n<p class=\"source\">The delivered stems, decoded and "
               "summed, minus {}: {} "
               "RMS, {} at most (frame {}); rounding may leave {}. Offset {} frames, {}polarity, best gain "
               "{}.</p>\n",
               verdict, report::outside(report::base_name(test.against)), dbfs(test.residual_rms_dbfs),
               dbfs(test.residual_peak_dbfs), report::grouped(test.worst_frame), dbfs(test.limit_peak_dbfs),
               report::grouped(test.offset_frames), test.inverted ? "opposite " : "same ",
               report::gain_db(test.gain_db)) +
           picture(test, manifest.seconds) + "</section>\n";
}

std::string extras_section(const StemsManifest& manifest) {
    if (manifest.extras.empty()) return {};
    std::string html = "<section>\n<h2>Beside the audio</h2>\n<ul>\n";
    for (const ExtraFile& extra : manifest.extras) {
        const auto passed = std::ranges::count_if(extra.checks, &ProofCheck::passed);
        const std::string proof = extra.error ? report::outside(extra.error->to_string())
                                  : extra.checks.empty()
                                      ? format_bytes(extra.bytes)
                                      : fmt::format("{}, read back: {} of {} as wanted",
                                                    format_bytes(extra.bytes), passed, extra.checks.size());
        html += fmt::format("<li>{}: {}</li>\n", report::outside(report::base_name(extra.path)), proof);
        for (const ManifestLoss& loss : extra.losses)
            html += fmt::format("<li>{}: {}</li>\n", report::outside(loss.what), report::outside(loss.why));
    }
    return html + "</ul></section>\n";
}

}  // namespace

std::string render_html(const StemsManifest& manifest) {
    const bool sums = !manifest.null_test_error && (!manifest.null_test || manifest.null_test->passed);
    return render_html(manifest.audio, {.html = null_test_section(manifest) + extras_section(manifest),
                                        .failure = sums ? "" : "the stems do not sum to the mix"});
}

}  // namespace dubplate
