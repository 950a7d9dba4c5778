#include "analysis/mono_mix.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace dubplate {

namespace {

constexpr std::int64_t chunk_frames = 1024;
constexpr std::int64_t measured_step = 4;  // every fourth frame tells the level well enough
constexpr double fading = 0.98;            // of the levels from chunk to chunk: about a second at 44.1 kHz
constexpr double much_louder = 16;         // 12 dB
constexpr double louder = 4;               // 6 dB

float finite_or_zero(float value) {
    return value - value == 0.0f ? value : 0.0f;  // what is not finite less itself is not 0
}

// In lanes, which the compiler lays side by side: a maximum does not depend on the order.
float largest(std::span<const float> samples) {
    std::array<float, 16> lanes{};
    std::size_t i = 0;
    for (; i + lanes.size() <= samples.size(); i += lanes.size())
        for (std::size_t lane = 0; lane < lanes.size(); ++lane)
            lanes[lane] = std::max(lanes[lane], std::abs(samples[i + lane]));
    for (; i < samples.size(); ++i) lanes[0] = std::max(lanes[0], std::abs(samples[i]));
    return *std::ranges::max_element(lanes);
}

void mean_of_all(BlockView<const float> block, std::vector<float>& mono) {
    std::ranges::fill(mono, 0.0f);
    for (int c = 0; c < block.channels(); ++c) {
        const std::span<const float> samples = block.channel(c);
        for (std::size_t i = 0; i < mono.size(); ++i) mono[i] += samples[i];
    }
    const float share = 1.0f / static_cast<float>(block.channels());
    for (float& sample : mono) sample = finite_or_zero(sample * share);
}

}  // namespace

void MonoMix::decide() {
    sum_level_ = fading * sum_level_ + sum_energy_;
    difference_level_ = fading * difference_level_ + difference_energy_;
    sum_energy_ = 0;
    difference_energy_ = 0;
    share_before_ = share_;
    const double needed = share_ > 0 ? louder : much_louder;
    share_ = difference_level_ > needed * sum_level_ ? 1.0f : 0.0f;
}

void MonoMix::mix_pair(const float* left, const float* right, float* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) to[i] = finite_or_zero((left[i] + right[i]) * 0.5f);
    const auto begin = static_cast<std::size_t>((measured_step - in_chunk_ % measured_step) % measured_step);
    for (std::size_t i = begin; i < count; i += measured_step) {
        const auto difference = static_cast<double>(finite_or_zero((left[i] - right[i]) * 0.5f));
        sum_energy_ += static_cast<double>(to[i]) * static_cast<double>(to[i]);
        difference_energy_ += difference * difference;
    }
    if (share_ == 0 && share_before_ == 0) return;
    for (std::size_t i = 0; i < count; ++i) {
        const float place = static_cast<float>(in_chunk_ + static_cast<std::int64_t>(i)) / chunk_frames;
        const float share = share_before_ + (share_ - share_before_) * place;
        to[i] += share * (finite_or_zero((left[i] - right[i]) * 0.5f) - to[i]);
    }
}

void MonoMix::process(BlockView<const float> block, std::vector<float>& mono) {
    mono.resize(static_cast<std::size_t>(block.frames()));
    if (block.channels() == 2) {
        for (std::int64_t at = 0; at < block.frames();) {
            const std::int64_t count = std::min(block.frames() - at, chunk_frames - in_chunk_);
            mix_pair(block.channel(0).data() + at, block.channel(1).data() + at, mono.data() + at,
                     static_cast<std::size_t>(count));
            at += count;
            in_chunk_ += count;
            if (in_chunk_ < chunk_frames) continue;
            in_chunk_ = 0;
            decide();
        }
    } else {
        mean_of_all(block, mono);
    }
    peak_ = std::max(peak_, largest(mono));
}

}  // namespace dubplate
