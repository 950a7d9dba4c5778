#include "audio/nodes/quantizer.h"
#include "audio/kernels/samples.h"
#include "audio/nodes/noise_shaping.h"
#include "core/prng.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace dubplate {

namespace {

// Adding and taking away this number rounds to the nearest integer, halves to even.
constexpr double rounding = 0x1.8p52;

double rounded(double value) {
    return (value + rounding) - rounding;
}

struct Range {
    double scale = 0;
    double lowest = 0;
    double highest = 0;

    // In LSB. What is far past full scale, infinities too, stays a number; what is none is silence.
    double scaled(float sample) const {
        const auto value = static_cast<double>(sample);
        return std::isnan(value) ? 0.0 : std::clamp(value, -4.0, 4.0) * scale;
    }
    std::int32_t saturated(double value, std::int64_t& over) const {
        over += value > highest || value < lowest ? 1 : 0;
        return static_cast<std::int32_t>(std::clamp(value, lowest, highest));
    }
};

}  // namespace

struct Quantizer::Impl {
    struct Lane {
        Random noise;
        ShapingFilter errors{};  // the newest first
    };

    explicit Impl(QuantizerSettings settings_in) : settings(settings_in) {}

    void quantize_shaped(Lane& lane, const float* from, std::int32_t* to, std::int64_t frames);

    QuantizerSettings settings;
    ShapingFilter shaping{};
    Range range;
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
    const double scale = std::ldexp(1.0, bits - 1);
    impl_->range = {.scale = scale, .lowest = -scale, .highest = scale - 1};
    impl_->shaping = shaping_filter(format.sample_rate_hz);
    for (int c = 0; c < format.channels; ++c)
        impl_->lanes.push_back({Random(impl_->settings.seed, static_cast<std::uint64_t>(c))});
    impl_->buffer = BlockBuffer<std::int32_t>(format.channels, block_frames);
    return outputs_.start(format);
}

void Quantizer::Impl::quantize_shaped(Lane& lane, const float* from, std::int32_t* to, std::int64_t frames) {
    const Range limits = range;
    const ShapingFilter taps = shaping;
    ShapingFilter errors = lane.errors;
    std::int64_t over = 0;
    for (std::int64_t i = 0; i < frames; ++i) {
        double wanted = limits.scaled(from[i]);
        // The newest error comes last, and alone: all before it is summed while the frame before is still rounded.
        for (std::size_t tap = shaping_taps - 1; tap > 0; --tap) {
            wanted += taps[tap] * errors[tap];
            errors[tap] = errors[tap - 1];
        }
        wanted += taps[0] * errors[0];
        const double value =
            rounded(wanted + lane.noise.triangular(static_cast<std::uint64_t>(position + i)));
        // The error before clipping: it stays within 1.5 LSB, so nothing can run away.
        errors[0] = value - wanted;
        to[i] = limits.saturated(value, over);
    }
    lane.errors = errors;
    clipped += over;
}

Status Quantizer::process(BlockView<const float> block) {
    Impl& impl = *impl_;
    for (std::int64_t begin = 0; begin < block.frames(); begin += block_frames) {
        const std::int64_t frames = std::min(block_frames, block.frames() - begin);
        for (int c = 0; c < block.channels(); ++c) {
            Impl::Lane& lane = impl.lanes[static_cast<std::size_t>(c)];
            const float* from = block.channel(c).data() + begin;
            std::int32_t* to = impl.buffer.channel(c).data();
            if (impl.settings.dither == Dither::shaped) {
                impl.quantize_shaped(lane, from, to, frames);
            } else {
                const Random* noise = impl.settings.dither == Dither::tpdf ? &lane.noise : nullptr;
                impl.clipped += quantize(from, to, frames, impl.settings.bits, noise,
                                         static_cast<std::uint64_t>(impl.position));
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
