#include "exports/stems/sheets.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/json.h"
#include "core/text.h"
#include "core/unicode.h"
#include "core/units.h"
#include "organize/file_name.h"

namespace dubplate {

namespace {

double beats_at(const TempoMap& tempo, std::int64_t tick) {
    return static_cast<double>(tick - tempo.tempos().front().tick) / static_cast<double>(ticks_per_quarter);
}

Json tempo_json(const TempoMap& tempo) {
    Json json = Json::array();
    for (const TempoChange& change : tempo.tempos())
        json.push_back({{"beat", beats_at(tempo, change.tick)}, {"bpm", change.bpm}});
    return json;
}

Json signatures_json(const TempoMap& tempo) {
    Json json = Json::array();
    for (const TimeSignatureChange& change : tempo.signatures())
        json.push_back(
            {{"beat", beats_at(tempo, change.tick)},
             {"signature", fmt::format("{}/{}", change.signature.numerator, change.signature.denominator)}});
    return json;
}

Json markers_json(const DawSession& session) {
    Json json = Json::array();
    for (const Marker& marker : session.markers)
        json.push_back({{"seconds", frames_to_seconds(marker.frame, session.sample_rate_hz)},
                        {"length_seconds", frames_to_seconds(marker.length_frames, session.sample_rate_hz)},
                        {"label", to_valid_utf8(marker.label)}});
    return json;
}

Json track_json(const DawTrack& track, const ManifestItem& item) {
    Json files = Json::array();
    for (const ManifestFile& file : item.files)
        if (!file.error)
            files.push_back({{"file", to_valid_utf8(std::filesystem::path(file.path).filename().string())},
                             {"format", file.format},
                             {"frames", file.frames},
                             {"sample_rate_hz", file.sample_rate_hz},
                             {"channels", file.channels},
                             {"bit_depth", file.bit_depth.empty() ? Json(nullptr) : Json(file.bit_depth)},
                             {"sha256", file.sha256}});
    return {{"name", to_valid_utf8(track.name)},
            {"group", to_valid_utf8(track.group)},
            {"source", to_valid_utf8(item.input)},
            {"gain_db", track.gain_db},
            {"pan", track.pan},
            {"mute", track.mute},
            {"solo", track.solo},
            {"files", std::move(files)},
            {"error", item.error ? Json(to_valid_utf8(item.error->to_string())) : Json(nullptr)}};
}

Json project_json(const StemsPlan& plan, const DawSession& session, const StemsManifest& manifest) {
    Json tags = Json::object();
    for (const auto& [name, value] : fields(session.metadata)) tags[name] = to_valid_utf8(value);
    Json tracks = Json::array();
    for (std::size_t i = 0; i < session.tracks.size(); ++i)
        tracks.push_back(track_json(session.tracks[i], manifest.audio.items[i]));
    return {{"project", to_valid_utf8(session.name)},
            {"tags", std::move(tags)},
            {"sample_rate_hz", session.sample_rate_hz},
            {"frames", plan.frames},
            {"duration_seconds", frames_to_seconds(plan.frames, session.sample_rate_hz)},
            {"tempo", tempo_json(session.tempo)},
            {"time_signatures", signatures_json(session.tempo)},
            {"markers", markers_json(session)},
            {"tracks", std::move(tracks)}};
}

std::string line(std::string_view name, std::string_view value) {
    return fmt::format("{:<16}{}\n", name, escape_control(value));
}

std::string track_text(const DawTrack& track, const ManifestItem& item) {
    std::string text = line("track", track.name);
    if (!track.group.empty()) text += line("group", track.group);
    text += line("source", item.input);
    text += line("fader", fmt::format("{:+.1f} dB, pan {:+.2f}{}{}", track.gain_db, track.pan,
                                      track.mute ? ", muted" : "", track.solo ? ", solo" : ""));
    for (const ManifestFile& file : item.files)
        if (!file.error)
            text += line(file.format, fmt::format("{}, {} Hz, {} frames, SHA-256 {}",
                                                  std::filesystem::path(file.path).filename().string(),
                                                  file.sample_rate_hz, file.frames, file.sha256));
    if (item.error) text += line("missing", item.error->to_string());
    return text;
}

std::string project_text(const StemsPlan& plan, const DawSession& session, const StemsManifest& manifest) {
    const TempoChange tempo = session.tempo.tempos().front();
    const TimeSignature signature = session.tempo.signatures().front().signature;
    std::string text = line("project", session.name);
    for (const auto& [name, value] : fields(session.metadata)) text += line(name, value);
    text +=
        line("tempo", fmt::format("{:g} bpm, {}/{}", tempo.bpm, signature.numerator, signature.denominator));
    text += line("sample rate", fmt::format("{} Hz", session.sample_rate_hz));
    text += line("length", fmt::format("{} ({} frames)",
                                       format_duration(frames_to_seconds(plan.frames, plan.sample_rate_hz)),
                                       plan.frames));
    for (const Marker& marker : session.markers)
        text += line(
            "marker",
            fmt::format("{} {}", format_duration(frames_to_seconds(marker.frame, session.sample_rate_hz)),
                        marker.label));
    for (std::size_t i = 0; i < session.tracks.size(); ++i)
        text += "\n" + track_text(session.tracks[i], manifest.audio.items[i]);
    return text;
}

}  // namespace

std::vector<Sheet> make_sheets(const StemsPlan& plan, const DawSession& session,
                               const StemsManifest& manifest) {
    const std::filesystem::path folder = "metadata";
    UniqueNames names;
    std::vector<Sheet> sheets;
    const auto add = [&](const std::string& name, const Json& json, std::string text) {
        const std::string taken = names.take(safe_name(name), "");
        sheets.push_back({folder / (taken + ".json"), dump_json(json) + "\n"});
        sheets.push_back({folder / (taken + ".txt"), std::move(text)});
    };
    add("project", project_json(plan, session, manifest), project_text(plan, session, manifest));
    for (std::size_t i = 0; i < session.tracks.size(); ++i)
        add(session.tracks[i].name, track_json(session.tracks[i], manifest.audio.items[i]),
            track_text(session.tracks[i], manifest.audio.items[i]));
    return sheets;
}

}  // namespace dubplate
