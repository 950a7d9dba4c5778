#include "formats/markers/cue_sheet.h"
#include "fuzz/region_bytes.h"

#include <cstdint>

// Any bytes as a CUE sheet.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    dubplate::check_regions(dubplate::parse_cue_sheet(std::as_bytes(std::span(data, size)), 44100));
    return 0;
}
