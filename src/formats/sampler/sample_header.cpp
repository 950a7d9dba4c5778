#include "formats/sampler/sample_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace dubplate {

std::int64_t pcm_bytes(const SampleLayout& layout) {
    DUBPLATE_ASSERT(layout.channels > 0 && layout.sample_rate_hz > 0 && layout.frames >= 0);
    const std::int64_t bytes = layout.frames * layout.channels * sample_bytes;
    // Room for every header within the 32 bits of its sizes.
    DUBPLATE_ASSERT(bytes <= std::numeric_limits<std::uint32_t>::max() - 512);
    return bytes;
}

Result<RecordView> view_header(const RecordLayout& layout, std::span<const std::byte> header) {
    if (header.size() < layout.bytes)
        return fail(ErrorCode::corrupt,
                    fmt::format("it ends after {} bytes, its header has {}", header.size(), layout.bytes));
    const RecordView view(layout, header.first(layout.bytes));
    DUBPLATE_CHECK(view.check());
    return view;
}

Result<SampleLayout> layout_of_file(std::uint64_t sample_rate_hz, std::uint64_t channels,
                                    std::size_t header_bytes, std::uint64_t file_bytes) {
    if (channels != 1 && channels != 2)
        return fail(ErrorCode::unsupported, fmt::format("{} channels; a sample has 1 or 2", channels));
    if (sample_rate_hz == 0 || sample_rate_hz > std::numeric_limits<std::int32_t>::max())
        return fail(ErrorCode::corrupt, fmt::format("its sample rate is {} Hz", sample_rate_hz));
    const std::uint64_t frame_bytes = channels * sample_bytes;
    if (file_bytes < header_bytes || (file_bytes - header_bytes) % frame_bytes != 0 ||
        file_bytes > std::numeric_limits<std::uint32_t>::max())
        return fail(ErrorCode::corrupt, fmt::format("{} bytes are not a header of {} and whole frames of {}",
                                                    file_bytes, header_bytes, frame_bytes));
    return SampleLayout{static_cast<int>(sample_rate_hz), static_cast<int>(channels),
                        static_cast<std::int64_t>((file_bytes - header_bytes) / frame_bytes)};
}

Status same_header(std::span<const std::byte> header, std::span<const std::byte> expected) {
    const auto [seen, wanted] = std::ranges::mismatch(header.first(expected.size()), expected);
    if (wanted == expected.end()) return {};
    return fail(ErrorCode::corrupt, fmt::format("byte {} of its header is {}, and {} for a file of this size",
                                                wanted - expected.begin(), std::to_integer<int>(*seen),
                                                std::to_integer<int>(*wanted)));
}

}  // namespace dubplate
