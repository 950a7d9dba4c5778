// wav_tags.h: what a WAV file holds beside fmt and data, and the envelope around all of it.
//
// Why      the writer and the retagger put the same chunks into the same envelope.
// Envelope begin() writes the RIFF header and the JUNK chunk that keeps room for ds64; begin_data() and end_data()
//          stand around the audio; end() fills in the sizes and turns RIFF into RF64 where they need it. An envelope
//          of the form BW64 has a ds64 always.
// Threads  thread-compatible; the file is borrowed.
// Errors   io.
// Source   EBU Tech 3306 v2, 3.6 (JUNK becomes ds64); EBU R 98 (coding history).
#pragma once

#include <string>

#include "formats/audio/chunks.h"
#include "formats/audio/format.h"

namespace dubplate {

class WavEnvelope {
  public:
    WavEnvelope(PendingFile& file, std::string form, std::uint64_t size_limit)
        : file_(file), form_(std::move(form)), size_limit_(size_limit) {}

    Status begin();
    Status begin_data();
    Status end_data(std::uint64_t data_bytes);  // pads it to an even size
    Status end(std::uint64_t frames);

  private:
    Status write_big_sizes(std::uint64_t riff_size, std::uint64_t frames);

    PendingFile& file_;
    std::string form_;
    std::uint64_t size_limit_;
    std::uint64_t data_size_offset_ = 0;
    std::uint64_t data_bytes_ = 0;
};

// "A=PCM,F=44100,W=24,M=stereo,T=Dubplate" and a line end.
std::string coding_history(const WriterSettings& settings);

// The bext chunk. It and iXML are filled up to even sizes inside: libsndfile 1.2 forgets the pad byte of odd chunks when
// it reads RF64.
Bytes render_bext_chunk(Bytes payload);
// The iXML chunk, filled up with spaces to `payload_bytes` (0: as long as it is). Errors: internal where it is longer.
Result<Bytes> render_ixml_chunk(const TagSet& tags, std::size_t payload_bytes);
// The LIST/INFO chunk; empty where it has nothing to hold.
Bytes render_info_chunk(const TagSet& tags);
// Whole chunks: cue, LIST/adtl, smpl and acid, each where it has something to hold.
Bytes render_wav_places(const TagSet& tags, std::int64_t frames, int sample_rate_hz);
// The "ID3 " chunk, of WAV and AIFF alike.
Status append_id3_chunk(const TagSet& tags, ByteOrder order, PendingFile& file);

}  // namespace dubplate
