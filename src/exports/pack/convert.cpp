#include "exports/pack/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <limits>
#include <utility>

#include "audio/nodes/loudness_meter.h"
#include "audio/nodes/shape.h"
#include "core/units.h"
#include "exports/pack/preview.h"
#include "exports/pack/prove_sample.h"
#include "exports/pack/sample_chain.h"
#include "exports/pack/taps.h"

namespace dubplate {

namespace {

// More than any filter of ours reads before and behind a frame, at rates down to 1 kHz.
constexpr std::int64_t loop_context_frames = 4096;
constexpr int picture_columns = 200;
constexpr auto no_end = std::numeric_limits<std::int64_t>::max();

// One sample on its way.
struct Work {
    MadeSample made;
    std::int64_t end_frame = no_end;
    std::unique_ptr<SilenceFinder> silence{};
    std::unique_ptr<ChannelFold> fold{};  // before the meter
    std::unique_ptr<LoudnessMeter> meter{};
    std::unique_ptr<SampleWriter> writer{};
    std::unique_ptr<WaveformPicture> picture{};
    std::unique_ptr<SampleChain> chain{};
    std::chrono::steady_clock::time_point began{};

    bool loops() const { return made.planned->loop_frame.has_value(); }
};

class SourceConversion {
  public:
    SourceConversion(const PackPlan& plan, const PackSource& source, const CreateFile& create,
                     Progress::Part progress, std::stop_token stop)
        : plan_(plan),
          source_(source),
          create_(create),
          progress_(std::move(progress)),
          stop_(std::move(stop)) {}

    Result<std::vector<MadeSample>> all(const std::vector<const PlannedSample*>& samples) {
        DUBPLATE_TRY(opened_, source_.input.open());
        for (const PlannedSample* sample : samples) begin(*sample);
        DUBPLATE_CHECK(trim());
        DUBPLATE_CHECK(measure());
        DUBPLATE_CHECK(write());
        std::vector<MadeSample> made;
        for (Work& work : works_) made.push_back(std::move(work.made));
        return made;
    }

  private:
    const PackSpec& spec() const { return plan_.spec; }
    AudioReader& reader() { return *opened_.reader; }
    const StreamFormat& stream() const { return source_.info.stream; }

    void begin(const PlannedSample& sample) {
        Work& work = works_.emplace_back();
        work.made.planned = &sample;
        work.made.begin_frame = sample.begin_frame;
        work.made.rates = {stream().sample_rate_hz, plan_.device->sample_rate_hz};
        work.end_frame = sample.end_frame.value_or(no_end);
        work.began = std::chrono::steady_clock::now();
    }

    // A pass into those samples that `wanted` picks. What fails in one sample ends that sample alone.
    Status pass(const std::function<bool(const Work&)>& wanted,
                const std::function<Result<Sink<float>*>(Work&)>& open,
                const std::function<Status(Work&)>& done, Progress::Part progress) {
        std::vector<Tap> taps;
        for (Work& work : works_) {
            if (work.made.error || !wanted(work)) continue;
            taps.push_back({.begin_frame = work.made.begin_frame,
                            .end_frame = work.end_frame,
                            .open = [&work, &open] { return open(work); },
                            .done = [&work, &done] { return done(work); }});
        }
        if (taps.empty()) return {};
        return run_taps(reader(), taps, source_.info.frames, std::move(progress), stop_);
    }

    // ---- before the samples are written ----

    Status trim() {
        if (!spec().trim_silence_dbfs) return {};
        return pass([](const Work& work) { return !work.loops(); },
                    [this](Work& work) -> Result<Sink<float>*> {
                        work.silence = std::make_unique<SilenceFinder>(*spec().trim_silence_dbfs);
                        DUBPLATE_CHECK(work.silence->start(stream()));
                        return work.silence.get();
                    },
                    [](Work& work) -> Status {
                        if (work.silence->end_frame() == 0) return {};  // all of it: kept as it is
                        work.end_frame = work.made.begin_frame + work.silence->end_frame();
                        work.made.begin_frame += work.silence->begin_frame();
                        return {};
                    },
                    progress_.part(0, 0.2));
    }

    Status measure() {
        if (spec().normalize == PackNormalize::off) return {};
        return pass([](const Work&) { return true; },
                    [this](Work& work) -> Result<Sink<float>*> {
                        work.meter = std::make_unique<LoudnessMeter>();
                        work.fold = std::make_unique<ChannelFold>(work.made.planned->channels);
                        work.fold->add_output(*work.meter);
                        Sink<float>* head = work.fold.get();
                        if (work.made.planned->channels == stream().channels) head = work.meter.get();
                        DUBPLATE_CHECK(head->start(stream()));
                        return head;
                    },
                    [this](Work& work) {
                        work.made.gain_db = gain_for(work.meter->result());
                        return Status();
                    },
                    progress_.part(0.2, 0.4));
    }

    // Attacks are not limited: where the loudness would lift the peak over the ceiling, the gain is less.
    double gain_for(const LoudnessResult& loudness) const {
        const double to_ceiling = spec().true_peak_dbtp - loudness.true_peak.dbtp;
        if (!std::isfinite(to_ceiling)) return 0;  // silence
        if (spec().normalize == PackNormalize::peak || !std::isfinite(loudness.integrated_lufs))
            return to_ceiling;
        return std::min(spec().target_lufs - loudness.integrated_lufs, to_ceiling);
    }

    // ---- the samples ----

    Status write() {
        Progress::Part progress = progress_.part(0.4, 1);
        DUBPLATE_CHECK(pass([](const Work& work) { return !work.loops(); },
                            [this](Work& work) { return open(work, sound_of(work)); },
                            [this](Work& work) { return close(work); }, progress));
        for (Work& work : works_)
            if (work.loops() && !work.made.error) DUBPLATE_CHECK(write_loop(work));
        progress.finish();
        return {};
    }

    SampleSound sound_of(const Work& work) const {
        const PlannedSample& planned = *work.made.planned;
        SampleSound sound{.source_channels = stream().channels,
                          .channels = planned.channels,
                          .rates = work.made.rates,
                          .gain_db = work.made.gain_db,
                          .is_float = source_.info.is_float,
                          .keeps_samples = planned.keeps_samples && work.made.gain_db == 0,
                          .seed = static_cast<std::uint64_t>(spec().seed)};
        if (spec().pad_short && !planned.loop_frame) {
            sound.min_frames = plan_.device->min_frames();
            sound.padded_frames = plan_.device->padded_frames();
        }
        return sound;
    }

    Result<Sink<float>*> open(Work& work, const SampleSound& sound) {
        work.writer = std::make_unique<SampleWriter>(plan_.device->sample_rate_hz, plan_.device);
        for (const SampleFile& planned : work.made.planned->files) {
            DUBPLATE_TRY(auto file, create_(planned.path));
            work.writer->add(*file, *planned.kind, planned.place);
            work.made.files.push_back({.path = planned.path, .file = std::move(file)});
        }
        if (spec().preview) work.picture = std::make_unique<WaveformPicture>(picture_columns);
        work.chain = std::make_unique<SampleChain>(sound, *work.writer, work.picture.get());
        return work.chain->start();
    }

    // The sample turns at its end to loop_frame, in a whole number of frames, and the filter sees it turning.
    Status write_loop(Work& work) {
        const PlannedSample& planned = *work.made.planned;
        const std::int64_t begin = work.made.begin_frame;
        const std::int64_t end = work.end_frame;
        const std::int64_t turn = end - *planned.loop_frame;
        const RatePair nominal = work.made.rates;
        work.made.rates = loop_rates(turn, nominal);
        SampleSound sound = sound_of(work);
        if (sound.rates.from == sound.rates.to) {
            DUBPLATE_TRY(Sink<float>* const sink, open(work, sound));
            DUBPLATE_CHECK(feed_loop(reader(), begin, end, 1, 0, *sink, stop_));
            return close(work);
        }
        if (*planned.loop_frame == begin) {
            const int before = static_cast<int>((loop_context_frames + turn - 1) / turn);
            sound.keep_frames = looped_frames(turn, nominal);
            sound.skip_frames = before * sound.keep_frames;
            DUBPLATE_TRY(Sink<float>* const sink, open(work, sound));
            const std::int64_t after = loop_context_frames;
            DUBPLATE_CHECK(feed_loop(reader(), begin, end, before + 1 + static_cast<int>(after / turn),
                                     after % turn, *sink, stop_));
            return close(work);
        }
        sound.keep_frames = resampled_frames(end - begin, sound.rates.from, sound.rates.to);
        DUBPLATE_TRY(Sink<float>* const sink, open(work, sound));
        HeadAndLoop head(*sink);
        DUBPLATE_CHECK(feed_loop(reader(), begin, end, 1, 0, head, stop_));
        const std::int64_t after = loop_context_frames;
        DUBPLATE_CHECK(feed_loop(reader(), *planned.loop_frame, end, static_cast<int>(after / turn),
                                 after % turn, *sink, stop_));
        return close(work);
    }

    // Passes the head on, without its end.
    class HeadAndLoop final : public Sink<float> {
      public:
        explicit HeadAndLoop(Sink<float>& sink) : sink_(sink) {}
        Status start(const StreamFormat&) override { return {}; }
        Status process(BlockView<const float> block) override { return sink_.process(block); }
        Status finish() override { return {}; }

      private:
        Sink<float>& sink_;
    };

    // ---- the proof ----

    Status close(Work& work) {
        if (Status proven = prove(work); !proven) {
            if (proven.error().code == ErrorCode::canceled) return proven;
            work.made.error = std::move(proven).error();
            work.made.files.clear();
        }
        work.made.seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - work.began).count();
        work.chain.reset();
        work.writer.reset();
        return {};
    }

    Status prove(Work& work) {
        MadeSample& made = work.made;
        const PlannedSample& planned = *made.planned;
        made.layout = work.writer->layout();
        made.clipped_samples = work.chain->clipped_samples();
        made.bad_samples = work.chain->bad_samples();
        if (work.picture) made.waveform = work.picture->columns();
        if (made.layout.frames < plan_.device->min_frames())
            return fail(ErrorCode::unsupported,
                        fmt::format("{:.0f} ms long, the {} needs {} ms",
                                    1000 * frames_to_seconds(made.layout.frames, made.layout.sample_rate_hz),
                                    plan_.device->title, plan_.device->min_milliseconds),
                        "use --pad-short");
        for (std::size_t i = 0; i < planned.files.size(); ++i) {
            DUBPLATE_CHECK(prove_sample(made.files[i], planned.files[i], *work.writer, spec()));
            DUBPLATE_CHECK(first_failure(made.files[i].checks));
        }
        place_pads(made, *plan_.device, source_);
        if (spec().preview) DUBPLATE_CHECK(add_previews(made, create_, stop_));
        return {};
    }

    const PackPlan& plan_;
    const PackSource& source_;
    const CreateFile& create_;
    Progress::Part progress_;
    std::stop_token stop_;
    OpenedAudio opened_;
    std::deque<Work> works_;
};

}  // namespace

std::int64_t MadeSample::place_of(std::int64_t source_frame) const {
    const std::int64_t frame = std::max<std::int64_t>(source_frame - begin_frame, 0);
    return std::min(resampled_frames(frame, rates.from, rates.to), layout.frames);
}

Result<std::vector<MadeSample>> convert_source(const PackPlan& plan, const PackSource& source,
                                               const std::vector<const PlannedSample*>& samples,
                                               const CreateFile& create, Progress::Part progress,
                                               std::stop_token stop) {
    return SourceConversion(plan, source, create, std::move(progress), std::move(stop)).all(samples);
}

}  // namespace dubplate
