// base64.h: base64 into bytes and back, for pictures inside Ogg comments and settings in projects.
//
// What     RFC 4648 section 4; spaces and line ends between the characters are passed over.
// Errors   none where another character stands in the text.
#pragma once

#include "core/store.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dubplate {

std::optional<Bytes> decode_base64(std::string_view text);
std::string encode_base64(std::span<const std::byte> data);  // without line ends

}  // namespace dubplate
