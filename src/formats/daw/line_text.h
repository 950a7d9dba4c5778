// line_text.h: names as formats of lines hold them.
//
// What     valid UTF-8 in which line breaks and other control characters are spaces; nothing is trimmed.
// Threads  pure function.
#pragma once

#include <string>
#include <string_view>

namespace dubplate {

std::string as_line(std::string_view text);

}  // namespace dubplate
