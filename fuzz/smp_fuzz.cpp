#include <cstdint>

#include "formats/sampler/smp.h"
#include "fuzz/sample_header.h"

// Any bytes as the header of an SMP file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    dubplate::check_sample_header(dubplate::smp_file, std::as_bytes(std::span(data, size)));
    return 0;
}
