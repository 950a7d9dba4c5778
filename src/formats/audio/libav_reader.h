// libav_reader.h: reads audio through libavformat and libavcodec, for the formats that have no reader of their own
// and for the proof.
//
// What     one reader for WAV, W64, AIFF, FLAC, MP3, MP4/M4A, Ogg and ADTS. The caller has sniffed the content and
//          names the demuxer: libav never guesses, so a playlist or a script can never be taken for audio.
// Safety   bytes come from the ByteSource alone; no protocol is known and nothing else is opened. Demuxers and
//          decoders stand on a list. Streams, probing and codec headers are bounded.
// Audio    planar float; integers scaled by 2^-(bits-1), exact up to 24 bits; floats pass as they are, NaN too. Channels
//          in the order in which libav gives them (WAVE order).
// Damage   a packet that cannot be decoded in the middle of a stream is an error (corrupt) that names the time. Where
//          nothing follows it, the file is read up to there and info().warnings says so.
// Lengths  `trim` cuts what the container's own headers say and libav does not do. At the end of the first pass
//          info().frames is what was delivered, with a warning where the header said otherwise.
// Threads  thread-compatible; one decoder thread, so that the output never depends on the machine. libav's log, which is
//          global, is silenced.
// Source   FFmpeg 5.1, libavformat 59, libavcodec 59. Its headers are included by libav_pass.h alone.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "formats/audio/format.h"

namespace dubplate {

enum class LibavDemuxer { wav, w64, aiff, flac, mp3, mov, ogg, aac };

// Which frames of what libav delivers are the recording. In ticks of 1/timescale seconds, because a container's
// clock need not be the sample rate.
struct LibavTrim {
    std::int64_t skip = 0;               // to drop from the front
    std::optional<std::int64_t> length;  // to keep after it; none: all
    std::int64_t timescale = 1;
    bool operator==(const LibavTrim&) const = default;
};

struct LibavRequest {
    LibavDemuxer demuxer = LibavDemuxer::wav;
    // Format, metadata, losses and warnings as they are known already. Frames are kept where they are told;
    // the rest is filled in.
    SourceInfo known = {};
    // Is the duration that libav tells exact? Where a stream has no length of its own, libav guesses by its bitrate.
    bool trusts_duration = true;
    std::optional<LibavTrim> trim = {};
    // Whether libav drops what it takes for the encoder's delay and padding, before `trim` counts.
    bool libav_trims = true;
};

// `source` must live as long as the reader.
Result<std::unique_ptr<AudioReader>> open_libav(const ByteSource& source, LibavRequest request);

// "libavcodec 59.37.100", for the manifest.
std::string libav_version();

}  // namespace dubplate
