#include "core/text.h"
#include "formats/daw/reaper_blocks.h"
#include "formats/daw/reaper_read.h"
#include "formats/daw/reaper_template.h"
#include "formats/daw/rpp_text.h"

#include <cstdint>

namespace {

using namespace dubplate;

// What was read is written so that it is read again.
void check_session(const DawSession& session) {
    const std::string text = reaper_project(session, reaper_tracks(session));
    const auto back = parse_reaper(text);
    DUBPLATE_ASSERT(back.has_value() && back->tracks.size() == session.tracks.size());
    DUBPLATE_ASSERT(back->markers.size() == session.markers.size());
}

DawSession two_tracks() {
    DawSession session;
    session.name = "x";
    session.tracks.resize(2);
    session.tracks[0].name = "{{TRACKS}}";
    session.tracks[0].file = "a.wav";
    session.tracks[0].group = "g";
    return session;
}

}  // namespace

// Any text as a project, and as a template. What a template gives is balanced.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    if (const auto session = parse_reaper(text)) {
        check_session(*session);
    } else {
        DUBPLATE_ASSERT(is_valid_utf8(session.error().to_string()));
    }
    if (const auto filled = fill_reaper_template(text, two_tracks())) {
        DUBPLATE_ASSERT(scan_rpp(*filled).has_value());
    } else {
        DUBPLATE_ASSERT(is_valid_utf8(filled.error().to_string()));
    }
    return 0;
}
