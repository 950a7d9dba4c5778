#include "formats/daw/dawproject.h"
#include "core/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "formats/daw/beats.h"
#include "formats/daw/format.h"
#include "formats/daw/xml_writer.h"
#include "zip/read_zip.h"
#include "zip/zip_writer.h"

namespace dubplate {

namespace {

constexpr std::array<std::string_view, 4> played_formats{"wav", "aiff", "flac", "mp3"};
constexpr std::array<std::string_view, 6> held_tags{"title", "artist",    "album",
                                                    "genre", "copyright", "comment"};
constexpr std::uint64_t max_xml_bytes = 16'777'216;

void add_tag_losses(const Metadata& metadata, std::vector<Loss>& losses) {
    for (const auto& [name, value] : fields(metadata)) {
        if (std::ranges::find(held_tags, name) != held_tags.end()) continue;
        if (name == "date" && value.size() == 4) continue;
        losses.push_back(Loss{"tag " + name, name == "date" ? "DAWproject holds the year alone"
                                                            : "DAWproject has no place for it"});
    }
    if (metadata.cover) losses.push_back(Loss{"tag cover", "DAWproject has no place for it"});
}

void add_track_losses(const DawTrack& track, std::vector<Loss>& losses) {
    const std::string name = xml_text(track.name);
    if (name != track.name || xml_text(track.group) != track.group)
        losses.push_back(
            Loss{fmt::format("name of track '{}'", name), "XML cannot hold some of its characters"});
    if (track.file.empty()) {
        losses.push_back(Loss{fmt::format("track '{}'", name), "it has no file: it is there without a clip"});
        return;
    }
    if (db_to_gain(track.gain_db) > max_dawproject_volume)
        losses.push_back(Loss{fmt::format("gain of track '{}'", name), "DAWproject ends at +6.02 dB"});
    if (std::ranges::find(played_formats, track.format) == played_formats.end())
        losses.push_back(Loss{fmt::format("file of track '{}'", name), "DAWs may not play " + track.format});
}

std::vector<Loss> losses_of(const DawSession& session) {
    std::vector<Loss> losses;
    add_tag_losses(session.metadata, losses);
    for (const DawTrack& track : session.tracks) add_track_losses(track, losses);
    for (const Marker& marker : session.markers)
        if (marker.length_frames > 0)
            losses.push_back(Loss{fmt::format("end of region '{}'", xml_text(marker.label)),
                                  "DAWproject has markers without a length"});
    return losses;
}

Status add_media(ZipWriter& writer, const DawSession& session, const DawMedia& media,
                 const std::stop_token& stop) {
    std::set<std::string_view> done;
    for (const DawTrack& track : session.tracks) {
        if (track.file.empty() || !done.insert(track.file).second) continue;
        DUBPLATE_TRY(const auto source, media.store->open(media.folder / track.file));
        // Audio hardly shrinks, and a stored entry is played in place.
        DUBPLATE_CHECK(writer.add(track.file, *source, ZipMethod::store, stop));
    }
    return {};
}

Status write_dawproject(const DawSession& session, const DawMedia& media, PendingFile& file,
                        std::stop_token stop) {
    const std::string metadata = dawproject_metadata_xml(session.metadata);
    const std::string project = dawproject_xml(session);
    ZipWriter writer(file);
    DUBPLATE_CHECK(writer.add("metadata.xml", std::as_bytes(std::span(metadata)), ZipMethod::deflate, stop));
    DUBPLATE_CHECK(writer.add("project.xml", std::as_bytes(std::span(project)), ZipMethod::deflate, stop));
    DUBPLATE_CHECK(add_media(writer, session, media, stop));
    return writer.finish();
}

Result<Bytes> read_part(const ByteSource& project, const std::vector<ZipEntry>& entries,
                        std::string_view name) {
    const auto found = std::ranges::find(entries, name, &ZipEntry::name);
    if (found == entries.end()) return fail(ErrorCode::corrupt, fmt::format("it holds no {}", name));
    return read_zip_entry(project, *found, {.entry_bytes = max_xml_bytes});
}

Result<DawSession> read_dawproject(const ByteSource& project) {
    DUBPLATE_TRY(const auto entries, read_zip(project));
    DUBPLATE_TRY(const Bytes project_xml, read_part(project, entries, "project.xml"));
    DUBPLATE_TRY(DawSession session, read_dawproject_xml(project_xml));
    DUBPLATE_TRY(const Bytes metadata_xml, read_part(project, entries, "metadata.xml"));
    DUBPLATE_TRY(session.metadata, read_dawproject_metadata_xml(metadata_xml));
    for (const DawTrack& track : session.tracks)
        if (!track.file.empty() && std::ranges::find(entries, track.file, &ZipEntry::name) == entries.end())
            return fail(ErrorCode::corrupt,
                        fmt::format("it does not hold the file of track '{}'", track.name));
    return session;
}

}  // namespace

extern const DawFormat dawproject_format;
const DawFormat dawproject_format{.name = "dawproject",
                                  .title = "DAWproject",
                                  .extension = "dawproject",
                                  .holds_media = true,
                                  .audio_formats = played_formats,
                                  .losses = losses_of,
                                  .write = write_dawproject,
                                  .read = read_dawproject,
                                  .links = nullptr};

}  // namespace dubplate
