// sheets.h: the text beside a sample: what it is, where it came from, and what was made of it (requirements R3 C 11).
//
// Text     UTF-8, a line for each fact, "Unknown" where nothing is known; no times of day, so that a pack stays the same bytes.
// Threads  a pure function.
#pragma once

#include <string>

#include "exports/pack/made_sample.h"

namespace dubplate {

std::string sample_sheet(const PackSource& source, const MadeSample& made);

}  // namespace dubplate
