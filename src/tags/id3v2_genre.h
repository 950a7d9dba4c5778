// id3v2_genre.h: genres as the TCON frame of ID3v2 and the byte of ID3v1 spell them.
//
// What     "17" and "(17)" are Rock, "(17)Hard Rock" is Hard Rock, "((live)" is "(live)", "RX" is Remix.
// Limits   a genre that is itself a number, or "RX" or "CR", cannot be written; tag_losses() tells.
// Threads  pure functions.
// Source   ID3v2.3 and 2.4 TCON; the names are those of ID3v1 and its extensions, from TagLib.
#pragma once

#include <string>
#include <string_view>

namespace dubplate {

// By its number; empty: there is none.
std::string genre_of_number(int number);

// The genre that a text of TCON means.
std::string read_id3_genre(std::string_view text);
// The text of TCON that means a genre.
std::string write_id3_genre(std::string_view genre);

}  // namespace dubplate
