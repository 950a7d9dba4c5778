#include <cstdint>

#include "fuzz/sampler_table.h"

// Any bytes as PADCONF.BIN.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    dubplate::check_table("sp404mk2", std::as_bytes(std::span(data, size)));
    return 0;
}
