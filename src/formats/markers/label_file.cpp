#include "formats/markers/label_file.h"

#include "core/text.h"
#include "formats/markers/text_lines.h"
#include "tags/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace dubplate {

namespace {

constexpr std::size_t max_whole_digits = 7;  // 115 days
constexpr std::size_t max_read_digits = 12;  // after the point: 10^12 x 384000 Hz fits in 64 bits

struct LabelTime {
    std::int64_t frame = 0;
    std::int64_t slack_frames = 0;
};

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::int64_t to_integer(std::string_view digits) {
    std::int64_t value = 0;
    for (const char digit : digits) value = value * 10 + (digit - '0');
    return value;
}

// In whole numbers throughout: a time of twelve digits is exact at every rate.
Result<LabelTime> parse_label_time(std::string_view text, int rate, int line) {
    const std::string shown = clean_text(text.substr(0, 40));
    if (text.find(',') != std::string_view::npos)
        return line_error(line, fmt::format("'{}' has a comma where a time has a point", shown),
                          "write decimal points: 1.5");
    const bool negative = text.starts_with('-');
    const std::string_view digits = text.substr(negative ? 1 : 0);
    const auto point = std::min(digits.find('.'), digits.size());
    const std::string_view whole = digits.substr(0, point);
    std::string_view fraction = digits.substr(std::min(point + 1, digits.size()));
    if (whole.empty() || !all_digits(whole) || !all_digits(fraction))
        return line_error(line, fmt::format("'{}' is no time in seconds", shown),
                          "a label is begin, tab, end, tab, text");
    if (whole.size() > max_whole_digits)
        return line_error(line, fmt::format("{} s is longer than any recording", shown));
    fraction = fraction.substr(0, max_read_digits);
    std::int64_t scale = 1;
    for (std::size_t i = 0; i < fraction.size(); ++i) scale *= 10;
    LabelTime time;
    time.frame = to_integer(whole) * rate + (to_integer(fraction) * rate + scale / 2) / scale;
    // Half a unit of the last digit, a millisecond at most.
    time.slack_frames = std::min((rate + 2 * scale - 1) / (2 * scale), std::int64_t{rate} / 1000);
    if (negative && time.frame > 0)
        return line_error(line, fmt::format("{} s lies before the start", shown), "times begin at 0");
    return time;
}

Result<MarkedRegion> parse_label(const TextLine& line, int rate) {
    const std::string_view text = line.text;
    const auto first = text.find('\t');
    if (first == std::string_view::npos)
        return line_error(line.number, "no tab between begin and end",
                          "a label is begin, tab, end, tab, text");
    const auto second = std::min(text.find('\t', first + 1), text.size());
    DUBPLATE_TRY(const LabelTime begin, parse_label_time(trim(text.substr(0, first)), rate, line.number));
    DUBPLATE_TRY(const LabelTime end,
                 parse_label_time(trim(text.substr(first + 1, second - first - 1)), rate, line.number));
    if (end.frame < begin.frame)
        return line_error(line.number, "the label ends before it begins", "swap the two times");
    MarkedRegion region;
    region.begin_frame = begin.frame;
    region.end_frame = end.frame;
    region.end_slack_frames = end.slack_frames;
    region.label = clean_text(text.substr(std::min(second + 1, text.size())));
    std::ranges::replace(region.label, '\t', ' ');
    region.line = line.number;
    return region;
}

// "\ TAB low TAB high": numbers, or -1 where there is no bound.
Status check_frequency_line(const TextLine& line, bool follows_label) {
    if (!follows_label)
        return line_error(line.number, "a frequency range stands before any label", "remove the line");
    if (!line.text.starts_with("\\\t") || line.text.find('\t', 2) == std::string::npos)
        return line_error(line.number, "a frequency range is a backslash, tab, low, tab, high",
                          "remove the line");
    return {};
}

// A point runs to the next label, as nothing else can be meant by it.
void close_points(std::vector<MarkedRegion>& regions) {
    for (std::size_t i = 0; i < regions.size(); ++i) {
        MarkedRegion& region = regions[i];
        if (region.end_frame != region.begin_frame) continue;
        region.end_frame = i + 1 < regions.size() ? regions[i + 1].begin_frame : open_end;
        region.end_slack_frames = 0;
    }
}

}  // namespace

Result<MarkedRegions> parse_label_file(std::span<const std::byte> data, int sample_rate_hz) {
    DUBPLATE_TRY(const std::vector<TextLine> lines, read_text_lines(data));
    MarkedRegions labels;
    for (const TextLine& line : lines) {
        if (line.text.starts_with('\\')) {
            DUBPLATE_CHECK(check_frequency_line(line, !labels.regions.empty()));
            continue;
        }
        if (labels.regions.size() == max_regions)
            return fail(ErrorCode::limit_exceeded,
                        fmt::format("line {}: more than {} labels", line.number, max_regions));
        DUBPLATE_TRY(MarkedRegion region, parse_label(line, sample_rate_hz));
        labels.regions.push_back(std::move(region));
    }
    if (labels.regions.empty())
        return fail(ErrorCode::corrupt, "the label file holds no label", "export the labels again");
    std::ranges::stable_sort(labels.regions, {}, &MarkedRegion::begin_frame);
    close_points(labels.regions);
    return labels;
}

}  // namespace dubplate
