#include "audio/nodes/peak_finder.h"

#include <algorithm>
#include <cmath>

namespace dubplate {

namespace {

constexpr std::size_t most_places = 10;
constexpr std::size_t most_candidates = 3 * most_places;

// What stays below (-600 dBFS) counts as silence: the processor computes slowly with numbers that small.
constexpr float negligible = 1e-30f;

}  // namespace

PeakFinder::PeakFinder(const StreamFormat& format)
    : oversampler_(meter_oversampler(format.sample_rate_hz)),
      rate_(format.sample_rate_hz),
      window_end_(format.sample_rate_hz),
      before_(static_cast<std::size_t>(format.channels)) {}

void PeakFinder::take(std::span<const float* const> channels, std::span<const Extent> extents) {
    for (std::size_t c = 0; c < channels.size(); ++c) {
        const Extent seen = larger(extents[c], before_[c]);
        before_[c] = extents[c];
        const float least = candidates_.size() < most_candidates ? 0.0f : candidates_.front().magnitude;
        const float threshold = std::max({window_.magnitude, least, negligible});
        if (oversampler_.bound(seen) > threshold)
            search(channels[c], static_cast<int>(c), extents[c].magnitude);
    }
    chunk_begin_ += chunk_frames;
    if (chunk_begin_ >= window_end_) close_window();
}

void PeakFinder::search(const float* samples, int channel, float sample_peak) {
    const float peak = std::max(sample_peak, oversampler_.peak(samples, chunk_frames));
    if (peak <= window_.magnitude) return;
    window_ = {peak, chunk_begin_ + locate(samples, peak, sample_peak), channel};
}

// Where in the chunk it was, relative to the chunk's first frame; before it where the filter's delay reaches back.
std::int64_t PeakFinder::locate(const float* samples, float peak, float sample_peak) const {
    if (sample_peak >= peak) {
        for (std::int64_t i = 0; i < chunk_frames; ++i)
            if (std::abs(samples[i]) >= peak) return i;
    }
    float rows[3][chunk_frames];
    float* const pointers[] = {rows[0], rows[1], rows[2]};
    oversampler_.read(samples, chunk_frames, pointers);
    for (std::int64_t i = 0; i < chunk_frames; ++i)
        for (int phase = 1; phase < oversampler_.factor(); ++phase)
            if (std::abs(rows[phase - 1][i]) >= peak)
                return i - oversampler_.delay() + (2 * phase >= oversampler_.factor() ? 1 : 0);
    return 0;
}

void PeakFinder::close_window() {
    window_end_ += rate_;
    const Peak peak = window_;
    window_ = {};
    if (peak.magnitude <= 0) return;
    const auto lower = [](const Peak& a, const Peak& b) {
        return a.magnitude != b.magnitude ? a.magnitude > b.magnitude : a.frame < b.frame;
    };
    candidates_.push_back(peak);
    std::push_heap(candidates_.begin(), candidates_.end(), lower);
    if (candidates_.size() <= most_candidates) return;
    std::pop_heap(candidates_.begin(), candidates_.end(), lower);
    candidates_.pop_back();
}

PeakPlace PeakFinder::to_place(const Peak& peak) const {
    return {.dbtp = gain_to_db(static_cast<double>(peak.magnitude)),
            .frame = std::clamp<std::int64_t>(peak.frame, 0, std::max<std::int64_t>(total_frames_ - 1, 0)),
            .channel = peak.channel};
}

void PeakFinder::finish(std::int64_t total_frames) {
    total_frames_ = total_frames;
    close_window();
    std::sort(candidates_.begin(), candidates_.end(), [](const Peak& a, const Peak& b) {
        return a.magnitude != b.magnitude ? a.magnitude > b.magnitude : a.frame < b.frame;
    });
    for (const Peak& candidate : candidates_) {
        const PeakPlace place = to_place(candidate);
        const auto is_near = [&](const PeakPlace& other) {
            return std::abs(other.frame - place.frame) < rate_;
        };
        if (places_.size() < most_places && std::none_of(places_.begin(), places_.end(), is_near))
            places_.push_back(place);
    }
    if (!places_.empty()) highest_ = places_.front();
    std::sort(places_.begin(), places_.end(),
              [](const PeakPlace& a, const PeakPlace& b) { return a.frame < b.frame; });
}

}  // namespace dubplate
