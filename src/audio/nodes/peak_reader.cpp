#include "audio/nodes/peak_reader.h"
#include "audio/kernels/limiting.h"
#include "core/result.h"

#include <algorithm>
#include <cmath>

namespace dubplate {

namespace {

// A sine's crest stands at most 1 / cos(pi / 8) above the nearest of four places for each frame.
constexpr float near_ceiling = 0.92f;

}  // namespace

PeakReader::PeakReader(int sample_rate_hz, double ceiling)
    : precise_(precise_oversampler()),
      meter_(meter_oversampler(sample_rate_hz)),
      near_(near_ceiling * static_cast<float>(ceiling)) {
    DUBPLATE_ASSERT(precise_.history() < 2 * stretch && meter_.history() <= precise_.history());
}

void PeakReader::read(const float* x, std::span<float> peaks) {
    if (is_far(x, std::ssize(peaks))) return;
    for (std::size_t begin = 0; begin < peaks.size(); begin += stretch) {
        const Extent here = extent_of(x + begin, stretch);
        const Extent seen = larger(here, larger(before_[0], before_[1]));
        before_ = {here, before_[0]};
        const bool is_read = may_come_near(seen);
        if (is_read) {
            if (!was_read_) catch_up(x + begin);
            read_stretch(x + begin, peaks.data() + begin);
        }
        was_read_ = is_read;
    }
}

// Is none of the stretches to be read? Most music is far below its ceiling most of the time, and one look is enough.
bool PeakReader::is_far(const float* x, std::int64_t frames) {
    const Extent seen = larger(extent_of(x, frames), larger(before_[0], before_[1]));
    if (may_come_near(seen)) return false;
    const float* last = x + frames - stretch;
    before_ = {extent_of(last, stretch), frames > stretch ? extent_of(last - stretch, stretch) : before_[0]};
    was_read_ = false;
    return true;
}

bool PeakReader::may_come_near(const Extent& seen) const {
    return std::max(precise_.bound(seen), meter_.bound(seen)) > near_;
}

// After a stretch that was not read: its last place is missed by the parabola through the next frame.
void PeakReader::catch_up(const float* x) {
    float rows[3][Oversampler::step];
    float* const pointers[] = {rows[0], rows[1], rows[2]};
    precise_.read(x - Oversampler::step, Oversampler::step, pointers);
    between_before_ = 0;  // does not come near the ceiling
    third_before_ = rows[2][Oversampler::step - 1];
}

void PeakReader::read_stretch(const float* x, float* peaks) {
    float rows[3][1 + stretch];  // the last place before the stretch, then its own
    float* const pointers[] = {rows[0] + 1, rows[1] + 1, rows[2] + 1};
    float at[stretch];
    float between[1 + stretch];
    const float* frames = x - precise_.delay();

    meter_.read(frames + meter_.delay(), stretch, pointers);
    std::fill_n(between, 1 + stretch, 0.0f);
    for (int row = 0; row + 1 < meter_.factor(); ++row)
        for (std::int64_t i = 1; i <= stretch; ++i) between[i] = std::max(between[i], std::abs(rows[row][i]));
    precise_.read(x, stretch, pointers);
    rows[2][0] = third_before_;
    between[0] = between_before_;
    find_crests({frames, {pointers[0], pointers[1], pointers[2]}}, stretch, near_, at, between + 1);
    for (std::int64_t i = 0; i < stretch; ++i)
        peaks[i] = std::max({peaks[i], at[i], between[i], between[i + 1]});
    between_before_ = between[stretch];
    third_before_ = rows[2][stretch];
}

}  // namespace dubplate
