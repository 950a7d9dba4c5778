// midi_bytes.h: Standard MIDI files put together by hand, for the tests of the reader and the writer.
//
// Threads  pure functions.
#pragma once

#include <string>
#include <string_view>

#include "formats/midi/midi_file.h"
#include "support/bytes.h"

namespace dubplate::test {

inline std::string be(std::uint32_t value, int bytes) {
    std::string text;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        text += static_cast<char>(value >> shift & 0xFF);
    return text;
}

inline std::string midi_header(int format, int tracks, int division) {
    return "MThd" + be(6, 4) + be(static_cast<std::uint32_t>(format), 2) +
           be(static_cast<std::uint32_t>(tracks), 2) + be(static_cast<std::uint32_t>(division), 2);
}

inline std::string midi_chunk(std::string_view name, std::string_view body) {
    return std::string(name) + be(static_cast<std::uint32_t>(body.size()), 4) + std::string(body);
}

// A string literal with zero bytes in it.
template <std::size_t size>
std::string raw(const char (&text)[size]) {
    return {text, size - 1};
}

inline std::string end_of_track() {
    return raw("\x00\xFF\x2F\x00");
}

// One track of a file of format 0.
inline std::string midi_of(std::string_view events, int division = 96) {
    return midi_header(0, 1, division) + midi_chunk("MTrk", std::string(events) + end_of_track());
}

inline Result<MidiFile> parsed(std::string_view text) {
    return parse_midi(std::as_bytes(std::span(text)));
}

}  // namespace dubplate::test
