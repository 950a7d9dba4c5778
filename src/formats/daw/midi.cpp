// The entry "midi": tempo map, time signatures, markers and names in a file that every DAW reads.
#include "core/text.h"
#include "formats/daw/format.h"
#include "formats/daw/line_text.h"
#include "formats/midi/midi_file.h"
#include "score/tempo_walk.h"

#include <fmt/format.h>

#include <algorithm>

namespace dubplate {

namespace {

constexpr std::string_view rate_text = "sample rate: ";
constexpr std::string_view rate_unit = " Hz";

std::vector<MidiText> texts_of(const DawSession& session, TempoWalk& walk) {
    std::vector<MidiText> texts;
    if (!session.metadata.copyright.empty())
        texts.push_back({0, MidiTextKind::copyright, session.metadata.copyright});
    // Markers are counted in frames at this rate; a MIDI file has no other place for it.
    texts.push_back(
        {0, MidiTextKind::text, fmt::format("{}{}{}", rate_text, session.sample_rate_hz, rate_unit)});
    std::vector<Marker> markers = session.markers;
    std::ranges::stable_sort(markers, {}, &Marker::frame);
    for (const Marker& marker : markers) {
        const double seconds = static_cast<double>(marker.frame) / session.sample_rate_hz;
        texts.push_back({walk.tick_at(seconds), MidiTextKind::marker, as_line(marker.label)});
    }
    return texts;
}

MidiFile file_of(const DawSession& session) {
    MidiFile file;
    TempoWalk walk(session.tempo);
    for (const TempoChange& tempo : session.tempo.tempos())
        file.tempos.push_back({tempo.tick, microseconds_of_bpm(tempo.bpm)});
    file.signatures.assign(session.tempo.signatures().begin(), session.tempo.signatures().end());
    file.tracks.resize(session.tracks.size() + 1);
    file.tracks[0].name = as_line(session.name);
    file.tracks[0].texts = texts_of(session, walk);
    for (std::size_t i = 0; i < session.tracks.size(); ++i)
        file.tracks[i + 1].name = as_line(session.tracks[i].name);
    const std::int64_t end = walk.tick_at(static_cast<double>(session.frames()) / session.sample_rate_hz);
    // Of a session of days the tracks end early: nothing is in them there.
    for (MidiTrack& track : file.tracks) track.end_tick = std::min(end, max_midi_gap_ticks);
    return file;
}

int rate_of(const MidiTrack& track) {
    for (const MidiText& text : track.texts) {
        if (!text.text.starts_with(rate_text) || !text.text.ends_with(rate_unit)) continue;
        const std::string_view digits = std::string_view(text.text).substr(
            rate_text.size(), text.text.size() - rate_text.size() - rate_unit.size());
        const auto rate = parse_integer(digits);
        if (rate && *rate > 0 && *rate <= 1'000'000) return static_cast<int>(*rate);
    }
    return DawSession{}.sample_rate_hz;
}

DawSession session_of(const MidiFile& file) {
    DawSession session;
    const MidiTrack& piece = file.tracks.front();
    session.name = piece.name;
    session.sample_rate_hz = rate_of(piece);
    session.tempo = tempo_map_of(file);
    session.markers = markers_of(file, session.tempo, session.sample_rate_hz);
    for (const MidiText& text : piece.texts)
        if (text.kind == MidiTextKind::copyright) session.metadata.copyright = text.text;
    for (std::size_t i = 1; i < file.tracks.size(); ++i)
        session.tracks.emplace_back().name = file.tracks[i].name;
    return session;
}

bool has_regions(const DawSession& session) {
    return std::ranges::any_of(session.markers, [](const Marker& m) { return m.length_frames > 0; });
}

bool has_other_tags(Metadata metadata, const Metadata& kept) {
    metadata.copyright = kept.copyright == metadata.copyright ? "" : metadata.copyright;
    return !metadata.empty();
}

bool is_rounded(const TempoChange& tempo) {
    return bpm_of_microseconds(microseconds_of_bpm(tempo.bpm)) != tempo.bpm;
}

// Whether the changes stand on the grid of the file.
bool is_on_grid(const TempoMap& map) {
    constexpr std::int64_t grid = ticks_per_quarter / written_division;
    const auto fits = [](const auto& change) { return change.tick % grid == 0; };
    return std::ranges::all_of(map.tempos(), fits) && std::ranges::all_of(map.signatures(), fits);
}

bool are_moved(const std::vector<Marker>& markers, std::vector<Marker> kept) {
    if (markers.size() != kept.size()) return true;
    std::vector<Marker> sorted = markers;
    std::ranges::stable_sort(sorted, {}, &Marker::frame);
    return !std::ranges::equal(sorted, kept, {}, &Marker::frame, &Marker::frame);
}

bool are_renamed(const DawSession& session, const DawSession& kept) {
    std::vector<std::string> before{session.name};
    std::vector<std::string> after{kept.name};
    for (const DawTrack& track : session.tracks) before.push_back(track.name);
    for (const DawTrack& track : kept.tracks) after.push_back(track.name);
    for (const Marker& marker : session.markers) before.push_back(marker.label);
    for (const Marker& marker : kept.markers) after.push_back(marker.label);
    std::ranges::sort(before);
    std::ranges::sort(after);
    return before != after;
}

// The loss of place is asked of the file itself: what would be read from it?
std::vector<Loss> losses(const DawSession& session) {
    std::vector<Loss> losses;
    if (!session.tracks.empty())
        losses.push_back({"audio, levels and colors of tracks", "a MIDI file holds their names alone"});
    if (has_regions(session)) losses.push_back({"lengths of markers", "MIDI markers are points"});
    const auto bytes = render_midi(file_of(session));
    if (!bytes) return losses;
    const auto file = parse_midi(*bytes);
    if (!file) return losses;
    const DawSession kept = session_of(*file);
    if (has_other_tags(session.metadata, kept.metadata))
        losses.push_back({"tags", "a MIDI file has a place for the copyright alone"});
    if (std::ranges::any_of(session.tempo.tempos(), is_rounded))
        losses.push_back(
            {"tempo", "a MIDI file holds whole microseconds for each quarter note, 16.8 s at most"});
    if (are_moved(session.markers, kept.markers) || !is_on_grid(session.tempo))
        losses.push_back({"places of markers and changes of tempo",
                          fmt::format("rounded to 1/{} of a quarter note", written_division)});
    if (are_renamed(session, kept))
        losses.push_back({"names", "line breaks and white space at the ends of names are left out"});
    return losses;
}

Status write(const DawSession& session, const DawMedia& /*media*/, PendingFile& file, std::stop_token stop) {
    if (stop.stop_requested()) return fail(ErrorCode::canceled, "stopped while writing the MIDI file");
    DUBPLATE_TRY(const Bytes bytes, render_midi(file_of(session)));
    return file.append(bytes);
}

Result<DawSession> read(const ByteSource& project) {
    DUBPLATE_TRY(const MidiFile file, read_midi(project));
    return session_of(file);
}

}  // namespace

extern const DawFormat midi_format = {
    .name = "midi",
    .title = "Standard MIDI file",
    .extension = "mid",
    .holds_clips = false,
    .audio_formats = {},
    .losses = losses,
    .write = write,
    .read = read,
};

}  // namespace dubplate
