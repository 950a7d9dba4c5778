#include "audio/nodes/pictures.h"
#include "audio/kernels/mixing.h"
#include "audio/nodes/real_fft.h"
#include "core/units.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <optional>
#include <span>

namespace dubplate {

struct WaveformPicture::Impl {
    void join_neighbors();

    std::size_t most = 0;  // even
    int sample_rate_hz = 0;
    std::int64_t stretch = 1;  // frames for each column
    std::int64_t filled = 0;   // frames in the column that is being filled
    std::int64_t frames = 0;
    WaveformColumn current;
    std::vector<WaveformColumn> columns;
};

namespace {

WaveformColumn joined(WaveformColumn a, WaveformColumn b) {
    return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

WaveformColumn extremes(BlockView<const float> block, std::int64_t begin, std::int64_t frames) {
    SampleRange all{block.channel(0).data()[begin], block.channel(0).data()[begin]};
    for (int c = 0; c < block.channels(); ++c) all = widened(all, block.channel(c).data() + begin, frames);
    return {all.low, all.high};
}

}  // namespace

void WaveformPicture::Impl::join_neighbors() {
    for (std::size_t i = 0; i < most / 2; ++i) columns[i] = joined(columns[2 * i], columns[2 * i + 1]);
    columns.resize(most / 2);
    stretch *= 2;
}

WaveformPicture::WaveformPicture(int columns) : impl_(std::make_unique<Impl>()) {
    impl_->most = static_cast<std::size_t>(std::max(columns, 2) / 2 * 2);
}
WaveformPicture::~WaveformPicture() = default;

Status WaveformPicture::start(const StreamFormat& format) {
    impl_->sample_rate_hz = format.sample_rate_hz;
    return {};
}

Status WaveformPicture::process(BlockView<const float> block) {
    Impl& impl = *impl_;
    for (std::int64_t begin = 0; begin < block.frames();) {
        // Only when another frame comes: a stream that fills the columns exactly keeps all of them.
        if (impl.columns.size() == impl.most) impl.join_neighbors();
        const std::int64_t frames = std::min(impl.stretch - impl.filled, block.frames() - begin);
        const WaveformColumn part = extremes(block, begin, frames);
        impl.current = impl.filled == 0 ? part : joined(impl.current, part);
        impl.filled += frames;
        begin += frames;
        if (impl.filled < impl.stretch) continue;
        impl.columns.push_back(impl.current);
        impl.filled = 0;
    }
    impl.frames += block.frames();
    return {};
}

Status WaveformPicture::finish() {
    if (impl_->filled > 0) impl_->columns.push_back(impl_->current);
    return {};
}

const std::vector<WaveformColumn>& WaveformPicture::columns() const {
    return impl_->columns;
}

double WaveformPicture::seconds() const {
    return frames_to_seconds(impl_->frames, impl_->sample_rate_hz);
}

namespace {

constexpr std::int64_t window_frames = 8192;
constexpr std::int64_t hop_frames = window_frames / 2;
constexpr std::size_t bins = window_frames / 2 + 1;

// A third of an octave: ten bands make a factor of ten. Band 0 is 1 kHz.
constexpr int lowest_band = -17;  // 20 Hz
constexpr int highest_band = 13;  // 20 kHz

double band_edge(int band, double side) {
    return 1000.0 * std::pow(10.0, (band + side) / 10.0);
}

}  // namespace

struct SpectrumPicture::Impl {
    Status prepare();
    void transform(std::int64_t frames);
    void finish();

    StreamFormat format;
    std::vector<float> window;
    BlockBuffer<float> staged;
    std::int64_t filled = 0;
    std::optional<RealFft> fft;
    std::vector<double> power;  // of each bin, summed over windows and channels
    std::int64_t windows = 0;
    std::vector<SpectrumBand> bands;
};

Status SpectrumPicture::Impl::prepare() {
    for (std::int64_t i = 0; i < window_frames; ++i)
        window.push_back(static_cast<float>(
            0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / window_frames)));
    staged = BlockBuffer<float>(format.channels, window_frames);
    power.assign(bins, 0.0);
    DUBPLATE_TRY(fft, make_real_fft(window_frames));
    return {};
}

// Adds the mean square that each bin stands for; `frames` of the window are filled.
void SpectrumPicture::Impl::transform(std::int64_t frames) {
    double energy = 0;
    for (std::int64_t i = 0; i < frames; ++i)
        energy +=
            static_cast<double>(window[static_cast<std::size_t>(i)] * window[static_cast<std::size_t>(i)]);
    if (energy <= 0) return;
    for (int c = 0; c < format.channels; ++c) {
        const std::span<float> input = fft->input();
        std::ranges::fill(input, 0.0f);
        for (std::int64_t i = 0; i < frames; ++i)
            input[static_cast<std::size_t>(i)] =
                staged.channel(c).data()[i] * window[static_cast<std::size_t>(i)];
        const std::span<const std::complex<float>> output = fft->run();
        for (std::size_t bin = 0; bin < bins; ++bin) {
            const auto real = static_cast<double>(output[bin].real());
            const auto imaginary = static_cast<double>(output[bin].imag());
            const double sides = bin == 0 || bin == bins - 1 ? 1 : 2;
            power[bin] += sides * (real * real + imaginary * imaginary) / (energy * window_frames);
        }
    }
    ++windows;
}

void SpectrumPicture::Impl::finish() {
    const double width = static_cast<double>(format.sample_rate_hz) / window_frames;
    const double count = static_cast<double>(std::max<std::int64_t>(windows, 1) * format.channels);
    for (int band = lowest_band; band <= highest_band; ++band) {
        const double low = band_edge(band, -0.5);
        const double high = band_edge(band, 0.5);
        if (high > format.sample_rate_hz / 2.0) break;
        double sum = 0;
        // A bin stands for the stretch of one bin's width around it; a band takes its share of those at its edges.
        const auto first = static_cast<std::size_t>(low / width);
        for (std::size_t bin = first; bin < bins; ++bin) {
            const double center = static_cast<double>(bin) * width;
            const double shared = std::min(high, center + width / 2) - std::max(low, center - width / 2);
            if (shared > 0) sum += power[bin] * shared / width;
            if (center - width / 2 > high) break;
        }
        bands.push_back({band_edge(band, 0), sum > 0 ? 10 * std::log10(sum / count) : silence_db});
    }
}

SpectrumPicture::SpectrumPicture() : impl_(std::make_unique<Impl>()) {}
SpectrumPicture::~SpectrumPicture() = default;

Status SpectrumPicture::start(const StreamFormat& format) {
    impl_->format = format;
    return impl_->prepare();
}

Status SpectrumPicture::process(BlockView<const float> block) {
    Impl& impl = *impl_;
    for (std::int64_t begin = 0; begin < block.frames();) {
        const std::int64_t frames = std::min(window_frames - impl.filled, block.frames() - begin);
        for (int c = 0; c < block.channels(); ++c)
            std::copy_n(block.channel(c).data() + begin, frames, impl.staged.channel(c).data() + impl.filled);
        impl.filled += frames;
        begin += frames;
        if (impl.filled < window_frames) continue;
        impl.transform(window_frames);
        for (int c = 0; c < block.channels(); ++c)
            std::copy_n(impl.staged.channel(c).data() + hop_frames, hop_frames,
                        impl.staged.channel(c).data());
        impl.filled = hop_frames;
    }
    return {};
}

Status SpectrumPicture::finish() {
    // A stream shorter than a window is measured by what there is of it.
    if (impl_->windows == 0 && impl_->filled > 0) impl_->transform(impl_->filled);
    impl_->finish();
    return {};
}

const std::vector<SpectrumBand>& SpectrumPicture::bands() const {
    return impl_->bands;
}

}  // namespace dubplate
