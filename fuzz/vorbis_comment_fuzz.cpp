#include <cstdint>

#include "fuzz/tag_bytes.h"
#include "tags/render.h"
#include "tags/vorbis.h"

// Any bytes as a block of Vorbis comments; what was read must survive being written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dubplate;
    std::vector<Loss> losses;
    TagSet tags;
    tags.metadata = metadata_from_vorbis_comments(
        split_vorbis_block(std::as_bytes(std::span(data, size)), losses), losses);
    check_metadata(tags.metadata);
    tags.metadata.cover.reset();
    DUBPLATE_ASSERT(metadata_from_vorbis_comments(vorbis_comments(tags), losses) == tags.metadata);
    return 0;
}
