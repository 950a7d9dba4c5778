#include <cstdint>
#include <memory>
#include <span>

#include "formats/audio/flac_metadata.h"

// Any bytes as the blocks in front of a FLAC stream, and each block's payload as each kind of block.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dubplate;
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto source =
        make_memory_source(std::make_shared<const Bytes>(bytes.begin(), bytes.end()), "input");
    if (const auto layout = scan_flac(*source)) {
        DUBPLATE_ASSERT(layout->audio_begin <= size);
        for (const FlacBlock& block : layout->blocks) DUBPLATE_ASSERT(block.offset + block.size <= size);
    }
    FlacComments comments = parse_flac_comments(bytes);
    DUBPLATE_ASSERT(comments.comments.size() <= size / 4);
    const FlacComments again = parse_flac_comments(render_flac_comments(comments));
    DUBPLATE_ASSERT(again.comments == comments.comments && again.vendor == comments.vendor);
    for (const Marker& marker : take_chapters(comments.comments, 48000)) DUBPLATE_ASSERT(marker.frame >= 0);
    for (const Marker& marker : parse_cue_sheet(bytes, 1000)) DUBPLATE_ASSERT(marker.frame < 1000);
    if (const auto picture = parse_flac_picture(bytes)) DUBPLATE_ASSERT(picture->picture.data.size() <= size);
    return 0;
}
