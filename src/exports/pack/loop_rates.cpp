#include "exports/pack/loop_rates.h"

#include <algorithm>
#include <numeric>

#include "core/units.h"

namespace dubplate {

std::int64_t looped_frames(std::int64_t frames, RatePair nominal) {
    return std::max<std::int64_t>(resampled_frames(frames, nominal.from, nominal.to), 1);
}

RatePair loop_rates(std::int64_t frames, RatePair nominal) {
    if (nominal.from == nominal.to) return nominal;
    const std::int64_t made = looped_frames(frames, nominal);
    // Where the loop has a whole number of frames anyway, the usual pair, whose filter is at hand.
    if (made * nominal.from == frames * nominal.to) return nominal;
    const std::int64_t common = std::gcd(made, frames);
    return {static_cast<int>(frames / common), static_cast<int>(made / common)};
}

}  // namespace dubplate
