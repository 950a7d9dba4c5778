#include "exports/analysis/examine.h"

#include <fmt/format.h>

#include "analysis/music.h"
#include "analysis/name_tempo.h"
#include "audio/nodes/loudness_meter.h"
#include "audio/nodes/statistics.h"
#include "exports/audio/pass.h"
#include "exports/audio/prove.h"

namespace dubplate {

namespace {

// Every node that listens to the one pass, in order.
class Listeners final : public Sink<float> {
  public:
    void add(Sink<float>& sink) { outputs_.add(sink); }

    Status start(const StreamFormat& format) override { return outputs_.start(format); }
    Status process(BlockView<const float> block) override { return outputs_.process(block); }
    Status finish() override { return outputs_.finish(); }

  private:
    Outputs<float> outputs_;
};

void warn_of_bad_samples(const LoudnessResult& loudness, std::vector<std::string>& warnings) {
    if (loudness.non_finite_samples == 0) return;
    warnings.push_back(
        fmt::format("{} samples are not a number or infinite; they count as silence or full scale",
                    loudness.non_finite_samples));
}

// As FrameStream has it.
bool has_spectra(int rate_hz) {
    return rate_hz >= 8'000 && rate_hz <= 192'000;
}

// All that speaks for a tempo besides the sound.
TempoOptions tempo_options(const Analysis& analysis, const std::string& stem, const AnalyzeOptions& options) {
    const SourceInfo& source = analysis.source;
    TempoOptions tempo;
    tempo.min_bpm = options.min_bpm;
    tempo.max_bpm = options.max_bpm;
    TempoEvidence& evidence = tempo.evidence;
    evidence.name_bpm = bpm_in_name(stem);
    evidence.tag_bpm = source.metadata.bpm;
    if (source.acid) {
        if (evidence.tag_bpm == source.acid->bpm)
            evidence.tag_bpm.reset();  // the chunk is where it comes from
        evidence.acid_bpm = source.acid->bpm;
        evidence.acid_beats = source.acid->beats;
        evidence.acid_one_shot = source.acid->one_shot;
    }
    evidence.loop_points =
        source.loop && source.loop->begin_frame == 0 && source.loop->end_frame == source.frames;
    return tempo;
}

}  // namespace

Analysis facts_of(const OpenedAudio& opened) {
    Analysis analysis;
    analysis.source = opened.reader->info();
    analysis.file_bytes = opened.bytes ? opened.bytes->size() : 0;
    return analysis;
}

Result<Examined> examine(const OpenedAudio& opened, const std::string& stem, const AnalyzeOptions& options,
                         Progress::Part progress, std::stop_token stop) {
    Examined examined{facts_of(opened)};
    Analysis& analysis = examined.analysis;
    const int rate = analysis.source.stream.sample_rate_hz;
    StatisticsMeter statistics(analysis.source.bits);
    LoudnessMeter meter;
    const bool has_loudness = rate >= LoudnessMeter::lowest_rate_hz && rate <= LoudnessMeter::highest_rate_hz;
    Listeners listeners;
    listeners.add(statistics);
    if (has_loudness) listeners.add(meter);
    std::optional<MusicFinder> music;
    if ((options.tempo || options.key) && has_spectra(rate)) listeners.add(music.emplace());

    DUBPLATE_TRY(const std::int64_t frames,
                 run_pass(*opened.reader, listeners, analysis.source.frames, std::move(progress), stop));
    if (frames == 0) return fail(ErrorCode::corrupt, "holds no audio, 0 frames");
    analysis.source = opened.reader->info();  // some faults show themselves in the middle
    analysis.source.frames = frames;
    analysis.source.frames_exact = true;
    analysis.statistics = statistics.result();
    if (has_loudness) {
        analysis.loudness = to_measured(meter.result(), rate);
        warn_of_bad_samples(meter.result(), analysis.warnings);
    } else {
        analysis.warnings.push_back(fmt::format("loudness is not defined at {} Hz", rate));
    }
    if (music && options.tempo) analysis.tempo = music->tempo(tempo_options(analysis, stem, options));
    if (music && options.key) analysis.key = music->key();
    return examined;
}

}  // namespace dubplate
