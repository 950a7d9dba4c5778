// The entry "reaper": an .rpp that REAPER 5 and later opens.
#include "core/text.h"
#include "formats/daw/format.h"
#include "formats/daw/reaper_blocks.h"
#include "formats/daw/reaper_read.h"
#include "formats/daw/rpp_text.h"
#include "tags/bytes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dubplate {

namespace {

constexpr std::array<std::string_view, 4> playable{"wav", "aiff", "flac", "mp3"};

void add_name_loss(std::vector<Loss>& losses, std::string_view what, const std::string& name) {
    const std::string kept = rpp_word_as_kept(name);
    if (kept == name) return;
    losses.push_back({fmt::format("{} '{}'", what, escape_control(name)),
                      fmt::format("REAPER has no quotes for it and gets '{}'", kept)});
}

std::vector<Loss> losses(const DawSession& session) {
    std::vector<Loss> losses;
    if (session.metadata.cover) losses.push_back({"cover", "a REAPER project has no place for it"});
    add_name_loss(losses, "name", session.name);
    for (const DawTrack& track : session.tracks) {
        add_name_loss(losses, "track", track.name);
        add_name_loss(losses, "group", track.group);
        add_name_loss(losses, "file", track.file);
        if (!track.file.empty() && std::ranges::find(playable, track.format) == playable.end())
            losses.push_back({fmt::format("audio of '{}'", track.name),
                              fmt::format("REAPER may not play {}", track.format)});
    }
    for (const Marker& marker : session.markers) add_name_loss(losses, "marker", marker.label);
    return losses;
}

Status write(const DawSession& session, const DawMedia& /*media*/, PendingFile& file, std::stop_token stop) {
    if (stop.stop_requested()) return fail(ErrorCode::canceled, "stopped while writing the REAPER project");
    const std::string text = reaper_project(session, reaper_tracks(session));
    return file.append(as_bytes_view(text));
}

Result<DawSession> read(const ByteSource& project) {
    DUBPLATE_TRY(const Bytes bytes, read_all(project, max_rpp_bytes));
    auto session = parse_reaper(as_text(bytes));
    if (!session) return std::move(session).error().in_context(project.name());
    return session;
}

}  // namespace

extern const DawFormat reaper_format = {
    .name = "reaper",
    .title = "REAPER",
    .extension = "rpp",
    .audio_formats = playable,
    .losses = losses,
    .write = write,
    .read = read,
};

}  // namespace dubplate
