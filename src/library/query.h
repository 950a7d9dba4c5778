// query.h: the query language of the library, after that of beets.
//
// Terms    word                 in title, artist, album, genre, comment, a tag or the path
//          title:night          a part of the text, upper and lower case alike; title:=night is all of it
//          bpm:92  bpm:90..110  a number (92 means 91.5 to 92.5, 92.0 means 91.95 to 92.05) or a range, both ends included
//          duration:..1:30      seconds, or minutes:seconds
//          size:1MB.. sample_rate:44.1k   with units: kB, MB, GB, KiB, MiB, GiB; k, Hz, kHz
//          key:"A minor"        however it is spelled: Am, 8A, 1m
//          added:2026-11..      a date or a range of them, UTC; -7d is seven days ago (d, w, m, y)
//          path:FOLDER tag:dark kind:take format:wav id:3fa9
//          bpm:none             is not known
//          -kind:sample         not this (also ^)
//          a b                  both; "a , b" with the comma alone: either
//          bpm+ added-          the order, rising or falling; several are taken one after the other
// Quotes   "..." keeps white space, commas and a leading - together; \ takes the next character as it is.
// Threads  plain functions.
// Errors   invalid_argument; `place` tells which characters it is about, so that they can be pointed at.
// Source   https://beets.readthedocs.io/en/stable/reference/query.html, for what people know.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "library/asset.h"

namespace dubplate {

struct Range {  // of numbers, of seconds, of milliseconds since 1970
    std::optional<double> minimum;
    std::optional<double> maximum;
    bool maximum_included = true;
};

struct Term {
    enum class Match { part, whole, range, none };
    const Field* field = nullptr;  // null: any text, or a tag
    bool tag = false;
    bool negated = false;
    Match match = Match::part;
    std::string text;
    Range range;
};

struct Order {
    const Field* field = nullptr;
    bool falling = false;
};

struct Query {
    std::vector<std::vector<Term>> alternatives;  // of terms that must all hold; empty: everything
    std::vector<Order> orders;                    // empty: added-, the newest first
};

struct QueryPlace {
    std::size_t at = 0;  // bytes
    std::size_t length = 0;
};

// now: milliseconds since 1970, for dates that are told from now.
Result<Query> parse_query(std::string_view text, std::int64_t now, QueryPlace* place = nullptr);

// The characters of `text` and below them the place: "bpm:9x..110\n    ^~".
std::string point_at(std::string_view text, QueryPlace place);

}  // namespace dubplate
