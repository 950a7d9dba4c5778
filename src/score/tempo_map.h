// tempo_map.h: how beats and seconds belong together in a piece.
//
// What     tempo changes and time signatures at positions in ticks. A tempo holds until the next change (no ramps); a time
//          signature begins a new bar. A map that says nothing at its start is at 120 bpm in 4/4, as a MIDI file is.
// Units    positions in ticks, 15,360 to the quarter note: each common division of MIDI files (96 to 1024) and of DAWs (960,
//          1920) is a whole number of them. Tempo in quarter notes a minute. Seconds are double, at the edge alone.
// Ranges   bpm from 1 to 999; numerators 1 to 99, denominators 1 to 64 and a power of two.
// Errors   make(): invalid_argument, with the change and the range.
// Threads  constant once made.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/result.h"

namespace dubplate {

inline constexpr std::int64_t ticks_per_quarter = 15'360;
inline constexpr double slowest_bpm = 1;
inline constexpr double fastest_bpm = 999;

struct TempoChange {
    std::int64_t tick = 0;
    double bpm = 120;  // quarter notes a minute
    bool operator==(const TempoChange&) const = default;
};

struct TimeSignature {
    int numerator = 4;
    int denominator = 4;
    bool operator==(const TimeSignature&) const = default;
};

struct TimeSignatureChange {
    std::int64_t tick = 0;
    TimeSignature signature;
    bool operator==(const TimeSignatureChange&) const = default;
};

// Both from 1, as musicians count; ticks from the start of the beat. A beat is one of the denominator's notes.
struct BarPosition {
    std::int64_t bar = 1;
    int beat = 1;
    std::int64_t ticks = 0;
    bool operator==(const BarPosition&) const = default;
};

class TempoMap {
  public:
    TempoMap();  // 120 bpm, 4/4
    // Any order; of several at one tick the last counts. What repeats the change before it is left out.
    static Result<TempoMap> make(std::vector<TempoChange> tempos,
                                 std::vector<TimeSignatureChange> signatures);

    // In order; the first is at tick 0.
    std::span<const TempoChange> tempos() const { return tempos_; }
    std::span<const TimeSignatureChange> signatures() const { return signatures_; }

    double bpm_at(std::int64_t tick) const;
    double seconds_at(std::int64_t tick) const;
    std::int64_t tick_at(double seconds) const;  // the nearest
    BarPosition bar_at(std::int64_t tick) const;

    bool operator==(const TempoMap&) const = default;

  private:
    std::vector<TempoChange> tempos_;
    std::vector<TimeSignatureChange> signatures_;
};

}  // namespace dubplate
