#include "score/tempo_walk.h"

#include <cmath>

namespace dubplate {

namespace {

constexpr double ticks = ticks_per_quarter;

double seconds_of(std::int64_t length_ticks, double bpm) {
    return static_cast<double>(length_ticks) / ticks * 60 / bpm;
}

}  // namespace

void TempoWalk::start() {
    index_ = 0;
    begin_seconds_ = 0;
}

bool TempoWalk::is_last() const {
    return index_ + 1 == map_.tempos().size();
}

double TempoWalk::end_of_tempo() const {
    const TempoChange& now = map_.tempos()[index_];
    return begin_seconds_ + seconds_of(map_.tempos()[index_ + 1].tick - now.tick, now.bpm);
}

void TempoWalk::step() {
    begin_seconds_ = end_of_tempo();
    ++index_;
}

double TempoWalk::seconds_at(std::int64_t tick) {
    if (tick < map_.tempos()[index_].tick) start();
    while (!is_last() && map_.tempos()[index_ + 1].tick < tick) step();
    const TempoChange& now = map_.tempos()[index_];
    return begin_seconds_ + seconds_of(tick - now.tick, now.bpm);
}

std::int64_t TempoWalk::tick_at(double seconds) {
    if (seconds < begin_seconds_) start();
    while (!is_last() && end_of_tempo() <= seconds) step();
    const TempoChange& now = map_.tempos()[index_];
    return now.tick + std::llround((seconds - begin_seconds_) * now.bpm / 60 * ticks);
}

}  // namespace dubplate
