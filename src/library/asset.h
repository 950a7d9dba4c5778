// asset.h: one sound of the library, and the table of its fields.
//
// What     an asset is content: its id is the start of the SHA-256 of its bytes, so that the same file is the same asset
//          wherever it lies and whenever it was added. Each field is described once, in the table: the columns of the catalog,
//          the query language, the orders of lists, what may be edited and the JSON are made from it.
// Units    as the names tell; times are milliseconds since 1970, UTC; loudness in LUFS; confidence from 0 to 1.
// Empty    text "" and a number without a value mean that it is not known, or that there is none.
// Threads  plain values; the table is constant.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "db/value.h"

namespace dubplate {

struct Asset {
    // Every member has an initializer, so that designated ones may leave out any.
    std::string id{};      // 16 digits
    std::string sha256{};  // 64 digits
    std::string kind = "sample";
    std::string path{};  // the first of its files by name; empty where none is left
    std::string title{};
    std::string artist{};
    std::string album{};
    std::string genre{};
    std::string comment{};
    std::string format{};  // "wav"
    std::int64_t size_bytes = 0;
    std::optional<double> duration_seconds{};
    std::optional<std::int64_t> sample_rate{};
    std::optional<std::int64_t> channels{};
    std::optional<std::int64_t> bit_depth{};
    std::optional<double> bpm{};
    std::optional<double> bpm_confidence{};
    std::string key{};  // "A minor"
    std::optional<double> key_confidence{};
    std::optional<double> loudness_lufs{};
    std::optional<double> true_peak_dbtp{};
    std::int64_t added = 0;
    std::optional<std::int64_t> analyzed{};
    bool operator==(const Asset&) const = default;
};

inline constexpr std::size_t asset_id_digits = 16;

enum class FieldKind {
    text,    // searched for a part of it, upper and lower case alike
    word,    // the whole of it
    prefix,  // its beginning
    key,     // a musical key, however it is spelled
    number,
    bytes,    // also typed as 1MB or 1MiB
    hertz,    // also typed as 44.1k
    seconds,  // also typed as 1:30
    time,     // a date, or a range of them
    place,    // a file or a folder with all below it
};

struct Field {
    std::string_view name;  // also the column
    FieldKind kind;
    ColumnType column;
    bool found;     // by the analysis, or in the file's tags
    bool editable;  // by the user
    bool sortable;  // there is an index for it
    double minimum, maximum;
    Value (*get)(const Asset& asset);
    void (*set)(Asset& asset, const Value& value);
    void (*swap)(Asset& asset, Value& value);  // as set; a text changes places with the former one
};

std::span<const Field> asset_fields();
const Field* find_asset_field(std::string_view name);  // null: none; the names that people also use are known

inline constexpr std::string_view asset_kinds[] = {"sample", "take", "stem", "video"};

// What a user typed for a field as its value; nothing where the text is empty. Errors: invalid_argument.
Result<Value> parse_field(const Field& field, std::string_view text);

// "Am", "8A" or "a minor" as "A minor"; nothing where it is no key.
std::optional<std::string> spell_key(std::string_view text);
// The same key on the other names of its note: "Ab minor" for "G# minor".
std::vector<std::string> key_spellings(std::string_view spelled);

// The columns in the order of the table, "id, sha256, ...", and a row of them.
const std::string& asset_columns();
std::span<const ColumnType> asset_column_types();
void read_asset(const Row& row, Asset& asset);

void to_json(nlohmann::json& json, const Asset& asset);
// "2026-11-21T08:15:00Z"
std::string time_text(std::int64_t milliseconds);

}  // namespace dubplate
