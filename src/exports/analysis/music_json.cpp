#include "exports/analysis/music_json.h"

#include <array>

namespace dubplate {

namespace {

constexpr double bpm_step = 0.001;
constexpr double beat_step = 0.0001;  // 5 frames at 48 kHz
constexpr double cents_step = 0.1;

constexpr std::array materials{Material::unknown, Material::one_shot, Material::loop, Material::track};

Json times_json(const std::vector<double>& times_s) {
    Json json = Json::array();
    for (const double time : times_s) json.push_back(rounded(time, beat_step));
    return json;
}

}  // namespace

void add_tempo(Json& json, const std::optional<Tempo>& tempo) {
    for (const char* key :
         {"bpm", "bpm_confidence", "bpm_alternatives", "bpm_source", "bpm_reason", "bpm_notes",
          "beats_seconds", "downbeats_seconds", "tempo_is_steady", "material", "loop_beats"})
        json[key] = nullptr;
    if (!tempo) return;
    json["bpm"] = rounded(tempo->bpm, bpm_step);
    json["bpm_confidence"] = rounded(tempo->confidence, share_step);
    json["bpm_source"] = text_or_null(tempo->source);
    json["bpm_reason"] = text_or_null(tempo->reason);
    json["bpm_notes"] = texts_json(tempo->notes);
    json["beats_seconds"] = times_json(tempo->beats_s);
    json["downbeats_seconds"] = times_json(tempo->downbeats_s);
    json["tempo_is_steady"] = tempo->bpm ? Json(tempo->steady) : Json(nullptr);
    json["material"] = std::string(name_of(tempo->material));
    json["loop_beats"] = tempo->loop_beats ? Json(*tempo->loop_beats) : Json(nullptr);
    json["bpm_alternatives"] = Json::array();
    for (const TempoCandidate& candidate : tempo->alternatives)
        json["bpm_alternatives"].push_back({{"bpm", rounded(candidate.bpm, bpm_step)},
                                            {"weight", rounded(candidate.weight, share_step)},
                                            {"relation", candidate.relation}});
}

void add_key(Json& json, const std::optional<KeyEstimate>& key) {
    for (const char* name : {"key", "key_confidence", "key_camelot", "key_open_key", "key_alternatives",
                             "key_reason", "tuning_cents"})
        json[name] = nullptr;
    if (!key) return;
    if (key->key) {
        json["key"] = key->key->name();
        json["key_camelot"] = key->key->camelot();
        json["key_open_key"] = key->key->open_key();
    }
    json["key_confidence"] = rounded(key->confidence, share_step);
    json["key_reason"] = text_or_null(key->reason);
    json["tuning_cents"] = rounded(key->tuning_cents, cents_step);
    json["key_alternatives"] = Json::array();
    for (const KeyCandidate& candidate : key->alternatives)
        json["key_alternatives"].push_back({{"key", candidate.key.name()},
                                            {"camelot", candidate.key.camelot()},
                                            {"weight", rounded(candidate.weight, share_step)}});
}

void read_tempo(ObjectReader& reader, std::optional<Tempo>& tempo) {
    if (reader.find("bpm_confidence") == nullptr) return;
    Tempo& read = tempo.emplace();
    std::string material;
    reader.may("bpm", read.bpm);
    reader.must("bpm_confidence", read.confidence);
    reader.may("bpm_source", read.source);
    reader.may("bpm_reason", read.reason);
    reader.may("bpm_notes", read.notes);
    reader.may("beats_seconds", read.beats_s);
    reader.may("downbeats_seconds", read.downbeats_s);
    reader.may("tempo_is_steady", read.steady);
    reader.may("material", material);
    reader.may("loop_beats", read.loop_beats);
    for (const Material candidate : materials)
        if (name_of(candidate) == material) read.material = candidate;
    reader.each("bpm_alternatives", [&](ObjectReader& part) {
        TempoCandidate candidate;
        part.must("bpm", candidate.bpm);
        part.must("weight", candidate.weight);
        part.must("relation", candidate.relation);
        read.alternatives.push_back(std::move(candidate));
    });
}

void read_key(ObjectReader& reader, std::optional<KeyEstimate>& key) {
    if (reader.find("key_confidence") == nullptr) return;
    KeyEstimate& read = key.emplace();
    std::string name;
    reader.may("key", name);
    read.key = parse_key(name);
    if (!name.empty() && !read.key) reader.note("key");
    reader.must("key_confidence", read.confidence);
    reader.may("key_reason", read.reason);
    reader.may("tuning_cents", read.tuning_cents);
    reader.each("key_alternatives", [&](ObjectReader& part) {
        std::string candidate;
        double weight = 0;
        part.must("key", candidate);
        part.must("weight", weight);
        if (const auto parsed = parse_key(candidate)) {
            read.alternatives.push_back({*parsed, weight});
        } else {
            part.note("key");
        }
    });
}

}  // namespace dubplate
