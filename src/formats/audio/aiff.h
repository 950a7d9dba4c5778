// aiff.h: AIFF and AIFF-C files.
//
// What     our own reader, writer and retagger; docs/formats/aiff.md tells what they read and write, and why.
// Layout   as written (all big-endian):
//
//              FORM  [FVER]  COMM  [NAME] [AUTH] [(c) ] [ANNO] [MARK] [INST]  SSND  ID3
//              12            what stands here is known before the audio             the rest
//
//          Integers are written as AIFF, floats as AIFF-C of the type fl32.
// Limits   all sizes have 32 bits and there is no RF64 of AIFF: what would pass aiff_size_limit is refused before.
// Threads  pure functions; readers and writers are thread-compatible. A source must outlive its reader.
// Errors   corrupt, unsupported, limit_exceeded, io; internal where a writer gets other frames than it was promised.
// Source   Audio Interchange File Format 1.3 (Apple, 1989); AIFF-C draft (Apple, 1991); QuickTime File Format
//          specification (sound sample formats); id3.org (the ID3 chunk).
#pragma once

#include <memory>
#include <optional>

#include "formats/audio/chunks.h"
#include "formats/audio/format.h"
#include "formats/audio/pcm_codec.h"

namespace dubplate {

// 64 KiB below what 32 bits hold: room for readers that add to a size before they compare it.
inline constexpr std::uint64_t aiff_size_limit = 0xFFFFFFFF - 65535;

// The COMM chunk, checked: what it says can be decoded.
struct AiffFormat {
    StreamFormat stream;
    PcmEncoding encoding;
    int valid_bits = 0;
    std::string codec;  // as in SourceInfo
    std::uint32_t stated_frames = 0;
    std::uint64_t frame_bytes() const {
        return static_cast<std::uint64_t>(stream.channels) * static_cast<std::uint64_t>(encoding.bytes);
    }
};
Result<AiffFormat> parse_aiff_format(std::span<const std::byte> comm_payload, bool is_aifc);
// Whole chunks: FVER where it is AIFF-C, and COMM.
Bytes render_aiff_format(const WriterSettings& settings);

// All that is known of a file without reading its samples.
struct AiffFile {
    bool is_aifc = false;
    std::vector<Chunk> chunks;
    AiffFormat format;
    std::uint64_t data_offset = 0;
    SourceInfo info;
};
Result<AiffFile> inspect_aiff(const ByteSource& source);

bool recognizes_aiff(std::span<const std::byte> head);
Result<std::unique_ptr<AudioReader>> open_aiff(const ByteSource& source);
// The limit is a parameter so that tests see a refusal without writing 4 GiB.
Result<std::unique_ptr<AudioWriter>> create_aiff(PendingFile& file, const WriterSettings& settings,
                                                 const TagSet& tags,
                                                 std::uint64_t size_limit = aiff_size_limit);
Status retag_aiff(const ByteSource& source, PendingFile& file, const TagSet& tags,
                  std::uint64_t size_limit = aiff_size_limit);

}  // namespace dubplate
