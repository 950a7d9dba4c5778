#include "audio/nodes/loudness_meter.h"
#include "audio/kernels/k_weighting.h"
#include "audio/kernels/samples.h"
#include "audio/nodes/loudness_gate.h"
#include "audio/nodes/peak_finder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

namespace dubplate {

namespace {

// BS.1770-5 Table 3: surrounds 1.41, LFE left out; the order of the channels as in the header.
constexpr double surround = 1.41;
constexpr std::array<std::array<double, max_channels>, max_channels + 1> channel_weights{{
    {},
    {1},
    {1, 1},
    {1, 1, 1},
    {1, 1, surround, surround},
    {1, 1, 1, surround, surround},
    {1, 1, 1, 0, surround, surround},
    {1, 1, 1, 0, surround, surround, surround},
    {1, 1, 1, 0, surround, surround, surround, surround},
}};

// The largest mean over a moving window of 10 ms steps. The maxima are looked for ten times finer than the 100 ms
// of the series: a tone of 400 ms that lies between two steps would else read up to 0.6 LU too low.
class MovingMaximum {
  public:
    explicit MovingMaximum(std::size_t steps) : energies_(steps), lengths_(steps) {
        DUBPLATE_ASSERT(steps % lanes == 0);
    }

    void add(double energy, std::int64_t frames) {
        length_ += frames - lengths_[next_];
        energies_[next_] = energy;
        lengths_[next_] = frames;
        next_ = (next_ + 1) % energies_.size();
        if (++count_ >= energies_.size()) best_ = std::max(best_, sum() / static_cast<double>(length_));
    }
    double best() const { return best_; }

  private:
    static constexpr std::size_t lanes = 4;

    // Anew each time, since what is added and taken away again for hours leaves its rounding behind.
    double sum() const {
        std::array<double, lanes> sums{};
        for (std::size_t i = 0; i < energies_.size(); i += lanes)
            for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += energies_[i + lane];
        return (sums[0] + sums[1]) + (sums[2] + sums[3]);
    }

    std::vector<double> energies_;
    std::vector<std::int64_t> lengths_;
    std::int64_t length_ = 0;
    std::size_t next_ = 0;
    std::size_t count_ = 0;
    double best_ = 0;
};

// Where the step of 10 ms begins, to the nearest frame.
std::int64_t step_begin(std::int64_t step, int sample_rate_hz) {
    return (step * sample_rate_hz + 50) / 100;
}

}  // namespace

struct LoudnessMeter::Impl {
    static constexpr std::int64_t chunk = PeakFinder::chunk_frames;
    static constexpr std::int64_t frames_before = 2;  // that the filters look back to

    explicit Impl(LoudnessMeterOptions options_in) : options(options_in) {}

    void start(const StreamFormat& format_in);
    void process(BlockView<const float> block);
    void finish();

    void copy_in(BlockView<const float> block, std::int64_t begin, std::int64_t frames);
    void take_chunk(std::int64_t frames);
    void begin_group();
    void close_group();
    void close_rest();
    void close_step(double energy, std::int64_t frames);
    float* samples(int channel) { return staged.channel(channel).data() + history; }

    LoudnessMeterOptions options;
    StreamFormat format;
    std::array<double, max_channels> weights{};
    std::vector<KWeightedPair> filters;
    std::optional<PeakFinder> peaks;
    std::int64_t history = 0;
    BlockBuffer<float> staged;  // history frames, then the chunk that is being filled
    std::int64_t staged_frames = 0;

    // The next steps of 10 ms, which go through the filters together; two frames stand before them, and there is room for
    // one after them.
    BlockBuffer<float> group;
    std::array<std::int64_t, KWeightedPair::group> step_lengths{};
    std::int64_t group_length = 0;
    std::int64_t grouped = 0;
    std::int64_t position = 0;     // frames that were grouped
    std::int64_t whole_steps = 0;  // steps of 10 ms
    double step_energy = 0;        // of the 100 ms that are not yet whole
    double total_energy = 0;
    LoudnessSteps steps;
    MovingMaximum momentary{10 * momentary_steps};
    MovingMaximum short_term{10 * short_term_steps};
    LoudnessResult result;
};

void LoudnessMeter::Impl::start(const StreamFormat& format_in) {
    format = format_in;
    weights = channel_weights[static_cast<std::size_t>(format.channels)];
    if (format.channels == 1 && options.dual_mono) weights[0] = 2;
    filters.assign(static_cast<std::size_t>((format.channels + 1) / 2),
                   KWeightedPair(design_k_weighting(format.sample_rate_hz), format.sample_rate_hz / 100));
    peaks.emplace(format);
    history = peaks->history();
    staged = BlockBuffer<float>(format.channels, history + chunk);
    steps.sample_rate_hz = format.sample_rate_hz;
    const auto steps_in_group = static_cast<std::int64_t>(KWeightedPair::group);
    group = BlockBuffer<float>(format.channels,
                               frames_before + steps_in_group * (format.sample_rate_hz / 100 + 1) + 1);
    begin_group();
}

void LoudnessMeter::Impl::process(BlockView<const float> block) {
    for (std::int64_t begin = 0; begin < block.frames();) {
        const std::int64_t frames = std::min(chunk - staged_frames, block.frames() - begin);
        copy_in(block, begin, frames);
        begin += frames;
        staged_frames += frames;
        if (staged_frames == chunk) take_chunk(chunk);
    }
}

void LoudnessMeter::Impl::copy_in(BlockView<const float> block, std::int64_t begin, std::int64_t frames) {
    for (int c = 0; c < format.channels; ++c) {
        const float* from = block.channel(c).data() + begin;
        float* to = samples(c) + staged_frames;
        if (all_finite(from, frames)) {
            std::copy_n(from, frames, to);
            continue;
        }
        scale_finite(from, to, frames, 1);
        result.non_finite_samples +=
            std::count_if(from, from + frames, [](float sample) { return !std::isfinite(sample); });
    }
}

// Measures a chunk of which the first `frames` frames belong to the stream; the others are 0.
void LoudnessMeter::Impl::take_chunk(std::int64_t frames) {
    std::array<const float*, max_channels> pointers{};
    std::array<Extent, max_channels> extents{};
    for (int c = 0; c < format.channels; ++c) {
        const auto i = static_cast<std::size_t>(c);
        pointers[i] = samples(c);
        extents[i] = extent_of(samples(c), chunk);
        result.sample_peak = std::max(result.sample_peak, static_cast<double>(extents[i].magnitude));
    }
    const auto channels = static_cast<std::size_t>(format.channels);
    peaks->take({pointers.data(), channels}, {extents.data(), channels});
    for (std::int64_t begin = 0; begin < frames;) {
        const std::int64_t part = std::min(frames - begin, group_length - grouped);
        for (int c = 0; c < format.channels; ++c)
            std::copy_n(samples(c) + begin, part, group.channel(c).data() + frames_before + grouped);
        begin += part;
        position += part;
        grouped += part;
        if (grouped == group_length) close_group();
    }
    for (int c = 0; c < format.channels; ++c)
        std::copy_n(samples(c) + chunk - history, history, staged.channel(c).data());
    staged_frames = 0;
}

void LoudnessMeter::Impl::begin_group() {
    for (std::size_t i = 0; i < step_lengths.size(); ++i) {
        const std::int64_t step = whole_steps + static_cast<std::int64_t>(i);
        step_lengths[i] =
            step_begin(step + 1, format.sample_rate_hz) - step_begin(step, format.sample_rate_hz);
    }
    group_length = std::accumulate(step_lengths.begin(), step_lengths.end(), std::int64_t{0});
    grouped = 0;
}

void LoudnessMeter::Impl::close_group() {
    std::array<double, KWeightedPair::group> energies{};
    for (int c = 0; c < format.channels; c += 2) {
        const int partner = std::min(c + 1, format.channels - 1);
        const auto sums = filters[static_cast<std::size_t>(c / 2)].sums_of_squares(
            group.channel(c).data() + frames_before, group.channel(partner).data() + frames_before,
            step_lengths);
        for (std::size_t step = 0; step < energies.size(); ++step) {
            energies[step] += weights[static_cast<std::size_t>(c)] * sums[0][step];
            if (partner != c) energies[step] += weights[static_cast<std::size_t>(partner)] * sums[1][step];
        }
    }
    for (std::size_t step = 0; step < energies.size(); ++step) close_step(energies[step], step_lengths[step]);
    for (int c = 0; c < format.channels; ++c)
        std::copy_n(group.channel(c).data() + group_length, frames_before, group.channel(c).data());
    begin_group();
}

// The steps at the end of the stream that fill no group, the last of them perhaps no step.
void LoudnessMeter::Impl::close_rest() {
    std::int64_t begin = frames_before;
    for (const std::int64_t length : step_lengths) {
        const std::int64_t frames = std::min(length, frames_before + grouped - begin);
        double energy = 0;
        for (int c = 0; c < format.channels; ++c)
            energy += weights[static_cast<std::size_t>(c)] *
                      filters[static_cast<std::size_t>(c / 2)].sum_of_squares(
                          static_cast<std::size_t>(c % 2), group.channel(c).data() + begin, frames);
        if (frames == length) {
            close_step(energy, length);
        } else {
            total_energy += energy;
            return;
        }
        begin += length;
    }
}

void LoudnessMeter::Impl::close_step(double energy, std::int64_t frames) {
    momentary.add(energy, frames);
    short_term.add(energy, frames);
    step_energy += energy;
    total_energy += energy;
    if (++whole_steps % 10 != 0) return;
    steps.energies.push_back(step_energy);
    step_energy = 0;
}

void LoudnessMeter::Impl::finish() {
    const std::int64_t rest = staged_frames;
    result.frames = position + rest;
    // Once for the frames that are left, and once more for the tail of the filter, which is shorter than a chunk.
    for (const std::int64_t frames : {rest, std::int64_t{0}}) {
        for (int c = 0; c < format.channels; ++c) std::fill(samples(c) + frames, samples(c) + chunk, 0.0f);
        take_chunk(frames);
    }
    peaks->finish(result.frames);
    close_rest();

    const LoudnessSteps* program = &steps;
    result.is_short = steps.energies.size() < momentary_steps;
    if (!result.is_short)
        result.integrated_lufs = gated_lufs({&program, 1});
    else if (result.frames > 0)
        result.integrated_lufs = power_to_lufs(total_energy / static_cast<double>(result.frames));
    result.range_lu = loudness_range_lu(steps);
    result.max_momentary_lufs = power_to_lufs(momentary.best());
    result.max_short_term_lufs = power_to_lufs(short_term.best());
    result.momentary_lufs = loudness_series(steps, momentary_steps);
    result.short_term_lufs = loudness_series(steps, short_term_steps);
    result.true_peak = peaks->highest();
    result.peak_places = peaks->places();
}

LoudnessMeter::LoudnessMeter(LoudnessMeterOptions options) : impl_(std::make_unique<Impl>(options)) {}
LoudnessMeter::~LoudnessMeter() = default;

Status LoudnessMeter::start(const StreamFormat& format) {
    if (format.channels < 1 || format.channels > max_channels)
        return fail(ErrorCode::unsupported,
                    fmt::format("loudness of {} channels cannot be measured, only of 1 to {}",
                                format.channels, max_channels));
    if (format.sample_rate_hz < lowest_rate_hz || format.sample_rate_hz > highest_rate_hz)
        return fail(ErrorCode::unsupported,
                    fmt::format("loudness at {} Hz cannot be measured, only at {} to {} Hz",
                                format.sample_rate_hz, lowest_rate_hz, highest_rate_hz));
    impl_->start(format);
    return {};
}

Status LoudnessMeter::process(BlockView<const float> block) {
    impl_->process(block);
    return {};
}

Status LoudnessMeter::finish() {
    impl_->finish();
    return {};
}

const LoudnessResult& LoudnessMeter::result() const {
    return impl_->result;
}

double joint_integrated_lufs(std::span<const LoudnessMeter* const> meters) {
    std::vector<const LoudnessSteps*> programs;
    double energy = 0;  // per second, so that rates may differ
    double seconds = 0;
    bool all_short = true;
    for (const LoudnessMeter* meter : meters) {
        const LoudnessMeter::Impl& impl = *meter->impl_;
        programs.push_back(&impl.steps);
        all_short = all_short && impl.result.is_short;
        if (impl.format.sample_rate_hz == 0) continue;
        energy += impl.total_energy / impl.format.sample_rate_hz;
        seconds += frames_to_seconds(impl.result.frames, impl.format.sample_rate_hz);
    }
    if (!all_short) return gated_lufs(programs);
    return seconds > 0 ? power_to_lufs(energy / seconds) : silence_db;
}

}  // namespace dubplate
