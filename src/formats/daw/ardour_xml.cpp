#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "core/units.h"
#include "core/version.h"
#include "formats/daw/ardour.h"
#include "formats/daw/ardour_ids.h"
#include "formats/daw/beats.h"
#include "formats/daw/xml_writer.h"

namespace dubplate {

namespace {

constexpr const char* balance_panner = "http://ardour.org/plugin/panner_balance";
constexpr std::array<int, 2> sides{1, 2};

class SessionWriter {
  public:
    explicit SessionWriter(const DawSession& session)
        : session_(session), names_(ardour_track_names(session)) {}

    std::string write() {
        xml_.begin("Session").integer("version", 7002).text("name", session_.name);
        xml_.integer("sample-rate", session_.sample_rate_hz).integer("session-range-is-free", 0);
        xml_.integer("id-counter", ardour_id(session_.tracks.size() + session_.markers.size(), 0));
        xml_.integer("name-counter", 1).integer("event-counter", 0).integer("vca-counter", 1);
        const std::string program = fmt::format("Dubplate {}", version());
        xml_.begin("ProgramVersion").text("created-with", program).text("modified-with", program).end();
        write_config();
        write_metadata();
        write_sources();
        xml_.begin("Regions").end();
        write_locations();
        write_routes();
        write_playlists();
        xml_.begin("UnusedPlaylists").end();
        write_groups();
        write_tempo();
        xml_.end();
        return xml_.finish();
    }

  private:
    std::int64_t superclock(std::int64_t frame) const {
        const std::int64_t rate = session_.sample_rate_hz;
        return frame / rate * superclocks_per_second + frame % rate * superclocks_per_second / rate;
    }
    std::string place(std::int64_t frame) const { return fmt::format("a{}", superclock(frame)); }

    void write_config() {
        const char* format = session_.bit_depth <= 16   ? "FormatInt16"
                             : session_.bit_depth <= 24 ? "FormatInt24"
                                                        : "FormatFloat";
        xml_.begin("Config")
            .begin("Option")
            .text("name", "native-file-data-format")
            .text("value", format)
            .end()
            .end();
    }

    void write_metadata() {
        const Metadata& tags = session_.metadata;
        const auto number = [](int value) { return value > 0 ? std::to_string(value) : std::string(); };
        const std::array<std::pair<const char*, std::string>, 12> elements{
            {{"title", tags.title},
             {"artist", tags.artist},
             {"album", tags.album},
             {"album_artist", tags.album_artist},
             {"year", tags.date.substr(0, 4)},
             {"genre", tags.genre},
             {"comment", tags.comment},
             {"copyright", tags.copyright},
             {"isrc", tags.isrc},
             {"track_number", number(tags.track.number)},
             {"total_tracks", number(tags.track.total)},
             {"disc_number", number(tags.disc.number)}}};
        xml_.begin("Metadata");
        for (const auto& [element, value] : elements)
            if (!value.empty()) xml_.leaf(element, value);
        xml_.end();
    }

    int source_count(const DawTrack& track) const { return std::min(track.channels, 2); }

    void write_sources() {
        xml_.begin("Sources");
        for (std::size_t i = 0; i < session_.tracks.size(); ++i) {
            const DawTrack& track = session_.tracks[i];
            for (int channel = 0; !track.file.empty() && channel < source_count(track); ++channel) {
                xml_.begin("Source").text("name", std::string(ardour_up) + track.file).text("type", "audio");
                xml_.text("flags", "").integer("id", ardour_id(i, ardour_source + channel));
                xml_.integer("channel", channel).text("origin", "").integer("gain", 1).end();
            }
        }
        xml_.end();
    }

    void write_location(std::int64_t id, std::string_view name, const Marker& at, std::string_view flags) {
        xml_.begin("Location").integer("id", id).text("name", name).text("start", place(at.frame));
        xml_.text("end", place(at.frame + at.length_frames)).text("flags", flags).integer("locked", 0).end();
    }

    void write_locations() {
        xml_.begin("Locations");
        // An export runs over the session's range: one of no length would be none.
        const std::int64_t end = session_.frames() > 0 ? session_.frames() : session_.sample_rate_hz;
        write_location(ardour_session_range, "session", Marker{0, end, ""}, "IsSessionRange");
        for (std::size_t i = 0; i < session_.markers.size(); ++i) {
            const Marker& marker = session_.markers[i];
            write_location(ardour_id(session_.tracks.size() + i, 0), marker.label, marker,
                           marker.length_frames > 0 ? "IsRangeMarker" : "IsMark");
        }
        xml_.end();
    }

    void write_port(std::string_view owner, std::string_view direction, int side,
                    const std::vector<std::string>& others) {
        xml_.begin("Port")
            .text("type", "audio")
            .text("name", fmt::format("{}/audio_{} {}", owner, direction, side));
        for (const std::string& other : others) xml_.begin("Connection").text("other", other).end();
        xml_.end();
    }

    void begin_io(std::string_view owner, std::int64_t id, std::string_view direction) {
        xml_.begin("IO").text("name", owner).integer("id", id).text("direction", direction);
        xml_.text("default-type", "audio");
    }

    void write_master() {
        begin_route("Master", ardour_master, "MeterOutput", "MeterK14");
        xml_.begin("PresentationInfo")
            .integer("order", 0)
            .text("flags", "MasterOut,OrderSet")
            .integer("color", 0)
            .end();
        begin_io("Master", ardour_master + 1, "Input");
        for (const int side : sides) {
            std::vector<std::string> others;
            for (const std::string& name : names_)
                others.push_back(fmt::format("{}/audio_out {}", name, side));
            write_port("Master", "in", side, others);
        }
        xml_.end();
        begin_io("Master", ardour_master + 2, "Output");
        for (const int side : sides)
            write_port("Master", "out", side, {fmt::format("system:playback_{}", side)});
        xml_.end();
        write_amp(ardour_master + 3, 1);
        write_main_outs("Master", ardour_master + 5, "");
        xml_.end();
    }

    void begin_route(std::string_view name, std::int64_t id, std::string_view meter_point,
                     std::string_view meter) {
        xml_.begin("Route").integer("version", 7002).integer("id", id).text("name", name);
        xml_.text("default-type", "audio").integer("strict-io", 1).integer("active", 1);
        xml_.text("meter-point", meter_point).text("meter-type", meter);
    }

    void write_control(std::string_view name, std::int64_t id, std::string_view flags, double value) {
        xml_.begin("Controllable").text("name", name).integer("id", id).text("flags", flags);
        xml_.number("value", value).end();
    }

    void write_amp(std::int64_t id, double gain) {
        xml_.begin("Processor")
            .integer("id", id)
            .text("name", "Amp")
            .integer("active", 1)
            .text("type", "amp");
        write_control("gaincontrol", id + 1, "GainLike", gain);
        xml_.end();
    }

    void write_main_outs(std::string_view name, std::int64_t id, std::string_view panner) {
        xml_.begin("Processor")
            .integer("id", id)
            .text("name", name)
            .integer("active", 1)
            .integer("own-input", 1);
        xml_.integer("own-output", 0).text("output", name).text("type", "main-outs").text("role", "Main");
        xml_.begin("PannerShell").integer("bypassed", 0).text("user-panner", panner);
        xml_.integer("linked-to-route", 1).end();
        xml_.end();
    }

    void write_processor(std::string_view name, std::int64_t id, std::string_view type) {
        xml_.begin("Processor")
            .integer("id", id)
            .text("name", name)
            .integer("active", 1)
            .text("type", type)
            .end();
    }

    void write_mute_and_solo(std::size_t i, const DawTrack& track) {
        xml_.begin("Controllable").text("name", "solo").integer("id", ardour_id(i, ardour_solo));
        xml_.text("flags", "Toggle,RealTime").integer("value", track.solo).integer("self-solo", track.solo);
        xml_.integer("soloed-by-upstream", 0).integer("soloed-by-downstream", 0).end();
        xml_.begin("MuteMaster").text("mute-point", "PreFader,PostFader,Listen,Main");
        xml_.integer("muted", track.mute).end();
        write_control("mute", ardour_id(i, ardour_mute), "Toggle,RealTime", track.mute ? 1 : 0);
    }

    void write_track(std::size_t i) {
        const DawTrack& track = session_.tracks[i];
        const std::string& name = names_[i];
        const DawColor color = track.color.value_or(DawColor{});
        begin_route(name, ardour_id(i, ardour_route), "MeterPostFader", "MeterPeak");
        xml_.integer("audio-playlist", ardour_id(i, ardour_playlist)).text("mode", "Normal");
        xml_.begin("PresentationInfo").integer("order", static_cast<std::int64_t>(i) + 1);
        xml_.text("flags", "AudioTrack,OrderSet");
        // Red, green, blue and opacity; 0 lets Ardour choose.
        xml_.integer(
            "color",
            track.color ? (std::int64_t{color.red} << 24 | color.green << 16 | color.blue << 8 | 255) : 0);
        xml_.end();
        begin_io(name, ardour_id(i, ardour_input), "Input");
        for (const int side : sides) write_port(name, "in", side, {});
        xml_.end();
        begin_io(name, ardour_id(i, ardour_output), "Output");
        for (const int side : sides) write_port(name, "out", side, {fmt::format("Master/audio_in {}", side)});
        xml_.end();
        write_mute_and_solo(i, track);
        xml_.begin("Pannable");
        write_control("pan-azimuth", ardour_id(i, ardour_azimuth), "", (track.pan + 1) / 2);
        write_control("pan-width", ardour_id(i, ardour_width), "", 1);
        xml_.end();
        write_processor("player:" + name, ardour_id(i, ardour_player), "diskreader");
        write_amp(ardour_id(i, ardour_amp), std::min(db_to_gain(track.gain_db), max_ardour_fader));
        write_processor("meter-" + name, ardour_id(i, ardour_meter), "meter");
        write_main_outs(name, ardour_id(i, ardour_main_outs), balance_panner);
        xml_.end();
    }

    void write_routes() {
        xml_.begin("Routes");
        write_master();
        for (std::size_t i = 0; i < session_.tracks.size(); ++i) write_track(i);
        xml_.end();
    }

    void write_region(std::size_t i) {
        const DawTrack& track = session_.tracks[i];
        xml_.begin("Region")
            .text("name", names_[i])
            .integer("id", ardour_id(i, ardour_region))
            .text("type", "audio");
        for (const char* off :
             {"muted", "locked", "automatic", "whole-file", "import", "external", "layering-index",
              "envelope-active", "default-fade-in", "default-fade-out", "fade-in-active", "fade-out-active"})
            xml_.integer(off, 0);
        xml_.integer("opaque", 1).text("start", "a0");
        xml_.text("length", fmt::format("{}@{}", place(track.frames), place(track.begin_frame)));
        xml_.text("sync-position", "a0").text("first-edit", "nothing");
        xml_.number("scale-amplitude", std::max(db_to_gain(track.gain_db) / max_ardour_fader, 1.0));
        for (int side = 0; side < 2; ++side) {
            const std::int64_t source = ardour_id(i, ardour_source + std::min(side, source_count(track) - 1));
            xml_.integer(fmt::format("source-{}", side), source);
            xml_.integer(fmt::format("master-source-{}", side), source);
        }
        xml_.integer("channels", 2).end();
    }

    void write_playlists() {
        xml_.begin("Playlists");
        for (std::size_t i = 0; i < session_.tracks.size(); ++i) {
            xml_.begin("Playlist").integer("id", ardour_id(i, ardour_playlist)).text("name", names_[i]);
            xml_.text("type", "audio")
                .integer("orig-track-id", ardour_id(i, ardour_route))
                .text("pgroup-id", "");
            xml_.text("shared-with-ids", "").integer("frozen", 0).integer("combine-ops", 0);
            if (!session_.tracks[i].file.empty()) write_region(i);
            xml_.end();
        }
        xml_.end();
    }

    void write_groups() {
        xml_.begin("RouteGroups");
        std::map<std::string, std::string> routes;  // of each group
        std::vector<std::pair<std::string, std::size_t>> order;
        for (std::size_t i = 0; i < session_.tracks.size(); ++i) {
            const std::string& group = session_.tracks[i].group;
            if (group.empty()) continue;
            std::string& ids = routes[group];
            if (ids.empty()) order.emplace_back(group, i);
            ids += fmt::format("{}{}", ids.empty() ? "" : " ", ardour_id(i, ardour_route));
        }
        for (const auto& [group, first] : order) {
            xml_.begin("RouteGroup").integer("id", ardour_id(first, ardour_group)).text("name", group);
            for (const char* shared : {"relative", "gain", "mute", "solo", "select", "active"})
                xml_.integer(shared, 1);
            xml_.integer("hidden", 0).text("routes", routes[group]).end();
        }
        xml_.end();
    }

    // The place of a change, as superclock, as quarter notes and ticks, and as bar, beat and ticks.
    void write_point(std::int64_t tick) {
        constexpr std::int64_t finer = ticks_per_quarter / ardour_ticks_per_quarter;
        const BarPosition bar = session_.tempo.bar_at(tick);
        const double seconds = session_.tempo.seconds_at(tick);
        const std::int64_t ticks = (tick + finer / 2) / finer;
        xml_.integer("sclock", std::llround(seconds * static_cast<double>(superclocks_per_second)));
        xml_.text("quarters",
                  fmt::format("{}:{}", ticks / ardour_ticks_per_quarter, ticks % ardour_ticks_per_quarter));
        xml_.text("bbt", fmt::format("{}|{}|{}", bar.bar, bar.beat, bar.ticks / finer));
    }

    void write_tempo() {
        xml_.begin("TempoMap").integer("superclocks-per-second", superclocks_per_second);
        xml_.begin("Tempos");
        for (const TempoChange& change : session_.tempo.tempos()) {
            xml_.begin("Tempo").number("npm", change.bpm).number("enpm", change.bpm).integer("note-type", 4);
            xml_.text("type", "Constant")
                .integer("active", 1)
                .integer("locked-to-meter", 0)
                .integer("continuing", 0);
            write_point(change.tick);
            xml_.integer("omega", 0).end();
        }
        xml_.end().begin("Meters");
        for (const TimeSignatureChange& change : session_.tempo.signatures()) {
            xml_.begin("Meter").integer("note-value", change.signature.denominator);
            xml_.integer("divisions-per-bar", change.signature.numerator);
            write_point(change.tick);
            xml_.end();
        }
        xml_.end().begin("MusicTimes").end().end();
    }

    const DawSession& session_;
    std::vector<std::string> names_;
    XmlWriter xml_;
};

}  // namespace

std::string ardour_xml(const DawSession& session) {
    return SessionWriter(session).write();
}

}  // namespace dubplate
