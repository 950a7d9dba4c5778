#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>

#include "formats/audio/lame_tag.h"
#include "formats/audio/mp3_gaps.h"
#include "formats/audio/mp3_header.h"

// Any bytes as an MP3 file: where its frames stand, what stands between them, and the tag in the first.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dubplate;
    Bytes bytes(size);
    std::ranges::copy(std::as_bytes(std::span(data, size)), bytes.begin());
    const auto source = make_memory_source(std::make_shared<const Bytes>(bytes), "input");
    const auto extent = find_mp3_extent(*source);
    DUBPLATE_ASSERT(extent && extent->begin <= extent->end && extent->end <= size);
    starts_with_adts(bytes);
    const auto begin = find_mp3_frames(bytes);
    if (!begin) return 0;
    const auto frame = std::span(bytes).subspan(*begin);
    const auto header = parse_mp3_header(frame);
    DUBPLATE_ASSERT(header && header->frame_bytes > 0 && header->sample_rate_hz >= 8000);
    const auto gaps = find_mp3_gaps(*source, *begin, size);
    DUBPLATE_ASSERT(gaps && gaps->bytes < size);
    const auto tag = parse_lame_tag(frame);
    if (tag) DUBPLATE_ASSERT(exact_frames(*header, *tag).value_or(0) >= 0);
    set_lame_loudness(frame, {.integrated_lufs = -14, .true_peak_dbtp = -1});
    return 0;
}
