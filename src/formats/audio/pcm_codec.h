// pcm_codec.h: samples as the bytes that WAV and AIFF hold, and a reader over such bytes.
//
// What     every plain encoding: integers of 1 to 4 bytes, signed or unsigned, floats of 4 and 8 bytes, A-law and
//          u-law, in both byte orders.
// Shape    bytes are interleaved frames; audio is planar (stream.h).
// Scale    an integer of n bytes is divided by 2^(8n-1). Samples with fewer valid bits than their container stand in
//          its upper bits, so the same division is right for them. A-law and u-law become the 16 bit numbers of
//          ITU-T G.711, divided by 2^15.
// Threads  pure functions; the reader is thread-compatible and holds one buffer of 64 KiB.
// Errors   the reader: io.
// Source   ITU-T G.711 (11/1988), tables 1a and 2a.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "audio/stream.h"
#include "formats/audio/chunks.h"
#include "formats/audio/format.h"

namespace dubplate {

enum class PcmCode { unsigned_int, signed_int, floating, a_law, u_law };

struct PcmEncoding {
    PcmCode code = PcmCode::signed_int;
    int bytes = 2;  // for each sample
    ByteOrder order = ByteOrder::little;
    bool operator==(const PcmEncoding&) const = default;
};

// `interleaved` holds at least target.frames() frames.
void decode_pcm(const PcmEncoding& encoding, std::span<const std::byte> interleaved, BlockView<float> target);

// Signed integers of 2 to 4 bytes; `interleaved` has room for block.frames() frames.
void encode_pcm(const PcmEncoding& encoding, BlockView<const std::int32_t> block,
                std::span<std::byte> interleaved);
// Floats of 4 bytes.
void encode_pcm(const PcmEncoding& encoding, BlockView<const float> block, std::span<std::byte> interleaved);

// How the four depths are stored.
PcmEncoding encoding_of(BitDepth depth, ByteOrder order);

// Reads info.frames frames that start at byte `data_offset` of `source`, which must outlive the reader.
std::unique_ptr<AudioReader> make_pcm_reader(const ByteSource& source, SourceInfo info,
                                             const PcmEncoding& encoding, std::uint64_t data_offset);

// "the header says 10.000 s, the file holds 4.000 s"
std::string cut_short_warning(std::uint64_t stated_frames, std::uint64_t held_frames, int sample_rate_hz);

// Appends blocks to a file as bytes: the part that all writers of plain samples share.
class PcmAppender {
  public:
    PcmAppender(PendingFile& file, const PcmEncoding& encoding, const WriterSettings& settings);

    Status append(BlockView<const std::int32_t> block) { return append_block(block); }
    Status append(BlockView<const float> block) { return append_block(block); }
    // All frames that were promised have come. Errors: internal.
    Status check_complete() const;
    std::uint64_t bytes() const { return static_cast<std::uint64_t>(frames_) * frame_bytes_; }

  private:
    template <class T>
    Status append_block(BlockView<const T> block);

    PendingFile& file_;
    PcmEncoding encoding_;
    std::int64_t promised_frames_;
    std::uint64_t frame_bytes_;
    std::int64_t frames_ = 0;
    Bytes buffer_;
};

}  // namespace dubplate
