// from_name.h: metadata out of a file's name.
//
// What     "Artist - Title [128 bpm] (House) {Am}" gives artist, title, bpm, genre and key. Marks stand anywhere; a
//          mark whose value breaks the field's rule stays a part of the title.
// Source   requirements R1 C 17.
#pragma once

#include "tags/metadata.h"

#include <string_view>

namespace dubplate {

// `stem` is the name without folder and extension.
Metadata metadata_from_name(std::string_view stem);

}  // namespace dubplate
