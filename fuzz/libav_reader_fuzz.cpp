#include <cstdint>
#include <memory>
#include <span>

#include "formats/audio/format.h"

// Any bytes through libav, as the proof reads: what opens is read to its end, at most 4 million frames of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dubplate;
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto source =
        make_memory_source(std::make_shared<const Bytes>(bytes.begin(), bytes.end()), "input");
    const auto reader = open_with_libav(*source);
    if (!reader) return 0;
    const StreamFormat format = (*reader)->info().stream;
    DUBPLATE_ASSERT(format.channels >= 1 && format.channels <= max_channels && format.sample_rate_hz > 0);
    BlockBuffer<float> block(format.channels, 4096);
    for (int i = 0; i < 1024; ++i) {
        const auto count = (*reader)->read(block.view(4096));
        if (!count || *count == 0) break;
        DUBPLATE_ASSERT(*count <= 4096);
    }
    return 0;
}
