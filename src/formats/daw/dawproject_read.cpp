#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "core/text.h"
#include "core/units.h"
#include "formats/daw/beats.h"
#include "formats/daw/dawproject.h"
#include "formats/daw/xml_reader.h"
#include "zip/zip_entry.h"

namespace dubplate {

namespace {

constexpr std::size_t max_tracks = 10'000;
constexpr std::size_t max_points = 100'000;  // markers, and changes of tempo or time signature
constexpr int max_depth = 16;                // of folders in folders
constexpr int max_rate_hz = 768'000;

Error too_many(std::string_view what) {
    return fail(ErrorCode::limit_exceeded, fmt::format("the project has too many {}", what));
}

Result<std::int64_t> tick_of(double quarters) {
    if (!(quarters >= 0 && quarters < 1e9))
        return fail(ErrorCode::corrupt, fmt::format("a place at beat {}", quarters));
    return std::llround(quarters * static_cast<double>(ticks_per_quarter));
}

std::optional<DawColor> read_color(std::string_view text) {
    std::uint32_t rgb = 0;
    if (text.size() != 7 || text.front() != '#') return std::nullopt;
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + 7, rgb, 16);
    if (error != std::errc() || end != text.data() + 7) return std::nullopt;
    return DawColor{static_cast<std::uint8_t>(rgb >> 16), static_cast<std::uint8_t>(rgb >> 8),
                    static_cast<std::uint8_t>(rgb)};
}

class ProjectReader {
  public:
    Result<DawSession> read(const pugi::xml_node& project) {
        if (!project) return fail(ErrorCode::corrupt, "there is no <Project>");
        const pugi::xml_node arrangement = project.child("Arrangement");
        session_.name = arrangement.attribute("name").value();
        DUBPLATE_CHECK(read_tempo(project.child("Transport"), arrangement));
        DUBPLATE_CHECK(read_tracks(project.child("Structure"), "", 0));
        DUBPLATE_CHECK(read_rate(arrangement));
        for (const pugi::xml_node& lane : arrangement.child("Lanes").children("Lanes"))
            DUBPLATE_CHECK(read_lane(lane));
        DUBPLATE_CHECK(read_markers(arrangement.child("Markers")));
        return std::move(session_);
    }

  private:
    Status read_tempo(const pugi::xml_node& transport, const pugi::xml_node& arrangement) {
        std::vector<TempoChange> tempos;
        std::vector<TimeSignatureChange> signatures;
        DUBPLATE_TRY(const double bpm, read_number(transport.child("Tempo"), "value", 120));
        tempos.push_back(TempoChange{0, bpm});
        DUBPLATE_TRY(const TimeSignature first, read_signature(transport.child("TimeSignature")));
        signatures.push_back(TimeSignatureChange{0, first});
        for (const pugi::xml_node& point : arrangement.child("TempoAutomation").children("RealPoint")) {
            DUBPLATE_TRY(const std::int64_t tick, read_tick(point));
            DUBPLATE_TRY(const double value, read_number(point, "value", 120));
            tempos.push_back(TempoChange{tick, value});
        }
        for (const pugi::xml_node& point :
             arrangement.child("TimeSignatureAutomation").children("TimeSignaturePoint")) {
            DUBPLATE_TRY(const std::int64_t tick, read_tick(point));
            DUBPLATE_TRY(const TimeSignature signature, read_signature(point));
            signatures.push_back(TimeSignatureChange{tick, signature});
        }
        if (tempos.size() > max_points || signatures.size() > max_points) return too_many("changes of tempo");
        auto map = TempoMap::make(std::move(tempos), std::move(signatures));
        if (!map) return fail(ErrorCode::corrupt, map.error().message);
        session_.tempo = *std::move(map);
        return {};
    }

    static Result<std::int64_t> read_tick(const pugi::xml_node& point) {
        DUBPLATE_TRY(const double quarters, read_number(point, "time", 0));
        return tick_of(quarters);
    }

    static Result<TimeSignature> read_signature(const pugi::xml_node& node) {
        DUBPLATE_TRY(const std::int64_t numerator, read_integer(node, "numerator", 4));
        DUBPLATE_TRY(const std::int64_t denominator, read_integer(node, "denominator", 4));
        if (numerator < 1 || numerator > 99 || denominator < 1 || denominator > 64)
            return fail(ErrorCode::corrupt, fmt::format("the time signature {}/{}", numerator, denominator));
        return TimeSignature{static_cast<int>(numerator), static_cast<int>(denominator)};
    }

    Status read_tracks(const pugi::xml_node& parent, const std::string& group, int depth) {
        if (depth > max_depth) return too_many("folders in folders");
        for (const pugi::xml_node& node : parent.children("Track")) {
            const std::string_view role = node.child("Channel").attribute("role").value();
            if (role == "master") continue;
            if (std::string_view(node.attribute("contentType").value()) == "tracks") {
                DUBPLATE_CHECK(read_tracks(node, node.attribute("name").value(), depth + 1));
                continue;
            }
            DUBPLATE_CHECK(read_track(node, group));
        }
        return {};
    }

    Status read_track(const pugi::xml_node& node, const std::string& group) {
        const pugi::xml_node channel = node.child("Channel");
        DawTrack track;
        track.name = node.attribute("name").value();
        track.group = group;
        track.color = read_color(node.attribute("color").value());
        track.mute = channel.child("Mute").attribute("value").as_bool();
        track.solo = channel.attribute("solo").as_bool();
        DUBPLATE_TRY(const double pan, read_number(channel.child("Pan"), "value", 0.5));
        DUBPLATE_TRY(const double volume, read_number(channel.child("Volume"), "value", 1));
        track.pan = std::clamp(pan * 2 - 1, -1.0, 1.0);
        track.gain_db = gain_to_db(volume);
        if (session_.tracks.size() >= max_tracks) return too_many("tracks");
        by_id_.emplace(node.attribute("id").value(), session_.tracks.size());
        session_.tracks.push_back(std::move(track));
        return {};
    }

    // As the writer's comment tells it, or else the rate of the first file.
    Status read_rate(const pugi::xml_node& arrangement) {
        const auto words = split(arrangement.attribute("comment").value(), ' ');
        std::optional<std::int64_t> rate;
        if (words.size() == 4 && words[1] == "Hz," && words[3] == "bit") {
            rate = parse_integer(words[0]);
            session_.bit_depth =
                static_cast<int>(std::clamp<std::int64_t>(parse_integer(words[2]).value_or(24), 1, 64));
        }
        const pugi::xpath_node audio = arrangement.select_node("Lanes/Lanes/Clips/Clip/Audio");
        if (!rate && audio) {
            DUBPLATE_TRY(rate, read_integer(audio.node(), "sampleRate", 48'000));
        }
        if (rate && (*rate < 1 || *rate > max_rate_hz))
            return fail(ErrorCode::corrupt, fmt::format("a sample rate of {} Hz", *rate));
        session_.sample_rate_hz = static_cast<int>(rate.value_or(48'000));
        return {};
    }

    Result<std::int64_t> frame_at_beat(double beats) const {
        return frame_at(seconds_at_quarters(session_.tempo, beats), session_.sample_rate_hz);
    }

    Status read_lane(const pugi::xml_node& lane) {
        const pugi::xml_node clip = lane.child("Clips").child("Clip");
        const pugi::xml_node audio = clip.child("Audio");
        const auto found = by_id_.find(lane.attribute("track").value());
        if (!audio || found == by_id_.end()) return {};
        DawTrack& track = session_.tracks[found->second];
        track.file = audio.child("File").attribute("path").value();
        if (!check_zip_name(track.file))
            return fail(ErrorCode::corrupt, fmt::format("track '{}': its file is outside the project",
                                                        escape_control(truncate_utf8(track.name, 80))));
        track.format = format_of(track.file);
        DUBPLATE_TRY(const std::int64_t channels, read_integer(audio, "channels", 2));
        if (channels < 1 || channels > 64)
            return fail(ErrorCode::corrupt, fmt::format("{} channels", channels));
        track.channels = static_cast<int>(channels);
        DUBPLATE_TRY(const double time, read_number(clip, "time", 0));
        DUBPLATE_TRY(track.begin_frame, frame_at_beat(time));
        DUBPLATE_TRY(const double duration, read_number(audio, "duration", 0));
        DUBPLATE_TRY(track.frames, frame_at(duration, session_.sample_rate_hz));
        return {};
    }

    Status read_markers(const pugi::xml_node& markers) {
        for (const pugi::xml_node& node : markers.children("Marker")) {
            DUBPLATE_TRY(const double time, read_number(node, "time", 0));
            DUBPLATE_TRY(const std::int64_t frame, frame_at_beat(time));
            if (session_.markers.size() >= max_points) return too_many("markers");
            session_.markers.push_back(Marker{frame, 0, node.attribute("name").value()});
        }
        return {};
    }

    DawSession session_;
    std::map<std::string, std::size_t, std::less<>> by_id_;
};

}  // namespace

Result<DawSession> read_dawproject_xml(std::span<const std::byte> text) {
    DUBPLATE_TRY(const auto document, parse_xml(text));
    return ProjectReader().read(document->child("Project"));
}

Result<Metadata> read_dawproject_metadata_xml(std::span<const std::byte> text) {
    DUBPLATE_TRY(const auto document, parse_xml(text));
    const pugi::xml_node node = document->child("MetaData");
    Metadata metadata;
    metadata.title = node.child_value("Title");
    metadata.artist = node.child_value("Artist");
    metadata.album = node.child_value("Album");
    metadata.date = node.child_value("Year");
    metadata.genre = node.child_value("Genre");
    metadata.copyright = node.child_value("Copyright");
    metadata.comment = node.child_value("Comment");
    std::vector<Loss> dropped;
    return sanitize(std::move(metadata), dropped);
}

}  // namespace dubplate
