#include "exports/analysis/analysis.h"
#include "exports/analysis/json_values.h"
#include "exports/analysis/music_json.h"

#include <fmt/format.h>

namespace dubplate {

namespace {

double ratio_db(double peak, double rms) {
    return rms > 0 ? gain_to_db(peak / rms) : 0;
}

Json losses_json(const std::vector<Loss>& losses) {
    Json json = Json::array();
    for (const Loss& loss : losses)
        json.push_back({{"what", to_valid_utf8(loss.what)}, {"why", to_valid_utf8(loss.why)}});
    return json;
}

Json markers_json(const SourceInfo& source) {
    Json json = Json::array();
    for (const Marker& marker : source.markers)
        json.push_back(
            {{"frame", marker.frame},
             {"seconds", rounded(frames_to_seconds(marker.frame, source.stream.sample_rate_hz), time_step)},
             {"length_frames", marker.length_frames},
             {"label", to_valid_utf8(marker.label)}});
    return json;
}

Json loop_json(const std::optional<SampleLoop>& loop) {
    if (!loop) return nullptr;
    return {{"begin_frame", loop->begin_frame}, {"end_frame", loop->end_frame}, {"root_key", loop->root_key}};
}

Json acid_json(const std::optional<AcidFacts>& acid) {
    if (!acid) return nullptr;
    return {{"one_shot", acid->one_shot},
            {"bpm", rounded(acid->bpm, time_step)},
            {"beats", acid->beats ? Json(*acid->beats) : Json(nullptr)}};
}

void add_facts(Json& json, const Analysis& analysis) {
    const SourceInfo& source = analysis.source;
    json["format"] = source.format;
    json["codec"] = source.codec;
    json["duration_seconds"] = rounded(analysis.seconds(), time_step);
    json["frames"] = source.frames;
    json["frames_exact"] = source.frames_exact;
    json["sample_rate"] = source.stream.sample_rate_hz;
    json["channels"] = source.stream.channels;
    json["bit_depth"] = source.bits > 0 ? Json(source.bits) : Json(nullptr);
    json["is_float"] = source.is_float;
    json["is_lossy"] = source.lossy;
    json["bitrate_kbps"] = source.bitrate_kbps > 0 ? Json(source.bitrate_kbps) : Json(nullptr);
    json["file_size_bytes"] = analysis.file_bytes > 0 ? Json(analysis.file_bytes) : Json(nullptr);
    json["tags"] = source.metadata;
    if (analysis.cover)
        json["tags"]["cover"] = {{"mime", analysis.cover->mime}, {"bytes", analysis.cover->bytes}};
    json["acid"] = acid_json(source.acid);
    json["recorded"] = text_or_null(source.origination);
    json["markers"] = markers_json(source);
    json["loop"] = loop_json(source.loop);
    json["losses"] = losses_json(source.losses);
}

void add_statistics(Json& json, const SampleStatistics& statistics, int rate_hz) {
    const auto seconds = [&](std::int64_t frames) {
        return rounded(frames_to_seconds(frames, rate_hz), time_step);
    };
    json["peak_amplitude"] = rounded(statistics.peak, amplitude_step);
    json["peak_dbfs"] = rounded(gain_to_db(statistics.peak), level_step);
    json["rms_energy"] = rounded(statistics.rms, amplitude_step);
    json["rms_dbfs"] = rounded(gain_to_db(statistics.rms), level_step);
    json["dynamic_range_db"] =
        statistics.rms > 0 ? rounded(ratio_db(statistics.peak, statistics.rms), level_step) : Json(nullptr);
    json["crest_factor"] =
        statistics.rms > 0 ? rounded(statistics.peak / statistics.rms, share_step) : Json(nullptr);
    json["dc_offset"] = rounded(statistics.dc_offset, amplitude_step);
    json["stereo_correlation"] = rounded(statistics.correlation, share_step);
    json["silence"] = {{"threshold_dbfs", silence_dbfs},
                       {"leading_frames", statistics.leading_silence_frames},
                       {"leading_seconds", seconds(statistics.leading_silence_frames)},
                       {"trailing_frames", statistics.trailing_silence_frames},
                       {"trailing_seconds", seconds(statistics.trailing_silence_frames)}};
    const ClippedRuns& clipping = statistics.clipping;
    json["clipping"] = {{"runs", clipping.runs},
                        {"samples", clipping.samples},
                        {"longest_frames", clipping.longest_frames},
                        {"first_frame", clipping.first_frame},
                        {"first_seconds", clipping.runs > 0 ? seconds(clipping.first_frame) : Json(nullptr)}};
}

void add_loudness(Json& json, const MeasuredLoudness& loudness) {
    json["integrated_lufs"] = rounded(loudness.integrated_lufs, level_step);
    json["max_short_term_lufs"] = rounded(loudness.max_short_term_lufs, level_step);
    json["max_momentary_lufs"] = rounded(loudness.max_momentary_lufs, level_step);
    json["loudness_range_lu"] = rounded(loudness.range_lu, level_step);
    json["true_peak_dbtp"] = rounded(loudness.true_peak_dbtp, level_step);
    const bool is_silent = loudness.true_peak_dbtp <= silence_db;
    json["true_peak_seconds"] = is_silent ? Json(nullptr) : rounded(loudness.true_peak_seconds, time_step);
    json["shorter_than_400_ms"] = loudness.is_short;
}

// ---- and back ----

void read_lists(ObjectReader& reader, SourceInfo& source) {
    reader.each("markers", [&](ObjectReader& part) {
        Marker marker;
        part.must("frame", marker.frame);
        part.must("length_frames", marker.length_frames);
        part.must("label", marker.label);
        source.markers.push_back(std::move(marker));
    });
    reader.each("losses", [&](ObjectReader& part) {
        Loss loss;
        part.must("what", loss.what);
        part.must("why", loss.why);
        source.losses.push_back(std::move(loss));
    });
    reader.part("loop", [&](ObjectReader& part) {
        SampleLoop& loop = source.loop.emplace();
        part.must("begin_frame", loop.begin_frame);
        part.must("end_frame", loop.end_frame);
        part.must("root_key", loop.root_key);
    });
    reader.part("acid", [&](ObjectReader& part) {
        AcidFacts& acid = source.acid.emplace();
        part.must("one_shot", acid.one_shot);
        part.may("bpm", acid.bpm);
        part.may("beats", acid.beats);
    });
}

void read_facts(ObjectReader& reader, Analysis& analysis) {
    SourceInfo& source = analysis.source;
    reader.must("format", source.format);
    reader.must("codec", source.codec);
    reader.must("frames", source.frames);
    reader.must("frames_exact", source.frames_exact);
    reader.must("sample_rate", source.stream.sample_rate_hz);
    reader.must("channels", source.stream.channels);
    reader.may("bit_depth", source.bits);
    reader.must("is_float", source.is_float);
    reader.must("is_lossy", source.lossy);
    reader.may("bitrate_kbps", source.bitrate_kbps);
    reader.may("file_size_bytes", analysis.file_bytes);
    reader.may("recorded", source.origination);
    reader.may("warnings", analysis.warnings);
    if (const Json* tags = reader.find("tags")) {
        Result<Metadata> metadata = metadata_from_json(*tags);
        if (metadata) {
            source.metadata = *std::move(metadata);
        } else {
            reader.note("tags");
        }
    }
    reader.part("tags", [&](ObjectReader& tags) {
        tags.part("cover", [&](ObjectReader& part) {
            CoverFacts& cover = analysis.cover.emplace();
            part.must("mime", cover.mime);
            part.must("bytes", cover.bytes);
        });
    });
    read_lists(reader, source);
    if (source.stream.sample_rate_hz <= 0) reader.note("sample_rate");
}

void read_statistics(ObjectReader& reader, Analysis& analysis) {
    if (reader.find("peak_amplitude") == nullptr) return;
    SampleStatistics& statistics = analysis.statistics.emplace();
    statistics.frames = analysis.source.frames;
    reader.must("peak_amplitude", statistics.peak);
    reader.must("rms_energy", statistics.rms);
    reader.must("dc_offset", statistics.dc_offset);
    reader.may("stereo_correlation", statistics.correlation);
    reader.part("silence", [&](ObjectReader& part) {
        part.must("leading_frames", statistics.leading_silence_frames);
        part.must("trailing_frames", statistics.trailing_silence_frames);
    });
    reader.part("clipping", [&](ObjectReader& part) {
        part.must("runs", statistics.clipping.runs);
        part.must("samples", statistics.clipping.samples);
        part.must("longest_frames", statistics.clipping.longest_frames);
        part.must("first_frame", statistics.clipping.first_frame);
    });
}

void read_loudness(ObjectReader& reader, Analysis& analysis) {
    if (reader.find("shorter_than_400_ms") == nullptr) return;
    MeasuredLoudness& loudness = analysis.loudness.emplace();
    reader.level("integrated_lufs", loudness.integrated_lufs);
    reader.level("max_short_term_lufs", loudness.max_short_term_lufs);
    reader.level("max_momentary_lufs", loudness.max_momentary_lufs);
    reader.must("loudness_range_lu", loudness.range_lu);
    reader.level("true_peak_dbtp", loudness.true_peak_dbtp);
    reader.may("true_peak_seconds", loudness.true_peak_seconds);  // null: silence has no peak
    reader.must("shorter_than_400_ms", loudness.is_short);
}

}  // namespace

double Analysis::seconds() const {
    return source.stream.sample_rate_hz > 0 ? frames_to_seconds(source.frames, source.stream.sample_rate_hz)
                                            : 0;
}

Json to_json(const Analysis& analysis) {
    Json json = Json::object();
    add_facts(json, analysis);
    // What was not measured is null, so that every item has the same keys.
    for (const char* key :
         {"peak_amplitude", "peak_dbfs", "rms_energy", "rms_dbfs", "dynamic_range_db", "crest_factor",
          "dc_offset", "stereo_correlation", "silence", "clipping", "integrated_lufs", "max_short_term_lufs",
          "max_momentary_lufs", "loudness_range_lu", "true_peak_dbtp", "true_peak_seconds",
          "shorter_than_400_ms"})
        json[key] = nullptr;
    if (analysis.statistics)
        add_statistics(json, *analysis.statistics, analysis.source.stream.sample_rate_hz);
    if (analysis.loudness) add_loudness(json, *analysis.loudness);
    add_tempo(json, analysis.tempo);
    add_key(json, analysis.key);
    add_features(json, analysis.features);
    add_structure(json, analysis.structure);
    std::vector<std::string> warnings = analysis.source.warnings;
    warnings.insert(warnings.end(), analysis.warnings.begin(), analysis.warnings.end());
    json["warnings"] = texts_json(warnings);
    json["analyzer_version"] = analyzer_version;
    return json;
}

Result<Analysis> analysis_from_json(const Json& json) {
    if (!json.is_object()) return fail(ErrorCode::corrupt, "an analysis must be a JSON object");
    ObjectReader reader(json);
    Analysis analysis;
    read_facts(reader, analysis);
    read_statistics(reader, analysis);
    read_loudness(reader, analysis);
    read_tempo(reader, analysis.tempo);
    read_key(reader, analysis.key);
    read_features(reader, analysis.features);
    read_structure(reader, analysis.structure);
    if (!reader.fault().empty())
        return fail(ErrorCode::corrupt, "analysis: " + reader.fault() + " is missing or of another type");
    return analysis;
}

}  // namespace dubplate
