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

// Four digits are three bytes: a group at a time, into bytes that become numbers at the end.
bool read_vector(std::string_view text, std::vector<float>& vector) {
    std::vector<std::uint8_t> bytes;
    bytes.reserve(text.size() / 4 * 3 + 3);
    std::uint8_t wrong = 0;
    const auto digit = [&](std::size_t at) {
        const std::uint8_t value = digit_values[static_cast<unsigned char>(text[at])];
        wrong |= value & no_digit;
        return std::uint32_t{value};
    };
    std::size_t at = 0;
    for (; at + 4 <= text.size(); at += 4) {
        const std::uint32_t bits = digit(at) << 18 | digit(at + 1) << 12 | digit(at + 2) << 6 | digit(at + 3);
        for (const unsigned shift : {16U, 8U, 0U}) bytes.push_back(static_cast<std::uint8_t>(bits >> shift));
    }
    const std::size_t left = text.size() - at;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < left; ++i) bits |= digit(at + i) << (18 - 6 * i);
    for (std::size_t i = 0; i + 1 < left; ++i)
        bytes.push_back(static_cast<std::uint8_t>(bits >> (16 - 8 * i)));
    if (wrong != 0 || bytes.size() % 4 != 0) return false;
    for (std::size_t i = 0; i < bytes.size(); i += 4)
        vector.push_back(std::bit_cast<float>(std::uint32_t{bytes[i]} | std::uint32_t{bytes[i + 1]} << 8 |
                                              std::uint32_t{bytes[i + 2]} << 16 |
                                              std::uint32_t{bytes[i + 3]} << 24));
    return true;
}

}  // namespace dubplate
