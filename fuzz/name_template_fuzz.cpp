#include "fuzz/name_bytes.h"

#include <cstdint>
#include <string>

// Any bytes as a template and the value of its fields.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    dubplate::check_names(std::string(data, data + size));
    return 0;
}
