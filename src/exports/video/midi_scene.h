// midi_scene.h: a MIDI file as a project: each of its tracks, or the channels of its only one, with a synth of its own.
//
// What     drums (channel 10) become spheres that arrive on each note; other tracks take the melodic synths in turn, side by side. Tempo changes and
//          markers of the file are kept.
// Limits   max_project_notes.
// Threads  plain functions.
// Errors   limit_exceeded; invalid_argument: no notes.
#pragma once

#include "formats/midi/midi_file.h"
#include "score/project.h"

namespace dubplate {

Result<Project> make_midi_scene(const MidiFile& file);

}  // namespace dubplate
