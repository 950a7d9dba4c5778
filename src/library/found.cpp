#include "library/found.h"

#include <array>
#include <bit>
#include <cstdint>

#include "core/json.h"

namespace dubplate {

namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_digit = 64;

constexpr std::array<std::uint8_t, 256> digit_values = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(no_digit);
    for (std::size_t i = 0; i < digits.size(); ++i)
        values[static_cast<unsigned char>(digits[i])] = static_cast<std::uint8_t>(i);
    return values;
}();

Value value_of(const Field& field, const Json& json) {
    if (field.column == ColumnType::text && json.is_string()) return json.get<std::string>();
    if (field.column == ColumnType::integer && json.is_number()) return json.get<std::int64_t>();
    if (field.column == ColumnType::real && json.is_number()) return json.get<double>();
    return {};
}

}  // namespace

std::string facts_text(const Asset& facts) {
    Json json = Json::object();
    for (const Field& field : asset_fields()) {
        if (!field.found) continue;
        std::visit(
            [&](const auto& value) {
                if constexpr (!std::is_same_v<std::decay_t<decltype(value)>, std::monostate>)
                    json[std::string(field.name)] = value;
            },
            field.get(facts));
    }
    return json.dump();
}

Result<Asset> read_facts_text(std::string_view text) {
    const Result<Json> json = parse_json(text);
    if (!json || !json->is_object())
        return fail(ErrorCode::corrupt, "the catalog's facts are no JSON object");
    Asset facts;
    for (const Field& field : asset_fields())
        if (const auto value = json->find(field.name); field.found && value != json->end())
            field.set(facts, value_of(field, *value));
    return facts;
}

std::string vector_text(std::span<const float> vector) {
    std::string text;
    std::uint32_t bits = 0;
    int count = 0;
    const auto flush = [&] {
        while (count >= 6) text += digits[(bits >> (count -= 6)) & 63U];
    };
    for (const float value : vector) {
        const auto word = std::bit_cast<std::uint32_t>(value);
        for (unsigned shift = 0; shift < 32; shift += 8) {
            bits = (bits << 8) | ((word >> shift) & 255U);
            count += 8;
            flush();
        }
    }
    if (count > 0) text += digits[(bits << (6 - count)) & 63U];
    return text;
}

bool read_vector(std::string_view text, std::vector<float>& vector) {
    std::uint32_t bits = 0;
    std::uint32_t word = 0;
    int count = 0;
    unsigned shift = 0;
    for (const char c : text) {
        const std::uint8_t value = digit_values[static_cast<unsigned char>(c)];
        if (value == no_digit) return false;
        bits = (bits << 6) | value;
        count += 6;
        if (count < 8) continue;
        count -= 8;
        word |= ((bits >> count) & 255U) << shift;
        shift = (shift + 8) % 32;
        if (shift == 0) vector.push_back(std::bit_cast<float>(std::exchange(word, 0)));
    }
    return shift == 0;
}

}  // namespace dubplate
