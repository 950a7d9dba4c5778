// mp3.h: MP3: what a rate allows, and the reader, the writer and the retagger behind the catalog's entry.
//
// What     libav reads, made exact by the LAME tag; LAME writes (mp3_writer.cpp); tags are ID3v2.4 in front.
// Units    bitrates in kbit/s.
// Errors   create_mp3(): unsupported (rate, channels), invalid_argument (a bitrate that the rate does not have; the
//          message lists those that it has).
// Source   docs/formats/mp3.md
#pragma once

#include <memory>
#include <vector>

#include "formats/audio/format.h"
#include "formats/audio/libav_reader.h"

namespace dubplate {

// The constant bitrates at this sample rate, ascending; empty: MP3 does not have the rate.
std::vector<int> mp3_bitrates(int rate_hz);

// How libav is to read this file, but for its tags: what the LAME tag says of the length.
Result<LibavRequest> mp3_request(const ByteSource& source);

// `source` must live as long as the reader.
Result<std::unique_ptr<AudioReader>> open_mp3(const ByteSource& source);

// `file` must live as long as the writer.
Result<std::unique_ptr<AudioWriter>> create_mp3(PendingFile& file, const WriterSettings& settings,
                                                const TagSet& tags);

// Other tags around the same frames. Where loudness is given, the gain and peak in the LAME tag follow it.
Status retag_mp3(const ByteSource& source, PendingFile& file, const TagSet& tags);

}  // namespace dubplate
