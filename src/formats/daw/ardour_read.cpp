#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <set>

#include "core/text.h"
#include "core/units.h"
#include "formats/daw/ardour.h"
#include "formats/daw/ardour_ids.h"
#include "formats/daw/beats.h"
#include "formats/daw/xml_reader.h"
#include "zip/zip_entry.h"

namespace dubplate {

namespace {

constexpr std::size_t max_parts = 100'000;  // tracks, markers, changes of tempo
constexpr int max_rate_hz = 768'000;

class SessionReader {
  public:
    Result<DawSession> read(const pugi::xml_node& root) {
        if (!root) return fail(ErrorCode::corrupt, "there is no <Session>");
        session_.name = root.attribute("name").value();
        DUBPLATE_TRY(const std::int64_t rate, read_integer(root, "sample-rate", 48'000));
        if (rate < 1 || rate > max_rate_hz)
            return fail(ErrorCode::corrupt, fmt::format("a sample rate of {} Hz", rate));
        session_.sample_rate_hz = static_cast<int>(rate);
        read_depth(root.child("Config"));
        read_metadata(root.child("Metadata"));
        DUBPLATE_CHECK(read_tempo(root.child("TempoMap")));
        for (const pugi::xml_node& source : root.child("Sources").children("Source"))
            files_.emplace(source.attribute("id").value(), source.attribute("name").value());
        for (const pugi::xml_node& playlist : root.child("Playlists").children("Playlist"))
            regions_.emplace(playlist.attribute("id").value(), playlist.child("Region"));
        read_groups(root.child("RouteGroups"));
        for (const pugi::xml_node& route : root.child("Routes").children("Route"))
            DUBPLATE_CHECK(read_route(route));
        for (const pugi::xml_node& location : root.child("Locations").children("Location"))
            DUBPLATE_CHECK(read_location(location));
        return std::move(session_);
    }

  private:
    void read_depth(const pugi::xml_node& config) {
        for (const pugi::xml_node& option : config.children("Option")) {
            if (std::string_view(option.attribute("name").value()) != "native-file-data-format") continue;
            const std::string_view format = option.attribute("value").value();
            session_.bit_depth = format == "FormatInt16" ? 16 : format == "FormatInt24" ? 24 : 32;
        }
    }

    void read_metadata(const pugi::xml_node& node) {
        Metadata tags;
        tags.title = node.child_value("title");
        tags.artist = node.child_value("artist");
        tags.album = node.child_value("album");
        tags.album_artist = node.child_value("album_artist");
        tags.date = node.child_value("year");
        tags.genre = node.child_value("genre");
        tags.comment = node.child_value("comment");
        tags.copyright = node.child_value("copyright");
        tags.isrc = node.child_value("isrc");
        const auto number = [&](const char* name) {
            const auto value = parse_integer(node.child_value(name)).value_or(0);
            return static_cast<int>(std::clamp<std::int64_t>(value, 0, 9'999));
        };
        tags.track = NumberOf{number("track_number"), number("total_tracks")};
        tags.disc = NumberOf{number("disc_number"), 0};
        std::vector<Loss> dropped;
        session_.metadata = sanitize(std::move(tags), dropped);
    }

    // "12:960": quarter notes, and ticks of them.
    static Result<std::int64_t> read_tick(const pugi::xml_node& node) {
        const auto parts = split(node.attribute("quarters").value(), ':');
        const auto quarters = parse_integer(parts[0]);
        const auto ticks = parts.size() == 2 ? parse_integer(parts[1]) : std::nullopt;
        if (!quarters || !ticks || *quarters < 0 || *quarters > 1'000'000'000 || *ticks < 0 ||
            *ticks >= ardour_ticks_per_quarter)
            return fail(ErrorCode::corrupt, "a change of tempo without its place in quarter notes");
        return *quarters * ticks_per_quarter + *ticks * (ticks_per_quarter / ardour_ticks_per_quarter);
    }

    Status read_tempo(const pugi::xml_node& node) {
        std::vector<TempoChange> tempos;
        for (const pugi::xml_node& tempo : node.child("Tempos").children("Tempo")) {
            DUBPLATE_TRY(const std::int64_t tick, read_tick(tempo));
            DUBPLATE_TRY(const double bpm, read_number(tempo, "npm", 120));
            tempos.push_back(TempoChange{tick, bpm});
        }
        std::vector<TimeSignatureChange> signatures;
        for (const pugi::xml_node& meter : node.child("Meters").children("Meter")) {
            DUBPLATE_TRY(const std::int64_t tick, read_tick(meter));
            DUBPLATE_TRY(const std::int64_t numerator, read_integer(meter, "divisions-per-bar", 4));
            DUBPLATE_TRY(const std::int64_t denominator, read_integer(meter, "note-value", 4));
            const auto limited = [](std::int64_t value) {
                return static_cast<int>(
                    std::clamp<std::int64_t>(value, 0, 1'000));  // make() tells of what is wrong
            };
            signatures.push_back(TimeSignatureChange{tick, {limited(numerator), limited(denominator)}});
        }
        if (tempos.size() > max_parts || signatures.size() > max_parts)
            return fail(ErrorCode::limit_exceeded, "the session has too many changes of tempo");
        auto map = TempoMap::make(std::move(tempos), std::move(signatures));
        if (!map) return fail(ErrorCode::corrupt, map.error().message);
        session_.tempo = *std::move(map);
        return {};
    }

    void read_groups(const pugi::xml_node& groups) {
        for (const pugi::xml_node& group : groups.children("RouteGroup"))
            for (const std::string_view id : split(group.attribute("routes").value(), ' '))
                groups_.emplace(id, group.attribute("name").value());
    }

    // "a282240000" as frames.
    Result<std::int64_t> read_place(std::string_view text) const {
        const auto superclock =
            text.starts_with('a') ? parse_integer(text.substr(1)) : std::optional<std::int64_t>();
        if (!superclock)
            return fail(ErrorCode::corrupt,
                        fmt::format("a place '{}'", escape_control(truncate_utf8(text, 40))));
        return frame_at(static_cast<double>(*superclock) / static_cast<double>(superclocks_per_second),
                        session_.sample_rate_hz);
    }

    Status read_route(const pugi::xml_node& route) {
        const std::string_view flags = route.child("PresentationInfo").attribute("flags").value();
        if (flags.find("AudioTrack") == std::string_view::npos) return {};
        DawTrack track;
        track.name = route.attribute("name").value();
        const auto group = groups_.find(route.attribute("id").value());
        if (group != groups_.end()) track.group = group->second;
        DUBPLATE_TRY(const std::int64_t color, read_integer(route.child("PresentationInfo"), "color", 0));
        if (color > 0)
            track.color =
                DawColor{static_cast<std::uint8_t>(color >> 24), static_cast<std::uint8_t>(color >> 16),
                         static_cast<std::uint8_t>(color >> 8)};
        track.mute = route.child("MuteMaster").attribute("muted").as_bool();
        track.solo =
            route.find_child_by_attribute("Controllable", "name", "solo").attribute("self-solo").as_bool();
        const pugi::xml_node azimuth =
            route.child("Pannable").find_child_by_attribute("Controllable", "name", "pan-azimuth");
        DUBPLATE_TRY(const double pan, read_number(azimuth, "value", 0.5));
        track.pan = std::clamp(pan * 2 - 1, -1.0, 1.0);
        const pugi::xml_node amp = route.find_child_by_attribute("Processor", "type", "amp");
        DUBPLATE_TRY(const double fader, read_number(amp.child("Controllable"), "value", 1));
        track.gain_db = gain_to_db(fader);
        const auto region = regions_.find(route.attribute("audio-playlist").value());
        if (region != regions_.end() && region->second) DUBPLATE_CHECK(read_region(region->second, track));
        if (session_.tracks.size() >= max_parts)
            return fail(ErrorCode::limit_exceeded, "the session has too many tracks");
        session_.tracks.push_back(std::move(track));
        return {};
    }

    Status read_region(const pugi::xml_node& region, DawTrack& track) {
        const auto file = files_.find(region.attribute("source-0").value());
        if (file == files_.end())
            return fail(ErrorCode::corrupt, fmt::format("track '{}' plays a source that is not there",
                                                        escape_control(truncate_utf8(track.name, 80))));
        track.file =
            file->second.starts_with(ardour_up) ? file->second.substr(ardour_up.size()) : file->second;
        if (!check_zip_name(track.file))
            return fail(ErrorCode::corrupt, fmt::format("track '{}': its file is outside the delivery",
                                                        escape_control(truncate_utf8(track.name, 80))));
        track.format = format_of(track.file);
        const bool is_mono =
            std::string_view(region.attribute("source-0").value()) == region.attribute("source-1").value();
        track.channels = is_mono ? 1 : 2;
        const auto length = split(region.attribute("length").value(), '@');
        if (length.size() != 2) return fail(ErrorCode::corrupt, "a region without its length and place");
        DUBPLATE_TRY(track.frames, read_place(length[0]));
        DUBPLATE_TRY(track.begin_frame, read_place(length[1]));
        DUBPLATE_TRY(const double scale, read_number(region, "scale-amplitude", 1));
        track.gain_db += gain_to_db(scale);
        return {};
    }

    Status read_location(const pugi::xml_node& location) {
        const std::string_view flags = location.attribute("flags").value();
        if (flags.find("IsMark") == std::string_view::npos &&
            flags.find("IsRangeMarker") == std::string_view::npos)
            return {};
        DUBPLATE_TRY(const std::int64_t begin, read_place(location.attribute("start").value()));
        DUBPLATE_TRY(const std::int64_t end, read_place(location.attribute("end").value()));
        if (end < begin) return fail(ErrorCode::corrupt, "a range that ends before it begins");
        if (session_.markers.size() >= max_parts)
            return fail(ErrorCode::limit_exceeded, "the session has too many markers");
        session_.markers.push_back(Marker{begin, end - begin, location.attribute("name").value()});
        return {};
    }

    DawSession session_;
    std::map<std::string, std::string, std::less<>> files_;       // by the source's id
    std::map<std::string, pugi::xml_node, std::less<>> regions_;  // by the playlist's id
    std::map<std::string, std::string, std::less<>> groups_;      // by the route's id
};

}  // namespace

Result<DawSession> read_ardour_xml(std::span<const std::byte> text) {
    DUBPLATE_TRY(const auto document, parse_xml(text));
    return SessionReader().read(document->child("Session"));
}

}  // namespace dubplate
