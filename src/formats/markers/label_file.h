// label_file.h: Audacity's label track as a text file.
//
// What     lines of begin TAB end TAB label, times in decimal seconds. A line that begins with a backslash
// holds the
//          frequency range of the label before it; it is checked for its form and not used.
// Points   a label whose begin is its end runs to the next label, the last one to the end of the source; what
// lies before
//          the first label is no part of it, as in Audacity's own export by labels.
// Text     UTF-8 with or without a byte order mark, else Latin-1; any line ends.
// Errors   corrupt, with the line: no tab, no number, a comma as decimal point, a negative time, an end
// before its
//          begin. limit_exceeded: too many labels.
// Source   Audacity manual, "Importing and Exporting Labels".
#pragma once

#include <cstddef>
#include <span>

#include "formats/markers/regions.h"

namespace dubplate {

Result<MarkedRegions> parse_label_file(std::span<const std::byte> data, int sample_rate_hz);

}  // namespace dubplate
