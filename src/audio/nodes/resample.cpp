#include "audio/nodes/resample.h"

#include <fmt/format.h>

#include <algorithm>

#include "audio/kernels/polyphase.h"
#include "audio/nodes/rate_converter.h"
#include "core/units.h"

namespace dubplate {

namespace {

constexpr int lowest_rate_hz = 1'000;
constexpr int highest_rate_hz = 768'000;
// What stands behind a resampler is no faster than this many of its threads, and windows grow with them.
constexpr int most_threads = 4;

Status check_rate(int rate_hz) {
    if (rate_hz >= lowest_rate_hz && rate_hz <= highest_rate_hz) return {};
    return fail(ErrorCode::unsupported, fmt::format("cannot resample at {} Hz, only at {} to {} Hz", rate_hz,
                                                    lowest_rate_hz, highest_rate_hz));
}

Result<std::unique_ptr<RateConverter>> make_converter(const StreamFormat& from, int to_hz, int threads,
                                                      bool is_ratio) {
    if (!is_ratio) {
        DUBPLATE_CHECK(check_rate(from.sample_rate_hz));
        DUBPLATE_CHECK(check_rate(to_hz));
    }
    if (PolyphaseFilter::suits(from.sample_rate_hz, to_hz))
        return make_polyphase_converter(from, to_hz, threads);
    return make_soxr_converter(from, to_hz);
}

}  // namespace

struct Resampler::Impl {
    // What of a block has room in the window is taken; a full window is converted.
    Status take(BlockView<const float> block, Outputs<float>& outputs);
    Status convert_window(Outputs<float>& outputs);
    RateConverter::Emit pass_to(Outputs<float>& outputs);

    int target_rate_hz = 0;
    int threads = 1;
    bool is_ratio = false;
    StreamFormat format;
    std::unique_ptr<RateConverter> converter;  // null: equal rates
    BlockBuffer<float> window;
    std::int64_t filled = 0;
    std::int64_t frames_in = 0;
    std::int64_t frames_out = 0;
    std::int64_t frames_wanted = std::numeric_limits<std::int64_t>::max();  // known at the end
};

Resampler::Resampler(int target_rate_hz, int threads, bool is_ratio) : impl_(std::make_unique<Impl>()) {
    impl_->target_rate_hz = target_rate_hz;
    impl_->threads = std::clamp(threads, 1, most_threads);
    impl_->is_ratio = is_ratio;
}
Resampler::~Resampler() = default;

Status Resampler::start(const StreamFormat& format) {
    Impl& impl = *impl_;
    impl.format = format;
    if (format.sample_rate_hz != impl.target_rate_hz) {
        DUBPLATE_TRY(impl.converter,
                     make_converter(format, impl.target_rate_hz, impl.threads, impl.is_ratio));
        impl.window = BlockBuffer<float>(format.channels, impl.converter->window_frames());
        impl.filled = impl.converter->lead_frames();
    }
    return outputs_.start({impl.target_rate_hz, format.channels});
}

// Of what the converter makes, as much as is wanted goes on.
RateConverter::Emit Resampler::Impl::pass_to(Outputs<float>& outputs) {
    return [this, &outputs](BlockView<const float> made) {
        const std::int64_t frames = std::min(made.frames(), frames_wanted - frames_out);
        frames_out += frames;
        return outputs.process(SubBlock(made, 0, frames).view());
    };
}

Status Resampler::Impl::take(BlockView<const float> block, Outputs<float>& outputs) {
    for (std::int64_t begin = 0; begin < block.frames();) {
        const std::int64_t frames = std::min(window.capacity() - filled, block.frames() - begin);
        for (int c = 0; c < block.channels(); ++c)
            std::copy_n(block.channel(c).data() + begin, frames, window.channel(c).data() + filled);
        begin += frames;
        filled += frames;
        if (filled == window.capacity()) DUBPLATE_CHECK(convert_window(outputs));
    }
    return {};
}

Status Resampler::Impl::convert_window(Outputs<float>& outputs) {
    const std::int64_t wanted = frames_wanted - frames_out - converter->pending_frames();
    DUBPLATE_CHECK(converter->convert(window.const_view(filled), wanted, pass_to(outputs)));
    const std::int64_t kept = converter->kept_frames();
    for (int c = 0; c < format.channels; ++c)
        std::copy_n(window.channel(c).data() + filled - kept, kept, window.channel(c).data());
    filled = kept;
    return {};
}

Status Resampler::process(BlockView<const float> block) {
    if (!impl_->converter) return outputs_.process(block);
    impl_->frames_in += block.frames();
    return impl_->take(block, outputs_);
}

Status Resampler::finish() {
    Impl& impl = *impl_;
    if (!impl.converter) return outputs_.finish();
    impl.frames_wanted = resampled_frames(impl.frames_in, impl.format.sample_rate_hz, impl.target_rate_hz);
    // Silence follows the stream until all that was asked for has come out.
    while (impl.frames_out + impl.converter->pending_frames() < impl.frames_wanted) {
        for (int c = 0; c < impl.format.channels; ++c)
            std::fill(impl.window.channel(c).begin() + impl.filled, impl.window.channel(c).end(), 0.0f);
        impl.filled = impl.window.capacity();
        DUBPLATE_CHECK(impl.convert_window(outputs_));
    }
    DUBPLATE_CHECK(impl.converter->flush(impl.pass_to(outputs_)));
    return outputs_.finish();
}

}  // namespace dubplate
