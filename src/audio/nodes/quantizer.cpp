#include "audio/nodes/quantizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "audio/nodes/noise_shaping.h"
#include "core/prng.h"

namespace dubplate {

namespace {

// Adding and taking away this number rounds to the nearest integer, halves to even.
constexpr double rounding = 0x1.8p52;

double rounded(double value) {
    return (value + rounding) - rounding;
}

}  // namespace

struct Quantizer::Impl {
    struct Lane {
        Random noise;
        std::array<double, shaping_taps> errors{};  // the newest first
    };

    explicit Impl(QuantizerSettings settings_in) : settings(settings_in) {}

    template <bool dithered>
    void quantize(const Lane& lane, const float* from, std::int32_t* to, std::int64_t frames);
    void quantize_shaped(Lane& lane, const float* from, std::int32_t* to, std::int64_t frames);
    std::int32_t saturate(double value);

    QuantizerSettings settings;
    ShapingFilter shaping{};
    double scale = 0;
    double lowest = 0;
    double highest = 0;
    std::vector<Lane> lanes;
    BlockBuffer<std::int32_t> buffer;
    std::int64_t position = 0;
    std::int64_t clipped = 0;
};

Quantizer::Quantizer(QuantizerSettings settings) : impl_(std::make_unique<Impl>(settings)) {}
Quantizer::~Quantizer() = default;

Status Quantizer::start(const StreamFormat& format) {
    const int bits = impl_->settings.bits;
    if (bits != 16 && bits != 24 && bits != 32)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("cannot quantize to {} bits, only to 16, 24 or 32", bits));
    if (bits == 32) impl_->settings.dither = Dither::none;
    impl_->scale = std::ldexp(1.0, bits - 1);
    impl_->lowest = -impl_->scale;
    impl_->highest = impl_->scale - 1;
    impl_->shaping = shaping_filter(format.sample_rate_hz);
    for (int c = 0; c < format.channels; ++c)
        impl_->lanes.push_back({Random(impl_->settings.seed, static_cast<std::uint64_t>(c))});
    impl_->buffer = BlockBuffer<std::int32_t>(format.channels, block_frames);
    return outputs_.start(format);
}

std::int32_t Quantizer::Impl::saturate(double value) {
    const bool is_over = value > highest || value < lowest;
    clipped += is_over ? 1 : 0;
    return static_cast<std::int32_t>(std::clamp(value, lowest, highest));
}

template <bool dithered>
void Quantizer::Impl::quantize(const Lane& lane, const float* from, std::int32_t* to, std::int64_t frames) {
    for (std::int64_t i = 0; i < frames; ++i) {
        const double sample = std::isnan(from[i]) ? 0.0 : static_cast<double>(from[i]);
        double value = std::clamp(sample, -4.0, 4.0) * scale;
        if constexpr (dithered) value += lane.noise.triangular(static_cast<std::uint64_t>(position + i));
        to[i] = saturate(rounded(value));
    }
}

void Quantizer::Impl::quantize_shaped(Lane& lane, const float* from, std::int32_t* to, std::int64_t frames) {
    for (std::int64_t i = 0; i < frames; ++i) {
        const double sample = std::isnan(from[i]) ? 0.0 : static_cast<double>(from[i]);
        double wanted = std::clamp(sample, -4.0, 4.0) * scale;
        for (std::size_t tap = 0; tap < shaping_taps; ++tap) wanted += shaping[tap] * lane.errors[tap];
        const double value =
            rounded(wanted + lane.noise.triangular(static_cast<std::uint64_t>(position + i)));
        std::copy_backward(lane.errors.begin(), lane.errors.end() - 1, lane.errors.end());
        // The error before clipping: it stays within 1.5 LSB, so nothing can run away.
        lane.errors[0] = value - wanted;
        to[i] = saturate(value);
    }
}

Status Quantizer::process(BlockView<const float> block) {
    Impl& impl = *impl_;
    for (std::int64_t begin = 0; begin < block.frames(); begin += block_frames) {
        const std::int64_t frames = std::min(block_frames, block.frames() - begin);
        for (int c = 0; c < block.channels(); ++c) {
            Impl::Lane& lane = impl.lanes[static_cast<std::size_t>(c)];
            const float* from = block.channel(c).data() + begin;
            std::int32_t* to = impl.buffer.channel(c).data();
            switch (impl.settings.dither) {
                case Dither::none:
                    impl.quantize<false>(lane, from, to, frames);
                    break;
                case Dither::tpdf:
                    impl.quantize<true>(lane, from, to, frames);
                    break;
                case Dither::shaped:
                    impl.quantize_shaped(lane, from, to, frames);
                    break;
            }
        }
        impl.position += frames;
        DUBPLATE_CHECK(outputs_.process(impl.buffer.const_view(frames)));
    }
    return {};
}

Status Quantizer::finish() {
    return outputs_.finish();
}

std::int64_t Quantizer::clipped_samples() const {
    return impl_->clipped;
}

}  // namespace dubplate
