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

// The loudest window so far of both, as mono.
class LoudestWindow {
  public:
    void add(const Stereo& mix, const Stereo& sum) {
        for (std::size_t i = 0; i < mix[0].size(); ++i) {
            const float m = (mix[0][i] + mix[1][i]) / 2;
            now_mix_.push_back(m);
            now_sum_.push_back((sum[0][i] + sum[1][i]) / 2);
            energy_ += static_cast<double>(m) * static_cast<double>(m);
            if (now_mix_.size() == window_frames) close();
        }
    }
    void finish() {
        if (!now_mix_.empty()) close();
    }

    const std::vector<float>& mix() const { return mix_; }
    const std::vector<float>& sum() const { return sum_; }

  private:
    void close() {
        if (energy_ > best_) {
            best_ = energy_;
            std::swap(mix_, now_mix_);
            std::swap(sum_, now_sum_);
        }
        now_mix_.clear();
        now_sum_.clear();
        energy_ = 0;
    }

    std::vector<float> mix_, sum_, now_mix_, now_sum_;
    double energy_ = 0;
    double best_ = 0;
};

double energy_of(const std::vector<float>& samples) {
    double energy = 0;
    for (const float sample : samples) energy += static_cast<double>(sample) * static_cast<double>(sample);
    return energy;
}

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

// The largest sample of each of `picture_columns` equal stretches.
class Columns {
  public:
    explicit Columns(std::int64_t frames)
        : peaks_(picture_columns), frames_(std::max<std::int64_t>(frames, 1)) {}
    void add(std::int64_t frame, float value) {
        if (frame >= end_) begin_column(frame);
        peak_ = std::max(peak_, std::abs(value));
    }
    std::vector<float> take() {
        begin_column(frames_ - 1);
        return std::move(peaks_);
    }

  private:
    // A division for each column instead of one for each sample.
    void begin_column(std::int64_t frame) {
        constexpr auto columns = static_cast<std::int64_t>(picture_columns);
        float& peak = peaks_[static_cast<std::size_t>(column_)];
        peak = std::max(peak, peak_);
        peak_ = 0;
        column_ = frame * columns / frames_;
        end_ = ((column_ + 1) * frames_ + columns - 1) / columns;
    }

    std::vector<float> peaks_;
    std::int64_t frames_;
    std::int64_t column_ = 0;
    std::int64_t end_ = 0;  // the first frame behind the column
    float peak_ = 0;
};

class Comparison {
  public:
    explicit Comparison(std::int64_t frames)
        : total_(frames), mix_columns_(frames), sum_columns_(frames), residual_columns_(frames) {}

    void add(const Stereo& mix, const Stereo& sum) {
        window_.add(mix, sum);
        for (std::size_t i = 0; i < mix[0].size(); ++i, ++frames_)
            for (std::size_t c = 0; c < channels; ++c) add_sample(mix[c][i], sum[c][i]);
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
        test.mix_peaks = mix_columns_.take();
        test.sum_peaks = sum_columns_.take();
        test.residual_peaks = residual_columns_.take();
        return test;
    }

  private:
    void add_sample(float mix_sample, float sum_sample) {
        const double mix = static_cast<double>(mix_sample);
        const double sum = static_cast<double>(sum_sample);
        const double residual = sum - mix;
        mix_squares_ += mix * mix;
        sum_squares_ += sum * sum;
        products_ += mix * sum;
        residual_squares_ += residual * residual;
        if (std::abs(residual) > residual_peak_) {
            residual_peak_ = std::abs(residual);
            worst_frame_ = frames_;
        }
        if (frames_ >= total_) return;
        mix_columns_.add(frames_, mix_sample);
        sum_columns_.add(frames_, sum_sample);
        residual_columns_.add(frames_, static_cast<float>(residual));
    }

    LoudestWindow window_;
    std::int64_t total_;
    std::int64_t frames_ = 0;
    Columns mix_columns_, sum_columns_, residual_columns_;
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
