#include <array>
#include <string_view>

#include "formats/audio/chunks.h"
#include "formats/audio/flac_metadata.h"
#include "formats/audio/flac_reader.h"
#include "formats/audio/flac_writer.h"
#include "formats/audio/format.h"

namespace dubplate {

namespace {

constexpr std::array<std::string_view, 1> extensions{"flac"};
constexpr std::array<BitDepth, 2> depths{BitDepth::pcm16, BitDepth::pcm24};

bool recognizes(std::span<const std::byte> head) {
    return head.size() >= 4 && std::string_view(reinterpret_cast<const char*>(head.data()), 4) == "fLaC";
}

bool is_replaced(FlacBlockType type) {
    return type == FlacBlockType::vorbis_comment || type == FlacBlockType::picture ||
           type == FlacBlockType::padding;
}

// The encoder's name stays: it is the one that made these frames.
Result<std::string> vendor_of(const ByteSource& source, const FlacLayout& layout) {
    for (const FlacBlock& block : layout.blocks) {
        if (block.type != FlacBlockType::vorbis_comment) continue;
        DUBPLATE_TRY(const Bytes payload, read_range(source, block.offset, block.size));
        return parse_flac_comments(payload).vendor;
    }
    return std::string();
}

Status retag(const ByteSource& source, PendingFile& file, const TagSet& tags) {
    DUBPLATE_TRY(const FlacLayout layout, scan_flac(source));
    DUBPLATE_TRY(const std::string vendor, vendor_of(source, layout));
    DUBPLATE_TRY(const Bytes blocks, render_flac_tags(tags, layout.info.sample_rate_hz, vendor));
    DUBPLATE_CHECK(file.append(ByteBuilder(ByteOrder::big).text("fLaC").result()));
    for (const FlacBlock& block : layout.blocks) {
        if (is_replaced(block.type)) continue;
        DUBPLATE_TRY(const Bytes payload, read_range(source, block.offset, block.size));
        DUBPLATE_CHECK(file.append(flac_block(block.type, payload)));
    }
    DUBPLATE_CHECK(file.append(blocks));
    DUBPLATE_CHECK(file.append(flac_block(FlacBlockType::padding, Bytes(flac_padding_bytes), true)));
    return copy_range(source, layout.audio_begin, source.size() - layout.audio_begin, file);
}

// Music shrinks to between a half and three quarters; the larger, because the disk must have room.
std::uint64_t estimate_bytes(const WriterSettings& settings) {
    const auto raw = static_cast<std::uint64_t>(settings.frames) *
                     static_cast<std::uint64_t>(settings.stream.channels * bits_of(settings.depth) / 8);
    return raw / 4 * 3 + 2 * flac_padding_bytes;
}

}  // namespace

extern const AudioFormat flac_format;
const AudioFormat flac_format{
    .name = "flac",
    .title = "FLAC",
    .extensions = extensions,
    .writer_library = "Dubplate",
    .lossless = true,
    .encodes = true,
    .depths = depths,
    .default_depth = BitDepth::pcm24,
    .max_channels = 8,
    .min_rate_hz = 8000,
    .max_rate_hz = 192000,
    .rates_hz = {},
    .recognizes = &recognizes,
    .open = &open_flac,
    .create = &create_flac,
    .retag = &retag,
    .estimate_bytes = &estimate_bytes,
};

}  // namespace dubplate
