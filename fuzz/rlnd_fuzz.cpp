#include <cstdint>

#include "formats/sampler/rlnd.h"
#include "fuzz/sample_header.h"

// Any bytes as the header of a sample with an RLND chunk, or as that of a plain file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dubplate;
    for (const SampleFileKind* kind : {&rlnd_file, &plain_wav, &plain_aiff})
        check_sample_header(*kind, std::as_bytes(std::span(data, size)));
    return 0;
}
