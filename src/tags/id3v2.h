// id3v2.h: what the writer and the reader of ID3v2 tags share.
//
// What     the frames that hold a custom tag under a name of their own, and their ids in version 2.2.
// Source   ID3v2.4.0 native frames and ID3v2.2 (id3.org); the names are those that Vorbis comments use.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace dubplate {

struct Id3TextFrame {
    std::string_view id;      // "TCOM"
    std::string_view id_v22;  // "TCM"
    std::string_view name;    // "COMPOSER"
};

inline constexpr std::array<Id3TextFrame, 17> id3_custom_frames{{{"TCOM", "TCM", "COMPOSER"},
                                                                 {"TPUB", "TPB", "PUBLISHER"},
                                                                 {"TEXT", "TXT", "LYRICIST"},
                                                                 {"TPE3", "TP3", "CONDUCTOR"},
                                                                 {"TPE4", "TP4", "REMIXER"},
                                                                 {"TIT1", "TT1", "GROUPING"},
                                                                 {"TIT3", "TT3", "SUBTITLE"},
                                                                 {"TOPE", "TOA", "ORIGINALARTIST"},
                                                                 {"TLAN", "TLA", "LANGUAGE"},
                                                                 {"TMED", "TMT", "MEDIA"},
                                                                 {"TSST", "", "DISCSUBTITLE"},
                                                                 {"TMOO", "", "MOOD"},
                                                                 {"TDOR", "TOR", "ORIGINALDATE"},
                                                                 {"TSOA", "TSA", "ALBUMSORT"},
                                                                 {"TSOP", "TSP", "ARTISTSORT"},
                                                                 {"TSOT", "TST", "TITLESORT"},
                                                                 {"TSO2", "TS2", "ALBUMARTISTSORT"}}};

inline const Id3TextFrame* find_id3_frame(std::string_view name) {
    const auto found = std::ranges::find(id3_custom_frames, name, &Id3TextFrame::name);
    return found == id3_custom_frames.end() ? nullptr : &*found;
}

inline constexpr std::size_t max_id3_chapters = 255;  // the count of a CTOC frame is one byte

}  // namespace dubplate
