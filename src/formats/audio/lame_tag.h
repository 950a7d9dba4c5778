// lame_tag.h: the first frame of an MP3 file, which holds no sound but tells its length: "Xing" or "Info", with what LAME
// puts behind it.
//
// Layout   big-endian, from the mark on (it stands behind the frame's header and side information):
//            0 "Xing" (VBR) or "Info" (CBR)     4 flags: 1 frames, 2 bytes, 4 TOC, 8 quality
//            8 frames, bytes, TOC of 100 bytes, quality: those that the flags name
//          then, as LAME writes it (120 bytes from the mark on, all four flags being set):
//          120 encoder, 9 characters          129 revision and VBR method      130 lowpass / 100 Hz
//          131 peak, 9.23 fixed point         135 radio gain                   137 audiophile gain
//          139 flags                          140 bitrate                      141 delay and padding, 12 bits each
//          144 misc, 145 MP3 gain, 146 preset 148 bytes of music               152 CRC-16 of the music
//          154 CRC-16 of this frame up to here
//          A gain is 3 bits of kind (1: radio), 3 of origin (3: measured), a sign, and 9 bits of tenths of a dB.
// Length   frames x samples a frame, less delay and padding: exact.
// Hostile  parse_lame_tag() reads within the span that it gets.
// Source   the LAME project's "Mp3 Info Tag" revision 1 specification; ReplayGain 1.0 for the gain's bits,
//          ReplayGain 2.0 for its reference level of -18 LUFS.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "formats/audio/mp3_header.h"
#include "tags/render.h"

namespace dubplate {

struct LameTag {
    std::size_t mark = 0;  // where "Xing" or "Info" stands in the frame
    bool is_vbr = false;
    std::optional<std::uint32_t> frames;  // this one is not counted
    std::optional<std::uint32_t> bytes;   // of the file from this frame on
    // What LAME adds. None: another encoder's tag.
    struct Extension {
        std::string encoder;  // "LAME3.100"
        int delay = 0;        // frames in front, as the encoder counts them
        int padding = 0;      // frames behind
        double peak = 0;      // 1.0: full scale; 0: not told
        std::optional<double> gain_db;
        bool operator==(const Extension&) const = default;
    };
    std::optional<Extension> extension;
};

// `frame` is the first frame of the file, from its header on. None: it is an ordinary frame.
std::optional<LameTag> parse_lame_tag(std::span<const std::byte> frame);

// The length of the recording; none where the tag does not tell it.
std::optional<std::int64_t> exact_frames(const Mp3Header& header, const LameTag& tag);

// The smallest frame that a tag with all its fields takes, for frames like this one.
std::size_t lame_tag_frame_bytes(const Mp3Header& header);

// What a tag tells of a stream of constant bitrate.
struct CbrFacts {
    std::uint32_t frames = 0;       // without the tag's
    std::uint32_t music_bytes = 0;  // without the tag's
    std::uint16_t music_crc = 0;
    int delay = 0;
    int padding = 0;
    int lowpass_hz = 0;
};
// A whole frame with the tag, for the bitrates whose frames are too small for it, where LAME writes none. `header` holds the
// first four bytes of a frame of the stream; the tag's frame has the lowest bitrate at which it fits.
Bytes render_lame_tag(std::span<const std::byte> header, const CbrFacts& facts);

// Puts the facts into a tag that LAME made for another stream of the same settings. The lowpass is there already.
void set_lame_facts(std::span<std::byte> frame, const CbrFacts& facts);

// Fills in the peak and the radio gain and makes the checksum right. A frame without LAME's part stays as it is.
void set_lame_loudness(std::span<std::byte> frame, const LoudnessFacts& loudness);

// Of the frame up to the checksum's place. CRC-16/ARC: polynomial 0x8005, reflected, from 0. `before` is the checksum of what
// stands before `data`.
std::uint16_t crc16_arc(std::span<const std::byte> data, std::uint16_t before = 0);

}  // namespace dubplate
