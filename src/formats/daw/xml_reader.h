// xml_reader.h: XML of a project as a tree, and its attributes as what they should be.
//
// What     parse_xml() parses; the read_ functions take one attribute. An attribute that is missing gives the fallback.
// Safety   the caller bounds the bytes. No entity but XML's own five is expanded, nothing outside is read.
// Errors   corrupt, with the line of the text or of the attribute's element, and the value.
// Threads  pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <span>
#include <string_view>

#include "core/result.h"

namespace dubplate {

Result<std::unique_ptr<pugi::xml_document>> parse_xml(std::span<const std::byte> text);

Result<double> read_number(const pugi::xml_node& node, const char* attribute, double fallback);
Result<std::int64_t> read_integer(const pugi::xml_node& node, const char* attribute, std::int64_t fallback);
// The frame at this many seconds. Errors: corrupt where it is negative or beyond what audio files reach.
Result<std::int64_t> frame_at(double seconds, int sample_rate_hz);

}  // namespace dubplate
