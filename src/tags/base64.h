// base64.h: base64 into bytes, for pictures inside Ogg comments.
//
// What     RFC 4648 section 4; spaces and line ends between the characters are passed over.
// Errors   none where another character stands in the text.
#pragma once

#include "core/store.h"

#include <optional>
#include <string_view>

namespace dubplate {

std::optional<Bytes> decode_base64(std::string_view text);

}  // namespace dubplate
