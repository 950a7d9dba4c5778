#include "audio/nodes/section_meter.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/result.h"

namespace dubplate {

namespace {

constexpr std::int64_t stretches = row_columns / 2;  // of each of two channels
constexpr std::int64_t steps_in_second = 100;
constexpr std::int64_t most_samples = 1 << 18;
// A second, so that each section has a window of peaks.
constexpr std::int64_t least_stretch_steps = (steps_in_second + stretches - 1) / stretches;
// Floats hold the squares of the filtered signal far beyond this; what is larger is no sound.
constexpr float largest_filtered = 0x1p20F;

std::int64_t round_up(std::int64_t value, std::int64_t unit) {
    return (value + unit - 1) / unit * unit;
}

std::int64_t stretch_steps(const StreamFormat& format, std::int64_t period) {
    const std::int64_t step_frames = format.sample_rate_hz / steps_in_second + 1;
    const std::int64_t steps = most_samples / (stretches * step_frames * format.channels);
    return round_up(std::max(steps / period * period, least_stretch_steps), period);
}

}  // namespace

std::int64_t step_begin(std::int64_t step, int sample_rate_hz) {
    return (step * sample_rate_hz + steps_in_second / 2) / steps_in_second;
}

// How a section is cut into stretches and steps.
struct SectionMeter::Cut {
    std::int64_t stretch_steps = 0;
    std::int64_t stretch_frames = 0;
    std::vector<std::int64_t>
        lengths;              // of a stretch's steps; one of them is in two where the stream ends within it
    std::size_t divided = 0;  // the first of the two; past the last where there are none
    std::size_t end_stretch = 0;  // where the stream ends
};

SectionMeter::SectionMeter(const StreamFormat& format, std::span<const double> weights)
    : format_(format),
      weights_(weights.begin(), weights.end()),
      filter_(format.sample_rate_hz),
      peaks_(format),
      period_(steps_in_second / std::gcd<std::int64_t>(format.sample_rate_hz, steps_in_second)),
      section_steps_(stretches * stretch_steps(format, period_)),
      section_frames_(step_begin(section_steps_, format.sample_rate_hz)),
      lead_frames_(std::max(filter_.warm_up_frames(), peaks_.history())) {}

std::int64_t SectionMeter::readable_frames(std::int64_t frames) const {
    const Cut parts = cut(frames);
    return std::max({stretches * parts.stretch_frames, frames + peaks_.tail(), PeakFinder::chunk_frames});
}

SectionMeter::Cut SectionMeter::cut(std::int64_t frames) const {
    const int rate_hz = format_.sample_rate_hz;
    std::int64_t whole_steps = frames * steps_in_second / rate_hz;
    while (step_begin(whole_steps + 1, rate_hz) <= frames) ++whole_steps;
    while (step_begin(whole_steps, rate_hz) > frames) --whole_steps;
    const std::int64_t rest = frames - step_begin(whole_steps, rate_hz);
    const std::int64_t steps = whole_steps + (rest > 0 ? 1 : 0);
    Cut parts;
    parts.stretch_steps = round_up((steps + stretches - 1) / stretches, period_);
    parts.stretch_frames = step_begin(parts.stretch_steps, rate_hz);
    parts.divided = static_cast<std::size_t>(parts.stretch_steps);
    parts.end_stretch = static_cast<std::size_t>(whole_steps / parts.stretch_steps);
    for (std::int64_t step = 0; step < parts.stretch_steps; ++step) {
        const std::int64_t length = step_begin(step + 1, rate_hz) - step_begin(step, rate_hz);
        if (rest > 0 && step == whole_steps % parts.stretch_steps) {
            parts.divided = parts.lengths.size();
            parts.lengths.push_back(rest);
            parts.lengths.push_back(length - rest);
        } else {
            parts.lengths.push_back(length);
        }
    }
    return parts;
}

MeasuredSection SectionMeter::measure(std::span<float* const> channels, std::int64_t frames, bool is_last,
                                      float peak_threshold) const {
    DUBPLATE_ASSERT(frames >= 1 && frames <= section_frames_ && (is_last || frames == section_frames_));
    if (is_last)
        for (float* channel : channels) std::fill(channel + frames, channel + readable_frames(frames), 0.0F);
    MeasuredSection measured;
    const std::int64_t heard = is_last ? std::max(frames + peaks_.tail(), PeakFinder::chunk_frames) : frames;
    measured.peaks = peaks_.find({channels.data(), channels.size()}, heard, peak_threshold);

    // By a power of two, which changes no bit of what is left.
    int exponent = 0;
    if (measured.peaks.largest_sample > largest_filtered) {
        exponent = std::ilogb(measured.peaks.largest_sample);
        for (float* channel : channels)
            std::transform(channel - lead_frames_, channel + frames, channel - lead_frames_,
                           [&](float sample) { return std::ldexp(sample, -exponent); });
    }
    const Cut parts = cut(frames);
    const std::int64_t steps = stretches * parts.stretch_steps;
    measured.energies.resize(static_cast<std::size_t>(steps));
    for (std::size_t c = 0; c < channels.size(); c += 2) {
        const std::size_t partner = std::min(c + 1, channels.size() - 1);
        add_energies(channels[c], channels[partner], parts,
                     {weights_[c], partner == c ? 0.0 : weights_[partner]}, measured.energies);
    }
    for (double& energy : measured.energies) energy = std::ldexp(energy, 2 * exponent);
    std::int64_t used = steps;
    while (used > 0 && step_begin(used - 1, format_.sample_rate_hz) >= frames) --used;
    measured.energies.resize(static_cast<std::size_t>(used));
    return measured;
}

void SectionMeter::add_energies(const float* first, const float* second, const Cut& cut,
                                std::array<double, 2> weights, std::span<double> energies) const {
    std::array<const float*, row_columns> begins{};
    for (std::int64_t j = 0; j < stretches; ++j) {
        begins[static_cast<std::size_t>(j)] = first + j * cut.stretch_frames;
        begins[static_cast<std::size_t>(stretches + j)] = second + j * cut.stretch_frames;
    }
    std::vector<KWeightedColumns::Energies> sums(cut.lengths.size());
    filter_.sum_squares(begins, cut.lengths, sums);
    for (std::size_t j = 0; j < stretches; ++j) {
        double* energy = energies.data() + static_cast<std::int64_t>(j) * cut.stretch_steps;
        for (std::size_t i = 0; i < sums.size(); ++i) {
            const bool is_behind_the_end = i == cut.divided + 1 && j == cut.end_stretch;
            if (!is_behind_the_end) *energy += weights[0] * sums[i][j] + weights[1] * sums[i][stretches + j];
            if (i != cut.divided) ++energy;
        }
    }
}

}  // namespace dubplate
