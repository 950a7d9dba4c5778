// json.h: JSON in and out.
//
// In       RFC 8259 with limits, because it comes from files and from the wire: at most 16 MiB and 64 levels;
//          a key that appears twice in one object is refused, for no two readers agree on what it means.
// Out      canonical, so that the same value is the same bytes: keys sorted, two spaces for each level, the
//          shortest digits that give the same double again ("-16" for -16.0), NaN and infinity as null, a
//          final line feed.
// Errors   invalid_argument with line and column (bytes), limit_exceeded.
// Threads  plain functions.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/result.h"

namespace dubplate {

using Json = nlohmann::json;

inline constexpr std::size_t max_json_bytes = 16 * 1024 * 1024;
inline constexpr std::size_t max_json_depth = 64;

// name: what to call the text in messages, "song.json"; may be empty.
Result<Json> parse_json(std::string_view text, std::string_view name = {});

std::string dump_json(const Json& json);

}  // namespace dubplate
