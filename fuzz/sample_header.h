// sample_header.h: any bytes as the header of a sampler's sample file, as its harness and the replay of its corpus do it.
//
// Holds    what was read is read again from the header that is written of it. What breaks a rule aborts.
// Threads  plain functions.
#pragma once

#include <span>

#include "core/text.h"
#include "formats/sampler/device.h"

namespace dubplate {

// The first four bytes are the part of the file's size that lies behind the header.
inline void check_sample_header(const SampleFileKind& kind, std::span<const std::byte> bytes) {
    std::uint64_t audio_bytes = 0;
    for (int i = 0; i < 4 && !bytes.empty(); ++i, bytes = bytes.subspan(1))
        audio_bytes = (audio_bytes << 8) | std::to_integer<std::uint64_t>(bytes[0]);
    const auto layout = kind.read_header(bytes, kind.header_bytes + audio_bytes);
    if (!layout) {
        DUBPLATE_ASSERT(is_valid_utf8(layout.error().to_string()));
        return;
    }
    DUBPLATE_ASSERT(static_cast<std::uint64_t>(layout->frames * layout->channels * 2) == audio_bytes);
    const Bytes header = kind.write_header(*layout, {});
    const auto back = kind.read_header(header, kind.header_bytes + audio_bytes);
    DUBPLATE_ASSERT(back.has_value() && *back == *layout);
}

}  // namespace dubplate
