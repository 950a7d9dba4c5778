// track_names.h: names for the tracks of a session: each once, in one line, and fit to be shown and to name a file.
//
// Unique   without regard to case, as files are: "Bass", "Bass (2)".
// Numbered where there is nothing in a name that a file's name can hold: "Track 3".
// Order    natural_less() takes numbers in names as numbers: "t2" stands before "t10".
// Threads  thread-compatible.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "organize/file_name.h"

namespace dubplate {

class TrackNames {
  public:
    // number: of the track, from 1.
    std::string take(std::string_view wanted, std::size_t number);

  private:
    UniqueNames names_;
};

bool natural_less(std::string_view a, std::string_view b);

}  // namespace dubplate
