#include <cstdint>

#include "fuzz/tag_bytes.h"
#include "tags/render.h"

// Any bytes as the payload of a LIST chunk.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<dubplate::Loss> losses;
    dubplate::check_metadata(dubplate::parse_riff_info(std::as_bytes(std::span(data, size)), losses));
    return 0;
}
