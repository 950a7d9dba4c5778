#include "audio/nodes/peak_finder.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/units.h"

namespace dubplate {

namespace {

constexpr std::size_t most_places = 10;
constexpr std::size_t most_candidates = 3 * most_places;

// What stays below (-600 dBFS) counts as silence: the processor computes slowly with numbers that small.
constexpr float negligible = 1e-30f;

bool is_higher(const FoundPeak& a, const FoundPeak& b) {
    return a.magnitude != b.magnitude ? a.magnitude > b.magnitude : a.frame < b.frame;
}

}  // namespace

PeakFinder::PeakFinder(const StreamFormat& format)
    : oversampler_(meter_oversampler(format.sample_rate_hz)), rate_(format.sample_rate_hz) {
    DUBPLATE_ASSERT(oversampler_.history() < chunk_frames);
}

SectionPeaks PeakFinder::find(std::span<const float* const> channels, std::int64_t frames,
                              float threshold) const {
    DUBPLATE_ASSERT(frames >= chunk_frames);
    SectionPeaks peaks;
    std::array<Extent, max_channels> before{};
    for (std::size_t c = 0; c < channels.size(); ++c)
        before[c] = extent_of(channels[c] - oversampler_.history(), oversampler_.history());
    FoundPeak window;
    const auto close_window = [&] {
        if (window.magnitude > 0) peaks.of_windows.push_back(window);
        window = {};
    };
    std::int64_t window_end = rate_;
    for (std::int64_t next = 0; next < frames; next += chunk_frames) {
        // The last chunk begins within the one before, so that it ends with the section.
        const std::int64_t begin = std::min(next, frames - chunk_frames);
        if (next >= window_end && frames - next >= rate_) {
            close_window();
            window_end = next + rate_;
        }
        for (std::size_t c = 0; c < channels.size(); ++c) {
            const float* samples = channels[c] + begin;
            const Extent here = extent_of(samples, chunk_frames);
            const Extent seen =
                begin == next
                    ? larger(here, before[c])
                    : larger(here, extent_of(samples - oversampler_.history(), oversampler_.history()));
            before[c] = here;
            peaks.largest_sample = std::max(peaks.largest_sample, here.magnitude);
            if (oversampler_.bound(seen) > std::max({window.magnitude, threshold, negligible}))
                search(samples, static_cast<int>(c), {begin, here.magnitude}, window);
        }
    }
    close_window();
    return peaks;
}

void PeakFinder::search(const float* samples, int channel, const Chunk& chunk, FoundPeak& window) const {
    const float peak = std::max(chunk.sample_peak, oversampler_.peak(samples, chunk_frames));
    if (peak <= window.magnitude) return;
    window = {peak, chunk.begin + locate(samples, peak, chunk.sample_peak), channel};
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

void PeakRanking::add(const FoundPeak& peak) {
    candidates_.push_back(peak);
    std::push_heap(candidates_.begin(), candidates_.end(), is_higher);
    if (candidates_.size() <= most_candidates) return;
    std::pop_heap(candidates_.begin(), candidates_.end(), is_higher);
    candidates_.pop_back();
    threshold_ = candidates_.front().magnitude;
}

PeakPlace PeakRanking::to_place(const FoundPeak& peak, std::int64_t total_frames) const {
    return {.dbtp = gain_to_db(static_cast<double>(peak.magnitude)),
            .frame = std::clamp<std::int64_t>(peak.frame, 0, std::max<std::int64_t>(total_frames - 1, 0)),
            .channel = peak.channel};
}

void PeakRanking::finish(std::int64_t total_frames) {
    std::sort(candidates_.begin(), candidates_.end(), is_higher);
    for (const FoundPeak& candidate : candidates_) {
        const PeakPlace place = to_place(candidate, total_frames);
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
