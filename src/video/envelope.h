// envelope.h: how a note swells and fades, and other curves that synths share.
//
// Units    seconds; levels 0 to 1.
// Source   requirements R2 F 27: linear attack to 1, decay to the sustain level, release from there; attack and decay come before the note's end,
//          so that very short notes finish them.
// Threads  pure functions.
#pragma once

#include <algorithm>
#include <cmath>

#include "video/moment.h"

namespace dubplate {

struct Adsr {
    double attack_s = 0.05;
    double decay_s = 0.3;
    double sustain = 0.5;
    double release_s = 0.4;

    bool operator==(const Adsr&) const = default;
    // `since_s` from the note's start; the note sounds for length_s. 0 before and after all of it.
    double level(double since_s, double length_s) const {
        if (since_s < 0) return 0;
        if (since_s < attack_s) return since_s / attack_s;
        if (since_s < attack_s + decay_s) return 1 + (sustain - 1) * (since_s - attack_s) / decay_s;
        if (since_s < length_s) return sustain;
        const double released = since_s - std::max(length_s, attack_s + decay_s);
        if (release_s <= 0 || released >= release_s) return 0;
        return sustain * (1 - std::max(released, 0.0) / release_s);
    }
    // How long after a note's end it may still be seen.
    double tail_s() const { return attack_s + decay_s + release_s; }
};

inline double level_of(const Adsr& adsr, const PlayedNote& played, double seconds) {
    return adsr.level(seconds - played.start_s, played.end_s - played.start_s);
}

// A clamped straight line from one range to another.
inline double map_value(double value, double in_low, double in_high, double out_low, double out_high) {
    if (in_high == in_low) return out_low;
    const double share = std::clamp((value - in_low) / (in_high - in_low), 0.0, 1.0);
    return out_low + share * (out_high - out_low);
}

}  // namespace dubplate
