#include "audio/nodes/peak_reader.h"
#include "core/result.h"

#include <algorithm>
#include <cmath>

namespace dubplate {

namespace {

// A sine's crest stands at most 1 / cos(pi / 8) above the nearest of four places for each frame.
constexpr float near_ceiling = 0.92f;

// The crest of the parabola through three equally spaced values, where the middle one is the largest in magnitude.
float crest(float before, float middle, float after) {
    const float a = std::abs(middle);
    const float sign = middle < 0 ? -1.0f : 1.0f;
    const float left = before * sign;
    const float right = after * sign;
    if (left > a || right > a) return a;
    const float curve = left - 2 * a + right;
    return curve < 0 ? a - (left - right) * (left - right) / (8 * curve) : a;
}

}  // namespace

PeakReader::PeakReader(int sample_rate_hz, double ceiling)
    : precise_(precise_oversampler()),
      meter_(meter_oversampler(sample_rate_hz)),
      ceiling_(static_cast<float>(ceiling)) {
    DUBPLATE_ASSERT(precise_.history() < stretch && meter_.history() <= precise_.history());
}

void PeakReader::read(const float* x, std::span<float> peaks) {
    const float bound = std::max(precise_.bound(), meter_.bound());
    for (std::size_t begin = 0; begin < peaks.size(); begin += stretch) {
        const float largest = largest_magnitude(x + begin, stretch);
        const bool may_pass = std::max(largest, largest_before_) * bound > ceiling_;
        largest_before_ = largest;
        if (may_pass) {
            if (!was_read_) catch_up(x + begin);
            read_stretch(x + begin, peaks.data() + begin);
        }
        was_read_ = may_pass;
    }
}

// After a stretch that was not read: its last place is missed by the parabola through the next frame.
void PeakReader::catch_up(const float* x) {
    float rows[3][Oversampler::step];
    float* const pointers[] = {rows[0], rows[1], rows[2]};
    precise_.read(x - Oversampler::step, Oversampler::step, pointers);
    between_before_ = 0;  // cannot pass the ceiling
    third_before_ = rows[2][Oversampler::step - 1];
}

void PeakReader::read_stretch(const float* x, float* peaks) {
    float rows[3][stretch];
    float* const pointers[] = {rows[0], rows[1], rows[2]};
    float between[stretch];
    float around[stretch];
    const float* frame = x - precise_.delay();

    meter_.read(frame + meter_.delay(), stretch, pointers);
    std::fill_n(between, stretch, 0.0f);
    for (int row = 0; row + 1 < meter_.factor(); ++row)
        for (std::int64_t i = 0; i < stretch; ++i) between[i] = std::max(between[i], std::abs(rows[row][i]));
    precise_.read(x, stretch, pointers);
    for (const auto& row : rows)
        for (std::int64_t i = 0; i < stretch; ++i) between[i] = std::max(between[i], std::abs(row[i]));
    for (std::int64_t i = 0; i < stretch; ++i) around[i] = std::max(between[i], std::abs(frame[i]));

    float before = between_before_;
    float third = third_before_;
    for (std::int64_t i = 0; i < stretch; ++i) {
        float at = std::abs(frame[i]);
        if (around[i] > near_ceiling * ceiling_) {
            at = std::max(at, crest(third, frame[i], rows[0][i]));
            between[i] = std::max({between[i], crest(frame[i], rows[0][i], rows[1][i]),
                                   crest(rows[0][i], rows[1][i], rows[2][i]),
                                   crest(rows[1][i], rows[2][i], frame[i + 1])});
        }
        peaks[i] = std::max({peaks[i], at, before, between[i]});
        before = between[i];
        third = rows[2][i];
    }
    between_before_ = before;
    third_before_ = third;
}

}  // namespace dubplate
