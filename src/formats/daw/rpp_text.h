// rpp_text.h: the lines of a REAPER project: blocks, words and quotes.
//
// Shape    a line is a list of words; one that begins with '<' opens a block and one that is '>' closes it. Text of
//          the user's notes stands behind a '|', so that it is neither.
// Lines    views into the text, which must live longer. Line ends may be LF, CR LF or CR; a byte order mark in
//          front is passed over.
// Quotes   a word with spaces stands in ", ' or `, whichever is not in it. There is no escape: of a word with all
//          three, each ` becomes a '. Line breaks have no place.
// Limits   64 MiB, a million lines, 1 MiB for each, 100 levels.
// Errors   corrupt, with the line: a block that is not closed, a '>' too many, zero bytes. limit_exceeded.
// Threads  pure functions.
// Source   projects as REAPER 5 to 7 writes them; "State Chunk Definitions" of the ReaTeam.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace dubplate {

inline constexpr std::size_t max_rpp_bytes = 64U << 20U;
inline constexpr std::size_t max_rpp_lines = 1'000'000;
inline constexpr std::size_t max_rpp_line_bytes = 1U << 20U;
inline constexpr int max_rpp_depth = 100;

enum class RppKind { field, open, close };

struct RppLine {
    std::string_view text;    // without indentation and white space at the end
    std::string_view indent;  // what stands before it
    std::string_view whole;   // with its line end
    RppKind kind = RppKind::field;
    int depth = 0;          // how many blocks are open around it; of '<' and '>' those around the block
    std::size_t close = 0;  // of a line that opens a block: the index of the one that closes it
};

// Line i has the number i + 1.
Result<std::vector<RppLine>> scan_rpp(std::string_view text);

// The words of a line, without the '<' and the quotes.
std::vector<std::string> rpp_words(const RppLine& line);
// The first of them, cheaply: "TRACK", "NAME".
std::string_view rpp_key(const RppLine& line);

// A word in quotes.
std::string quote_rpp(std::string_view word);
// What quote_rpp() makes of a word, read again: the same for all words but those with line breaks or all quotes.
std::string rpp_word_as_kept(std::string_view word);

// "0.020833333333333": no exponents, at most 15 digits behind the point.
std::string rpp_number(double value);

// "line 12: ...", corrupt
Error rpp_error(std::size_t index, std::string message, std::string hint = {});

}  // namespace dubplate
