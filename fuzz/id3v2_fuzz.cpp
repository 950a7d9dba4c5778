#include <cstdint>

#include "fuzz/tag_bytes.h"
#include "tags/render.h"

// Any bytes as an ID3v2 tag; what was read must survive being written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dubplate;
    std::vector<Loss> losses;
    const auto metadata = parse_id3v2(std::as_bytes(std::span(data, size)), losses);
    if (!metadata) return 0;
    check_metadata(*metadata);
    TagSet tags;
    tags.metadata = *metadata;
    const auto again = parse_id3v2(*render_id3v2(tags), losses);
    DUBPLATE_ASSERT(again.has_value() && (*again == *metadata || !tag_losses(tags, "mp3").empty()));
    return 0;
}
