#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "formats/audio/m4a_boxes.h"

// Any bytes as iTunes' comment, and as the boxes of an MP4 file that tell the length.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dubplate;
    const auto bytes = std::as_bytes(std::span(data, size));
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto gap = parse_itunes_gap(text)) DUBPLATE_ASSERT(gap->frames > 0 && gap->delay >= 0);
    const auto source =
        make_memory_source(std::make_shared<const Bytes>(bytes.begin(), bytes.end()), "input");
    const auto timing = read_m4a_timing(*source);
    DUBPLATE_ASSERT(timing);
    if (const auto trim = m4a_trim(*timing))
        DUBPLATE_ASSERT(trim->skip >= 0 && trim->timescale > 0 && trim->length.value_or(0) >= 0);
    return 0;
}
