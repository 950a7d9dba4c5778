// m4a_boxes.h: what an MP4 file says about the length of its sound: the few boxes that libav does not follow to the end.
//
// What     AAC is coded in frames of 1024, with silence in front and behind. An edit list, or iTunes' own comment iTunSMPB,
//          tells which part is the recording. libav trims the front by the edit list and leaves the end.
// Shape    boxes of 32-bit size, type and payload, nested: moov > trak > (edts > elst, mdia > (mdhd, hdlr,
//          minf > stbl > stts)), moov > udta > meta > ilst > ----.
// Hostile  every box lies within the one around it; at most max_boxes are looked at; nothing recurses.
// Errors   io of the source; a box that is missing or damaged leaves its field unset.
// Source   ISO/IEC 14496-12: 4.2 (boxes), 8.6.1.2 (stts), 8.6.6 (elst), 8.4.2 (mdhd), 8.2.2 (mvhd). iTunSMPB is
//          not documented by its maker: hexadecimal words, of which the second is the delay, the third the padding
//          and the fourth the length in frames (QuickTime's Technical Note TN2258 tells of the priming).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/store.h"
#include "formats/audio/libav_reader.h"

namespace dubplate {

inline constexpr int max_boxes = 1 << 14;

struct ItunesGap {
    std::int64_t delay = 0;
    std::int64_t padding = 0;
    std::int64_t frames = 0;
    bool operator==(const ItunesGap&) const = default;
};
// " 00000000 00000840 000001CA 00000000003F31F6 00000000 ..."; none where it is not that.
std::optional<ItunesGap> parse_itunes_gap(std::string_view text);

struct M4aEdit {
    std::int64_t duration = 0;    // in the movie's clock; 0: all that follows
    std::int64_t media_time = 0;  // in the track's clock; -1: a pause
};

// Of the first sound track.
struct M4aTiming {
    std::int64_t movie_timescale = 0;
    std::int64_t media_timescale = 0;
    std::int64_t media_length = 0;  // the sum of all packets, in the track's clock
    std::vector<M4aEdit> edits = {};
    std::optional<ItunesGap> gap = {};
    bool is_fragmented = false;
    bool is_cut_off = false;  // a box of the file ends behind the end of the file
};

Result<M4aTiming> read_m4a_timing(const ByteSource& source);

// What is to be cut of that which libav delivers; none: nothing, or the boxes do not tell.
std::optional<LibavTrim> m4a_trim(const M4aTiming& timing);

}  // namespace dubplate
