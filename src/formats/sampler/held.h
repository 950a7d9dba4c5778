// held.h: how devices hold names, tempi and places, shared by their tables.
//
// Units    frames; bpm.
// Threads  pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "formats/sampler/pad.h"

namespace dubplate {

// Within the range, in steps of 1 / steps_per_bpm.
double held_bpm(double bpm, double min_bpm, double max_bpm, int steps_per_bpm);
// ASCII that can be shown, cut, without spaces at the end; what is not is "_".
std::string held_name(std::string_view name, std::size_t max_length);
// Begin, end and loop point within the sample and in order.
void hold_places(SamplerPad& pad);

}  // namespace dubplate
