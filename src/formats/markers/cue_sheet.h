// cue_sheet.h: the CUE sheet of a disc image, as regions of the one file that it describes.
//
// Read     FILE, TRACK nn AUDIO, INDEX 00 and 01, TITLE, PERFORMER, ISRC, REM GENRE, REM DATE, REM COMMENT,
// REM DISCNUMBER,
//          REM TOTALDISCS. Other commands are passed over. The name after FILE is never followed.
// Regions  a track runs from its INDEX 01 to that of the next track, so its end holds the gap before the next
// one, as
//          on a disc; the last runs to the end of the source.
// Tags     the disc's TITLE is the album, its PERFORMER the album artist and the artist of tracks without
// one; tracks
//          bring title, artist, number and ISRC. The label is the track's title, or "Track 07".
// Times    mm:ss:ff with 75 frames in a second; minutes may pass 99.
// Errors   corrupt, with the line: a broken time or number, an index that goes back, a track without INDEX
// 01, no tracks.
//          unsupported: more than one FILE with tracks, a data track.
// Source   CDRWIN user's guide, appendix A.
#pragma once

#include <cstddef>
#include <span>

#include "formats/markers/regions.h"

namespace dubplate {

Result<MarkedRegions> parse_cue_sheet(std::span<const std::byte> data, int sample_rate_hz);

}  // namespace dubplate
