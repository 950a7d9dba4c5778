#include <cstdint>
#include <memory>

#include "zip/read_zip.h"

// Any bytes as a ZIP archive: what the directory tells is unpacked within small limits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dubplate;
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto archive =
        make_memory_source(std::make_shared<const Bytes>(bytes.begin(), bytes.end()), "input");
    const ZipLimits limits{.entries = 100, .entry_bytes = 1'000'000};
    const auto entries = read_zip(*archive, limits);
    if (!entries) return 0;
    for (const ZipEntry& entry : *entries) {
        const auto content = read_zip_entry(*archive, entry, limits);
        DUBPLATE_ASSERT(!content || content->size() == entry.size);
    }
    return 0;
}
