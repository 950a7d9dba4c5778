#include <fmt/format.h>

#include <algorithm>

#include "audio/nodes/shape.h"
#include "core/text.h"
#include "exports/audio/item_run.h"
#include "exports/audio/pass.h"
#include "exports/audio/prove.h"
#include "exports/audio/source_scan.h"

namespace dubplate {

namespace {

Status make_shape(ItemRun& item, const AudioSpec& spec, const SourceScan& scan) {
    const std::int64_t source_frames = scan.frames;
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
    if (scan.audible) {
        if (scan.audible->end == 0)
            return fail(ErrorCode::invalid_argument,
                        fmt::format("all of it is below {} dBFS, so nothing would be left",
                                    *spec.edit.trim_silence_dbfs),
                        "lower --trim-silence, or leave it out");
        shape.end_frame = shape.begin_frame + scan.audible->end;
        shape.begin_frame += scan.audible->begin;
    }
    if (spec.channels && *spec.channels != source.stream.channels) shape.fold_channels = spec.channels;
    shape.fade_in_frames = std::min(seconds_to_frames(spec.edit.fade_in_seconds, rate), shape.frames());
    shape.fade_out_frames = std::min(seconds_to_frames(spec.edit.fade_out_seconds, rate), shape.frames());
    return {};
}

void describe_source(ItemRun& item, const SourceScan& scan) {
    const LoudnessResult& loudness = scan.meter->result();
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
    result.pictures = scan.pictures;
    result.sha256 = scan.sha256;
    for (const std::string& warning : scan.warnings)
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
    const ScanOptions options{.dual_mono = spec.loudness.dual_mono,
                              .pictures = context.options.pictures,
                              .silence_dbfs = spec.edit.trim_silence_dbfs,
                              .threads = context.threads};
    DUBPLATE_TRY(const SharedScan found,
                 context.scans.scan(*item.planned, item.audio, options, progress.part(0, 0.7), context.stop));
    describe_source(item, *found);
    DUBPLATE_CHECK(make_shape(item, spec, *found));
    if (!item.shape.changes_audio()) {
        item.shaped = found->meter;
        progress.part(0.7, 1).finish();
        return {};
    }
    auto shaped = std::make_shared<LoudnessMeter>(
        LoudnessMeterOptions{.dual_mono = spec.loudness.dual_mono, .threads = context.threads});
    item.shaped = shaped;
    ExportGraph graph(item.shape, context.threads);
    graph.add_meter({.rate_hz = item.shape.source_rate_hz, .gain_db = 0, .ceiling_dbtp = {}}, *shaped);
    DUBPLATE_CHECK(run_pass(*item.audio.reader, graph.head(), found->frames, progress.part(0.7, 1),
                            context.stop, [&] { return graph.wants_more(); }));
    return {};
}

}  // namespace dubplate
