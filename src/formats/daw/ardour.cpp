#include "formats/daw/ardour.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "core/text.h"
#include "formats/daw/ardour_ids.h"
#include "formats/daw/xml_writer.h"

namespace dubplate {

namespace {

constexpr std::array<std::string_view, 4> played_formats{"wav", "aiff", "flac", "mp3"};
constexpr std::array<std::string_view, 9> held_tags{"title",   "artist",    "album", "album_artist", "genre",
                                                    "comment", "copyright", "isrc",  "track"};
constexpr std::uint64_t max_session_bytes = 67'108'864;

// ':' and '/' part the names of ports.
std::string legal_name(std::string_view name, std::size_t number) {
    std::string legal = xml_text(name);
    for (char& c : legal) {
        if (c == ':' || c == '/') c = '-';
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    }
    legal = trim(legal);
    return legal.empty() ? fmt::format("Track {}", number + 1) : legal;
}

void add_track_losses(const DawTrack& track, const std::string& name, std::vector<Loss>& losses) {
    if (name != track.name)
        losses.push_back(
            Loss{fmt::format("name of track '{}'", xml_text(track.name)), "in Ardour it is '" + name + "'"});
    if (xml_text(track.group) != track.group)
        losses.push_back(
            Loss{fmt::format("group of track '{}'", name), "XML cannot hold some of its characters"});
    if (track.file.empty()) {
        losses.push_back(
            Loss{fmt::format("track '{}'", name), "it has no file: it is there without a region"});
        return;
    }
    if (track.channels > 2)
        losses.push_back(
            Loss{fmt::format("channels of track '{}'", name), "the session plays the first two alone"});
    if (std::ranges::find(played_formats, track.format) == played_formats.end())
        losses.push_back(
            Loss{fmt::format("file of track '{}'", name), "Ardour may not play " + track.format});
}

bool holds_tag(std::string_view name, std::string_view value, const Metadata& metadata) {
    if (name == "date") return value.size() == 4;
    if (name == "disc") return metadata.disc.total == 0;
    return std::ranges::find(held_tags, name) != held_tags.end();
}

std::vector<Loss> losses_of(const DawSession& session) {
    std::vector<Loss> losses;
    for (const auto& [name, value] : fields(session.metadata))
        if (!holds_tag(name, value, session.metadata))
            losses.push_back(Loss{"tag " + name, "an Ardour session has no place for all of it"});
    if (session.metadata.cover) losses.push_back(Loss{"tag cover", "an Ardour session has no place for it"});
    const std::vector<std::string> names = ardour_track_names(session);
    for (std::size_t i = 0; i < names.size(); ++i) add_track_losses(session.tracks[i], names[i], losses);
    constexpr std::int64_t finer = ticks_per_quarter / ardour_ticks_per_quarter;
    for (const TempoChange& change : session.tempo.tempos())
        if (change.tick % finer != 0)
            losses.push_back(Loss{fmt::format("place of the tempo {}", format_number(change.bpm)),
                                  "Ardour counts 1920 ticks to the quarter note"});
    return losses;
}

// The links by which Ardour finds the audio again once it has saved the session: it then names the files alone.
std::vector<DawLink> links_of(const DawSession& session) {
    std::vector<DawLink> links;
    std::set<std::string> names;
    for (const DawTrack& track : session.tracks) {
        const std::string name = std::filesystem::path(track.file).filename().string();
        if (name.empty() || !names.insert(name).second) continue;
        links.push_back(DawLink{fmt::format("interchange/{}/audiofiles/{}", session.name, name),
                                std::string(ardour_up) + track.file});
    }
    return links;
}

Status write_ardour(const DawSession& session, const DawMedia&, PendingFile& file, std::stop_token stop) {
    if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
    const std::string xml = ardour_xml(session);
    return file.append(std::as_bytes(std::span(xml)));
}

Result<DawSession> read_ardour(const ByteSource& project) {
    DUBPLATE_TRY(const Bytes text, read_all(project, max_session_bytes));
    return read_ardour_xml(text);
}

}  // namespace

std::vector<std::string> ardour_track_names(const DawSession& session) {
    std::set<std::string> taken{"Master", "Monitor", "Auditioner", "Click", "LTC"};
    std::vector<std::string> names;
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        const std::string name = legal_name(session.tracks[i].name, i);
        std::string unique = name;
        for (int copy = 2; !taken.insert(unique).second; ++copy) unique = fmt::format("{} ({})", name, copy);
        names.push_back(std::move(unique));
    }
    return names;
}

extern const DawFormat ardour_format;
const DawFormat ardour_format{.name = "ardour",
                              .title = "Ardour",
                              .extension = "ardour",
                              .audio_formats = played_formats,
                              .losses = losses_of,
                              .write = write_ardour,
                              .read = read_ardour,
                              .links = links_of};

}  // namespace dubplate
