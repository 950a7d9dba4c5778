#include "analysis/frames.h"
#include "analysis/decimator.h"
#include "analysis/mono_mix.h"
#include "audio/kernels/spectrum.h"
#include "audio/nodes/real_fft.h"
#include "core/units.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

namespace dubplate {

namespace {

constexpr double short_rate_hz = 22050;
constexpr double long_rate_hz = 2756.25;
constexpr double short_window_s = 1024 / short_rate_hz;
constexpr double short_hop_s = 0.010;
constexpr double long_window_s = 2048 / long_rate_hz;
constexpr double long_hops_in_window = 4;

std::vector<float> hann(std::size_t size) {
    std::vector<float> window;
    for (std::size_t i = 0; i < size; ++i)
        window.push_back(static_cast<float>(
            0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(size))));
    return window;
}

// Cuts a signal into windows around the multiples of a hop and hands on their spectra.
class Framer {
  public:
    Status start(double rate_hz, std::size_t window, std::size_t hop) {
        DUBPLATE_TRY(fft_, make_real_fft(window));
        hop_ = hop;
        shape_ = hann(window);
        // Twice over the window's sum, which is half its length: a sine of amplitude 1 reads 1.
        for (float& value : shape_) value *= 4.0f / static_cast<float>(window);
        magnitudes_.resize(fft_->bins());
        pending_.assign(window / 2, 0.0f);
        grid_ = {static_cast<double>(hop) / rate_hz, static_cast<double>(window) / rate_hz,
                 rate_hz / static_cast<double>(window), static_cast<int>(fft_->bins())};
        for (FrameListener* listener : listeners_) listener->begin(grid_);
        return {};
    }
    void add(FrameListener& listener) { listeners_.push_back(&listener); }
    bool heard() const { return !listeners_.empty(); }

    void process(std::span<const float> samples) {
        taken_ += samples.size();
        pending_.insert(pending_.end(), samples.begin(), samples.end());
        emit();
    }
    void finish() {
        const std::size_t wanted = (taken_ + hop_ - 1) / hop_;
        const std::size_t left = wanted - std::min(given_, wanted);
        if (left > 0) pending_.resize((left - 1) * hop_ + fft_->size(), 0.0f);
        emit();
        for (FrameListener* listener : listeners_) listener->end();
    }

  private:
    void emit() {
        std::size_t at = 0;
        for (; at + fft_->size() <= pending_.size(); at += hop_) {
            transform(pending_.data() + at);
            ++given_;
        }
        pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    void transform(const float* samples) {
        apply_window(samples, shape_.data(), fft_->input());
        compute_magnitudes(fft_->run(), magnitudes_.data());
        for (FrameListener* listener : listeners_) listener->frame(magnitudes_);
    }

    std::optional<RealFft> fft_;
    std::size_t hop_ = 1;
    std::vector<float> shape_;
    std::vector<float> magnitudes_;
    std::vector<float> pending_;
    std::size_t taken_ = 0;
    std::size_t given_ = 0;
    FrameGrid grid_;
    std::vector<FrameListener*> listeners_;
};

int nearest_factor(double rate_hz, double wanted_hz) {
    return std::max(1, static_cast<int>(std::lround(rate_hz / wanted_hz)));
}

}  // namespace

int FrameGrid::bin_at(double frequency_hz) const {
    return std::clamp(static_cast<int>(std::ceil(frequency_hz / bin_width_hz)), 0, bins);
}

struct FrameStream::Impl {
    Status start();
    void pass_on();

    StreamFormat format;
    std::int64_t frames = 0;
    MonoMix mix;
    std::optional<Decimator> to_short;
    std::optional<Decimator> to_long;
    Framer short_frames;
    Framer long_frames;
    std::vector<float> mono;
    std::vector<float> at_short_rate;
    std::vector<float> at_long_rate;
};

Status FrameStream::Impl::start() {
    const int short_factor = nearest_factor(format.sample_rate_hz, short_rate_hz);
    const double short_hz = static_cast<double>(format.sample_rate_hz) / short_factor;
    const int long_factor = nearest_factor(short_hz, long_rate_hz);
    const double long_hz = short_hz / long_factor;
    to_short.emplace(short_factor);
    to_long.emplace(long_factor);
    DUBPLATE_CHECK(short_frames.start(short_hz, fast_fft_size(short_window_s * short_hz),
                                      static_cast<std::size_t>(std::lround(short_hop_s * short_hz))));
    const std::size_t long_window = fast_fft_size(long_window_s * long_hz);
    return long_frames.start(
        long_hz, long_window,
        static_cast<std::size_t>(std::lround(static_cast<double>(long_window) / long_hops_in_window)));
}

void FrameStream::Impl::pass_on() {
    short_frames.process(at_short_rate);
    if (!long_frames.heard()) return;
    at_long_rate.clear();
    to_long->process(at_short_rate, at_long_rate);
    long_frames.process(at_long_rate);
}

FrameStream::FrameStream() : impl_(std::make_unique<Impl>()) {}
FrameStream::~FrameStream() = default;

void FrameStream::add_short(FrameListener& listener) {
    impl_->short_frames.add(listener);
}
void FrameStream::add_long(FrameListener& listener) {
    impl_->long_frames.add(listener);
}

Status FrameStream::start(const StreamFormat& format) {
    if (format.sample_rate_hz < lowest_rate_hz || format.sample_rate_hz > highest_rate_hz)
        return fail(ErrorCode::unsupported, "the analysis takes rates of 8000 to 192000 Hz, not " +
                                                std::to_string(format.sample_rate_hz) + " Hz");
    if (format.channels < 1 || format.channels > max_channels)
        return fail(ErrorCode::unsupported,
                    "the analysis takes 1 to 8 channels, not " + std::to_string(format.channels));
    impl_->format = format;
    return impl_->start();
}

Status FrameStream::process(BlockView<const float> block) {
    impl_->frames += block.frames();
    impl_->mix.process(block, impl_->mono);
    impl_->at_short_rate.clear();
    impl_->to_short->process(impl_->mono, impl_->at_short_rate);
    impl_->pass_on();
    return {};
}

Status FrameStream::finish() {
    impl_->at_short_rate.clear();
    impl_->to_short->finish(impl_->at_short_rate);
    impl_->pass_on();
    impl_->short_frames.finish();
    if (!impl_->long_frames.heard()) return {};
    impl_->at_long_rate.clear();
    impl_->to_long->finish(impl_->at_long_rate);
    impl_->long_frames.process(impl_->at_long_rate);
    impl_->long_frames.finish();
    return {};
}

StreamFormat FrameStream::format() const {
    return impl_->format;
}
std::int64_t FrameStream::frames() const {
    return impl_->frames;
}
double FrameStream::duration_s() const {
    return frames_to_seconds(impl_->frames, impl_->format.sample_rate_hz);
}
float FrameStream::peak() const {
    return impl_->mix.peak();
}

}  // namespace dubplate
