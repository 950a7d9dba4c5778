// metadata.h: what a recording says about itself: one model for every format.
//
// What     the fields that every format is asked to carry, the cover, and custom tags; plus markers and a loop,
//          which travel with the samples.
// Text     UTF-8, valid, without control characters but newline and tab; an empty string means "not set".
// Numbers  track 0 means "not set"; bpm none means "not set".
// Errors   validate() names each field that breaks a rule, all of them at once.
// Source   the rules: requirements R1 C (year, bpm), wider where real files are: dates may be ISO 8601 prefixes,
//          a custom key may have up to 64 characters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace dubplate {

struct NumberOf {  // "3/12"
    int number = 0;
    int total = 0;
    bool operator==(const NumberOf&) const = default;
};

struct Picture {
    std::string mime;  // "image/jpeg" or "image/png"
    std::vector<std::byte> data;
    bool operator==(const Picture&) const = default;
};

struct Metadata {
    std::string title;
    std::string artist;
    std::string album;
    std::string album_artist;
    std::string date;  // "2026", "2026-11" or "2026-11-21"; the JSON and --tag also take it as "year"
    std::string genre;
    std::string comment;
    std::optional<double> bpm;  // 20 to 400
    std::string key;            // "Am", "F#m", "C"
    std::string isrc;           // 12 characters: CCXXXYYNNNNN
    NumberOf track;
    NumberOf disc;
    std::string copyright;
    std::map<std::string, std::string> custom;  // upper-case key -> value
    std::optional<Picture> cover;

    bool operator==(const Metadata&) const = default;
    bool empty() const { return *this == Metadata{}; }
};

struct Marker {
    std::int64_t frame = 0;
    std::int64_t length_frames = 0;  // 0: a point; more: a region
    std::string label;
    bool operator==(const Marker&) const = default;
};

struct SampleLoop {
    std::int64_t begin_frame = 0;
    std::int64_t end_frame = 0;  // exclusive
    int root_key = 60;           // MIDI note at which it sounds as recorded
    bool operator==(const SampleLoop&) const = default;
};

// One thing that a format cannot carry, or carries changed. Shown in the plan and in the manifest.
struct Loss {
    std::string what;  // "tag isrc"
    std::string why;   // "AIFF has no place for it"
    bool operator==(const Loss&) const = default;
};

// The text fields by name ("title", "album_artist", "track", ...) in a fixed order, unset ones left out. Custom
// tags follow under their own keys. The cover is not among them.
std::vector<std::pair<std::string, std::string>> fields(const Metadata& metadata);

// Sets one field by name; an unknown name becomes a custom tag. Errors: a value that breaks the field's rule.
Status set_field(Metadata& metadata, std::string_view name, std::string_view value);

// Every rule that is broken, as "bpm: 900 is outside 20 to 400". Empty: valid.
std::vector<std::string> validate(const Metadata& metadata);

// Overlay's set fields win; custom tags are merged key by key.
Metadata merge(Metadata base, const Metadata& overlay);

// Trims, makes the text valid UTF-8 without control characters, cuts values at 64 KiB, and drops what breaks a
// rule: for tags that came with a file. What was dropped or changed is told in `losses`.
Metadata sanitize(Metadata metadata, std::vector<Loss>& losses);

// Templates: "empty", "minimal", "full", and one for each genre of R1 C 18 ("electronic", "jazz", ...).
Result<Metadata> metadata_template(std::string_view name, int current_year);
std::vector<std::string> metadata_template_names();

// {"title": ..., "track": "3/12", "bpm": 93.5, "custom": {...}}; the cover is given as {"mime", "bytes"}.
void to_json(nlohmann::json& json, const Metadata& metadata);
// Reads the same form (without the cover). Errors: an unknown type or a value that breaks a rule.
Result<Metadata> metadata_from_json(const nlohmann::json& json);

}  // namespace dubplate
