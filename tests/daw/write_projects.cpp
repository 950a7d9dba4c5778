// Writes sessions as projects of each kind into a folder, and beside each what stands in it as JSON: what the judges
// in other languages compare with (judges_test.py).
// Usage: write_daw_projects FOLDER
#include <cstdio>

#include "core/json.h"
#include "formats/daw/reaper_template.h"
#include "unit/formats_daw/sessions.h"

namespace dubplate::test {

namespace {

Json json_of(const DawTrack& track) {
    Json json = {{"name", track.name},     {"file", track.file},
                 {"format", track.format}, {"begin_frame", track.begin_frame},
                 {"frames", track.frames}, {"gain_db", track.gain_db},
                 {"pan", track.pan},       {"mute", track.mute},
                 {"solo", track.solo},     {"group", track.group},
                 {"color", nullptr}};
    if (track.color) json["color"] = {track.color->red, track.color->green, track.color->blue};
    return json;
}

Json json_of(const DawSession& session) {
    Json json = {{"name", session.name},
                 {"sample_rate_hz", session.sample_rate_hz},
                 {"bit_depth", session.bit_depth},
                 {"frames", session.frames()},
                 {"ticks_per_quarter", ticks_per_quarter}};
    for (const DawTrack& track : session.tracks) json["tracks"].push_back(json_of(track));
    for (const Marker& marker : session.markers)
        json["markers"].push_back(
            {{"frame", marker.frame}, {"length_frames", marker.length_frames}, {"label", marker.label}});
    for (const TempoChange& tempo : session.tempo.tempos())
        json["tempos"].push_back(
            {{"tick", tempo.tick}, {"bpm", tempo.bpm}, {"seconds", session.tempo.seconds_at(tempo.tick)}});
    for (const TimeSignatureChange& change : session.tempo.signatures())
        json["signatures"].push_back({{"tick", change.tick},
                                      {"seconds", session.tempo.seconds_at(change.tick)},
                                      {"numerator", change.signature.numerator},
                                      {"denominator", change.signature.denominator}});
    return json;
}

DawSession many_tracks() {
    DawSession session;
    session.name = "three hundred";
    session.sample_rate_hz = 44'100;
    session.bit_depth = 16;
    for (int i = 0; i < 300; ++i) {
        DawTrack& track = session.tracks.emplace_back();
        track.name = "Track " + std::to_string(i);
        track.file = "audio/" + std::to_string(i) + ".wav";
        track.format = "wav";
        track.begin_frame = std::int64_t{i} * i * 997;
        track.frames = 44'100LL * 240 + i;
        track.gain_db = -i / 10.0;
        track.pan = (i % 21 - 10) / 10.0;
        track.group = i % 10 < 4 ? "Group " + std::to_string(i / 10) : "";
        track.color = DawColor{static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i * 7), 200};
    }
    session.markers = {{0, 0, "start"}, {44'100, 0, "one second"}};
    return session;
}

DawSession many_tempi() {
    DawSession session;
    session.name = "rubato";
    std::vector<TempoChange> tempos;
    std::vector<TimeSignatureChange> signatures;
    for (int bar = 0; bar < 500; ++bar) {
        tempos.push_back({bar * 4 * ticks_per_quarter, 60 + bar % 97 * 1.25});
        if (bar % 50 == 0)
            signatures.push_back(
                {bar * 4 * ticks_per_quarter, {bar % 100 == 0 ? 4 : 8, bar % 100 == 0 ? 4 : 8}});
    }
    session.tempo = *TempoMap::make(tempos, signatures);
    session.markers = {{48'000LL * 1200, 0, "late"}};
    return session;
}

DawSession odd_names() {
    DawSession session;
    session.name = "it's a \"song\"";
    for (const char* name :
         {"\"", "'", "`", "\"'", "'`", "\"`", " ", "<", ">", "|", "#;", "{{TRACKS}}", "\xF0\x9F\xA5\x81"}) {
        session.tracks.emplace_back().name = name;
        session.markers.push_back({static_cast<std::int64_t>(session.markers.size()) * 48'000, 0, name});
    }
    return session;
}

constexpr std::string_view user_template =
    "<REAPER_PROJECT 0.1 \"7.0/win64\" 1700000000\r\n  SAMPLERATE 44100 1 0\r\n  TEMPO 90 4 4\r\n  "
    "{{MARKERS}}\r\n"
    "  <TRACK {AAAAAAAA-0000-4000-8000-000000000001}\r\n    NAME Return\r\n    AUXRECV 1 0\r\n  >\r\n"
    "  <TRACK {AAAAAAAA-0000-4000-8000-000000000002}\r\n    NAME \"My synth\"\r\n  >\r\n>\r\n";

bool write(const std::filesystem::path& folder, const std::string& name, const Bytes& bytes) {
    std::filesystem::create_directories(folder);
    std::ofstream file(folder / name, std::ios::binary);
    file << to_text(bytes);
    return file.good();
}

bool write_all(const std::filesystem::path& folder, const DawSession& session) {
    const auto filled = fill_reaper_template(user_template, session);
    return filled && write(folder, "session.json", to_bytes(dump_json(json_of(session)))) &&
           write(folder, "project.rpp", written(*find_daw_format("reaper"), session)) &&
           write(folder, "project.mid", written(*find_daw_format("midi"), session)) &&
           write(folder, "filled.rpp", to_bytes(*filled)) &&
           write(folder, "template.rpp", to_bytes(user_template));
}

int run(const std::filesystem::path& folder) {
    const std::pair<const char*, DawSession> sessions[] = {{"small", small_session()},
                                                           {"many_tracks", many_tracks()},
                                                           {"many_tempi", many_tempi()},
                                                           {"odd_names", odd_names()}};
    for (const auto& [name, session] : sessions)
        if (!write_all(folder / name, session)) return 1;
    return 0;
}

}  // namespace

}  // namespace dubplate::test

int main(int count, char** arguments) {
    if (count == 2) return dubplate::test::run(arguments[1]);
    std::fprintf(stderr, "usage: write_daw_projects FOLDER\n");
    return 2;
}
