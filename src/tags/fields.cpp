#include "tags/fields.h"

#include "core/text.h"
#include "tags/musical_key.h"
#include "tags/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dubplate {

namespace {

struct FieldName {
    std::string_view name;  // in capitals, without separators
    TagField field;
};

constexpr std::array<FieldName, 26> names{{{"TITLE", TagField::title},
                                           {"ARTIST", TagField::artist},
                                           {"ALBUM", TagField::album},
                                           {"ALBUMARTIST", TagField::album_artist},
                                           {"DATE", TagField::date},
                                           {"YEAR", TagField::date},
                                           {"GENRE", TagField::genre},
                                           {"COMMENT", TagField::comment},
                                           {"COMMENTS", TagField::comment},
                                           {"BPM", TagField::bpm},
                                           {"TEMPO", TagField::bpm},
                                           {"KEY", TagField::key},
                                           {"INITIALKEY", TagField::key},
                                           {"ISRC", TagField::isrc},
                                           {"TRACK", TagField::track},
                                           {"TRACKNUMBER", TagField::track},
                                           {"TRACKNUM", TagField::track},
                                           {"DISC", TagField::disc},
                                           {"DISCNUMBER", TagField::disc},
                                           {"DISK", TagField::disc},
                                           {"COPYRIGHT", TagField::copyright},
                                           {"TRACKTOTAL", TagField::track_total},
                                           {"TOTALTRACKS", TagField::track_total},
                                           {"DISCTOTAL", TagField::disc_total},
                                           {"TOTALDISCS", TagField::disc_total},
                                           {"DISKTOTAL", TagField::disc_total}}};

constexpr std::array<std::string_view, 15> field_names{
    "title", "artist", "album", "album_artist", "date",      "genre",       "comment",   "bpm",
    "key",   "isrc",   "track", "disc",         "copyright", "track_total", "disc_total"};

bool all_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_date(std::string_view text) {
    if (text.size() != 4 && text.size() != 7 && text.size() != 10) return false;
    if (!all_digits(text.substr(0, 4))) return false;
    const auto part_is = [&](std::size_t at, std::int64_t largest) {
        if (text.size() <= at) return true;
        if (text[at] != '-' || !all_digits(text.substr(at + 1, 2))) return false;
        const auto number = parse_integer(text.substr(at + 1, 2));
        return *number >= 1 && *number <= largest;
    };
    return part_is(4, 12) && part_is(7, 31);
}

bool is_isrc(std::string_view text) {
    const auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    return text.size() == 12 && letter(text[0]) && letter(text[1]) &&
           std::ranges::all_of(text.substr(2, 3),
                               [&](char c) { return letter(c) || (c >= '0' && c <= '9'); }) &&
           all_digits(text.substr(5));
}

std::optional<int> small_number(std::string_view text) {
    text = trim(text);
    if (!all_digits(text)) return std::nullopt;
    const auto number = parse_integer(text);
    if (!number || *number > max_number) return std::nullopt;
    return static_cast<int>(*number);
}

Error bad_value(std::string message, std::string hint = {}) {
    return fail(ErrorCode::invalid_argument, std::move(message), std::move(hint));
}

}  // namespace

std::optional<TagField> find_field(std::string_view name) {
    std::string plain = upper_ascii(trim(name));
    std::erase_if(plain, [](char c) { return c == ' ' || c == '_' || c == '-'; });
    const auto found = std::ranges::find(names, plain, &FieldName::name);
    if (found == names.end()) return std::nullopt;
    return found->field;
}

std::string_view name_of(TagField field) {
    return field_names[static_cast<std::size_t>(field)];
}

std::string Metadata::*text_member(TagField field) {
    switch (field) {
        case TagField::title:
            return &Metadata::title;
        case TagField::artist:
            return &Metadata::artist;
        case TagField::album:
            return &Metadata::album;
        case TagField::album_artist:
            return &Metadata::album_artist;
        case TagField::date:
            return &Metadata::date;
        case TagField::genre:
            return &Metadata::genre;
        case TagField::comment:
            return &Metadata::comment;
        case TagField::key:
            return &Metadata::key;
        case TagField::isrc:
            return &Metadata::isrc;
        case TagField::copyright:
            return &Metadata::copyright;
        default:
            return nullptr;
    }
}

bool is_set(const Metadata& metadata, TagField field) {
    if (const auto member = text_member(field)) return !(metadata.*member).empty();
    switch (field) {
        case TagField::bpm:
            return metadata.bpm.has_value();
        case TagField::track:
            return metadata.track.number != 0;
        case TagField::disc:
            return metadata.disc.number != 0;
        case TagField::track_total:
            return metadata.track.total != 0;
        default:
            return metadata.disc.total != 0;
    }
}

Result<std::string> normal_text(std::string_view value) {
    std::string text(trim(value));
    for (auto at = text.find("\r\n"); at != std::string::npos; at = text.find("\r\n", at)) text.erase(at, 1);
    if (!is_valid_utf8(text)) return bad_value("is not valid UTF-8");
    if (!is_clean_text(text)) return bad_value("holds control characters or byte-order marks");
    if (text.size() > max_tag_value_bytes) {
        return bad_value(fmt::format("{} bytes are more than {}", text.size(), max_tag_value_bytes));
    }
    return text;
}

Result<std::string> normal_date(std::string_view value) {
    value = trim(value);
    if (!is_date(value)) {
        return bad_value(fmt::format("{} is no date", shown(value)), "write 2026, 2026-11 or 2026-11-21");
    }
    return std::string(value);
}

Status check_bpm(double bpm) {
    if (bpm >= min_bpm && bpm <= max_bpm) return {};
    return bad_value(fmt::format("{} is outside {} to {}", format_number(bpm), min_bpm, max_bpm));
}

Result<double> normal_bpm(std::string_view value) {
    const auto bpm = parse_number(trim(value));
    if (!bpm) return bad_value(fmt::format("{} is not a number", shown(value)));
    DUBPLATE_CHECK(check_bpm(*bpm));
    return *bpm;
}

Result<std::string> normal_key(std::string_view value) {
    if (auto key = normalize_key(value)) return *std::move(key);
    return bad_value(fmt::format("{} is not a key", shown(value)), "write it like Am, F#m, C or Bb");
}

Result<std::string> normal_isrc(std::string_view value) {
    std::string isrc = upper_ascii(trim(value));
    std::erase_if(isrc, [](char c) { return c == '-' || c == ' '; });
    if (!is_isrc(isrc)) {
        return bad_value(fmt::format("{} is no ISRC", shown(value)),
                         "an ISRC has 12 characters, like USS1Z9900001");
    }
    return isrc;
}

Status check_number(const NumberOf& number) {
    if (number.number >= 0 && number.total >= 0 && number.number <= max_number &&
        number.total <= max_number) {
        return {};
    }
    return bad_value(fmt::format("{}/{} is outside 0 to {}", number.number, number.total, max_number));
}

Result<NumberOf> normal_number(std::string_view value) {
    value = trim(value);
    const auto slash = value.find('/');
    const auto number = small_number(value.substr(0, slash));
    const auto total = slash == std::string_view::npos ? 0 : small_number(value.substr(slash + 1));
    if (!number || !total) {
        return bad_value(fmt::format("{} is no number from 0 to {}", shown(value), max_number),
                         "write 3 or 3/12");
    }
    return NumberOf{*number, *total};
}

Status check_custom_key(std::string_view key) {
    const auto allowed = [](char c) { return c >= 0x20 && c <= 0x7D && c != '='; };
    if (key.empty() || key.size() > max_custom_key_bytes || !std::ranges::all_of(key, allowed) ||
        key != trim(key)) {
        return bad_value(
            fmt::format("{} is not a name for a tag", shown(key)),
            fmt::format("use 1 to {} printable ASCII characters without '=' and '~'", max_custom_key_bytes));
    }
    if (upper_ascii(key) != key) return bad_value(fmt::format("{} is not in capitals", shown(key)));
    if (find_field(key)) return bad_value(fmt::format("{} is the name of a field", shown(key)));
    if (describes_encoding(key)) {
        return bad_value(
            fmt::format("{} describes an encoding and is written by dubplate itself", shown(key)));
    }
    return {};
}

std::string number_of_text(const NumberOf& number) {
    if (number.total != 0) return fmt::format("{}/{}", number.number, number.total);
    return number.number != 0 ? fmt::format("{}", number.number) : std::string();
}

bool describes_encoding(std::string_view name) {
    constexpr std::array<std::string_view, 7> beginnings{
        "REPLAYGAIN_", "R128_", "MP3GAIN_", "ITUNNORM", "ITUNSMPB", "ITUNPGAP", "METADATA_BLOCK_PICTURE"};
    constexpr std::array<std::string_view, 16> whole{"ENCODER",
                                                     "ENCODED-BY",
                                                     "ENCODEDBY",
                                                     "ENCODED BY",
                                                     "ENCODING",
                                                     "ENCODER SETTINGS",
                                                     "TSSE",
                                                     "LENGTH",
                                                     "TLEN",
                                                     "ENCODERSETTINGS",
                                                     "COVERART",
                                                     "COVERARTMIME",
                                                     "MAJOR_BRAND",
                                                     "MINOR_VERSION",
                                                     "COMPATIBLE_BRANDS",
                                                     "WAVEFORMATEXTENSIBLE_CHANNEL_MASK"};
    if (std::ranges::any_of(beginnings, [&](std::string_view begin) { return name.starts_with(begin); }))
        return true;
    // CHAPTER001, CHAPTER001NAME: places in other audio.
    if (name.starts_with("CHAPTER") && name.size() >= 10 && all_digits(name.substr(7, 3))) return true;
    return std::ranges::find(whole, name) != whole.end();
}

std::string shown(std::string_view value) {
    const auto cut = truncate_utf8(value, 60);
    return fmt::format("'{}{}'", clean_text(cut), cut.size() < value.size() ? "..." : "");
}

}  // namespace dubplate
