#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/units.h"
#include "core/version.h"
#include "formats/daw/beats.h"
#include "formats/daw/dawproject.h"
#include "formats/daw/xml_writer.h"

namespace dubplate {

namespace {

constexpr const char* tempo_id = "tempo";
constexpr const char* signature_id = "signature";
constexpr const char* master_id = "master";

double quarters_of(std::int64_t tick) {
    return static_cast<double>(tick) / static_cast<double>(ticks_per_quarter);
}

class ProjectWriter {
  public:
    explicit ProjectWriter(const DawSession& session) : session_(session) {}

    std::string write() {
        xml_.begin("Project").text("version", "1.0");
        xml_.begin("Application").text("name", "Dubplate").text("version", version()).end();
        write_transport();
        write_structure();
        write_arrangement();
        xml_.begin("Scenes").end();
        xml_.end();
        return xml_.finish();
    }

  private:
    double seconds_of(std::int64_t frames) const {
        return static_cast<double>(frames) / session_.sample_rate_hz;
    }
    double beats_at(std::int64_t frame) const { return quarters_at(session_.tempo, seconds_of(frame)); }

    void write_transport() {
        const TimeSignature first = session_.tempo.signatures().front().signature;
        xml_.begin("Transport");
        xml_.begin("Tempo").number("max", fastest_bpm).number("min", slowest_bpm).text("unit", "bpm");
        xml_.number("value", session_.tempo.tempos().front().bpm)
            .text("id", tempo_id)
            .text("name", "Tempo")
            .end();
        xml_.begin("TimeSignature").integer("denominator", first.denominator);
        xml_.integer("numerator", first.numerator).text("id", signature_id).end();
        xml_.end();
    }

    void write_channel(const DawTrack& track, const std::string& id, std::string_view role,
                       const std::string& destination) {
        xml_.begin("Channel").integer("audioChannels", 2);
        if (!destination.empty()) xml_.text("destination", destination);
        xml_.text("role", role).flag("solo", track.solo).text("id", id);
        xml_.begin("Mute").flag("value", track.mute).text("id", id + "-mute").text("name", "Mute").end();
        xml_.begin("Pan").number("max", 1).number("min", 0).text("unit", "normalized");
        xml_.number("value", (track.pan + 1) / 2).text("id", id + "-pan").text("name", "Pan").end();
        xml_.begin("Volume").number("max", max_dawproject_volume).number("min", 0).text("unit", "linear");
        xml_.number("value", std::min(db_to_gain(track.gain_db), max_dawproject_volume));
        xml_.text("id", id + "-volume").text("name", "Volume").end();
        xml_.end();
    }

    void begin_track(const std::string& id, std::string_view name, std::string_view content) {
        xml_.begin("Track")
            .text("contentType", content)
            .flag("loaded", true)
            .text("id", id)
            .text("name", name);
    }

    void write_track(std::size_t number, const std::string& destination) {
        const DawTrack& track = session_.tracks[number];
        begin_track(fmt::format("track{}", number), track.name, "audio");
        if (track.color)
            xml_.text("color", fmt::format("#{:02x}{:02x}{:02x}", track.color->red, track.color->green,
                                           track.color->blue));
        write_channel(track, fmt::format("channel{}", number), "regular", destination);
        xml_.end();
    }

    void write_structure() {
        xml_.begin("Structure");
        for (const DawFolder& folder : folders_of(session_)) {
            std::string destination = master_id;
            if (!folder.group.empty()) {
                destination = fmt::format("folder{}-channel", folder.begin);
                begin_track(fmt::format("folder{}", folder.begin), folder.group, "tracks");
                write_channel(DawTrack{}, destination, "submix", master_id);
            }
            for (std::size_t i = folder.begin; i < folder.end; ++i) write_track(i, destination);
            if (!folder.group.empty()) xml_.end();
        }
        begin_track("master-track", "Master", "audio");
        write_channel(DawTrack{}, master_id, "master", "");
        xml_.end();
        xml_.end();
    }

    void write_lane(std::size_t number) {
        const DawTrack& track = session_.tracks[number];
        const double begin = beats_at(track.begin_frame);
        xml_.begin("Lanes")
            .text("track", fmt::format("track{}", number))
            .text("id", fmt::format("lane{}", number));
        xml_.begin("Clips").text("id", fmt::format("clips{}", number));
        xml_.begin("Clip").number("time", begin);
        xml_.number("duration", beats_at(track.begin_frame + track.frames) - begin);
        xml_.text("contentTimeUnit", "seconds").number("playStart", 0).text("name", track.name);
        xml_.begin("Audio").integer("channels", track.channels).number("duration", seconds_of(track.frames));
        xml_.integer("sampleRate", session_.sample_rate_hz).text("id", fmt::format("audio{}", number));
        xml_.begin("File").text("path", track.file).end();
        xml_.end().end().end().end();
    }

    void write_markers() {
        if (session_.markers.empty()) return;
        xml_.begin("Markers").text("id", "markers").text("timeUnit", "beats");
        for (const Marker& marker : session_.markers)
            xml_.begin("Marker").number("time", beats_at(marker.frame)).text("name", marker.label).end();
        xml_.end();
    }

    void write_tempos() {
        if (session_.tempo.tempos().size() < 2) return;
        xml_.begin("TempoAutomation").text("id", "tempos").text("timeUnit", "beats").text("unit", "bpm");
        xml_.begin("Target").text("parameter", tempo_id).end();
        for (const TempoChange& change : session_.tempo.tempos())
            xml_.begin("RealPoint")
                .number("time", quarters_of(change.tick))
                .number("value", change.bpm)
                .text("interpolation", "hold")
                .end();
        xml_.end();
    }

    void write_signatures() {
        if (session_.tempo.signatures().size() < 2) return;
        xml_.begin("TimeSignatureAutomation").text("id", "signatures").text("timeUnit", "beats");
        xml_.begin("Target").text("parameter", signature_id).end();
        for (const TimeSignatureChange& change : session_.tempo.signatures())
            xml_.begin("TimeSignaturePoint")
                .number("time", quarters_of(change.tick))
                .integer("numerator", change.signature.numerator)
                .integer("denominator", change.signature.denominator)
                .end();
        xml_.end();
    }

    void write_arrangement() {
        xml_.begin("Arrangement").text("id", "arrangement").text("name", session_.name);
        xml_.text("comment", fmt::format("{} Hz, {} bit", session_.sample_rate_hz, session_.bit_depth));
        xml_.begin("Lanes").text("timeUnit", "beats").text("id", "lanes");
        for (std::size_t i = 0; i < session_.tracks.size(); ++i)
            if (!session_.tracks[i].file.empty()) write_lane(i);
        xml_.end();
        write_markers();
        write_tempos();
        write_signatures();
        xml_.end();
    }

    const DawSession& session_;
    XmlWriter xml_;
};

}  // namespace

std::string dawproject_xml(const DawSession& session) {
    return ProjectWriter(session).write();
}

std::string dawproject_metadata_xml(const Metadata& metadata) {
    const std::array<std::pair<const char*, std::string>, 7> elements{{{"Title", metadata.title},
                                                                       {"Artist", metadata.artist},
                                                                       {"Album", metadata.album},
                                                                       {"Year", metadata.date.substr(0, 4)},
                                                                       {"Genre", metadata.genre},
                                                                       {"Copyright", metadata.copyright},
                                                                       {"Comment", metadata.comment}}};
    XmlWriter xml;
    xml.begin("MetaData");
    for (const auto& [element, value] : elements)
        if (!value.empty()) xml.leaf(element, value);
    xml.end();
    return xml.finish();
}

}  // namespace dubplate
