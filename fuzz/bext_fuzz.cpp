#include <cstdint>

#include "fuzz/tag_bytes.h"
#include "tags/render.h"

// Any bytes as the payload of a bext chunk.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<dubplate::Loss> losses;
    dubplate::check_metadata(dubplate::parse_bext(std::as_bytes(std::span(data, size)), losses));
    dubplate::TagSet tags;
    tags.origination = dubplate::bext_origination(std::as_bytes(std::span(data, size)));
    DUBPLATE_ASSERT(dubplate::bext_origination(dubplate::render_bext(tags, "")) == tags.origination);
    return 0;
}
