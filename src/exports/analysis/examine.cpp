#include "exports/analysis/examine.h"

#include <fmt/format.h>

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
    warnings.push_back(fmt::format("{} samples are not a number or infinite; they count as silence or full scale",
                                   loudness.non_finite_samples));
}

}  // namespace

Analysis facts_of(const OpenedAudio& opened) {
    Analysis analysis;
    analysis.source = opened.reader->info();
    analysis.file_bytes = opened.bytes ? opened.bytes->size() : 0;
    return analysis;
}

Result<Examined> examine(const OpenedAudio& opened, const std::string&, const AnalyzeOptions&,
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
    return examined;
}

}  // namespace dubplate
