// wav.h: WAV files: RIFF, RF64 and BW64.
//
// What     our own reader, writer and retagger; docs/formats/wav.md tells what they read and write, and why.
// Layout   as written:
//
//              RIFF/RF64  JUNK/ds64  fmt  [fact]  bext  [iXML] [LIST/INFO] [cue  LIST/adtl] [smpl] [acid]  data  ID3
//              12         8 + 28     what stands here is known before the audio                            the rest
//
//          The JUNK chunk becomes ds64, which holds the sizes in 64 bits, when the file outgrows RIFF.
// Threads  pure functions; readers and writers are thread-compatible. A source must outlive its reader.
// Errors   corrupt, unsupported, limit_exceeded, io; internal where a writer gets other frames than it was promised.
// Source   Multimedia Programming Interface and Data Specifications 1.0; Multimedia Data Standards Update (1994);
//          RFC 2361; WAVEFORMATEXTENSIBLE (Microsoft, 2001); EBU Tech 3285 v2 (bext); EBU Tech 3306 v2 (RF64); ITU-R
//          BS.2088 (BW64).
#pragma once

#include <map>
#include <memory>

#include "formats/audio/chunks.h"
#include "formats/audio/format.h"
#include "formats/audio/pcm_codec.h"

namespace dubplate {

// The greatest number that RIFF's size field holds: the one above it means "look into ds64" (EBU Tech 3306, 3.5).
inline constexpr std::uint64_t riff_size_limit = 0xFFFFFFFE;

// Is it audio at all, and not more channels than we have? Also used for AIFF. Errors: corrupt, unsupported.
Status check_sound_stream(std::uint32_t rate_hz, std::uint32_t channels);
// Do these speakers stand in the order that the loudness meter takes them in?
bool are_usual_speakers(std::uint32_t speakers, int channels);

// The fmt chunk, checked: what it says can be decoded.
struct WavFormat {
    StreamFormat stream;
    PcmEncoding encoding;
    int valid_bits = 0;
    std::string codec;           // as in SourceInfo
    std::uint32_t speakers = 0;  // the channel mask; 0: not told
    std::uint64_t frame_bytes() const {
        return static_cast<std::uint64_t>(stream.channels) * static_cast<std::uint64_t>(encoding.bytes);
    }
};
Result<WavFormat> parse_wav_format(std::span<const std::byte> fmt_payload);
// The whole chunk, and the fact chunk where the encoding needs one.
Bytes render_wav_format(const WriterSettings& settings);

// Where everything lies in a file.
struct WavLayout {
    std::string form;  // "RIFF", "RF64" or "BW64"
    std::vector<Chunk> chunks;
    const Chunk& data() const;  // there is one
};
Result<WavLayout> scan_wav(const ByteSource& source);

// All that is known of a file without reading its samples.
struct WavFile {
    WavLayout layout;
    WavFormat format;
    SourceInfo info;
};
Result<WavFile> inspect_wav(const ByteSource& source);

bool recognizes_wav(std::span<const std::byte> head);
Result<std::unique_ptr<AudioReader>> open_wav(const ByteSource& source);
// The limit is a parameter so that tests see RF64 without writing 4 GiB.
Result<std::unique_ptr<AudioWriter>> create_wav(PendingFile& file, const WriterSettings& settings,
                                                const TagSet& tags,
                                                std::uint64_t size_limit = riff_size_limit);
Status retag_wav(const ByteSource& source, PendingFile& file, const TagSet& tags,
                 std::uint64_t size_limit = riff_size_limit);

}  // namespace dubplate
