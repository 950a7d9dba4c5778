// mp3_segment.h: a stretch of an MP3 stream, encoded by itself.
//
//      frames        0 ................. 392+12 ............. 784+12 ...
//      segment 0     [========================>..]
//      segment 1              (ww)[==================>..]             w: warm-up, thrown away   .: look-ahead
//      segment 2                              (ww)[==========...
//
// Where    at the highest bitrate of a sample rate, where a frame has no room to borrow from its neighbors: the bit reservoir
//          is switched off, and frames know of each other through the encoder's filters and psychoacoustics alone.
// Warm-up  an encoder that begins in the middle hears mp3_warm_up_frames frames before those that count; by then its filters
//          have forgotten how it began. Segments begin at multiples of 49 frames, after which the padding of frames
//          repeats at 44.1 kHz and its fractions (49 x 1152 x 320000 / 8 / 44100 is whole).
// Errors   those of LameEncoder; canceled.
// Threads  a pure function.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>

#include "formats/audio/format.h"

namespace dubplate {

inline constexpr std::int64_t mp3_warm_up_frames = 12;
inline constexpr std::int64_t mp3_look_ahead_frames = 2;
inline constexpr std::int64_t mp3_segment_frames = 8 * 49;  // from one segment's begin to the next's
// What a segment is made from, and what it has in common with the next.
inline constexpr std::int64_t mp3_overlap_frames = mp3_warm_up_frames + mp3_look_ahead_frames;
inline constexpr std::int64_t mp3_segment_input_frames = mp3_segment_frames + mp3_overlap_frames;

bool can_split_mp3(const WriterSettings& settings);

// Samples in a frame at this sample rate, for each channel.
std::int64_t mp3_frame_samples(int sample_rate_hz);

struct Mp3Segment {
    Bytes bytes;
    std::uint32_t frames = 0;
    int delay = 0;    // of the whole stream
    int padding = 0;  // likewise, where this is the last segment
    int lowpass_hz = 0;
};

struct Mp3Place {
    bool is_first = false;
    bool is_last = false;
};

// samples: mp3_segment_input_frames frames of the stream, less at its end.
Result<Mp3Segment> encode_mp3_segment(BlockView<const float> samples, const WriterSettings& settings,
                                      Mp3Place place, std::stop_token stop);

}  // namespace dubplate
