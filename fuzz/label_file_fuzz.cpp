#include "formats/markers/label_file.h"
#include "fuzz/region_bytes.h"

#include <cstdint>

// Any bytes as an Audacity label file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    dubplate::check_regions(dubplate::parse_label_file(std::as_bytes(std::span(data, size)), 44100));
    return 0;
}
