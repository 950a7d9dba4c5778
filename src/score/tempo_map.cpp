#include "score/tempo_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace dubplate {

namespace {

constexpr int max_numerator = 99;
constexpr int max_denominator = 64;

std::int64_t ticks_of_beat(const TimeSignature& signature) {
    return 4 * ticks_per_quarter / signature.denominator;
}
std::int64_t ticks_of_bar(const TimeSignature& signature) {
    return signature.numerator * ticks_of_beat(signature);
}

Status check(const TempoChange& change) {
    if (change.tick < 0)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("a tempo of {} bpm is before the start", change.bpm));
    if (change.bpm >= slowest_bpm && change.bpm <= fastest_bpm) return {};
    return fail(ErrorCode::invalid_argument, fmt::format("a tempo of {} bpm; it may be from {} to {}",
                                                         change.bpm, slowest_bpm, fastest_bpm));
}

Status check(const TimeSignatureChange& change) {
    const auto [numerator, denominator] = change.signature;
    if (change.tick < 0)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("the time signature {}/{} is before the start", numerator, denominator));
    const bool known = denominator >= 1 && denominator <= max_denominator &&
                       std::has_single_bit(static_cast<unsigned>(denominator));
    if (known && numerator >= 1 && numerator <= max_numerator) return {};
    return fail(
        ErrorCode::invalid_argument,
        fmt::format(
            "the time signature {}/{}; it may be from 1/1 to {}/{}, with 1, 2, 4, 8, 16, 32 or 64 below",
            numerator, denominator, max_numerator, max_denominator));
}

bool says_the_same(const TempoChange& a, const TempoChange& b) {
    return a.bpm == b.bpm;
}
bool says_the_same(const TimeSignatureChange& a, const TimeSignatureChange& b) {
    return a.signature == b.signature;
}

// In order, from tick 0 on, without what a later one at the same tick replaces and without repetitions.
template <class Change>
std::vector<Change> in_order(std::vector<Change> changes) {
    std::ranges::stable_sort(changes, {}, &Change::tick);
    if (changes.empty() || changes.front().tick > 0) changes.insert(changes.begin(), Change{});
    std::vector<Change> kept;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const bool replaced = i + 1 < changes.size() && changes[i + 1].tick == changes[i].tick;
        if (!replaced && (kept.empty() || !says_the_same(kept.back(), changes[i])))
            kept.push_back(changes[i]);
    }
    return kept;
}

// The last that begins at the tick or before it.
template <class Change>
const Change& change_at(const std::vector<Change>& changes, std::int64_t tick) {
    const auto after = std::ranges::upper_bound(changes, std::max<std::int64_t>(tick, 0), {}, &Change::tick);
    return *std::prev(after);
}

double seconds_between(std::int64_t begin, std::int64_t end, double bpm) {
    return static_cast<double>(end - begin) / static_cast<double>(ticks_per_quarter) * 60 / bpm;
}

}  // namespace

TempoMap::TempoMap() : tempos_(1), signatures_(1) {}

Result<TempoMap> TempoMap::make(std::vector<TempoChange> tempos,
                                std::vector<TimeSignatureChange> signatures) {
    for (const TempoChange& change : tempos) DUBPLATE_CHECK(check(change));
    for (const TimeSignatureChange& change : signatures) DUBPLATE_CHECK(check(change));
    TempoMap map;
    map.tempos_ = in_order(std::move(tempos));
    map.signatures_ = in_order(std::move(signatures));
    return map;
}

double TempoMap::bpm_at(std::int64_t tick) const {
    return change_at(tempos_, tick).bpm;
}

double TempoMap::seconds_at(std::int64_t tick) const {
    double seconds = 0;
    for (std::size_t i = 0; i < tempos_.size(); ++i) {
        const bool is_last = i + 1 == tempos_.size() || tempos_[i + 1].tick >= tick;
        const std::int64_t end = is_last ? tick : tempos_[i + 1].tick;
        seconds += seconds_between(tempos_[i].tick, end, tempos_[i].bpm);
        if (is_last) break;
    }
    return seconds;
}

std::int64_t TempoMap::tick_at(double seconds) const {
    std::size_t i = 0;
    double begin = 0;
    for (; i + 1 < tempos_.size(); ++i) {
        const double end = begin + seconds_between(tempos_[i].tick, tempos_[i + 1].tick, tempos_[i].bpm);
        if (seconds < end) break;
        begin = end;
    }
    const double quarters = (seconds - begin) * tempos_[i].bpm / 60;
    return tempos_[i].tick + std::llround(quarters * static_cast<double>(ticks_per_quarter));
}

BarPosition TempoMap::bar_at(std::int64_t tick) const {
    BarPosition position;
    for (std::size_t i = 0; i < signatures_.size(); ++i) {
        const TimeSignatureChange& now = signatures_[i];
        const std::int64_t bar_ticks = ticks_of_bar(now.signature);
        const bool is_last = i + 1 == signatures_.size() || signatures_[i + 1].tick > tick;
        const std::int64_t end = is_last ? tick : signatures_[i + 1].tick;
        const std::int64_t ticks = end - now.tick;
        if (is_last) {
            position.bar += ticks / bar_ticks;
            position.beat += static_cast<int>(ticks % bar_ticks / ticks_of_beat(now.signature));
            position.ticks = ticks % ticks_of_beat(now.signature);
            break;
        }
        position.bar +=
            (ticks + bar_ticks - 1) / bar_ticks;  // a signature begins a bar, and cuts the one before it
    }
    return position;
}

}  // namespace dubplate
