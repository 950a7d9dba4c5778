// drum_names.h: which drum a file's name speaks of: "Kick 1", "HH_open", "RD2", "LT-50".
//
// Words    runs of letters, also where small letters meet a capital ("PearlKick"). Long words count wherever they stand in one;
//          the two and three letters of drum machines ("bd", "rd", "cym") are words of their own or nothing: "album" is no bass drum.
// Order    the first kind that is found wins, so that the particular stands before the general: an open hat before a hat.
// Threads  pure functions.
#pragma once

#include <optional>
#include <string_view>

namespace dubplate {

// In the order in which a kit lays them out.
enum class SampleKind { kick, snare, clap, rim, closed_hat, open_hat, tom, cymbal, percussion, loop, other };

// None: no word tells. Never `other`.
std::optional<SampleKind> kind_by_name(std::string_view stem);

// A single hit, to which no key belongs even where one could be heard.
bool is_drum(SampleKind kind);

}  // namespace dubplate
