#include <cstdint>

#include "fuzz/read_everything.h"

// Any bytes as an WAV file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dubplate;
    MemoryStore store;
    read_and_retag(*find_audio_format("wav"), store, std::as_bytes(std::span(data, size)));
    return 0;
}
