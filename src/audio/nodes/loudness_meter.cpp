#include "audio/nodes/loudness_meter.h"
#include "audio/kernels/samples.h"
#include "audio/nodes/loudness_gate.h"
#include "audio/nodes/peak_finder.h"
#include "audio/nodes/section_meter.h"
#include "core/ordered_work.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

namespace dubplate {

namespace {

// More would wait for the thread that fills the sections.
constexpr int most_threads = 4;

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
    static constexpr std::size_t block_steps = 10;

    explicit MovingMaximum(std::size_t steps) : blocks_(steps), lengths_(steps) {
        DUBPLATE_ASSERT(steps % (2 * block_steps) == 0);
    }

    // For each step: the energy of the last ten of them, and its own frames.
    void add(double block_energy, std::int64_t frames) {
        length_ += frames - lengths_[next_];
        blocks_[next_] = block_energy;
        lengths_[next_] = frames;
        if (++count_ >= blocks_.size()) best_ = std::max(best_, sum() / static_cast<double>(length_));
        next_ = (next_ + 1) % blocks_.size();
    }
    double best() const { return best_; }

  private:
    // Of every tenth, back from the newest one. Anew each time, since what is added and taken away again for hours leaves
    // its rounding behind.
    double sum() const {
        std::array<double, 2> sums{};
        for (std::size_t i = next_ % block_steps; i < blocks_.size(); i += 2 * block_steps) {
            sums[0] += blocks_[i];
            sums[1] += blocks_[i + block_steps];
        }
        return sums[0] + sums[1];
    }

    std::vector<double> blocks_;
    std::vector<std::int64_t> lengths_;
    std::int64_t length_ = 0;
    std::size_t next_ = 0;
    std::size_t count_ = 0;
    double best_ = 0;
};

// Grows with the stream, since most sounds are short, up to a section and what stands before it.
class SectionBuffer {
  public:
    // The lead is silence, as before a stream.
    SectionBuffer(int channels, std::int64_t lead_frames, std::int64_t most_frames)
        : lead_(lead_frames), most_(most_frames), samples_(channels, lead_frames) {}

    // What is there stays.
    void reserve(std::int64_t frames) {
        const std::int64_t held = samples_.capacity();
        if (lead_ + frames <= held) return;
        BlockBuffer<float> larger(samples_.channels(),
                                  std::max(lead_ + frames, std::min(2 * held, lead_ + most_)));
        for (int c = 0; c < samples_.channels(); ++c)
            std::copy_n(samples_.channel(c).data(), held, larger.channel(c).data());
        samples_ = std::move(larger);
    }
    // From the section's first frame on.
    float* channel(int index) { return samples_.channel(index).data() + lead_; }

  private:
    std::int64_t lead_;
    std::int64_t most_;
    BlockBuffer<float> samples_;
};

// A section on its way: its samples, then what they come to.
struct HeardSection {
    std::unique_ptr<SectionBuffer> samples;
    std::int64_t frames = 0;
    MeasuredSection measured;
};

}  // namespace

struct LoudnessMeter::Impl {
    explicit Impl(LoudnessMeterOptions options_in) : options(options_in) {}

    void start(const StreamFormat& format_in);
    Status process(BlockView<const float> block);
    Status finish();

    void copy_in(BlockView<const float> block, std::int64_t begin, std::int64_t frames);
    Status give_section(bool is_last);
    std::unique_ptr<SectionBuffer> next_buffer();
    Status take(HeardSection heard);
    void close_step(double energy, std::int64_t frames);

    LoudnessMeterOptions options;
    StreamFormat format;
    std::array<double, max_channels> weights{};
    std::optional<SectionMeter> sections;
    std::optional<PeakRanking> peaks;
    std::vector<std::unique_ptr<SectionBuffer>> spare;  // that sections were heard from
    std::unique_ptr<SectionBuffer> section;             // that is being filled
    std::int64_t filled = 0;
    std::int64_t heard_frames = 0;                                // of the sections that were taken
    std::int64_t whole_steps = 0;                                 // steps of 10 ms
    std::array<double, MovingMaximum::block_steps> last_steps{};  // the energies of these
    double step_energy = 0;                                       // of the 100 ms that are not yet whole
    double total_energy = 0;
    LoudnessSteps steps;
    MovingMaximum momentary{10 * momentary_steps};
    MovingMaximum short_term{10 * short_term_steps};
    LoudnessResult result;
    std::optional<OrderedWork<HeardSection>> work;  // last: its threads end before what they use
};

void LoudnessMeter::Impl::start(const StreamFormat& format_in) {
    format = format_in;
    weights = channel_weights[static_cast<std::size_t>(format.channels)];
    if (format.channels == 1 && options.dual_mono) weights[0] = 2;
    sections.emplace(format, std::span(weights).first(static_cast<std::size_t>(format.channels)));
    peaks.emplace(format.sample_rate_hz);
    steps.sample_rate_hz = format.sample_rate_hz;
    section = next_buffer();
    if (options.threads > 1)
        work.emplace(std::min(options.threads, most_threads), std::stop_token{},
                     [this](HeardSection heard) { return take(std::move(heard)); });
}

std::unique_ptr<SectionBuffer> LoudnessMeter::Impl::next_buffer() {
    if (spare.empty())
        return std::make_unique<SectionBuffer>(format.channels, sections->lead_frames(),
                                               sections->readable_frames(sections->section_frames()));
    std::unique_ptr<SectionBuffer> buffer = std::move(spare.back());
    spare.pop_back();
    return buffer;
}

Status LoudnessMeter::Impl::process(BlockView<const float> block) {
    for (std::int64_t begin = 0; begin < block.frames();) {
        if (filled == sections->section_frames()) DUBPLATE_CHECK(give_section(false));
        const std::int64_t frames = std::min(sections->section_frames() - filled, block.frames() - begin);
        section->reserve(filled + frames);
        copy_in(block, begin, frames);
        begin += frames;
        filled += frames;
    }
    return {};
}

void LoudnessMeter::Impl::copy_in(BlockView<const float> block, std::int64_t begin, std::int64_t frames) {
    for (int c = 0; c < format.channels; ++c) {
        const float* from = block.channel(c).data() + begin;
        float* to = section->channel(c) + filled;
        if (all_finite(from, frames)) {
            std::copy_n(from, frames, to);
            continue;
        }
        scale_finite(from, to, frames, 1);
        result.non_finite_samples +=
            std::count_if(from, from + frames, [](float sample) { return !std::isfinite(sample); });
    }
}

// The end of a section stands before the next one.
Status LoudnessMeter::Impl::give_section(bool is_last) {
    const std::int64_t lead = sections->lead_frames();
    auto work_on = std::make_shared<HeardSection>();
    work_on->frames = std::exchange(filled, 0);
    section->reserve(sections->readable_frames(work_on->frames));
    work_on->samples = std::move(section);
    if (!is_last) {
        section = next_buffer();
        section->reserve(sections->readable_frames(sections->section_frames()));
        for (int c = 0; c < format.channels; ++c)
            std::copy_n(work_on->samples->channel(c) + work_on->frames - lead, lead,
                        section->channel(c) - lead);
    }
    const auto listen = [this, work_on, is_last, threshold = peaks->threshold()] {
        std::array<float*, max_channels> channels{};
        for (int c = 0; c < format.channels; ++c)
            channels[static_cast<std::size_t>(c)] = work_on->samples->channel(c);
        work_on->measured =
            sections->measure(std::span(channels).first(static_cast<std::size_t>(format.channels)),
                              work_on->frames, is_last, threshold);
        return std::move(*work_on);
    };
    if (!work) return take(listen());
    return work->add([listen](const std::stop_token&) -> Result<HeardSection> { return listen(); });
}

Status LoudnessMeter::Impl::take(HeardSection heard) {
    const MeasuredSection& measured = heard.measured;
    result.sample_peak = std::max(result.sample_peak, static_cast<double>(measured.peaks.largest_sample));
    for (FoundPeak peak : measured.peaks.of_windows) {
        peak.frame += heard_frames;
        peaks->add(peak);
    }
    for (std::size_t i = 0; i < measured.energies.size(); ++i) {
        const auto step = static_cast<std::int64_t>(i);
        const std::int64_t end = step_begin(step + 1, format.sample_rate_hz);
        if (end <= heard.frames) {
            close_step(measured.energies[i], end - step_begin(step, format.sample_rate_hz));
        } else {
            total_energy += measured.energies[i];
        }
    }
    heard_frames += heard.frames;
    spare.push_back(std::move(heard.samples));
    return {};
}

void LoudnessMeter::Impl::close_step(double energy, std::int64_t frames) {
    last_steps[static_cast<std::size_t>(whole_steps) % last_steps.size()] = energy;
    const double block = std::accumulate(last_steps.begin(), last_steps.end(), 0.0);
    momentary.add(block, frames);
    short_term.add(block, frames);
    step_energy += energy;
    total_energy += energy;
    if (++whole_steps % 10 != 0) return;
    steps.energies.push_back(step_energy);
    step_energy = 0;
}

Status LoudnessMeter::Impl::finish() {
    if (filled > 0) DUBPLATE_CHECK(give_section(true));
    if (work) DUBPLATE_CHECK(work->finish());
    section.reset();
    spare.clear();
    result.frames = heard_frames;
    peaks->finish(result.frames);

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
    return {};
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
    return impl_->process(block);
}

Status LoudnessMeter::finish() {
    return impl_->finish();
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
