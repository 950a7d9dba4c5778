#include "exports/stems/null_test.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>

#include "audio/nodes/real_fft.h"
#include "core/units.h"

namespace dubplate {

namespace {

// 2.7 s at 48 kHz; an offset is found to half of it.
constexpr std::size_t window_frames = std::size_t{1} << 17;
constexpr std::size_t picture_columns = 1200;
constexpr std::size_t channels = 2;

using Stereo = std::array<std::span<const float>, channels>;

Stereo stereo_of(BlockView<const float> block) {
    return {block.channel(0), block.channel(block.channels() - 1)};
}

double energy_of(const std::vector<float>& samples) {
    double energy = 0;
    for (const float sample : samples) energy += static_cast<double>(sample) * static_cast<double>(sample);
    return energy;
}

// The loudest window so far of both, as mono.
class LoudestWindow {
  public:
    void add(const Stereo& mix, const Stereo& sum) {
        for (std::size_t begin = 0; begin < mix[0].size();) {
            const std::size_t count = std::min(mix[0].size() - begin, window_frames - now_mix_.size());
            append_mono(mix, begin, count, now_mix_);
            append_mono(sum, begin, count, now_sum_);
            begin += count;
            if (now_mix_.size() == window_frames) close();
        }
    }
    void finish() {
        if (!now_mix_.empty()) close();
    }

    const std::vector<float>& mix() const { return mix_; }
    const std::vector<float>& sum() const { return sum_; }

  private:
    static void append_mono(const Stereo& from, std::size_t begin, std::size_t count,
                            std::vector<float>& to) {
        const std::size_t size = to.size();
        to.resize(size + count);
        // Through pointers, whose places are not checked.
        const float* const left = from[0].data() + begin;
        const float* const right = from[1].data() + begin;
        float* const mono = to.data() + size;
        for (std::size_t i = 0; i < count; ++i) mono[i] = (left[i] + right[i]) / 2;
    }

    void close() {
        if (const double energy = energy_of(now_mix_); energy > best_) {
            best_ = energy;
            std::swap(mix_, now_mix_);
            std::swap(sum_, now_sum_);
        }
        now_mix_.clear();
        now_sum_.clear();
    }

    std::vector<float> mix_, sum_, now_mix_, now_sum_;
    double best_ = 0;
};

struct Offset {
    std::int64_t frames = 0;
    double correlation = 0;
    bool inverted = false;
};

// Where the cross-correlation of the two is largest, by the product of their spectra. The product's own transform back is made
// with the real transform too: of the sum of its real and imaginary part, whose bins then hold r[n] + r[-n] and r[-n] - r[n].
Result<Offset> find_offset(const LoudestWindow& window) {
    if (window.mix().empty()) return Offset{};
    DUBPLATE_TRY(RealFft fft, make_real_fft(2 * window_frames));
    const auto spectrum_of = [&](const std::vector<float>& samples) {
        std::ranges::fill(fft.input(), 0.0F);
        std::ranges::copy(samples, fft.input().begin());
        const auto bins = fft.run();
        return std::vector<std::complex<float>>(bins.begin(), bins.end());
    };
    const auto mix = spectrum_of(window.mix());
    const auto sum = spectrum_of(window.sum());
    const std::size_t size = fft.size();
    for (std::size_t k = 0; k < mix.size(); ++k) {
        const std::complex<float> product = mix[k] * std::conj(sum[k]);
        fft.input()[k] = product.real() + product.imag();
        if (k > 0 && k < size - k) fft.input()[size - k] = product.real() - product.imag();
    }
    const auto correlation = fft.run();
    Offset offset;
    float largest = 0;
    const auto consider = [&](std::int64_t frames, float value) {
        // Of equal ones the nearest: what repeats itself is taken to be where it was put.
        if (std::abs(value) <= largest * 1.0001F) return;
        largest = std::abs(value);
        offset = {frames, 0, value < 0};
    };
    for (std::size_t n = 0; n < window_frames / 2; ++n) {
        const auto frames = static_cast<std::int64_t>(n);
        consider(frames, correlation[n].real() + correlation[n].imag());
        if (n > 0) consider(-frames, correlation[n].real() - correlation[n].imag());
    }
    const double energies = std::sqrt(energy_of(window.mix()) * energy_of(window.sum()));
    if (energies > 0)
        offset.correlation = static_cast<double>(largest) / static_cast<double>(size) / energies;
    return offset;
}

// What two stretches of a channel have in common, and their largest samples.
struct Likeness {
    double mix_squares = 0;
    double sum_squares = 0;
    double products = 0;
    double residual_squares = 0;
    float mix_peak = 0;
    float sum_peak = 0;
    double residual_peak = 0;

    static Likeness of(const float* mix_samples, const float* sum_samples, std::int64_t count) {
        Likeness found;
        for (std::int64_t i = 0; i < count; ++i) {
            const double mix = static_cast<double>(mix_samples[i]);
            const double sum = static_cast<double>(sum_samples[i]);
            const double residual = sum - mix;
            found.mix_squares += mix * mix;
            found.sum_squares += sum * sum;
            found.products += mix * sum;
            found.residual_squares += residual * residual;
            found.mix_peak = std::max(found.mix_peak, std::abs(mix_samples[i]));
            found.sum_peak = std::max(found.sum_peak, std::abs(sum_samples[i]));
            found.residual_peak = std::max(found.residual_peak, std::abs(residual));
        }
        return found;
    }
};

// The largest samples of each of `picture_columns` equal stretches.
class Columns {
  public:
    explicit Columns(std::int64_t frames) : frames_(std::max<std::int64_t>(frames, 1)) {
        for (auto* peaks : {&mix_, &sum_, &residual_}) peaks->resize(picture_columns);
    }

    // Frames from `frame` on that lie in one column.
    std::int64_t run(std::int64_t frame) const {
        return ((column(frame) + 1) * frames_ + columns - 1) / columns - frame;
    }
    void add(std::int64_t frame, const Likeness& likeness) {
        const auto place = static_cast<std::size_t>(column(frame));
        if (place >= picture_columns) return;  // behind the end
        mix_[place] = std::max(mix_[place], likeness.mix_peak);
        sum_[place] = std::max(sum_[place], likeness.sum_peak);
        residual_[place] = std::max(residual_[place], static_cast<float>(likeness.residual_peak));
    }

    void give_to(NullTest& test) {
        test.mix_peaks = std::move(mix_);
        test.sum_peaks = std::move(sum_);
        test.residual_peaks = std::move(residual_);
    }

  private:
    static constexpr auto columns = static_cast<std::int64_t>(picture_columns);
    std::int64_t column(std::int64_t frame) const { return frame * columns / frames_; }

    std::vector<float> mix_, sum_, residual_;
    std::int64_t frames_;
};

class Comparison {
  public:
    explicit Comparison(std::int64_t frames) : columns_(frames) {}

    void add(const Stereo& mix, const Stereo& sum) {
        window_.add(mix, sum);
        const auto count = std::ssize(mix[0]);
        for (std::int64_t begin = 0; begin < count;) {
            const std::int64_t frames = std::min(count - begin, columns_.run(frames_));
            for (std::size_t c = 0; c < channels; ++c)
                add_run(mix[c].data() + begin, sum[c].data() + begin, frames);
            begin += frames;
            frames_ += frames;
        }
    }

    Result<NullTest> finish(double limit_peak) {
        window_.finish();
        DUBPLATE_TRY(const Offset offset, find_offset(window_));
        NullTest test;
        const auto rms = [&](double squares) {
            const auto count =
                static_cast<double>(std::max<std::int64_t>(frames_, 1)) * static_cast<double>(channels);
            return gain_to_db(std::sqrt(squares / count));
        };
        test.mix_rms_dbfs = rms(mix_squares_);
        test.sum_rms_dbfs = rms(sum_squares_);
        test.residual_rms_dbfs = rms(residual_squares_);
        test.residual_peak_dbfs = gain_to_db(residual_peak_);
        test.limit_peak_dbfs = gain_to_db(limit_peak);
        test.worst_frame = worst_frame_;
        test.offset_frames = offset.frames;
        test.correlation = offset.correlation;
        test.inverted = offset.inverted;
        test.gain_db = sum_squares_ > 0 ? gain_to_db(std::abs(products_) / sum_squares_) : 0;
        const double explained = sum_squares_ > 0 ? products_ * products_ / sum_squares_ : 0;
        test.gained_rms_dbfs = rms(std::max(mix_squares_ - explained, 0.0));
        test.passed = residual_peak_ <= limit_peak;
        columns_.give_to(test);
        return test;
    }

  private:
    void add_run(const float* mix, const float* sum, std::int64_t frames) {
        const Likeness found = Likeness::of(mix, sum, frames);
        columns_.add(frames_, found);
        mix_squares_ += found.mix_squares;
        sum_squares_ += found.sum_squares;
        products_ += found.products;
        residual_squares_ += found.residual_squares;
        if (found.residual_peak <= residual_peak_) return;
        residual_peak_ = found.residual_peak;
        const auto residual = [&](std::int64_t i) {
            return std::abs(static_cast<double>(sum[i]) - static_cast<double>(mix[i]));
        };
        std::int64_t place = 0;
        while (residual(place) != residual_peak_) ++place;
        worst_frame_ = frames_ + place;
    }

    LoudestWindow window_;
    std::int64_t frames_ = 0;
    Columns columns_;
    double mix_squares_ = 0;
    double sum_squares_ = 0;
    double products_ = 0;
    double residual_squares_ = 0;
    double residual_peak_ = 0;
    std::int64_t worst_frame_ = 0;
};

}  // namespace

Result<NullTest> null_test(MixReader& sum, AudioReader& mix, double limit_peak, Progress::Part progress,
                           std::stop_token stop) {
    DUBPLATE_CHECK(sum.rewind());
    DUBPLATE_CHECK(mix.rewind());
    BlockBuffer<float> sum_block(sum.info().stream.channels, block_frames);
    BlockBuffer<float> mix_block(mix.info().stream.channels, block_frames);
    const std::int64_t expected = std::max<std::int64_t>(sum.info().frames, 1);
    Comparison comparison(expected);
    for (std::int64_t position = 0;;) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        DUBPLATE_TRY(const std::int64_t of_sum, read_whole(sum, sum_block.view(block_frames)));
        DUBPLATE_TRY(const std::int64_t of_mix, read_whole(mix, mix_block.view(block_frames)));
        const std::int64_t frames = std::max(of_sum, of_mix);
        if (frames == 0) break;
        comparison.add(stereo_of(std::as_const(mix_block).const_view(frames)),
                       stereo_of(std::as_const(sum_block).const_view(frames)));
        position += frames;
        progress.advance_to(std::min(1.0, static_cast<double>(position) / static_cast<double>(expected)));
    }
    progress.finish();
    if (const std::vector<Error> errors = sum.errors(); !errors.empty()) return errors.front();
    return comparison.finish(limit_peak);
}

}  // namespace dubplate
