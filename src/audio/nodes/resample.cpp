#include "audio/nodes/resample.h"
#include "core/units.h"

#include <fmt/format.h>
#include <soxr.h>

#include <algorithm>
#include <array>

namespace dubplate {

namespace {

constexpr int lowest_rate_hz = 1'000;
constexpr int highest_rate_hz = 768'000;

struct CloseSoxr {
    void operator()(soxr* handle) const { soxr_delete(handle); }
};

Status check_rate(int rate_hz) {
    if (rate_hz >= lowest_rate_hz && rate_hz <= highest_rate_hz) return {};
    return fail(ErrorCode::unsupported, fmt::format("cannot resample at {} Hz, only at {} to {} Hz", rate_hz,
                                                    lowest_rate_hz, highest_rate_hz));
}

}  // namespace

struct Resampler::Impl {
    // libsoxr's results depend in their last bits on how its input is cut, so it always sees whole blocks.
    Status feed(Outputs<float>& outputs);

    int target_rate_hz = 0;
    StreamFormat format;
    bool is_idle = false;
    std::unique_ptr<soxr, CloseSoxr> handle;
    BlockBuffer<float> input;
    BlockBuffer<float> output;
    std::int64_t staged = 0;
    std::int64_t frames_in = 0;
    std::int64_t frames_out = 0;
    std::int64_t frames_wanted = std::numeric_limits<std::int64_t>::max();  // known at the end
};

Resampler::Resampler(int target_rate_hz) : impl_(std::make_unique<Impl>()) {
    impl_->target_rate_hz = target_rate_hz;
}
Resampler::~Resampler() = default;

Status Resampler::start(const StreamFormat& format) {
    impl_->format = format;
    impl_->is_idle = format.sample_rate_hz == impl_->target_rate_hz;
    if (!impl_->is_idle) {
        DUBPLATE_CHECK(check_rate(format.sample_rate_hz));
        DUBPLATE_CHECK(check_rate(impl_->target_rate_hz));
        const soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT32_S, SOXR_FLOAT32_S);
        const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_VHQ, 0);
        const soxr_runtime_spec_t runtime = soxr_runtime_spec(1);  // its OpenMP threads spin
        soxr_error_t error = nullptr;
        impl_->handle.reset(soxr_create(format.sample_rate_hz, impl_->target_rate_hz,
                                        static_cast<unsigned>(format.channels), &error, &io, &quality,
                                        &runtime));
        if (error != nullptr || !impl_->handle)
            return fail(ErrorCode::internal,
                        fmt::format("libsoxr cannot go from {} to {} Hz: {}", format.sample_rate_hz,
                                    impl_->target_rate_hz, error != nullptr ? error : "no reason given"));
        impl_->input = BlockBuffer<float>(format.channels, block_frames);
        impl_->output = BlockBuffer<float>(format.channels, block_frames);
    }
    return outputs_.start({impl_->target_rate_hz, format.channels});
}

Status Resampler::Impl::feed(Outputs<float>& outputs) {
    std::array<const float*, max_channels> from{};
    std::array<float*, max_channels> to{};
    std::size_t used = 0;
    std::size_t made = 0;
    do {
        for (int c = 0; c < format.channels; ++c) {
            from[static_cast<std::size_t>(c)] = input.channel(c).data() + used;
            to[static_cast<std::size_t>(c)] = output.channel(c).data();
        }
        std::size_t taken = 0;
        const auto left = static_cast<std::size_t>(block_frames) - used;
        const soxr_error_t error = soxr_process(handle.get(), left > 0 ? from.data() : nullptr, left, &taken,
                                                to.data(), static_cast<std::size_t>(block_frames), &made);
        if (error != nullptr) return fail(ErrorCode::internal, fmt::format("libsoxr failed: {}", error));
        used += taken;
        const std::int64_t frames = std::min(static_cast<std::int64_t>(made), frames_wanted - frames_out);
        DUBPLATE_CHECK(outputs.process(output.const_view(frames)));
        frames_out += frames;
    } while (used < static_cast<std::size_t>(block_frames));
    staged = 0;
    return {};
}

Status Resampler::process(BlockView<const float> block) {
    Impl& impl = *impl_;
    if (impl.is_idle) return outputs_.process(block);
    impl.frames_in += block.frames();
    for (std::int64_t begin = 0; begin < block.frames();) {
        const std::int64_t frames = std::min(block_frames - impl.staged, block.frames() - begin);
        for (int c = 0; c < block.channels(); ++c)
            std::copy_n(block.channel(c).data() + begin, frames, impl.input.channel(c).data() + impl.staged);
        begin += frames;
        impl.staged += frames;
        if (impl.staged == block_frames) DUBPLATE_CHECK(impl.feed(outputs_));
    }
    return {};
}

Status Resampler::finish() {
    Impl& impl = *impl_;
    if (impl.is_idle) return outputs_.finish();
    impl.frames_wanted = resampled_frames(impl.frames_in, impl.format.sample_rate_hz, impl.target_rate_hz);
    // Silence follows the stream until all that was asked for has come out: libsoxr's own end rounds lengths otherwise.
    while (impl.frames_out < impl.frames_wanted) {
        for (int c = 0; c < impl.format.channels; ++c)
            std::fill(impl.input.channel(c).begin() + impl.staged, impl.input.channel(c).end(), 0.0f);
        DUBPLATE_CHECK(impl.feed(outputs_));
    }
    return outputs_.finish();
}

}  // namespace dubplate
