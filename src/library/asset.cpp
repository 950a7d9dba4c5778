#include "library/asset.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <type_traits>

#include "core/clock.h"
#include "core/json.h"
#include "core/params.h"
#include "core/text.h"
#include "tags/musical_key.h"

namespace dubplate {

namespace {

template <class T>
Value to_value(const T& member) {
    return Value(member);
}
template <class T>
Value to_value(const std::optional<T>& member) {
    return value_or_null(member);
}

template <class T>
void from_value(T& member, const Value& value) {
    // An assignment, and no temporary: text keeps the room that it has.
    if (const T* held = std::get_if<T>(&value)) {
        member = *held;
    } else {
        member = T{};
    }
}
template <class T>
void from_value(std::optional<T>& member, const Value& value) {
    const T* held = std::get_if<T>(&value);
    member = held ? std::optional<T>(*held) : std::nullopt;
}

template <class T>
void swap_value(T& member, Value& value) {
    if constexpr (std::is_same_v<T, std::string>) {
        if (std::string* held = std::get_if<std::string>(&value)) return member.swap(*held);
    }
    from_value(member, value);
}

template <class T>
struct Unwrapped {
    using Type = T;
};
template <class T>
struct Unwrapped<std::optional<T>> {
    using Type = T;
};

template <class T>
constexpr ColumnType column_type() {
    using Plain = typename Unwrapped<T>::Type;
    if constexpr (std::is_same_v<Plain, std::string>) return ColumnType::text;
    if constexpr (std::is_same_v<Plain, double>) return ColumnType::real;
    return ColumnType::integer;
}

struct Use {
    bool found = false;
    bool editable = false;
    bool sortable = false;
    double minimum = -1e308;
    double maximum = 1e308;
};

template <auto member>
constexpr Field field(std::string_view name, FieldKind kind, Use use = {}) {
    using T = std::remove_cvref_t<decltype(std::declval<Asset>().*member)>;
    return {name,
            kind,
            column_type<T>(),
            use.found,
            use.editable,
            use.sortable,
            use.minimum,
            use.maximum,
            [](const Asset& asset) { return to_value(asset.*member); },
            [](Asset& asset, const Value& value) { from_value(asset.*member, value); },
            [](Asset& asset, Value& value) { swap_value(asset.*member, value); }};
}

constexpr Use tag{.found = true, .editable = true, .sortable = true};
constexpr Use fact{.found = true};
constexpr Use sorted_fact{.found = true, .sortable = true};

constexpr std::array fields{
    field<&Asset::id>("id", FieldKind::prefix, {.sortable = true}),
    field<&Asset::sha256>("sha256", FieldKind::prefix),
    field<&Asset::kind>("kind", FieldKind::word, {.editable = true, .sortable = true}),
    field<&Asset::path>("path", FieldKind::place, {.sortable = true}),
    field<&Asset::title>("title", FieldKind::text, tag),
    field<&Asset::artist>("artist", FieldKind::text, tag),
    field<&Asset::album>("album", FieldKind::text, tag),
    field<&Asset::genre>("genre", FieldKind::text, tag),
    field<&Asset::comment>("comment", FieldKind::text, {.found = true, .editable = true}),
    field<&Asset::format>("format", FieldKind::word, fact),
    field<&Asset::size_bytes>("size_bytes", FieldKind::bytes, {.sortable = true, .minimum = 0}),
    field<&Asset::duration_seconds>("duration_seconds", FieldKind::seconds, sorted_fact),
    field<&Asset::sample_rate>("sample_rate", FieldKind::hertz, fact),
    field<&Asset::channels>("channels", FieldKind::number, fact),
    field<&Asset::bit_depth>("bit_depth", FieldKind::number, fact),
    // R1 C 16: 20 to 400.
    field<&Asset::bpm>("bpm", FieldKind::number,
                       {.found = true, .editable = true, .sortable = true, .minimum = 20, .maximum = 400}),
    field<&Asset::bpm_confidence>("bpm_confidence", FieldKind::number, fact),
    field<&Asset::key>("key", FieldKind::key, tag),
    field<&Asset::key_confidence>("key_confidence", FieldKind::number, fact),
    field<&Asset::loudness_lufs>("loudness_lufs", FieldKind::number, sorted_fact),
    field<&Asset::true_peak_dbtp>("true_peak_dbtp", FieldKind::number, fact),
    field<&Asset::added>("added", FieldKind::time, {.sortable = true}),
    field<&Asset::analyzed>("analyzed", FieldKind::time),
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> other_names{
    {{"length", "duration_seconds"},
     {"duration", "duration_seconds"},
     {"size", "size_bytes"},
     {"loudness", "loudness_lufs"}}};

Result<Value> parse_number_field(const Field& field, std::string_view text) {
    const auto number = parse_number(text);
    if (!number)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{}: \"{}\" is no number", field.name, escape_control(text)));
    if (*number < field.minimum || *number > field.maximum)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{}: {} is outside {} to {}", field.name, format_number(*number),
                                format_number(field.minimum), format_number(field.maximum)));
    return Value(*number);
}

Result<Value> parse_text_field(const Field& field, std::string_view text) {
    constexpr std::size_t max_bytes = 4096;
    if (!is_valid_utf8(text) || text.size() > max_bytes || text.find('\0') != std::string_view::npos)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{}: must be UTF-8 of {} bytes at most", field.name, max_bytes));
    return Value(std::string(text));
}

}  // namespace

std::span<const Field> asset_fields() {
    return fields;
}

const Field* find_asset_field(std::string_view name) {
    for (const auto& [other, meant] : other_names)
        if (name == other) name = meant;
    const auto found = std::ranges::find(fields, name, &Field::name);
    return found == fields.end() ? nullptr : &*found;
}

Result<Value> parse_field(const Field& field, std::string_view text) {
    text = trim(text);
    if (text.empty()) return Value();
    if (field.kind == FieldKind::number) return parse_number_field(field, text);
    if (field.kind == FieldKind::key) {
        if (const auto key = spell_key(text)) return Value(*key);
        return fail(ErrorCode::invalid_argument, fmt::format("key: \"{}\" is no key", escape_control(text)),
                    "write it as \"A minor\", Am, 8A or 1m");
    }
    if (field.name == "kind" && std::ranges::find(asset_kinds, text) == std::ranges::end(asset_kinds))
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("kind: \"{}\" is none of {}", escape_control(text), fmt::join(asset_kinds, ", ")));
    return parse_text_field(field, text);
}

std::optional<std::string> spell_key(std::string_view text) {
    auto key = normalize_key(text);
    if (!key) return std::nullopt;
    const bool minor = key->ends_with("m");
    if (minor) key->pop_back();
    return *key + (minor ? " minor" : " major");
}

std::vector<std::string> key_spellings(std::string_view spelled) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> same{
        {{"C#", "Db"}, {"D#", "Eb"}, {"F#", "Gb"}, {"G#", "Ab"}, {"A#", "Bb"}, {"B", "Cb"}}};
    std::vector<std::string> spellings{std::string(spelled)};
    const std::size_t space = spelled.find(' ');
    const std::string_view note = spelled.substr(0, space);
    for (const auto& [one, other] : same) {
        if (note != one && note != other) continue;
        spellings.push_back(std::string(note == one ? other : one).append(spelled.substr(note.size())));
    }
    return spellings;
}

const std::string& asset_columns() {
    static const std::string columns = [] {
        std::string text;
        for (const Field& field : fields) text += (text.empty() ? "" : ", ") + std::string(field.name);
        return text;
    }();
    return columns;
}

std::span<const ColumnType> asset_column_types() {
    static constexpr auto types = [] {
        std::array<ColumnType, fields.size()> list{};
        for (std::size_t i = 0; i < fields.size(); ++i) list[i] = fields[i].column;
        return list;
    }();
    return types;
}

void read_asset(const Row& row, Asset& asset) {
    for (std::size_t i = 0; i < fields.size(); ++i) fields[i].swap(asset, row.value(i));
}

std::string time_text(std::int64_t milliseconds) {
    return to_iso8601(std::chrono::system_clock::time_point(std::chrono::milliseconds(milliseconds)));
}

void to_json(nlohmann::json& json, const Asset& asset) {
    json = nlohmann::json::object();
    for (const Field& field : fields) {
        const Value value = field.get(asset);
        nlohmann::json& target = json[std::string(field.name)];
        const auto* text = std::get_if<std::string>(&value);
        const auto* integer = std::get_if<std::int64_t>(&value);
        if (text && !text->empty()) {
            target = *text;
        } else if (integer) {
            target = *integer;
            if (field.kind == FieldKind::time) target = time_text(*integer);
        } else if (const auto* real = std::get_if<double>(&value)) {
            target = *real;
        }
    }
}

}  // namespace dubplate
