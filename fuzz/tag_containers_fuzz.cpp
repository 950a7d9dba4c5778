#include <cstdint>

#include "core/store.h"
#include "fuzz/tag_bytes.h"
#include "tags/render.h"

// Any bytes as an MP3, FLAC, Ogg and MP4 file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dubplate;
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto source =
        make_memory_source(std::make_shared<const Bytes>(bytes.begin(), bytes.end()), "input");
    for (const auto* format : {"mp3", "flac", "ogg", "m4a"}) {
        std::vector<Loss> losses;
        const auto metadata = read_tags(*source, format, losses);
        DUBPLATE_ASSERT(metadata.has_value());
        check_metadata(*metadata);
    }
    return 0;
}
