#include "audio/nodes/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "audio/kernels/samples.h"
#include "core/units.h"

namespace dubplate {

namespace {

// What is looked at together: where nothing in it is loud, or nothing audible, no sample is looked at by itself.
constexpr std::int64_t part_frames = 1024;

// The greatest positive sample of so many bits. More than 16 would take a slope of the loudest bit for clipping.
float greatest_sample(int bits) {
    const int told = bits > 0 ? std::clamp(bits, 2, 16) : 16;
    return 1.0F - std::ldexp(1.0F, 1 - told);
}

float largest_magnitude(const float* samples, std::int64_t frames) {
    float largest = 0;
    for (std::int64_t i = 0; i < frames; ++i) largest = std::max(largest, std::abs(samples[i]));
    return largest;
}

constexpr std::int64_t lanes = 8;

double sum_of(const std::array<double, lanes>& sums) {
    return std::accumulate(sums.begin(), sums.end(), 0.0);
}

// Each frame goes to the lane of its place in the stream, so that every lane adds the same numbers in the same order
// however the stream is cut; whole rows of lanes go through the processor's vectors.
template <class Add>
void in_lanes(std::int64_t position, std::int64_t frames, Add add) {
    std::int64_t i = 0;
    for (; i < frames && (position + i) % lanes != 0; ++i)
        add(i, static_cast<std::size_t>((position + i) % lanes));
    for (; i + lanes <= frames; i += lanes)
        for (std::int64_t lane = 0; lane < lanes; ++lane) add(i + lane, static_cast<std::size_t>(lane));
    for (std::size_t lane = 0; i < frames; ++i, ++lane) add(i, lane);
}

}  // namespace

StatisticsMeter::StatisticsMeter(int bits)
    : full_scale_(greatest_sample(bits)), audible_(static_cast<float>(db_to_gain(silence_dbfs))) {}

Status StatisticsMeter::start(const StreamFormat& format) {
    if (format.channels < 1 || format.channels > max_channels)
        return fail(ErrorCode::unsupported, fmt::format("{} channels cannot be measured, only 1 to {}",
                                                        format.channels, max_channels));
    channels_.assign(static_cast<std::size_t>(format.channels), {});
    finite_ = BlockBuffer<float>(format.channels, part_frames);
    return {};
}

Status StatisticsMeter::process(BlockView<const float> block) {
    for (std::int64_t begin = 0; begin < block.frames();) {
        // Parts begin at multiples of their length, and lanes with them, however the stream is cut.
        const std::int64_t frames = std::min(part_frames - position_ % part_frames, block.frames() - begin);
        take(SubBlock<const float>(block, begin, frames).view());
        begin += frames;
    }
    return {};
}

void StatisticsMeter::take(BlockView<const float> block) {
    const std::int64_t frames = block.frames();
    bool all_are_finite = true;
    for (int c = 0; c < block.channels(); ++c)
        all_are_finite = all_are_finite && all_finite(block.channel(c).data(), frames);
    if (!all_are_finite) {
        for (int c = 0; c < block.channels(); ++c)
            scale_finite(block.channel(c).data(), finite_.channel(c).data(), frames, 1);
        block = finite_.const_view(frames);
    }
    float loudest = 0;
    for (int c = 0; c < block.channels(); ++c) {
        const float* samples = block.channel(c).data();
        Channel& channel = channels_[static_cast<std::size_t>(c)];
        const float magnitude = largest_magnitude(samples, frames);
        loudest = std::max(loudest, magnitude);
        add_channel(samples, frames, channel);
        if (magnitude >= full_scale_) {
            find_clipping(samples, frames, channel);
        } else {
            close_run(channel, position_);
        }
    }
    if (block.channels() == 2) add_products(block.channel(0).data(), block.channel(1).data(), frames);
    if (loudest > audible_) find_silence(block, first_audible_ < 0);
    peak_ = std::max(peak_, loudest);
    position_ += frames;
}

void StatisticsMeter::add_channel(const float* samples, std::int64_t frames, Channel& channel) {
    in_lanes(position_, frames, [&](std::int64_t i, std::size_t lane) {
        const auto sample = static_cast<double>(samples[i]);
        channel.sums[lane] += sample;
        channel.squares[lane] += sample * sample;
    });
}

void StatisticsMeter::add_products(const float* left, const float* right, std::int64_t frames) {
    in_lanes(position_, frames, [&](std::int64_t i, std::size_t lane) {
        products_[lane] += static_cast<double>(left[i]) * static_cast<double>(right[i]);
    });
}

void StatisticsMeter::find_clipping(const float* samples, std::int64_t frames, Channel& channel) {
    for (std::int64_t i = 0; i < frames; ++i) {
        if (std::abs(samples[i]) >= full_scale_) {
            ++channel.run_frames;
        } else {
            close_run(channel, position_ + i);
        }
    }
}

void StatisticsMeter::close_run(Channel& channel, std::int64_t end_frame) {
    const std::int64_t frames = std::exchange(channel.run_frames, 0);
    if (frames < clipped_run_frames) return;
    ClippedRuns& clipping = result_.clipping;
    const std::int64_t begin = end_frame - frames;
    clipping.first_frame = clipping.runs == 0 ? begin : std::min(clipping.first_frame, begin);
    clipping.longest_frames = std::max(clipping.longest_frames, frames);
    clipping.samples += frames;
    ++clipping.runs;
}

// The part holds something audible. The last place is always looked for, the first one once.
void StatisticsMeter::find_silence(BlockView<const float> block, bool is_first) {
    const auto is_audible = [&](std::int64_t frame) {
        for (int c = 0; c < block.channels(); ++c)
            if (std::abs(block.channel(c).data()[frame]) > audible_) return true;
        return false;
    };
    std::int64_t last = block.frames() - 1;
    while (!is_audible(last)) --last;
    last_audible_ = position_ + last;
    if (!is_first) return;
    std::int64_t first = 0;
    while (!is_audible(first)) ++first;
    first_audible_ = position_ + first;
}

Status StatisticsMeter::finish() {
    double squares = 0;
    for (Channel& channel : channels_) {
        close_run(channel, position_);
        squares += sum_of(channel.squares);
        const double mean = position_ > 0 ? sum_of(channel.sums) / static_cast<double>(position_) : 0;
        if (std::abs(mean) > std::abs(result_.dc_offset)) result_.dc_offset = mean;
    }
    result_.frames = position_;
    result_.peak = static_cast<double>(peak_);
    const double samples = static_cast<double>(position_) * static_cast<double>(channels_.size());
    if (samples > 0) result_.rms = std::sqrt(squares / samples);
    if (channels_.size() == 2) {
        const double energy = std::sqrt(sum_of(channels_[0].squares) * sum_of(channels_[1].squares));
        if (energy > 0) result_.correlation = std::clamp(sum_of(products_) / energy, -1.0, 1.0);
    }
    const bool is_silent = first_audible_ < 0;
    result_.leading_silence_frames = is_silent ? position_ : first_audible_;
    result_.trailing_silence_frames = is_silent ? 0 : position_ - 1 - last_audible_;
    return {};
}

}  // namespace dubplate
