// midi_file.h: the Standard MIDI file, as far as music is concerned: tempo, time signatures, names, texts, notes.
//
// Read     formats 0 and 1, bare or in a RIFF of the form RMID; division in ticks per quarter note or in SMPTE
//          frames, whose times run at 120 bpm here. Controllers and system messages are passed over.
// Written  format 1, 960 ticks to the quarter note, no running status; what belongs to the whole piece stands in
//          track 0, with the texts and notes of tracks[0].
// Units    positions in the house's ticks (score/tempo_map.h), rounded to the nearest where a file's division asks
//          for it; tempo in whole microseconds for each quarter note; channels and keys from 0, as in the file.
// Text     UTF-8; what is not UTF-8 in a file is taken as Latin-1. No control characters; no line breaks in names.
// Damage   what is whole is read, and a warning tells the track and the byte: a track that is cut off, data where an
//          event must begin, fewer tracks than announced, data behind the last one, values that make no sense.
// Limits   64 MiB, 4096 tracks, two million events, 2^36 of the file's ticks.
// Errors   corrupt: no MIDI file, no track, a division of 0. unsupported: format 2. limit_exceeded. Of the writer:
//          invalid_argument and limit_exceeded, for what no MIDI file holds.
// Threads  pure functions.
// Source   Standard MIDI Files 1.0 (RP-001), MIDI Manufacturers Association; RMID: RP-029.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/store.h"
#include "score/tempo_map.h"
#include "tags/metadata.h"

namespace dubplate {

inline constexpr std::uint64_t max_midi_bytes = 64U << 20U;
inline constexpr std::size_t max_midi_tracks = 4096;
inline constexpr std::size_t max_midi_events = 2'000'000;
inline constexpr int written_division = 960;  // ticks per quarter note
// Between two events of a track, in the house's ticks: four bytes of seven bits, at the written division.
inline constexpr std::int64_t max_midi_gap_ticks =
    std::int64_t{0x0FFF'FFFF} * (ticks_per_quarter / written_division);
inline constexpr int max_tempo_microseconds = (1 << 24) - 1;  // for each quarter note: 3.58 bpm

struct MidiTempo {
    std::int64_t tick = 0;
    int microseconds = 500'000;  // for each quarter note
    bool operator==(const MidiTempo&) const = default;
};

struct MidiKeySignature {
    std::int64_t tick = 0;
    int sharps = 0;  // -7 (flats) to 7
    bool minor = false;
    bool operator==(const MidiKeySignature&) const = default;
};

enum class MidiTextKind { text, copyright, lyric, marker, cue };

struct MidiText {
    std::int64_t tick = 0;
    MidiTextKind kind = MidiTextKind::text;
    std::string text;
    bool operator==(const MidiText&) const = default;
};

struct MidiNote {
    std::int64_t tick = 0;
    std::int64_t length_ticks = 0;
    int channel = 0;    // 0 to 15
    int key = 60;       // 0 to 127; 60 is middle C
    int velocity = 64;  // 1 to 127
    bool operator==(const MidiNote&) const = default;
};

struct MidiProgram {
    std::int64_t tick = 0;
    int channel = 0;
    int program = 0;  // 0 to 127
    bool operator==(const MidiProgram&) const = default;
};

struct MidiTrack {
    std::string name;
    std::string instrument;
    std::string program_name;
    std::vector<MidiText> texts;  // by tick, as are the others
    std::vector<MidiNote> notes;
    std::vector<MidiProgram> programs;
    std::int64_t end_tick = 0;
    bool operator==(const MidiTrack&) const = default;
};

struct MidiFile {
    int format = 1;
    int division = written_division;  // ticks per quarter note in the file; 0: it counts in SMPTE frames
    // Of the whole piece, from all tracks.
    std::vector<MidiTempo> tempos;
    std::vector<TimeSignatureChange> signatures;
    std::vector<MidiKeySignature> keys;
    std::vector<MidiTrack> tracks;      // the name of the first is that of the piece
    std::vector<std::string> warnings;  // of the reader
    bool operator==(const MidiFile&) const = default;
};

Result<MidiFile> parse_midi(std::span<const std::byte> data);
Result<MidiFile> read_midi(const ByteSource& source);

Result<Bytes> render_midi(const MidiFile& file);

// Files hold rounded tempi: 641711 us stand for 93.5 bpm. This gives the shortest decimal that is written as these
// microseconds; the exact quotient where none of up to six digits is.
double bpm_of_microseconds(int microseconds);
int microseconds_of_bpm(double bpm);  // the nearest that a file holds

// Tempi above 999 bpm are held there.
TempoMap tempo_map_of(const MidiFile& file);
// The markers and cue points of all tracks, in order, as points.
std::vector<Marker> markers_of(const MidiFile& file, const TempoMap& tempo, int sample_rate_hz);

}  // namespace dubplate
