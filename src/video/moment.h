// moment.h: one moment of a piece, and the notes around it: all that a synth may look at.
//
// What     everything on the screen is a function of a Moment and of notes that never change: any frame can be made alone, in any order and
//          at any rate, and is the same.
// Units    beats are quarter notes, seconds those of the piece; velocity 0 to 127.
// Threads  constant once made.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "score/project.h"

namespace dubplate {

// How loud a song is, band by band, over its time: made once by an analysis.
struct SongLevels {
    double hop_s = 0.01;
    int bands = 0;                // from low to high, as wide to the ear
    std::vector<float> values;    // [frame * bands + band], 0 to 1
    std::vector<float> loudness;  // [frame], 0 to 1: the whole of it

    std::int64_t frames() const { return static_cast<std::int64_t>(loudness.size()); }
    // Between the frames, straight. 0 before and behind the song.
    double band_at(int band, double seconds) const;
    double loudness_at(double seconds) const;
};

struct Moment {
    double seconds = 0;
    double beat = 0;
    double bpm = 120;
    const TempoMap* tempo = nullptr;   // never null where a synth sees it
    const SongLevels* song = nullptr;  // null: nothing is known of the sound

    Moment at_beat(double other_beat) const;
    Moment at_seconds(double other_seconds) const;
};

Moment make_moment(double seconds, const TempoMap& tempo, const SongLevels* song);
double seconds_of_beat(double beat, const TempoMap& tempo);

struct PlayedNote {
    int index = 0;  // among the track's notes
    Note note;
    double start_s = 0;
    double end_s = 0;
};

// A track's notes by their start.
class NoteList {
  public:
    NoteList() = default;
    NoteList(const std::vector<Note>& notes, const TempoMap& tempo);

    std::span<const PlayedNote> all() const { return notes_; }
    // Those that begin at most `ahead_s` after a time, and ended at most `tail_s` before it, and some more that did not.
    std::span<const PlayedNote> around(double seconds, double ahead_s, double tail_s) const;
    int lowest_pitch() const { return lowest_; }
    int highest_pitch() const { return highest_; }

  private:
    std::vector<PlayedNote> notes_;
    double longest_s_ = 0;
    int lowest_ = 127;
    int highest_ = 0;
};

}  // namespace dubplate
