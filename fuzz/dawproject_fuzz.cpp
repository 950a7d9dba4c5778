#include <cstdint>

#include "formats/daw/dawproject.h"

// Any bytes as the project.xml and as the metadata.xml of a DAWproject: what is read keeps its ranges and can be written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dubplate;
    const auto bytes = std::as_bytes(std::span(data, size));
    if (const auto metadata = read_dawproject_metadata_xml(bytes))
        DUBPLATE_ASSERT(validate(*metadata).empty());
    const auto session = read_dawproject_xml(bytes);
    if (!session) return 0;
    for (const DawTrack& track : session->tracks)
        DUBPLATE_ASSERT(track.begin_frame >= 0 && track.frames >= 0 && track.file.find("..") != 0);
    DUBPLATE_ASSERT(!dawproject_xml(*session).empty());
    return 0;
}
