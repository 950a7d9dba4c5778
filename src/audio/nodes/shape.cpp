#include "audio/nodes/shape.h"
#include "audio/kernels/mixing.h"
#include "core/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace dubplate {

namespace {

// 0 before the first frame, 1 at `length`: half a period of a cosine.
double raised_cosine(std::int64_t frame, std::int64_t length) {
    if (frame >= length) return 1;
    return 0.5 - 0.5 * std::cos(std::numbers::pi * static_cast<double>(frame) / static_cast<double>(length));
}

enum class Speaker { left, right, center, lfe, surround_left, surround_right, surround_center };

std::vector<Speaker> speakers_of(int channels) {
    using enum Speaker;
    switch (channels) {
        case 1:
            return {center};
        case 2:
            return {left, right};
        case 3:
            return {left, right, center};
        case 4:
            return {left, right, surround_left, surround_right};
        case 5:
            return {left, right, center, surround_left, surround_right};
        case 6:
            return {left, right, center, lfe, surround_left, surround_right};
        case 7:
            return {left, right, center, lfe, surround_center, surround_left, surround_right};
        default:
            return {left, right, center, lfe, surround_left, surround_right, surround_left, surround_right};
    }
}

// ITU-R BS.775-4 Annex 4 Table 2: how much of a speaker goes to the left (side -1) and the right (side 1).
double stereo_weight(Speaker speaker, int side) {
    constexpr double minus_3_db = std::numbers::sqrt2 / 2;
    switch (speaker) {
        case Speaker::left:
            return side < 0 ? 1 : 0;
        case Speaker::right:
            return side > 0 ? 1 : 0;
        case Speaker::center:
            return minus_3_db;
        case Speaker::surround_left:
            return side < 0 ? minus_3_db : 0;
        case Speaker::surround_right:
            return side > 0 ? minus_3_db : 0;
        case Speaker::surround_center:
            return 0.5;
        case Speaker::lfe:
            return 0;
    }
    return 0;
}

std::vector<double> stereo_row(int channels, int side) {
    if (channels == 1) return {1};
    std::vector<double> row;
    for (const Speaker speaker : speakers_of(channels)) row.push_back(stereo_weight(speaker, side));
    const double sum = std::accumulate(row.begin(), row.end(), 0.0);
    for (double& weight : row) weight /= sum;
    return row;
}

std::vector<std::vector<double>> fold_matrix(int channels, int target) {
    std::vector<double> left = stereo_row(channels, -1);
    const std::vector<double> right = stereo_row(channels, 1);
    if (target == 2) return {left, right};
    for (std::size_t i = 0; i < left.size(); ++i) left[i] = (left[i] + right[i]) / 2;
    return {left};
}

}  // namespace

Region::Region(std::int64_t begin_frame, std::int64_t end_frame) : begin_(begin_frame), end_(end_frame) {}

Status Region::start(const StreamFormat& format) {
    return outputs_.start(format);
}

Status Region::process(BlockView<const float> block) {
    const std::int64_t begin = std::clamp<std::int64_t>(begin_ - position_, 0, block.frames());
    const std::int64_t end = std::clamp<std::int64_t>(end_ - position_, begin, block.frames());
    position_ += block.frames();
    if (begin == end) return {};
    return outputs_.process(SubBlock<const float>(block, begin, end - begin).view());
}

Status Region::finish() {
    return outputs_.finish();
}

Fades::Fades(std::int64_t fade_in_frames, std::int64_t fade_out_frames, std::int64_t total_frames)
    : fade_in_(fade_in_frames), fade_out_(fade_out_frames), total_(total_frames) {}

Status Fades::start(const StreamFormat& format) {
    buffer_ = BlockBuffer<float>(format.channels, block_frames);
    return outputs_.start(format);
}

Status Fades::process(BlockView<const float> block) {
    for (std::int64_t begin = 0; begin < block.frames(); begin += block_frames) {
        const std::int64_t frames = std::min(block_frames, block.frames() - begin);
        const SubBlock<const float> part(block, begin, frames);
        const bool touches = position_ < fade_in_ || position_ + frames > total_ - fade_out_;
        if (!touches) {
            DUBPLATE_CHECK(outputs_.process(part.view()));
        } else {
            for (std::int64_t i = 0; i < frames; ++i) {
                const std::int64_t left = std::max<std::int64_t>(total_ - 1 - (position_ + i), 0);
                const double gain = raised_cosine(position_ + i, fade_in_) * raised_cosine(left, fade_out_);
                for (int c = 0; c < block.channels(); ++c)
                    buffer_.channel(c).data()[i] =
                        static_cast<float>(static_cast<double>(part.view().channel(c).data()[i]) * gain);
            }
            DUBPLATE_CHECK(outputs_.process(buffer_.const_view(frames)));
        }
        position_ += frames;
    }
    return {};
}

Status Fades::finish() {
    return outputs_.finish();
}

ChannelFold::ChannelFold(int target_channels) : target_(target_channels) {}

Status ChannelFold::start(const StreamFormat& format) {
    if (target_ != 1 && target_ != 2)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("cannot fold to {} channels, only to 1 or 2", target_));
    if (format.channels < 1 || format.channels > max_channels)
        return fail(ErrorCode::unsupported,
                    fmt::format("cannot fold {} channels, only 1 to {}", format.channels, max_channels));
    if (format.channels != target_) matrix_ = fold_matrix(format.channels, target_);
    buffer_ = BlockBuffer<float>(target_, block_frames);
    return outputs_.start({format.sample_rate_hz, target_});
}

Status ChannelFold::process(BlockView<const float> block) {
    if (matrix_.empty()) return outputs_.process(block);
    for (std::int64_t begin = 0; begin < block.frames(); begin += block_frames) {
        const std::int64_t frames = std::min(block_frames, block.frames() - begin);
        const SubBlock<const float> part(block, begin, frames);
        for (int target = 0; target < target_; ++target)
            mix_channels(part.view().pointers(), matrix_[static_cast<std::size_t>(target)],
                         buffer_.channel(target).data(), frames);
        DUBPLATE_CHECK(outputs_.process(buffer_.const_view(frames)));
    }
    return {};
}

Status ChannelFold::finish() {
    return outputs_.finish();
}

SilenceFinder::SilenceFinder(double threshold_dbfs)
    : threshold_(static_cast<float>(db_to_gain(threshold_dbfs))) {}

Status SilenceFinder::start(const StreamFormat&) {
    return {};
}

Status SilenceFinder::process(BlockView<const float> block) {
    for (int c = 0; c < block.channels(); ++c) {
        const std::span<const float> samples = block.channel(c);
        const auto is_audible = [&](float sample) { return std::abs(sample) > threshold_; };
        const auto first = std::find_if(samples.begin(), samples.end(), is_audible);
        if (first == samples.end()) continue;
        const auto last = std::find_if(samples.rbegin(), samples.rend(), is_audible);
        const std::int64_t first_frame = position_ + (first - samples.begin());
        if (first_ < 0 || first_frame < first_) first_ = first_frame;
        last_ = std::max<std::int64_t>(last_, position_ + (last.base() - samples.begin()) - 1);
    }
    position_ += block.frames();
    return {};
}

Status SilenceFinder::finish() {
    return {};
}

}  // namespace dubplate
