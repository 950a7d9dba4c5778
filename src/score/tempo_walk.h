// tempo_walk.h: the times of many positions of a tempo map, in one pass.
//
// What     TempoMap::seconds_at() starts at the beginning for each question; a walk goes on from where it was.
// Order    positions are asked in order, each at the one before or after it. An earlier one starts anew.
// Units    ticks and seconds, as in the map.
// Threads  thread-compatible; the map lives longer than the walk.
#pragma once

#include <cstddef>
#include <cstdint>

#include "score/tempo_map.h"

namespace dubplate {

class TempoWalk {
  public:
    explicit TempoWalk(const TempoMap& map) : map_(map) {}

    double seconds_at(std::int64_t tick);
    std::int64_t tick_at(double seconds);  // the nearest

  private:
    void start();
    void step();  // to the next tempo
    double end_of_tempo() const;
    bool is_last() const;

    const TempoMap& map_;
    std::size_t index_ = 0;
    double begin_seconds_ = 0;  // of the tempo at index_
};

}  // namespace dubplate
