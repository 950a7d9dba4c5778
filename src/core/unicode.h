// unicode.h: as much of Unicode as names of files and pages of a report need.
//
// What     decoding and repair of UTF-8, and lower case of the alphabets that have cases.
// Why      text comes from hostile files, and names collide on file systems that ignore case. A whole Unicode
//          library would be 30 MB for this.
// Limits   the case tables know Latin, Greek, Cyrillic, Armenian and full-width letters, one to one.
// Threads  pure functions.
// Source   Unicode 15, UnicodeData.txt and CaseFolding.txt (statuses C and S).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dubplate {

struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 1;  // how many it takes; 1 where it is not valid
    bool valid = false;
};

// The code point that begins at `place` (which is inside the text). Overlong forms, surrogates and values
// past U+10FFFF are not valid.
CodePoint decode_utf8(std::string_view text, std::size_t place);
void put_code_point(std::string& text, char32_t c);  // appends it; `c` is valid
// U+FFFD for each byte that is not valid.
std::string to_valid_utf8(std::string_view text);

char32_t to_lower(char32_t c);
std::string fold_case(std::string_view text);  // for comparing; bytes that are not UTF-8 stay

}  // namespace dubplate
