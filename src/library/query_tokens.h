// query_tokens.h: a query cut into words.
//
// Shape    a token has its text without quotes and backslashes, where it stands, which of its first characters were plain (so
//          that a quoted ":" or "-" means nothing), and whether any of it was quoted.
// Errors   invalid_argument: a quote that does not end, a backslash at the end.
#pragma once

#include "library/query.h"

namespace dubplate {

struct Token {
    std::string text;
    std::vector<bool> plain;  // for each byte of text: neither quoted nor behind a backslash
    QueryPlace place;

    // The first plain `c` from `from` on, or npos.
    std::size_t find_plain(char c, std::size_t from = 0) const;
    bool is_plain(std::string_view whole) const;  // it is these characters, none of them quoted
    void remove_prefix(std::size_t count);
};

Result<std::vector<Token>> cut_query(std::string_view text, QueryPlace& place);

}  // namespace dubplate
