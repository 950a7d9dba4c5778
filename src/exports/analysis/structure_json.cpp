#include "exports/analysis/music_json.h"

#include <algorithm>

namespace dubplate {

namespace {

constexpr double place_step = 0.0001;
constexpr double frequency_step = 0.1;
constexpr double vector_step = 1e-5;

Json spread_json(const Spread& spread, double step) {
    return {{"mean", rounded(spread.mean, step)}, {"deviation", rounded(spread.deviation, step)}};
}

void read_spread(ObjectReader& reader, const char* key, Spread& spread) {
    reader.part(key, [&](ObjectReader& part) {
        part.must("mean", spread.mean);
        part.must("deviation", spread.deviation);
    });
}

// The letters of the parts that are heard more than once.
Json repeated_json(const Structure& structure) {
    Json json = Json::array();
    for (const Segment& segment : structure.segments) {
        const auto count = std::ranges::count(structure.segments, segment.label, &Segment::label);
        const bool is_first =
            &*std::ranges::find(structure.segments, segment.label, &Segment::label) == &segment;
        if (count > 1 && is_first) json.push_back({{"label", segment.label}, {"times", count}});
    }
    return json;
}

}  // namespace

void add_features(Json& json, const std::optional<Features>& features) {
    json["features"] = nullptr;
    if (!features) return;
    Json onsets = Json::array();
    for (const double onset : features->onsets_s) onsets.push_back(rounded(onset, place_step));
    Json vector = Json::array();
    for (const float value : features->vector)
        vector.push_back(rounded(static_cast<double>(value), vector_step));
    const SpectralShape& shape = features->shape;
    json["features"] = {{"onsets_seconds", std::move(onsets)},
                        {"spectral_centroid_hz", spread_json(shape.centroid_hz, frequency_step)},
                        {"spectral_spread_hz", spread_json(shape.spread_hz, frequency_step)},
                        {"spectral_rolloff_hz", spread_json(shape.rolloff_hz, frequency_step)},
                        {"spectral_flatness", spread_json(shape.flatness, vector_step)},
                        {"vector_version", features_version},
                        {"vector", std::move(vector)}};
}

void add_structure(Json& json, const std::optional<Structure>& structure) {
    json["patterns"] = nullptr;
    if (!structure) return;
    Json segments = Json::array();
    for (const Segment& segment : structure->segments)
        segments.push_back({{"begin_seconds", rounded(segment.begin_s, place_step)},
                            {"end_seconds", rounded(segment.end_s, place_step)},
                            {"label", segment.label}});
    Json loops = Json::array();
    for (const LoopCandidate& loop : structure->loops)
        loops.push_back({{"begin_seconds", rounded(loop.begin_s, place_step)},
                         {"end_seconds", rounded(loop.end_s, place_step)},
                         {"beats", loop.beats},
                         {"score", rounded(loop.score, share_step)}});
    json["patterns"] = {{"segments", std::move(segments)},
                        {"repeated", repeated_json(*structure)},
                        {"loops", std::move(loops)}};
}

void read_features(ObjectReader& reader, std::optional<Features>& features) {
    reader.part("features", [&](ObjectReader& part) {
        Features& read = features.emplace();
        std::vector<double> vector;
        part.must("onsets_seconds", read.onsets_s);
        part.must("vector", vector);
        for (const double value : vector) read.vector.push_back(static_cast<float>(value));
        read_spread(part, "spectral_centroid_hz", read.shape.centroid_hz);
        read_spread(part, "spectral_spread_hz", read.shape.spread_hz);
        read_spread(part, "spectral_rolloff_hz", read.shape.rolloff_hz);
        read_spread(part, "spectral_flatness", read.shape.flatness);
    });
}

void read_structure(ObjectReader& reader, std::optional<Structure>& structure) {
    reader.part("patterns", [&](ObjectReader& part) {
        Structure& read = structure.emplace();
        part.each("segments", [&](ObjectReader& entry) {
            Segment segment;
            entry.must("begin_seconds", segment.begin_s);
            entry.must("end_seconds", segment.end_s);
            entry.must("label", segment.label);
            read.segments.push_back(std::move(segment));
        });
        part.each("loops", [&](ObjectReader& entry) {
            LoopCandidate loop;
            entry.must("begin_seconds", loop.begin_s);
            entry.must("end_seconds", loop.end_s);
            entry.must("beats", loop.beats);
            entry.must("score", loop.score);
            read.loops.push_back(loop);
        });
    });
}

}  // namespace dubplate
