// ticks.h: round places on an axis.
//
// What     each tick is a value with its label. Linear steps are 1, 2 or 5 times a power of ten; times step as
//          clocks do (1, 2, 5, 10, 15, 30 s, ...); logarithmic axes are marked at 1, 2 and 5 of each decade.
// Bounds   at most about `wanted` labeled ticks; a span that is empty or not finite has none.
// Threads  pure functions.
#pragma once

#include <string>
#include <vector>

namespace dubplate {

struct Tick {
    double value = 0;
    std::string label;  // empty: a line of the grid alone
};

// In either direction: `from` may be above `to`.
std::vector<Tick> linear_ticks(double from, double to, int wanted);
std::vector<Tick> time_ticks(double from_seconds, double to_seconds, int wanted);  // "1:30"
std::vector<Tick> frequency_ticks(double from_hz, double to_hz);                   // "50", "2k"

}  // namespace dubplate
