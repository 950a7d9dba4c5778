#include "audio/nodes/loudness_meter.h"
#include "audio/kernels/k_weighting.h"
#include "audio/nodes/loudness_gate.h"
#include "audio/nodes/peak_finder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace dubplate {

namespace {

constexpr int lowest_rate_hz = 8'000;
constexpr int highest_rate_hz = 384'000;

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
    explicit MovingMaximum(std::size_t steps) : ring_(steps) {}

    void add(double energy, std::int64_t frames) {
        ring_[next_] = {energy, frames};
        next_ = (next_ + 1) % ring_.size();
        if (++count_ < ring_.size()) return;
        double sum = 0;
        std::int64_t length = 0;
        for (const Step& step : ring_) {
            sum += step.energy;
            length += step.frames;
        }
        best_ = std::max(best_, sum / static_cast<double>(length));
    }
    double best() const { return best_; }

  private:
    struct Step {
        double energy = 0;
        std::int64_t frames = 0;
    };
    std::vector<Step> ring_;
    std::size_t next_ = 0;
    std::size_t count_ = 0;
    double best_ = 0;
};

}  // namespace

struct LoudnessMeter::Impl {
    static constexpr std::int64_t chunk = PeakFinder::chunk_frames;

    explicit Impl(LoudnessMeterOptions options_in) : options(options_in) {}

    void start(const StreamFormat& format_in);
    void process(BlockView<const float> block);
    void finish();

    void copy_in(BlockView<const float> block, std::int64_t begin, std::int64_t frames);
    void take_chunk(std::int64_t frames);
    void take_loudness(std::int64_t begin, std::int64_t frames);
    void close_step();
    float* samples(int channel) { return staged.channel(channel).data() + history; }

    LoudnessMeterOptions options;
    StreamFormat format;
    std::array<double, max_channels> weights{};
    std::vector<KWeightedPair> filters;
    std::optional<PeakFinder> peaks;
    std::int64_t history = 0;
    BlockBuffer<float> staged;  // history frames, then the chunk that is being filled
    std::int64_t staged_frames = 0;

    std::int64_t position = 0;   // frames that went through the filters
    std::int64_t fine_step = 0;  // steps of 10 ms that are whole
    std::int64_t fine_begin = 0;
    std::int64_t fine_end = 0;
    double fine_energy = 0;
    double step_energy = 0;
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
                   KWeightedPair(design_k_weighting(format.sample_rate_hz)));
    peaks.emplace(format);
    history = peaks->history();
    staged = BlockBuffer<float>(format.channels, history + chunk);
    steps.sample_rate_hz = format.sample_rate_hz;
    fine_end = (format.sample_rate_hz + 50) / 100;
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
        std::int64_t bad = 0;
        for (std::int64_t i = 0; i < frames; ++i) {
            const bool is_finite = std::abs(from[i]) <= std::numeric_limits<float>::max();
            to[i] = is_finite ? from[i] : 0.0f;
            bad += is_finite ? 0 : 1;
        }
        result.non_finite_samples += bad;
    }
}

// Measures a chunk of which the first `frames` frames belong to the stream; the others are 0.
void LoudnessMeter::Impl::take_chunk(std::int64_t frames) {
    std::array<const float*, max_channels> pointers{};
    std::array<float, max_channels> largest{};
    for (int c = 0; c < format.channels; ++c) {
        const auto i = static_cast<std::size_t>(c);
        pointers[i] = samples(c);
        largest[i] = largest_magnitude(samples(c), chunk);
        result.sample_peak = std::max(result.sample_peak, static_cast<double>(largest[i]));
    }
    const auto channels = static_cast<std::size_t>(format.channels);
    peaks->take({pointers.data(), channels}, {largest.data(), channels});
    for (std::int64_t begin = 0; begin < frames;) {
        const std::int64_t part = std::min(frames - begin, fine_end - position);
        take_loudness(begin, part);
        begin += part;
        position += part;
        if (position == fine_end) close_step();
    }
    for (int c = 0; c < format.channels; ++c)
        std::copy_n(samples(c) + chunk - history, history, staged.channel(c).data());
    staged_frames = 0;
}

void LoudnessMeter::Impl::take_loudness(std::int64_t begin, std::int64_t frames) {
    for (int c = 0; c < format.channels; c += 2) {
        const int partner = std::min(c + 1, format.channels - 1);
        const auto sums = filters[static_cast<std::size_t>(c / 2)].sum_of_squares(
            samples(c) + begin, samples(partner) + begin, frames);
        fine_energy += weights[static_cast<std::size_t>(c)] * sums[0];
        if (partner != c) fine_energy += weights[static_cast<std::size_t>(partner)] * sums[1];
    }
}

void LoudnessMeter::Impl::close_step() {
    for (KWeightedPair& filter : filters) filter.settle();
    momentary.add(fine_energy, fine_end - fine_begin);
    short_term.add(fine_energy, fine_end - fine_begin);
    step_energy += fine_energy;
    total_energy += fine_energy;
    fine_energy = 0;
    ++fine_step;
    if (fine_step % 10 == 0) {
        steps.energies.push_back(step_energy);
        step_energy = 0;
    }
    fine_begin = fine_end;
    fine_end = ((fine_step + 1) * format.sample_rate_hz + 50) / 100;
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
    total_energy += fine_energy;

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
