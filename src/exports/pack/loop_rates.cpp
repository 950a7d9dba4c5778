#include "exports/pack/loop_rates.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/units.h"

namespace dubplate {

namespace {

constexpr std::int64_t lowest_rate = 1'000;
constexpr std::int64_t highest_rate = 768'000;

// The last convergent of the continued fraction of p / q whose numbers are both at most `limit`.
std::pair<std::int64_t, std::int64_t> approximate(std::int64_t p, std::int64_t q, std::int64_t limit) {
    std::int64_t p0 = 0, q0 = 1, p1 = 1, q1 = 0;
    while (q != 0) {
        const std::int64_t whole = p / q;
        const std::int64_t p2 = whole * p1 + p0;
        const std::int64_t q2 = whole * q1 + q0;
        if (p2 > limit || q2 > limit) break;
        p0 = std::exchange(p1, p2);
        q0 = std::exchange(q1, q2);
        p = std::exchange(q, p % q);
    }
    return {p1, q1};
}

}  // namespace

std::int64_t looped_frames(std::int64_t frames, RatePair nominal) {
    return std::max<std::int64_t>(resampled_frames(frames, nominal.from, nominal.to), 1);
}

RatePair loop_rates(std::int64_t frames, RatePair nominal) {
    if (nominal.from == nominal.to) return nominal;
    const std::int64_t made = looped_frames(frames, nominal);
    // Where the loop has a whole number of frames anyway, the usual pair, whose filter is at hand.
    if (made * nominal.from == frames * nominal.to) return nominal;
    auto [to, from] = approximate(made, frames, highest_rate);
    const std::int64_t lower = std::max<std::int64_t>(std::min(from, to), 1);
    const std::int64_t scale = (lowest_rate + lower - 1) / lower;
    if (std::max(from, to) * scale <= highest_rate) {
        from *= scale;
        to *= scale;
    }
    return {static_cast<int>(from), static_cast<int>(to)};
}

}  // namespace dubplate
