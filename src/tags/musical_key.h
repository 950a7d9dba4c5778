// musical_key.h: the spelling of a musical key.
//
// What     "A minor", "a min", "Am", the Camelot wheel's "8A" and Open Key's "1m" all become "Am"; "Bb major" becomes "Bb".
// Shape    a note A to G, then "#" or "b" or nothing, then "m" for minor or nothing: 3 characters at most, as the
//          TKEY frame of ID3v2 asks.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dubplate {

// None where the text is no key that we know.
std::optional<std::string> normalize_key(std::string_view text);

}  // namespace dubplate
