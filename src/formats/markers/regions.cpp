#include "formats/markers/regions.h"

#include "core/unicode.h"
#include "formats/markers/cue_sheet.h"
#include "formats/markers/label_file.h"
#include "formats/markers/text_lines.h"
#include "tags/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dubplate {

namespace {

std::string name_of(const MarkedRegion& region, std::size_t number) {
    std::string name = region.line > 0 ? fmt::format("line {}: region {}", region.line, number)
                                       : fmt::format("region {}", number);
    if (!region.label.empty()) name += fmt::format(" '{}'", clean_text(region.label.substr(0, 80)));
    return name;
}

bool is_cue_command(std::string_view line) {
    constexpr std::array<std::string_view, 8> commands{"FILE",  "REM",       "TRACK",   "TITLE",
                                                       "INDEX", "PERFORMER", "CATALOG", "CDTEXTFILE"};
    const auto first = line.find_first_not_of(" \t");
    const std::string_view rest = line.substr(std::min(first, line.size()));
    const std::string word = fold_case(rest.substr(0, rest.find_first_of(" \t")));
    return std::ranges::any_of(commands,
                               [&](std::string_view command) { return fold_case(command) == word; });
}

// The points that cut, each once, strictly inside the source or at its begin.
std::vector<Marker> cutting_points(const std::vector<Marker>& markers, std::int64_t frames) {
    std::vector<Marker> points;
    for (const Marker& marker : markers)
        if (marker.length_frames == 0 && marker.frame < frames) points.push_back(marker);
    std::ranges::stable_sort(points, {}, &Marker::frame);
    const auto same_frame = [](const Marker& a, const Marker& b) { return a.frame == b.frame; };
    points.erase(std::unique(points.begin(), points.end(), same_frame), points.end());
    return points;
}

Status check_marker(const Marker& marker, std::int64_t frames) {
    if (marker.frame >= 0 && marker.frame <= frames && marker.length_frames >= 0 &&
        marker.length_frames <= frames - marker.frame)
        return {};
    return fail(
        ErrorCode::invalid_argument,
        fmt::format("marker '{}' at frame {}, {} frames long, lies outside the source's {} frames",
                    clean_text(marker.label.substr(0, 80)), marker.frame, marker.length_frames, frames),
        "repair the markers, or give a label file to --split");
}

}  // namespace

Result<MarkedRegions> parse_regions(std::span<const std::byte> data, int sample_rate_hz) {
    DUBPLATE_TRY(const std::vector<TextLine> lines, read_text_lines(data));
    if (lines.empty())
        return fail(ErrorCode::corrupt, "the file is empty", "give an Audacity label file or a CUE sheet");
    return is_cue_command(lines.front().text) ? parse_cue_sheet(data, sample_rate_hz)
                                              : parse_label_file(data, sample_rate_hz);
}

Result<std::vector<MarkedRegion>> regions_from_markers(const std::vector<Marker>& markers,
                                                       std::int64_t frames) {
    if (markers.empty())
        return fail(ErrorCode::not_found, "the source has no markers",
                    "give a label file or a CUE sheet to --split");
    if (markers.size() > max_regions)
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("{} markers, {} are allowed", markers.size(), max_regions));
    std::vector<MarkedRegion> regions;
    for (const Marker& marker : markers) {
        DUBPLATE_CHECK(check_marker(marker, frames));
        if (marker.length_frames > 0) {
            MarkedRegion& region = regions.emplace_back();
            region.begin_frame = marker.frame;
            region.end_frame = marker.frame + marker.length_frames;
            region.label = marker.label;
        }
    }
    std::vector<Marker> points = cutting_points(markers, frames);
    if (!points.empty() && points.front().frame > 0) points.insert(points.begin(), Marker{});
    // Markers at the very end alone cut nothing: the source is one region.
    if (points.empty() && regions.empty()) points.push_back(Marker{});
    for (std::size_t i = 0; i < points.size(); ++i) {
        MarkedRegion& region = regions.emplace_back();
        region.begin_frame = points[i].frame;
        region.end_frame = i + 1 < points.size() ? points[i + 1].frame : frames;
        region.label = points[i].label;
    }
    std::ranges::stable_sort(regions, {}, &MarkedRegion::begin_frame);
    return fit_regions(std::move(regions), frames);
}

Result<std::vector<MarkedRegion>> fit_regions(std::vector<MarkedRegion> regions, std::int64_t frames) {
    for (std::size_t i = 0; i < regions.size(); ++i) {
        MarkedRegion& region = regions[i];
        if (region.end_frame == open_end) region.end_frame = std::max(frames, region.begin_frame);
        if (region.end_frame > frames && region.end_frame - frames <= region.end_slack_frames)
            region.end_frame = frames;
        if (region.begin_frame < 0 || region.begin_frame > frames || region.end_frame > frames)
            return fail(ErrorCode::invalid_argument,
                        fmt::format("{}: frames {} to {} are not inside the source, which has {}",
                                    name_of(region, i + 1), region.begin_frame, region.end_frame, frames),
                        "check that the marks belong to this recording");
        if (region.end_frame <= region.begin_frame)
            return fail(ErrorCode::invalid_argument, name_of(region, i + 1) + " has no length",
                        "give it an end after its begin");
    }
    return regions;
}

}  // namespace dubplate
