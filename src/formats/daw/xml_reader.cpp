#include "formats/daw/xml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"

namespace dubplate {

namespace {

constexpr double max_seconds = 1e7;  // 115 days

Error bad_attribute(const pugi::xml_node& node, const char* attribute, std::string_view expected) {
    return fail(ErrorCode::corrupt,
                fmt::format("{} of <{}> is '{}', which is not {}", attribute, node.name(),
                            escape_control(truncate_utf8(node.attribute(attribute).value(), 40)), expected));
}

}  // namespace

Result<std::unique_ptr<pugi::xml_document>> parse_xml(std::span<const std::byte> text) {
    auto document = std::make_unique<pugi::xml_document>();
    const pugi::xml_parse_result outcome =
        document->load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
    if (outcome) return document;
    const std::size_t place = std::min<std::size_t>(static_cast<std::size_t>(outcome.offset), text.size());
    const auto line = 1 + std::ranges::count(text.first(place), std::byte{'\n'});
    return fail(ErrorCode::corrupt, fmt::format("line {}: {}", line, outcome.description()));
}

Result<double> read_number(const pugi::xml_node& node, const char* attribute, double fallback) {
    const pugi::xml_attribute found = node.attribute(attribute);
    if (!found) return fallback;
    const std::optional<double> value = parse_number(found.value());
    if (!value || !std::isfinite(*value)) return bad_attribute(node, attribute, "a number");
    return *value;
}

Result<std::int64_t> read_integer(const pugi::xml_node& node, const char* attribute, std::int64_t fallback) {
    const pugi::xml_attribute found = node.attribute(attribute);
    if (!found) return fallback;
    const std::optional<std::int64_t> value = parse_integer(found.value());
    if (!value) return bad_attribute(node, attribute, "a whole number");
    return *value;
}

Result<std::int64_t> frame_at(double seconds, int sample_rate_hz) {
    if (!(seconds >= 0 && seconds <= max_seconds))
        return fail(ErrorCode::corrupt, fmt::format("a place at {} s", seconds));
    return std::llround(seconds * sample_rate_hz);
}

}  // namespace dubplate
