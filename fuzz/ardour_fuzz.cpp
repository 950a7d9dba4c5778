#include <cstdint>

#include "formats/daw/ardour.h"

// Any bytes as an Ardour session: what is read keeps its ranges and can be written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dubplate;
    const auto session = read_ardour_xml(std::as_bytes(std::span(data, size)));
    if (!session) return 0;
    DUBPLATE_ASSERT(validate(session->metadata).empty());
    for (const DawTrack& track : session->tracks) {
        DUBPLATE_ASSERT(track.begin_frame >= 0 && track.frames >= 0);
        DUBPLATE_ASSERT(track.pan >= -1 && track.pan <= 1);
    }
    for (const Marker& marker : session->markers) DUBPLATE_ASSERT(marker.length_frames >= 0);
    DUBPLATE_ASSERT(!ardour_xml(*session).empty());
    return 0;
}
