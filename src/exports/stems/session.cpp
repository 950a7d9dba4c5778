#include "exports/stems/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/text.h"
#include "core/units.h"
#include "formats/markers/regions.h"
#include "formats/midi/midi_file.h"
#include "organize/file_name.h"
#include "tags/fields.h"

namespace dubplate {

namespace {

std::int64_t tick_of(double beat) {
    return std::llround(beat * static_cast<double>(ticks_per_quarter));
}

Result<TempoMap> tempo_of(const StemsSpec& spec) {
    std::vector<TempoChange> tempos;
    if (spec.bpm) tempos.push_back({0, *spec.bpm});
    for (const StemTempo& tempo : spec.tempo) tempos.push_back({tick_of(tempo.beat), tempo.bpm});
    DUBPLATE_TRY(const TimeSignature first, parse_time_signature(spec.time_signature));
    std::vector<TimeSignatureChange> signatures{{0, first}};
    for (const StemTimeSignature& change : spec.time_signatures) {
        DUBPLATE_TRY(const TimeSignature signature, parse_time_signature(change.signature));
        signatures.push_back({tick_of(change.beat), signature});
    }
    return TempoMap::make(std::move(tempos), std::move(signatures));
}

// Regions that meet are what stands between two points, in files that know points alone.
std::vector<Marker> markers_of(const std::vector<MarkedRegion>& regions) {
    std::vector<Marker> markers;
    for (std::size_t i = 0; i < regions.size(); ++i) {
        const MarkedRegion& region = regions[i];
        const bool meets_next = i + 1 < regions.size() && regions[i + 1].begin_frame == region.end_frame;
        const bool is_point = region.end_frame == open_end || meets_next;
        markers.push_back(
            {region.begin_frame, is_point ? 0 : region.end_frame - region.begin_frame, region.label});
    }
    return markers;
}

// A MIDI file brings its tempo map, too, where the session says nothing of one.
Status add_markers_file(const StemsSpec& spec, const ByteSource& source, DawSession& session,
                        std::vector<std::string>& warnings) {
    std::array<std::byte, 4> head{};
    DUBPLATE_CHECK(source.read_at(0, head));
    const std::string_view magic(reinterpret_cast<const char*>(head.data()), head.size());
    if (magic == "MThd" || magic == "RIFF") {
        DUBPLATE_TRY(const MidiFile midi, read_midi(source));
        std::ranges::copy(midi.warnings, std::back_inserter(warnings));
        const TempoMap tempo = tempo_map_of(midi);
        session.markers = markers_of(midi, tempo, session.sample_rate_hz);
        if (!spec.bpm && spec.tempo.empty() && spec.time_signatures.empty()) session.tempo = tempo;
        return {};
    }
    DUBPLATE_TRY(const Bytes bytes, read_all(source, max_region_file_bytes));
    DUBPLATE_TRY(const MarkedRegions parsed, parse_regions(bytes, session.sample_rate_hz));
    session.markers = markers_of(parsed.regions);
    return {};
}

Status read_markers_file(const StemsSpec& spec, DawSession& session, std::vector<std::string>& warnings) {
    FileStore store;
    DUBPLATE_TRY(const auto source, store.open(spec.markers_file));
    Status status = add_markers_file(spec, *source, session, warnings);
    if (status || status.error().message.find(spec.markers_file) != std::string::npos) return status;
    return std::move(status).error().in_context(spec.markers_file);
}

void leave_out_what_is_past(std::vector<Marker>& markers, std::int64_t frames, int sample_rate_hz,
                            std::vector<std::string>& warnings) {
    const auto time = [&](std::int64_t frame) {
        return format_duration(frames_to_seconds(frame, sample_rate_hz));
    };
    std::erase_if(markers, [&](const Marker& marker) {
        const bool is_past = marker.frame > frames;
        if (is_past)
            warnings.push_back(fmt::format("marker \"{}\" at {} is past the end at {}; it is left out",
                                           escape_control(marker.label), time(marker.frame), time(frames)));
        return is_past;
    });
    for (Marker& marker : markers)
        marker.length_frames = std::min(marker.length_frames, frames - marker.frame);
}

}  // namespace

Result<DawSession> make_session(const StemsSpec& spec, int sample_rate_hz, std::int64_t frames,
                                std::vector<std::string>& warnings) {
    DawSession session;
    session.name = safe_name(spec.project);
    session.sample_rate_hz = sample_rate_hz;
    DUBPLATE_TRY(session.tempo, tempo_of(spec));
    if (!spec.markers_file.empty()) DUBPLATE_CHECK(read_markers_file(spec, session, warnings));
    for (const StemMarker& marker : spec.markers)
        session.markers.push_back({seconds_to_frames(marker.seconds, sample_rate_hz),
                                   seconds_to_frames(marker.length_seconds, sample_rate_hz), marker.label});
    std::ranges::stable_sort(session.markers, {}, &Marker::frame);
    leave_out_what_is_past(session.markers, frames, sample_rate_hz, warnings);
    for (const auto& [name, value] : spec.audio.tags)
        DUBPLATE_CHECK(set_field(session.metadata, name, value));
    if (session.metadata.album.empty())
        session.metadata.album = spec.project == StemsSpec{}.project ? "" : spec.project;
    const bool is_known = spec.bpm || session.tempo != TempoMap();
    if (is_known && session.tempo.tempos().size() == 1 && !session.metadata.bpm)
        session.metadata.bpm = session.tempo.tempos().front().bpm;
    return session;
}

namespace {

// What a project plays: the first that lost nothing, else the first.
const PlannedFile& project_file(const std::vector<PlannedFile>& files) {
    const auto lossless =
        std::ranges::find_if(files, [](const PlannedFile& file) { return file.format->lossless; });
    return lossless == files.end() ? files.front() : *lossless;
}

}  // namespace

DawTrack make_track(const StemsPlan& plan, std::size_t index) {
    const PlannedStem& stem = plan.stems[index];
    DawTrack track{.name = stem.name,
                   .begin_frame = 0,
                   .gain_db = stem.track.gain_db,
                   .pan = stem.track.pan,
                   .mute = stem.track.mute,
                   .solo = stem.track.solo,
                   .group = stem.track.group};
    if (const Result<DawColor> color = parse_color(stem.track.color)) track.color = *color;
    if (stem.error) return track;
    const PlannedFile& file = project_file(plan.audio.items[index].files);
    track.file = file.path.lexically_relative(plan.folder).generic_string();
    track.format = file.format->name;
    track.channels = file.settings.stream.channels;
    track.frames = plan.frames;
    return track;
}

}  // namespace dubplate
