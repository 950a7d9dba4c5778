// How a peak comes down (frames run from left to right, n is the frame that leaves):
//
//     reduction needed      ....|....|..........        1 - ceiling / peak, 0 where the peak is under the ceiling
//     largest of n-H..n+L   __/~~~~~~~~~~~~\______      L: look-ahead, H: hold
//     released              __/~~~~~~~~~~~~~`-.___      falls no faster than the release
//     smoothed over n-L..n  __,/~~~~~~~~~~~~`-.___      two moving means, as long as the look-ahead together
//
// Whatever frame j of n-L..n the means look at, the largest that was taken there looked ahead to n. So the smoothed
// reduction at n is never less than what n needs, and no overshoot is possible. All of it is counted in integers: sums
// that run for hours come back to exactly 0, and the stream to exactly what it was.
#include "audio/nodes/limiter.h"
#include "audio/kernels/limiting.h"
#include "audio/nodes/peak_reader.h"
#include "core/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

namespace dubplate {

namespace {

// Below the ceiling by so much, once it limits: the gain that moves between two frames lifts the signal between them by
// a little more than at either.
constexpr double margin_db = 0.03;

// Half a period of 40 Hz: the reduction does not move between two crests of a bass note, which would distort it.
constexpr double hold_ms = 12.5;

// A reduction of 1 (to silence) is 2^32; what is under 2^-28 moves no float by its last bit's half.
constexpr double unit = 0x1p32;
constexpr double smallest = 16;

std::int64_t to_frames(double milliseconds, int sample_rate_hz) {
    return seconds_to_frames(milliseconds / 1000.0, sample_rate_hz);
}

// The largest of the last `length` values, which come in rounds of as many (van Herk, 1992): the largest since the round
// began, or of what is left in the window of the round before.
class SlidingMaximum {
  public:
    explicit SlidingMaximum(std::int64_t length) : values_(static_cast<std::size_t>(length) + 1) {}

    // Each value becomes the largest of the `length` values that end there.
    void run(std::span<std::int64_t> values) {
        while (!values.empty()) {
            const std::size_t count = std::min(values.size(), values_.size() - 1 - next_);
            largest_ = run_in_round(values.first(count), values_.data() + next_, largest_);
            values = values.subspan(count);
            next_ += count;
            if (next_ + 1 == values_.size()) begin_round();
        }
    }
    bool is_zero() const { return largest_ == 0 && values_[next_] == 0; }

  private:
    static std::int64_t run_in_round(std::span<std::int64_t> values, std::int64_t* place,
                                     std::int64_t largest) {
        for (std::int64_t& value : values) {
            largest = std::max(largest, value);
            *place = value;
            value = std::max(largest, *++place);
        }
        return largest;
    }

    void begin_round() {
        for (std::size_t i = next_ - 1; i > 0; --i) values_[i - 1] = std::max(values_[i - 1], values_[i]);
        next_ = 0;
        largest_ = 0;
    }

    // The round's values up to next_; from there on, the largest of those that followed in the round before; a 0.
    std::vector<std::int64_t> values_;
    std::size_t next_ = 0;
    std::int64_t largest_ = 0;  // since the round began
};

class MovingSum {
  public:
    explicit MovingSum(std::int64_t length) : values_(static_cast<std::size_t>(length)) {}

    // Each value becomes the sum of the `length` values that end there.
    void run(std::span<std::int64_t> values) {
        values_.insert(values_.end(), values.begin(), values.end());
        const std::int64_t* leaving = values_.data();
        std::int64_t sum = sum_;
        for (std::int64_t& value : values) value = sum += value - *leaving++;
        sum_ = sum;
        values_.erase(values_.begin(), values_.begin() + std::ssize(values));
    }
    bool is_zero() const { return sum_ == 0; }

  private:
    std::vector<std::int64_t> values_;  // the last `length`
    std::int64_t sum_ = 0;
};

// From the peak around each frame to the gain of the frame that leaves, look_ahead frames later.
class GainCurve {
  public:
    GainCurve(const LimiterSettings& settings, int sample_rate_hz)
        : look_ahead_(to_frames(settings.look_ahead_ms, sample_rate_hz)),
          decay_(std::exp(-1.0 / std::max<double>(1.0, static_cast<double>(
                                                           to_frames(settings.release_ms, sample_rate_hz))))),
          largest_(look_ahead_ + to_frames(hold_ms, sample_rate_hz) + 1),
          first_(look_ahead_ / 2 + 1),
          second_(look_ahead_ - look_ahead_ / 2 + 1),
          scale_(1.0 /
                 (unit * static_cast<double>((look_ahead_ / 2 + 1) * (look_ahead_ - look_ahead_ / 2 + 1)))) {
        set_ceiling(settings.ceiling_dbtp);
    }

    // Of the peaks that run() is given from now on.
    void set_ceiling(double dbtp) {
        ceiling_ = db_to_gain(dbtp);
        target_ = db_to_gain(dbtp - margin_db);
    }

    std::int64_t look_ahead() const { return look_ahead_; }
    bool is_idle() const {
        return reduction_ == 0 && largest_.is_zero() && first_.is_zero() && second_.is_zero();
    }
    bool is_over(float peak) const { return static_cast<double>(peak) > ceiling_; }

    // The gains of the frames that leave when those with these peaks have been read.
    void run(std::span<const float> peaks, std::span<double> gains) {
        find_needed(peaks.data(), gains.data(), std::ssize(peaks), ceiling_, target_, unit);
        reductions_.assign(gains.begin(), gains.end());
        largest_.run(reductions_);
        release(reductions_.data(), std::ssize(reductions_), reduction_, decay_, smallest);
        reduction_ = reductions_.back();
        first_.run(reductions_);
        second_.run(reductions_);
        for (std::size_t i = 0; i < gains.size(); ++i)
            gains[i] = 1.0 - static_cast<double>(reductions_[i]) * scale_;
    }

  private:
    double ceiling_ = 1;
    double target_ = 1;
    std::int64_t look_ahead_;
    double decay_;
    SlidingMaximum largest_;
    MovingSum first_;
    MovingSum second_;
    double scale_;
    std::int64_t reduction_ = 0;
    std::vector<std::int64_t> reductions_;  // of the frames at work, then their sums
};

}  // namespace

struct Limiter::Impl {
    static constexpr std::int64_t chunk = 512;

    explicit Impl(LimiterSettings settings_in) : settings(settings_in) {}

    void start(const StreamFormat& format_in);
    void copy_in(BlockView<const float> block, std::int64_t begin, std::int64_t frames);
    double lowest_ceiling(std::int64_t begin, std::int64_t end) const;
    Status take_chunk(Outputs<float>& outputs);
    void record(std::int64_t begin, std::int64_t end, bool is_idle);
    void close_window();

    LimiterSettings settings;
    StreamFormat format;
    std::vector<PeakReader> readers;
    std::optional<GainCurve> curve;  // made by start()
    std::int64_t delay = 0;          // from the newest frame to the one that leaves
    std::int64_t kept = 0;           // frames that are kept before the chunk
    BlockBuffer<float> audio;        // `kept` frames, then the chunk that is being filled
    BlockBuffer<float> output;
    std::array<float, chunk> peaks{};
    std::array<double, chunk> gains{};
    std::int64_t staged = 0;
    std::int64_t position = 0;  // of the chunk's first frame
    std::int64_t frames_in = 0;
    std::int64_t emitted = 0;

    double window_gain = 1;
    std::int64_t window_end = 0;
    LimiterResult result;
};

void Limiter::Impl::start(const StreamFormat& format_in) {
    format = format_in;
    readers.assign(static_cast<std::size_t>(format.channels),
                   PeakReader(format.sample_rate_hz,
                              db_to_gain(lowest_ceiling(0, std::numeric_limits<std::int64_t>::max()))));
    curve.emplace(settings, format.sample_rate_hz);
    delay = readers.front().delay() + curve->look_ahead();
    kept = std::max(delay, readers.front().history());
    audio = BlockBuffer<float>(format.channels, kept + chunk);
    output = BlockBuffer<float>(format.channels, chunk);
    window_end = (format.sample_rate_hz + 5) / 10;
}

void Limiter::Impl::copy_in(BlockView<const float> block, std::int64_t begin, std::int64_t frames) {
    for (int c = 0; c < format.channels; ++c)
        std::copy_n(block.channel(c).data() + begin, frames, audio.channel(c).data() + kept + staged);
    staged += frames;
    frames_in += frames;
}

double Limiter::Impl::lowest_ceiling(std::int64_t begin, std::int64_t end) const {
    double lowest = settings.ceiling_dbtp;
    for (const LowerCeiling& part : settings.lower)
        if (part.begin_frame < end && begin < part.end_frame) lowest = std::min(lowest, part.ceiling_dbtp);
    return lowest;
}

Status Limiter::Impl::take_chunk(Outputs<float>& outputs) {
    if (!settings.lower.empty()) curve->set_ceiling(lowest_ceiling(position - delay, position + chunk));
    peaks.fill(0.0f);
    for (int c = 0; c < format.channels; ++c)
        readers[static_cast<std::size_t>(c)].read(audio.channel(c).data() + kept, peaks);
    const bool is_idle = curve->is_idle() && !curve->is_over(largest_magnitude(peaks.data(), chunk));
    if (!is_idle) curve->run(peaks, gains);

    // Frames before the stream and after its end came out of the silence around it; they are not passed on.
    const std::int64_t first = position - delay;
    const std::int64_t begin = std::clamp<std::int64_t>(-first, 0, chunk);
    const std::int64_t end = std::clamp<std::int64_t>(frames_in - first, begin, chunk);
    record(begin, end, is_idle);
    if (begin < end && is_idle) {
        const SubBlock<const float> part(audio.const_view(kept + chunk), kept - delay + begin, end - begin);
        DUBPLATE_CHECK(outputs.process(part.view()));
    } else if (begin < end) {
        for (int c = 0; c < format.channels; ++c)
            apply_gains(audio.channel(c).data() + kept - delay + begin, gains.data() + begin,
                        output.channel(c).data(), end - begin);
        DUBPLATE_CHECK(outputs.process(output.const_view(end - begin)));
    }
    emitted += end - begin;
    for (int c = 0; c < format.channels; ++c)
        std::copy_n(audio.channel(c).data() + chunk, kept, audio.channel(c).data());
    position += chunk;
    staged = 0;
    return {};
}

void Limiter::Impl::record(std::int64_t begin, std::int64_t end, bool is_idle) {
    for (std::int64_t i = begin; i < end;) {
        const std::int64_t part_end = std::min(end, i + window_end - (emitted + i - begin));
        if (!is_idle) {
            const GainSurvey part = survey_gains(gains.data() + i, part_end - i);
            window_gain = std::min(window_gain, part.lowest);
            result.active_frames += part.active;
        }
        i = part_end;
        if (emitted + i - begin == window_end) close_window();
    }
}

void Limiter::Impl::close_window() {
    const double reduction_db = window_gain < 1 ? -gain_to_db(window_gain) : 0.0;
    result.reduction_db.push_back(static_cast<float>(reduction_db));
    result.max_reduction_db = std::max(result.max_reduction_db, reduction_db);
    window_gain = 1;
    const auto windows = static_cast<std::int64_t>(result.reduction_db.size());
    window_end = ((windows + 1) * format.sample_rate_hz + 5) / 10;
}

Limiter::Limiter(LimiterSettings settings) : impl_(std::make_unique<Impl>(settings)) {}
Limiter::~Limiter() = default;

Status Limiter::start(const StreamFormat& format) {
    const LimiterSettings& settings = impl_->settings;
    if (!(settings.look_ahead_ms >= 0 && settings.look_ahead_ms <= 100))
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("a look-ahead of {} ms is not possible, only 0 to 100 ms", settings.look_ahead_ms));
    if (!(settings.release_ms >= 0 && settings.release_ms <= 10'000))
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("a release of {} ms is not possible, only 0 to 10000 ms", settings.release_ms));
    if (format.channels < 1 || format.channels > max_channels)
        return fail(ErrorCode::unsupported,
                    fmt::format("cannot limit {} channels, only 1 to {}", format.channels, max_channels));
    impl_->start(format);
    return outputs_.start(format);
}

Status Limiter::process(BlockView<const float> block) {
    for (std::int64_t begin = 0; begin < block.frames();) {
        const std::int64_t frames = std::min(Impl::chunk - impl_->staged, block.frames() - begin);
        impl_->copy_in(block, begin, frames);
        begin += frames;
        if (impl_->staged == Impl::chunk) DUBPLATE_CHECK(impl_->take_chunk(outputs_));
    }
    return {};
}

Status Limiter::finish() {
    Impl& impl = *impl_;
    while (impl.emitted < impl.frames_in) {
        for (int c = 0; c < impl.format.channels; ++c)
            std::fill(impl.audio.channel(c).begin() + impl.kept + impl.staged, impl.audio.channel(c).end(),
                      0.0f);
        DUBPLATE_CHECK(impl.take_chunk(outputs_));
    }
    const auto windows = static_cast<std::int64_t>(impl.result.reduction_db.size());
    if (impl.emitted > (windows * impl.format.sample_rate_hz + 5) / 10) impl.close_window();
    return outputs_.finish();
}

const LimiterResult& Limiter::result() const {
    return impl_->result;
}

}  // namespace dubplate
