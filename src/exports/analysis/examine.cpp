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

// Every node that listens to the one pass. Those that the source's rate rules out are left out.
class Ears final : public Sink<float> {
  public:
    Ears(const SourceInfo& source, const ExamineOptions& options) : statistics_(source.bits) {
        const int rate = source.stream.sample_rate_hz;
        outputs_.add(statistics_);
        if (rate >= LoudnessMeter::lowest_rate_hz && rate <= LoudnessMeter::highest_rate_hz)
            outputs_.add(meter_.emplace());
        if (options.pictures) outputs_.add(waveform_.emplace(waveform_columns));
        const AnalyzeOptions& asked = options.analyze;
        const bool wants_spectra = asked.tempo || asked.key || asked.structure || options.pictures;
        if (!wants_spectra || rate < FrameStream::lowest_rate_hz || rate > FrameStream::highest_rate_hz)
            return;
        outputs_.add(music_.emplace());
        if (asked.structure || options.pictures) music_->frames().add_short(timbre_);
    }

    Status start(const StreamFormat& format) override { return outputs_.start(format); }
    Status process(BlockView<const float> block) override { return outputs_.process(block); }
    Status finish() override { return outputs_.finish(); }

    const SampleStatistics& statistics() const { return statistics_.result(); }
    const LoudnessResult* loudness() const { return meter_ ? &meter_->result() : nullptr; }
    const MusicFinder* music() const { return music_ ? &*music_ : nullptr; }
    const Timbre& timbre() const { return timbre_; }
    AnalysisPictures pictures() const {
        AnalysisPictures pictures;
        pictures.waveform = waveform_->columns();
        if (meter_) {
            pictures.short_term_lufs = meter_->result().short_term_lufs;
            pictures.momentary_lufs = meter_->result().momentary_lufs;
        }
        if (music_) {
            pictures.mel_powers = timbre_.cells();
            pictures.mel_step_s = timbre_.cell_s();
        }
        return pictures;
    }

  private:
    static constexpr int waveform_columns = 2400;

    StatisticsMeter statistics_;
    std::optional<LoudnessMeter> meter_;
    std::optional<WaveformPicture> waveform_;
    std::optional<MusicFinder> music_;
    Timbre timbre_;
    Outputs<float> outputs_;
};

// All that speaks for a tempo besides the sound.
TempoOptions tempo_options(const Analysis& analysis, const std::string& stem, const AnalyzeOptions& options) {
    const SourceInfo& source = analysis.source;
    TempoOptions tempo;
    tempo.min_bpm = options.min_bpm;
    tempo.max_bpm = options.max_bpm;
    TempoEvidence& evidence = tempo.evidence;
    if (options.name_is_evidence) evidence.name_bpm = bpm_in_name(stem);
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

void take_source(const SourceInfo& source, Analysis& analysis) {
    analysis.source = source;
    std::optional<Picture>& cover = analysis.source.metadata.cover;
    if (!cover) return;
    analysis.cover = CoverFacts{cover->mime, cover->data.size()};
    cover.reset();
}

void take_loudness(const LoudnessResult* loudness, Analysis& analysis) {
    const int rate = analysis.source.stream.sample_rate_hz;
    if (loudness == nullptr) {
        analysis.warnings.push_back(fmt::format("loudness is not defined at {} Hz", rate));
        return;
    }
    analysis.loudness = to_measured(*loudness, rate);
    if (loudness->non_finite_samples > 0)
        analysis.warnings.push_back(
            fmt::format("{} samples are not a number or infinite; they count as silence or full scale",
                        loudness->non_finite_samples));
}

void take_music(const MusicFinder& music, const Timbre& timbre, const std::string& stem,
                const AnalyzeOptions& options, Analysis& analysis) {
    if (options.tempo) analysis.tempo = music.tempo(tempo_options(analysis, stem, options));
    if (options.key) analysis.key = music.key();
    if (!options.structure) return;
    const double seconds = analysis.seconds();
    static const std::vector<double> unknown;
    const bool has_beats = analysis.tempo && analysis.tempo->bpm;
    analysis.features = find_features(timbre, music.chroma(), music.onsets(), seconds);
    analysis.structure = find_structure({.timbre = timbre,
                                         .chroma = music.chroma(),
                                         .beats_s = has_beats ? analysis.tempo->beats_s : unknown,
                                         .downbeats_s = has_beats ? analysis.tempo->downbeats_s : unknown,
                                         .duration_s = seconds});
    // A file that is a loop is heard only once: nothing in it could tell.
    if (analysis.tempo && analysis.tempo->material == Material::loop && analysis.tempo->loop_beats)
        analysis.structure->loops.insert(analysis.structure->loops.begin(),
                                         {0, seconds, *analysis.tempo->loop_beats, 1});
}

// At rates that cannot be heard for it.
void leave_music_out(const AnalyzeOptions& options, Analysis& analysis) {
    if (!options.tempo && !options.key && !options.structure) return;
    const std::string reason = fmt::format(
        "tempo, key and structure are not found at {} Hz, only from {} to {} Hz",
        analysis.source.stream.sample_rate_hz, FrameStream::lowest_rate_hz, FrameStream::highest_rate_hz);
    if (options.tempo) analysis.tempo.emplace().reason = reason;
    if (options.key) analysis.key.emplace().reason = reason;
    analysis.warnings.push_back(reason);
}

}  // namespace

Analysis facts_of(const OpenedAudio& opened) {
    Analysis analysis;
    take_source(opened.reader->info(), analysis);
    analysis.file_bytes = opened.bytes ? opened.bytes->size() : 0;
    return analysis;
}

Result<Examined> examine(const OpenedAudio& opened, const std::string& stem, const ExamineOptions& options,
                         Progress::Part progress, std::stop_token stop) {
    Examined examined{facts_of(opened)};
    Analysis& analysis = examined.analysis;
    Ears ears(analysis.source, options);
    DUBPLATE_TRY(const std::int64_t frames,
                 run_pass(*opened.reader, ears, analysis.source.frames, std::move(progress), stop));
    if (frames == 0) return fail(ErrorCode::corrupt, "holds no audio, 0 frames");
    take_source(opened.reader->info(), analysis);  // some faults show themselves in the middle
    analysis.source.frames = frames;
    analysis.source.frames_exact = true;
    analysis.statistics = ears.statistics();
    take_loudness(ears.loudness(), analysis);
    if (ears.music() != nullptr) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        take_music(*ears.music(), ears.timbre(), stem, options.analyze, analysis);
    } else {
        leave_music_out(options.analyze, analysis);
    }
    if (options.pictures) examined.pictures = ears.pictures();
    return examined;
}

}  // namespace dubplate
