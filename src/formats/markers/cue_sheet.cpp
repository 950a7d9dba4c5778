#include "formats/markers/cue_sheet.h"

#include "core/unicode.h"
#include "formats/markers/text_lines.h"
#include "tags/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dubplate {

namespace {

constexpr int sectors_per_second = 75;  // a sector of a disc is what a sheet calls a frame

struct CueTrack {
    int line = 0;
    int number = 0;
    std::int64_t begin_sector = -1;  // of INDEX 01
    Metadata tags;
};

// Takes the next word, or what stands between quotes; empty at the end.
std::string_view take_word(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    if (rest.starts_with('"')) {
        const auto close = std::min(rest.find('"', 1), rest.size());
        const std::string_view word = rest.substr(1, close - 1);
        rest.remove_prefix(std::min(close + 1, rest.size()));
        return word;
    }
    const auto end = std::min(rest.find_first_of(" \t"), rest.size());
    const std::string_view word = rest.substr(0, end);
    rest.remove_prefix(end);
    return word;
}

// A value is quoted, or else the rest of the line.
std::string_view take_value(std::string_view rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    if (rest.starts_with('"')) return take_word(rest);
    return rest.substr(0, rest.find_last_not_of(" \t") + 1);
}

// -1: not 1 to 5 digits.
int parse_digits(std::string_view digits) {
    const bool valid = !digits.empty() && digits.size() <= 5 &&
                       std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    if (!valid) return -1;
    int value = 0;
    for (const char digit : digits) value = value * 10 + (digit - '0');
    return value;
}

// mm:ss:ff in sectors; -1: not a time.
std::int64_t parse_sectors(std::string_view time) {
    const auto first = time.find(':');
    const auto second = first == std::string_view::npos ? first : time.find(':', first + 1);
    if (second == std::string_view::npos) return -1;
    const int minutes = parse_digits(time.substr(0, first));
    const int seconds = parse_digits(time.substr(first + 1, second - first - 1));
    const int sectors = parse_digits(time.substr(second + 1));
    if (minutes < 0 || seconds < 0 || seconds > 59 || sectors < 0 || sectors >= sectors_per_second) return -1;
    return (std::int64_t{minutes} * 60 + seconds) * sectors_per_second + sectors;
}

std::int64_t sectors_to_frames(std::int64_t sectors, int rate) {
    return (sectors * rate * 2 + sectors_per_second) / (2 * sectors_per_second);
}

std::string shown(std::string_view word) {
    return clean_text(word.substr(0, 40));
}

class CueParser {
  public:
    Status take_line(const TextLine& line) {
        std::string_view rest = line.text;
        const std::string command = fold_case(take_word(rest));
        if (command == "file") return take_file(line);
        if (command == "track") return take_track(line, rest);
        if (command == "index") return take_index(line, rest);
        if (command == "rem") return take_remark(line, rest);
        if (command == "title") {
            set(line, tracks_.empty() ? "album" : "title", take_value(rest));
        } else if (command == "performer") {
            set(line, tracks_.empty() ? "album_artist" : "artist", take_value(rest));
        } else if (command == "isrc") {
            // Rippers write zeros where the disc has none.
            const std::string_view isrc = take_value(rest);
            if (isrc.find_first_not_of('0') != std::string_view::npos) set(line, "isrc", isrc);
        }
        return {};
    }

    Result<MarkedRegions> finish(int rate) {
        if (tracks_.empty())
            return fail(ErrorCode::corrupt, "the CUE sheet holds no track",
                        "give one with TRACK and INDEX lines");
        for (std::size_t i = 0; i < tracks_.size(); ++i) {
            const CueTrack& track = tracks_[i];
            if (track.begin_sector < 0)
                return line_error(track.line, fmt::format("track {} has no INDEX 01", track.number));
            MarkedRegion& region = found_.regions.emplace_back();
            region.begin_frame = sectors_to_frames(track.begin_sector, rate);
            if (i + 1 < tracks_.size() && tracks_[i + 1].begin_sector >= 0)
                region.end_frame = sectors_to_frames(tracks_[i + 1].begin_sector, rate);
            region.line = track.line;
            region.tags = tags_of(track);
            region.label =
                track.tags.title.empty() ? fmt::format("Track {:02}", track.number) : track.tags.title;
        }
        return std::move(found_);
    }

  private:
    // Several files are fine as long as one alone has tracks: the name is for the reader of the sheet.
    Status take_file(const TextLine& line) {
        if (!tracks_.empty())
            return fail(ErrorCode::unsupported,
                        fmt::format("line {}: the CUE sheet describes more than one file", line.number),
                        "give one that describes a single file");
        return {};
    }

    Status take_track(const TextLine& line, std::string_view rest) {
        const std::string_view number_text = take_word(rest);
        const int number = parse_digits(number_text);
        if (number < 1 || number > 999)
            return line_error(line.number,
                              fmt::format("'{}' is no track number, 1 to 999", shown(number_text)));
        const std::string_view type = take_word(rest);
        if (fold_case(type) != "audio")
            return fail(ErrorCode::unsupported,
                        fmt::format("line {}: track {} is of the type '{}', only AUDIO can be cut",
                                    line.number, number, shown(type)),
                        "remove the track from the sheet");
        if (tracks_.size() == max_regions)
            return fail(ErrorCode::limit_exceeded,
                        fmt::format("line {}: more than {} tracks", line.number, max_regions));
        CueTrack& track = tracks_.emplace_back();
        track.line = line.number;
        track.number = number;
        return {};
    }

    Status take_index(const TextLine& line, std::string_view rest) {
        if (tracks_.empty()) return line_error(line.number, "an INDEX stands before any TRACK");
        const int number = parse_digits(take_word(rest));
        const std::string_view time = take_word(rest);
        const std::int64_t sector = parse_sectors(time);
        if (number < 0 || number > 99) return line_error(line.number, "an INDEX is numbered 00 to 99");
        if (sector < 0)
            return line_error(line.number, fmt::format("'{}' is no time", shown(time)),
                              "a time is minutes:seconds:frames, with frames from 00 to 74");
        if (sector < last_sector_)
            return line_error(line.number, fmt::format("index {} lies before the one above it", shown(time)));
        last_sector_ = sector;
        if (number == 1) {
            if (tracks_.back().begin_sector >= 0)
                return line_error(line.number,
                                  fmt::format("track {} has two INDEX 01", tracks_.back().number));
            tracks_.back().begin_sector = sector;
        }
        return {};
    }

    Status take_remark(const TextLine& line, std::string_view rest) {
        constexpr std::array<std::pair<std::string_view, std::string_view>, 4> remarks{
            {{"genre", "genre"}, {"date", "date"}, {"comment", "comment"}, {"discnumber", "disc"}}};
        const std::string key = fold_case(take_word(rest));
        const auto* remark = std::ranges::find(remarks, std::string_view(key),
                                               &std::pair<std::string_view, std::string_view>::first);
        if (remark != remarks.end()) set(line, remark->second, take_value(rest));
        if (key == "totaldiscs") disc_total_ = std::max(parse_digits(take_value(rest)), 0);
        return {};
    }

    // A value that breaks its field's rule is told and left out: the cuts are what the sheet is for.
    void set(const TextLine& line, std::string_view field, std::string_view value) {
        if (value.empty()) return;
        Metadata& tags = tracks_.empty() ? disc_ : tracks_.back().tags;
        if (const Status status = set_field(tags, field, value); !status)
            found_.losses.push_back(
                {fmt::format("line {} of the CUE sheet: {}", line.number, field), status.error().message});
    }

    Metadata tags_of(const CueTrack& track) const {
        Metadata tags = merge(disc_, track.tags);
        if (tags.artist.empty()) tags.artist = disc_.album_artist;
        tags.track = {track.number, tracks_.back().number};
        if (tags.disc.number > 0 && tags.disc.total == 0) tags.disc.total = disc_total_;
        return tags;
    }

    Metadata disc_;
    int disc_total_ = 0;
    std::vector<CueTrack> tracks_;
    std::int64_t last_sector_ = 0;
    MarkedRegions found_;
};

}  // namespace

Result<MarkedRegions> parse_cue_sheet(std::span<const std::byte> data, int sample_rate_hz) {
    DUBPLATE_TRY(const std::vector<TextLine> lines, read_text_lines(data));
    CueParser parser;
    for (const TextLine& line : lines) DUBPLATE_CHECK(parser.take_line(line));
    return parser.finish(sample_rate_hz);
}

}  // namespace dubplate
