// fields.h: the fields of Metadata by name, and the rule of each.
//
// What     one table of names and aliases, and for each field the check of a value and its normal form. Used by
//          set_field (refuses), validate (reports) and by the readers of tags (drop and tell).
// Names    compared without case, spaces, "-" and "_": "Album Artist" is "album_artist".
// Source   custom keys follow the Vorbis comment rule, the narrowest of the carriers: 0x20 to 0x7D without "=".
#pragma once

#include "core/result.h"
#include "tags/metadata.h"

#include <optional>
#include <string>
#include <string_view>

namespace dubplate {

inline constexpr double min_bpm = 20;
inline constexpr double max_bpm = 400;
inline constexpr int max_number = 9999;  // of a track or disc
inline constexpr std::size_t max_custom_tags = 500;
inline constexpr std::size_t max_custom_key_bytes = 64;

enum class TagField {
    title,
    artist,
    album,
    album_artist,
    date,
    genre,
    comment,
    bpm,
    key,
    isrc,
    track,
    disc,
    copyright,
    track_total,  // as Vorbis comments have it: a part of track
    disc_total,
};

std::optional<TagField> find_field(std::string_view name);
std::string_view name_of(TagField field);
bool is_set(const Metadata& metadata, TagField field);

// The fields that are one string in Metadata (date, key and isrc among them); null for the others.
std::string Metadata::*text_member(TagField field);

// Values as they may be written. Errors say what is allowed, without the field's name.
Result<std::string> normal_text(std::string_view value);
Result<std::string> normal_date(std::string_view value);  // "2026", "2026-11", "2026-11-21"
Result<double> normal_bpm(std::string_view value);
Result<std::string> normal_key(std::string_view value);
Result<std::string> normal_isrc(std::string_view value);  // without "-", in capitals
Result<NumberOf> normal_number(std::string_view value);   // "3", "03", "3/12"
Status check_bpm(double bpm);
Status check_number(const NumberOf& number);
Status check_custom_key(std::string_view key);

std::string number_of_text(const NumberOf& number);  // "3/12", "3"; empty when nothing is set

// Names of tags that describe one encoding of the audio and not the recording: loudness, encoder, padding, places in
// time. They are ours to write and are never taken over from a source.
bool describes_encoding(std::string_view upper_name);

// A value as messages show it: in quotes, at most 60 bytes.
std::string shown(std::string_view value);

}  // namespace dubplate
