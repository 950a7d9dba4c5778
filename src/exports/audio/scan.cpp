#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <limits>

#include "audio/nodes/pictures.h"
#include "audio/nodes/shape.h"
#include "core/hash.h"
#include "core/text.h"
#include "exports/audio/item_run.h"
#include "exports/audio/pass.h"
#include "exports/audio/prove.h"

namespace dubplate {

namespace {

// What the first pass looks at: all of the source, and the silence of the part that is wanted.
class SourceEars final : public Sink<float> {
  public:
    SourceEars(LoudnessMeter& meter, bool pictures, std::int64_t begin, std::int64_t end,
               std::optional<double> silence_dbfs)
        : meter_(meter), region_(begin, end), pictures_(pictures) {
        if (!silence_dbfs) return;
        silence_.emplace(*silence_dbfs);
        region_.add_output(*silence_);
    }

    Status start(const StreamFormat& format) override {
        rate_hz_ = format.sample_rate_hz;
        return each([&](Sink<float>& sink) { return sink.start(format); });
    }
    Status process(BlockView<const float> block) override {
        return each([&](Sink<float>& sink) { return sink.process(block); });
    }
    Status finish() override {
        return each([](Sink<float>& sink) { return sink.finish(); });
    }

    const std::optional<SilenceFinder>& silence() const { return silence_; }
    ManifestPictures pictures() const {
        return pictures_ ? make_pictures(waveform_, spectrum_, meter_.result(), rate_hz_)
                         : ManifestPictures{};
    }

  private:
    template <class Call>
    Status each(Call call) {
        DUBPLATE_CHECK(call(meter_));
        if (silence_) DUBPLATE_CHECK(call(region_));
        if (!pictures_) return {};
        DUBPLATE_CHECK(call(waveform_));
        return call(spectrum_);
    }

    LoudnessMeter& meter_;
    Region region_;
    std::optional<SilenceFinder> silence_;
    WaveformPicture waveform_;
    SpectrumPicture spectrum_;
    bool pictures_;
    int rate_hz_ = 0;
};

Status make_shape(ItemRun& item, const AudioSpec& spec, std::int64_t source_frames,
                  const std::optional<SilenceFinder>& silence) {
    const SourceInfo& source = item.audio.reader->info();
    const int rate = source.stream.sample_rate_hz;
    Shape& shape = item.shape;
    shape.source_frames = source_frames;
    shape.source_rate_hz = rate;
    shape.begin_frame = item.planned->begin_frame;
    shape.end_frame = std::min(item.planned->end_frame.value_or(source_frames), source_frames);
    if (shape.frames() <= 0)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("the part from {} on is past the end at {}",
                                format_duration(frames_to_seconds(shape.begin_frame, rate)),
                                format_duration(frames_to_seconds(source_frames, rate))));
    if (silence) {
        if (silence->end_frame() == 0)
            return fail(ErrorCode::invalid_argument,
                        fmt::format("all of it is below {} dBFS, so nothing would be left",
                                    *spec.edit.trim_silence_dbfs),
                        "lower --trim-silence, or leave it out");
        shape.end_frame = shape.begin_frame + silence->end_frame();
        shape.begin_frame += silence->begin_frame();
    }
    if (spec.channels && *spec.channels != source.stream.channels) shape.fold_channels = spec.channels;
    shape.fade_in_frames = std::min(seconds_to_frames(spec.edit.fade_in_seconds, rate), shape.frames());
    shape.fade_out_frames = std::min(seconds_to_frames(spec.edit.fade_out_seconds, rate), shape.frames());
    return {};
}

void describe_source(ItemRun& item, const LoudnessResult& loudness) {
    const SourceInfo& source = item.audio.reader->info();
    ManifestItem& result = item.result;
    const AudioFormat* format = find_audio_format(source.format);
    result.source_format =
        fmt::format("{}, {}", format != nullptr ? format->title : source.format, source.codec);
    result.duration_seconds = frames_to_seconds(loudness.frames, source.stream.sample_rate_hz);
    result.sample_rate_hz = source.stream.sample_rate_hz;
    result.channels = source.stream.channels;
    result.bits = source.bits;
    result.is_float = source.is_float;
    result.loudness = to_measured(loudness, source.stream.sample_rate_hz);
    for (const std::string& warning : source.warnings)
        if (std::ranges::find(result.warnings, warning) == result.warnings.end())
            result.warnings.push_back(warning);
    if (loudness.non_finite_samples > 0)
        result.warnings.push_back(
            fmt::format("{} samples are not a number or infinite; they are replaced by silence or full scale",
                        loudness.non_finite_samples));
}

}  // namespace

Status scan(ItemRun& item, RunContext& context) {
    const AudioSpec& spec = context.plan.spec;
    const Progress::Part progress = item.progress.part(0, 0.25);
    item.progress.stage("measuring", item.planned->name);
    DUBPLATE_TRY(item.audio, item.planned->input.open());
    auto source_meter =
        std::make_unique<LoudnessMeter>(LoudnessMeterOptions{.dual_mono = spec.loudness.dual_mono});
    const std::int64_t open_end = std::numeric_limits<std::int64_t>::max();
    SourceEars ears(*source_meter, context.options.pictures, item.planned->begin_frame,
                    item.planned->end_frame.value_or(open_end), spec.edit.trim_silence_dbfs);
    std::future<Result<std::string>> sha256;
    if (item.audio.bytes)
        sha256 = std::async(std::launch::async, [&] { return sha256_of(*item.audio.bytes, context.stop); });
    DUBPLATE_TRY(const std::int64_t frames, run_pass(*item.audio.reader, ears, item.planned->source.frames,
                                                     progress.part(0, 0.7), context.stop));
    if (frames == 0) return fail(ErrorCode::corrupt, "holds no audio, 0 frames");
    describe_source(item, source_meter->result());
    item.result.pictures = ears.pictures();
    if (sha256.valid()) {
        DUBPLATE_TRY(item.result.sha256, sha256.get());
    }
    DUBPLATE_CHECK(make_shape(item, spec, frames, ears.silence()));
    if (!item.shape.changes_audio()) {
        item.shaped = std::move(source_meter);
        progress.part(0.7, 1).finish();
        return {};
    }
    item.shaped = std::make_unique<LoudnessMeter>(LoudnessMeterOptions{.dual_mono = spec.loudness.dual_mono});
    ExportGraph graph(item.shape);
    graph.add_meter({.rate_hz = item.shape.source_rate_hz, .gain_db = 0, .ceiling_dbtp = {}}, *item.shaped);
    DUBPLATE_CHECK(run_pass(*item.audio.reader, graph.head(), frames, progress.part(0.7, 1), context.stop,
                            [&] { return graph.wants_more(); }));
    return {};
}

}  // namespace dubplate
