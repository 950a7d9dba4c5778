// bext.h: what the bext and the iXML chunk say alike about the origin of a file.
//
// What     the texts and the loudness numbers as bext version 2 holds them.
// Units    loudness in hundredths; 0x7FFF where unknown.
// Source   EBU Tech 3285 v2; iXML repeats the values in its BWF block.
#pragma once

#include "tags/render.h"

#include <array>
#include <cstdint>
#include <string>

namespace dubplate {

inline constexpr std::int16_t bext_unknown = 0x7FFF;

struct BextFacts {
    std::string description;           // ASCII, at most 256 bytes
    std::string originator;            // at most 32
    std::string originator_reference;  // at most 32
    std::string date;                  // "2026-11-21" or empty
    std::string time;                  // "10:20:30" or empty
    // integrated, range, true peak, momentary, short term: in the chunk's order
    std::array<std::int16_t, 5> loudness{bext_unknown, bext_unknown, bext_unknown, bext_unknown,
                                         bext_unknown};
};

BextFacts bext_facts(const TagSet& tags);

}  // namespace dubplate
