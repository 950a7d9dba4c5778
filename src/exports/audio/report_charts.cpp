#include "exports/audio/report_charts.h"
#include "core/text.h"
#include "core/units.h"
#include "exports/audio/report_text.h"
#include "plot/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace dubplate::report {

namespace {

constexpr double full_width = 1040;
constexpr double half_width = 512;
constexpr double smallest_reduction_db = 0.05;  // less is no work of the limiter
// The windows of BS.1770 and EBU Tech 3341: the first full one ends here, and one ends every step after it.
constexpr double momentary_seconds = 0.4;
constexpr double short_term_seconds = 3.0;
constexpr double step_seconds = 0.1;

// A source that was trimmed or cut runs on another clock and would mislead.
bool is_comparable(const ManifestPictures& file, const ManifestPictures& source) {
    return source.seconds > 0 && std::abs(source.seconds - file.seconds) < 0.05;
}

Axis time_axis(double seconds) {
    return {"time, minutes:seconds", 0, seconds, AxisScale::time};
}

std::vector<SeriesPoint> waveform_points(const ManifestPictures& pictures) {
    std::vector<SeriesPoint> points;
    const double step =
        pictures.seconds / static_cast<double>(std::max<std::size_t>(pictures.waveform.size(), 1));
    double at = step / 2;
    for (const auto& [low, high] : pictures.waveform) {
        points.push_back({at, static_cast<double>(low), static_cast<double>(high)});
        at += step;
    }
    return points;
}

std::vector<SeriesPoint> series_points(const std::vector<float>& values, double first_seconds) {
    std::vector<SeriesPoint> points;
    for (std::size_t i = 0; i < values.size(); ++i)
        points.push_back(
            {first_seconds + static_cast<double>(i) * step_seconds, 0, static_cast<double>(values[i])});
    return points;
}

double reach_of(const std::vector<SeriesPoint>& points) {
    double reach = 0;
    for (const SeriesPoint& point : points)
        reach = std::max({reach, std::abs(point.low), std::abs(point.high)});
    return std::isfinite(reach) ? reach : 0;
}

std::vector<Mark> peak_marks(const ManifestPictures& pictures) {
    auto peaks = pictures.peaks;
    std::ranges::stable_sort(peaks, [](const auto& a, const auto& b) { return a.second > b.second; });
    std::vector<Mark> marks;
    for (const auto& [seconds, level] : peaks)
        if (std::isfinite(level)) marks.push_back({seconds, "", Ink::red});
    // One label, for the highest: ten would cover each other.
    if (!marks.empty())
        marks.front().label = fmt::format("highest true peak {} at {}", dbtp(peaks.front().second),
                                          format_duration(peaks.front().first));
    return marks;
}

double extent_of(const Series& series) {
    double extent = 0;
    for (const SeriesPoint& point : series.points) extent += point.high - point.low;
    return extent / static_cast<double>(std::max<std::size_t>(series.points.size(), 1));
}

Chart waveform_chart(const ManifestFile& file, const ManifestPictures& source) {
    const ManifestPictures& pictures = file.pictures;
    Chart chart{.title = "Waveform", .height = 270, .x = time_axis(pictures.seconds)};
    chart.series.push_back({.name = "delivered", .kind = SeriesKind::area, .weight = 0.85});
    chart.series.back().points = waveform_points(pictures);
    if (is_comparable(pictures, source) && !source.waveform.empty()) {
        chart.series.push_back({.name = "source", .kind = SeriesKind::area, .ink = Ink::gray, .weight = 0.6});
        chart.series.back().points = waveform_points(source);
        // The quieter one in front, or it would not be seen.
        std::ranges::stable_sort(chart.series, std::greater<>(), extent_of);
    }
    double reach = 1;
    for (const Series& series : chart.series) reach = std::max(reach, reach_of(series.points));
    chart.y = {"amplitude", -reach, reach};
    if (file.ceiling_dbtp) {
        const double ceiling = db_to_gain(*file.ceiling_dbtp);
        chart.rules.push_back({"ceiling " + dbtp(*file.ceiling_dbtp), ceiling, Ink::orange});
        chart.rules.push_back({"", -ceiling, Ink::orange});
    }
    chart.marks = peak_marks(pictures);
    return chart;
}

double highest_of(const std::vector<SeriesPoint>& points, double at_least) {
    for (const SeriesPoint& point : points)
        if (std::isfinite(point.high)) at_least = std::max(at_least, point.high);
    return at_least;
}

Chart loudness_chart(const ManifestFile& file, const ManifestPictures& source) {
    constexpr double shown_below_lu = 22;  // quieter than that is silence between songs
    Chart chart{.title = "Loudness", .height = 270, .x = time_axis(file.pictures.seconds)};
    chart.series.push_back({.name = "momentary, 400 ms",
                            .ink = Ink::purple,
                            .weight = 0.7,
                            .points = series_points(file.pictures.momentary_lufs, momentary_seconds)});
    if (is_comparable(file.pictures, source) && !source.short_term_lufs.empty())
        chart.series.push_back({.name = "source, short-term",
                                .ink = Ink::gray,
                                .weight = 1.5,
                                .points = series_points(source.short_term_lufs, short_term_seconds)});
    chart.series.push_back({.name = "short-term, 3 s",
                            .ink = Ink::blue,
                            .weight = 2.2,
                            .points = series_points(file.pictures.short_term_lufs, short_term_seconds)});
    const double center = file.target_lufs.value_or(
        std::isfinite(file.loudness.integrated_lufs) ? file.loudness.integrated_lufs : -23.0);
    double top = center + 4;
    for (const Series& series : chart.series) top = highest_of(series.points, top);
    chart.y = {"loudness, LUFS", std::floor((center - shown_below_lu) / 5) * 5, std::ceil(top / 5) * 5};
    chart.rules.push_back(
        {(file.target_lufs ? "target " : "integrated ") + lufs(center), center, Ink::green});
    return chart;
}

bool limiter_worked(const ManifestPictures& pictures) {
    return std::ranges::any_of(pictures.limiter_reduction_db, [](float reduction) {
        return static_cast<double>(reduction) > smallest_reduction_db;
    });
}

Chart limiter_chart(const ManifestPictures& pictures) {
    Chart chart{.title = "Limiter", .width = half_width, .height = 230, .x = time_axis(pictures.seconds)};
    std::vector<SeriesPoint> points = series_points(pictures.limiter_reduction_db, step_seconds / 2);
    const double deepest = std::max(1.0, highest_of(points, 0));
    chart.y = {"gain reduction, dB", std::ceil(deepest), 0};
    chart.series.push_back({.name = "largest of each 100 ms",
                            .kind = SeriesKind::area,
                            .ink = Ink::orange,
                            .weight = 0.85,
                            .points = std::move(points)});
    return chart;
}

std::vector<SeriesPoint> spectrum_points(const ManifestPictures& pictures, double floor_db) {
    std::vector<SeriesPoint> points;
    for (const auto& [hz, level] : pictures.spectrum)
        points.push_back({hz, floor_db, std::isfinite(level) ? level : floor_db});
    return points;
}

Chart spectrum_chart(const ManifestFile& file, const ManifestPictures& source, double width) {
    constexpr double range_db = 80;
    Chart chart{.title = "Spectrum", .width = width, .height = 230};
    double top = -200;
    for (const auto* pictures : {&file.pictures, &source})
        for (const auto& [hz, level] : pictures->spectrum)
            if (std::isfinite(level)) top = std::max(top, level);
    top = top > -200 ? std::ceil(top / 10) * 10 : 0;
    const double floor_db = top - range_db;
    const double nyquist = file.sample_rate_hz / 2.0;
    chart.x = {"frequency, Hz", 20, std::max(nyquist, 100.0), AxisScale::frequency};
    chart.y = {"level, dBFS", floor_db, top};
    std::vector<SeriesPoint> points = spectrum_points(file.pictures, floor_db);
    if (!source.spectrum.empty())
        chart.series.push_back(
            {.name = "source", .ink = Ink::gray, .points = spectrum_points(source, floor_db)});
    chart.series.push_back({.kind = SeriesKind::area, .weight = 0.15, .points = points});
    chart.series.push_back({.name = "delivered", .weight = 1.8, .points = std::move(points)});
    return chart;
}

std::string figure(const Chart& chart) {
    return "<figure>\n" + render_svg(chart) + "</figure>\n";
}

}  // namespace

std::string charts_of(const ManifestFile& file, const ManifestItem& source) {
    const ManifestPictures& pictures = file.pictures;
    const bool is_same = file.method == "copied" || file.method == "retagged";
    const ManifestPictures before = is_same ? ManifestPictures{} : source.pictures;
    std::string html;
    if (!pictures.waveform.empty()) html += figure(waveform_chart(file, before));
    if (!pictures.momentary_lufs.empty()) html += figure(loudness_chart(file, before));
    const bool with_limiter = limiter_worked(pictures);
    std::string pair;
    if (with_limiter) pair += figure(limiter_chart(pictures));
    if (!pictures.spectrum.empty())
        pair += figure(spectrum_chart(file, before, with_limiter ? half_width : full_width));
    if (!pair.empty())
        html += fmt::format("<div class=\"{}\">\n{}</div>\n", with_limiter ? "pair" : "single", pair);
    return html;
}

}  // namespace dubplate::report
