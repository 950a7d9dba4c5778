// text_lines.h: a text file of unknown origin as lines of UTF-8.
//
// What     UTF-8 with or without a byte order mark, or else Latin-1; lines end in LF, CR LF or CR.
// Errors   limit_exceeded above 16 MiB; corrupt for UTF-16 and for bytes that no text holds.
// Threads  pure functions.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace dubplate {

struct TextLine {
    int number = 0;    // from 1
    std::string text;  // trimmed of spaces at the end
};

// The lines that are not blank.
Result<std::vector<TextLine>> read_text_lines(std::span<const std::byte> data);

// corrupt, as "line 12: ..."
Error line_error(int number, std::string message, std::string hint = {});

}  // namespace dubplate
