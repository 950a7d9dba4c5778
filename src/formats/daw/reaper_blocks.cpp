#include "formats/daw/reaper_blocks.h"
#include "core/units.h"

#include "core/hash.h"
#include "formats/daw/reaper_notes.h"
#include "formats/daw/rpp_text.h"
#include "score/tempo_walk.h"
#include "tags/base64.h"
#include "tags/bytes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace dubplate {

namespace {

constexpr int custom_color = 0x1000000;
constexpr int default_color = 16576;

std::string seconds_of(std::int64_t frames, const DawSession& session) {
    return rpp_number(static_cast<double>(frames) / session.sample_rate_hz);
}

std::string_view source_kind(std::string_view format) {
    if (format == "flac") return "FLAC";
    if (format == "mp3") return "MP3";
    return "WAVE";  // AIFF too
}

int signature_number(const TimeSignature& signature) {
    return signature.denominator * 65536 + signature.numerator;
}

void put_point(RppLines& out, TempoWalk& walk, std::int64_t tick, double bpm,
               const TimeSignature* signature) {
    constexpr int square = 1;  // the tempo holds until the next point
    std::string line = fmt::format("PT {} {} {}", rpp_number(walk.seconds_at(tick)), rpp_number(bpm), square);
    if (signature) line += fmt::format(" {} 0 1", signature_number(*signature));
    out.line(line);
}

void put_envelope(RppLines& out, const DawSession& session) {
    const auto tempos = session.tempo.tempos();
    const auto signatures = session.tempo.signatures();
    out.open("TEMPOENVEX");
    out.line("EGUID " + reaper_guid("tempo/" + session.name));
    for (const char* field : {"ACT 1 -1", "VIS 1 0 1", "LANEHEIGHT 0 0", "ARM 0", "DEFSHAPE 1 -1 -1"})
        out.line(field);
    TempoWalk walk(session.tempo);
    std::size_t t = 0;
    std::size_t s = 0;
    while (t < tempos.size() || s < signatures.size()) {
        const bool has_tempo =
            s == signatures.size() || (t < tempos.size() && tempos[t].tick <= signatures[s].tick);
        const std::int64_t tick = has_tempo ? tempos[t].tick : signatures[s].tick;
        const bool has_signature = s < signatures.size() && signatures[s].tick == tick;
        if (has_tempo) ++t;
        put_point(out, walk, tick, tempos[t - 1].bpm, has_signature ? &signatures[s].signature : nullptr);
        if (has_signature) ++s;
    }
    out.close();
}

void put_track_head(RppLines& out, const std::string& guid, std::string_view name) {
    out.open("TRACK " + guid);
    out.line("NAME " + quote_rpp(name));
}

void put_track_rest(RppLines& out, const std::string& guid, std::string_view folder_state) {
    out.line(fmt::format("ISBUS {}", folder_state));
    out.line("NCHAN 2");
    out.line("FX 1");
    out.line("TRACKID " + guid);
    out.line("MAINSEND 1 0");
}

void put_track(RppLines& out, const DawSession& session, std::size_t place) {
    const DawTrack& track = session.tracks[place];
    const std::string guid = track_guid(session, place);
    put_track_head(out, guid, track.name);
    out.line("PEAKCOL " + reaper_peak_color(track));
    out.line("BEAT -1");
    out.line("AUTOMODE 0");
    out.line(
        fmt::format("VOLPAN {} {} -1 -1 1", rpp_number(db_to_gain(track.gain_db)), rpp_number(track.pan)));
    out.line("MUTESOLO " + reaper_mute_solo(track));
    put_track_rest(out, guid, reaper_folder_state(session, place));
    out.text(reaper_item(session, place, out.style()));
    out.close();
}

// A WAV of the session's depth: REAPER's configuration of a format begins with its name, reversed.
std::string render_config(int bit_depth) {
    TagWriter config;
    config.text("evaw");
    config.u8(static_cast<std::uint32_t>(bit_depth));
    config.zeros(2);
    return encode_base64(config.take());
}

void put_render_settings(RppLines& out, const DawSession& session) {
    out.line("RENDER_FILE \"renders\"");
    out.line("RENDER_PATTERN \"$project\"");
    out.line(fmt::format("RENDER_FMT 0 2 {}", session.sample_rate_hz));
    out.line("RENDER_1X 0");
    out.line("RENDER_RANGE 1 0 0 18 1000");  // the whole project
    out.line("RENDER_RESAMPLE 3 0 1");
    out.line("RENDER_ADDTOPROJ 0");
    out.line("RENDER_STEMS 0");
    out.line("RENDER_DITHER 0");
    out.open("RENDER_CFG");
    out.line(render_config(session.bit_depth));
    out.close();
}

// What a project has no field for: the state of an extension that REAPER keeps and shows nobody.
void put_state(RppLines& out, const DawSession& session) {
    std::string channels;
    for (const DawTrack& track : session.tracks)
        channels += fmt::format("{}{}", channels.empty() ? "" : " ", track.channels);
    out.open("EXTSTATE");
    out.open("DUBPLATE");
    out.line("NAME " + quote_rpp(session.name));
    out.line("CHANNELS " + quote_rpp(channels));
    out.close();
    out.close();
}

}  // namespace

std::string reaper_guid(std::string_view seed) {
    std::string hex = sha256_of(std::as_bytes(std::span(seed)));
    std::ranges::transform(hex, hex.begin(),
                           [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
    hex[12] = '4';  // version 4, RFC 4122 4.4
    hex[16] = "89AB"[static_cast<unsigned char>(hex[16]) % 4U];
    const std::string_view h = hex;
    return fmt::format("{{{}-{}-{}-{}-{}}}", h.substr(0, 8), h.substr(8, 4), h.substr(12, 4), h.substr(16, 4),
                       h.substr(20, 12));
}

std::string track_guid(const DawSession& session, std::size_t place) {
    return reaper_guid(fmt::format("track/{}/{}/{}", session.name, place, session.tracks[place].name));
}

std::string reaper_peak_color(const DawTrack& track) {
    if (!track.color) return std::to_string(default_color);
    return std::to_string(custom_color | track.color->blue << 16 | track.color->green << 8 |
                          track.color->red);
}

std::string reaper_mute_solo(const DawTrack& track) {
    return fmt::format("{} {} 0", track.mute ? 1 : 0, track.solo ? 1 : 0);
}

bool begins_group(const DawSession& session, std::size_t place) {
    const std::string& group = session.tracks[place].group;
    return !group.empty() && (place == 0 || session.tracks[place - 1].group != group);
}

bool ends_group(const DawSession& session, std::size_t place) {
    const std::string& group = session.tracks[place].group;
    return !group.empty() && (place + 1 == session.tracks.size() || session.tracks[place + 1].group != group);
}

std::string reaper_folder_state(const DawSession& session, std::size_t place) {
    return ends_group(session, place) ? "2 -1" : "0 0";
}

std::size_t count_reaper_tracks(const DawSession& session) {
    std::size_t count = session.tracks.size();
    for (std::size_t i = 0; i < session.tracks.size(); ++i) count += begins_group(session, i) ? 1U : 0U;
    return count;
}

std::string reaper_folder(const DawSession& session, std::size_t place, const RppStyle& style) {
    const std::string& group = session.tracks[place].group;
    const std::string guid = reaper_guid(fmt::format("folder/{}/{}/{}", session.name, place, group));
    RppLines out(style);
    put_track_head(out, guid, group);
    out.line(fmt::format("PEAKCOL {}", default_color));
    out.line("VOLPAN 1 0 -1 -1 1");
    out.line("MUTESOLO 0 0 0");
    put_track_rest(out, guid, "1 1");
    out.close();
    return out.take();
}

std::string reaper_item(const DawSession& session, std::size_t place, const RppStyle& style) {
    const DawTrack& track = session.tracks[place];
    if (track.file.empty()) return "";
    const std::string seed = fmt::format("{}/{}/{}", session.name, place, track.file);
    RppLines out(style);
    out.open("ITEM");
    out.line("POSITION " + seconds_of(track.begin_frame, session));
    out.line("SNAPOFFS 0");
    out.line("LENGTH " + seconds_of(track.frames, session));
    for (const char* field :
         {"LOOP 0", "ALLTAKES 0", "FADEIN 1 0 0 1 0 0 0", "FADEOUT 1 0 0 1 0 0 0", "MUTE 0 0", "SEL 0"})
        out.line(field);
    out.line("IGUID " + reaper_guid("item/" + seed));
    out.line("NAME " + quote_rpp(track.name));
    for (const char* field : {"VOLPAN 1 0 1 -1", "SOFFS 0", "PLAYRATE 1 1 0 -1 0 0.0025", "CHANMODE 0"})
        out.line(field);
    out.line("GUID " + reaper_guid("take/" + seed));
    out.open(fmt::format("SOURCE {}", source_kind(track.format)));
    out.line("FILE " + quote_rpp(track.file));
    out.close();
    out.close();
    return out.take();
}

std::string reaper_tracks(const DawSession& session, const RppStyle& style) {
    RppLines out(style);
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        if (begins_group(session, i)) out.text(reaper_folder(session, i, style));
        put_track(out, session, i);
    }
    return out.take();
}

std::string reaper_tempo(const DawSession& session, const RppStyle& style) {
    const TempoMap& map = session.tempo;
    const TimeSignature& first = map.signatures().front().signature;
    RppLines out(style);
    out.line(fmt::format("TEMPO {} {} {}", rpp_number(map.tempos().front().bpm), first.numerator,
                         first.denominator));
    if (map.tempos().size() > 1 || map.signatures().size() > 1) put_envelope(out, session);
    return out.take();
}

std::string reaper_markers(const DawSession& session, const RppStyle& style) {
    RppLines out(style);
    for (std::size_t i = 0; i < session.markers.size(); ++i) {
        const Marker& marker = session.markers[i];
        const bool is_region = marker.length_frames > 0;
        out.line(fmt::format("MARKER {} {} {} {} 0 1 R {} 0", i + 1, seconds_of(marker.frame, session),
                             quote_rpp(marker.label), is_region ? 1 : 0,
                             reaper_guid(fmt::format("marker/{}/{}/{}", session.name, i, marker.label))));
        if (is_region)
            out.line(fmt::format("MARKER {} {} \"\" 1", i + 1,
                                 seconds_of(marker.frame + marker.length_frames, session)));
    }
    return out.take();
}

std::string reaper_sample_rate(const DawSession& session, const RppStyle& style) {
    RppLines out(style);
    out.line(fmt::format("SAMPLERATE {} 1 0", session.sample_rate_hz));
    return out.take();
}

std::string reaper_project(const DawSession& session, const std::string& tracks, const RppStyle& style) {
    RppLines out({"", style.line_end});
    // No time of day: the same session is the same project.
    out.open("REAPER_PROJECT 0.1 \"7.0/dubplate\" 0");
    put_reaper_notes(out, session);
    const std::string& title = session.metadata.title.empty() ? session.name : session.metadata.title;
    out.line("TITLE " + quote_rpp(title));
    if (!session.metadata.artist.empty()) out.line("AUTHOR " + quote_rpp(session.metadata.artist));
    for (const char* field :
         {"RIPPLE 0", "AUTOXFADE 129", "PANLAW 1", "TIMEMODE 2 5 -1 30 0 0 -1", "PANMODE 3", "PANLAWFLAGS 2"})
        out.line(field);
    put_render_settings(out, session);
    out.text(reaper_sample_rate(session, out.style()));
    out.text(reaper_tempo(session, out.style()));
    out.line("PLAYRATE 1 0 0.25 4");
    out.text(reaper_markers(session, out.style()));
    out.line("MASTER_NCH 2 2");
    out.line("MASTER_VOLUME 1 0 -1 -1 1");
    out.text(tracks);
    put_state(out, session);
    out.close();
    return out.take();
}

}  // namespace dubplate
