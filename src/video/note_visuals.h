// note_visuals.h: what synths that show notes have in common: settings, pitch classes, and an object that knows its note.
//
// Threads  pure functions.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "video/envelope.h"
#include "video/setting.h"
#include "video/visual.h"

namespace dubplate {

inline int pitch_class(const PlayedNote& played) {
    return played.note.pitch % 12;
}

inline Visual visual_of(const PlayedNote& played, VisualShape shape = VisualShape::cube) {
    Visual visual{.shape = shape};
    visual.note = played.index;
    visual.note_start_s = played.start_s;
    visual.velocity = played.note.velocity;
    return visual;
}

// For settings with a member `adsr`.
template <class Settings>
void add_adsr(ParamTable<Settings>& table) {
    table.add(number_setting("attack", 0, 10, "s", "to full level"), DUBPLATE_SETTING(adsr.attack_s))
        .add(number_setting("decay", 0, 10, "s", "from there to the sustain level"),
             DUBPLATE_SETTING(adsr.decay_s))
        .add(number_setting("sustain", 0, 1, "", "level until the note ends"), DUBPLATE_SETTING(adsr.sustain))
        .add(number_setting("release", 0, 10, "s", "from there to nothing"),
             DUBPLATE_SETTING(adsr.release_s));
}

// For settings with members `start_hue` and `end_hue`.
template <class Settings>
void add_hues(ParamTable<Settings>& table) {
    table.add(number_setting("start_hue", -720, 720, "degrees", "of the lowest"), DUBPLATE_SETTING(start_hue))
        .add(number_setting("end_hue", -720, 720, "degrees", "of the highest"), DUBPLATE_SETTING(end_hue));
}

// For settings with a member `target_track_ids`, of utility synths.
template <class Settings>
void add_targets(ParamTable<Settings>& table) {
    table.add({.path = "target_track_ids",
               .type = ParamType::text,
               .list = true,
               .help = "tracks that are changed; none: all"},
              DUBPLATE_SETTING(target_track_ids));
}

inline bool is_target(const std::vector<std::string>& ids, const TrackVisuals& track) {
    return ids.empty() || std::ranges::find(ids, *track.track_id) != ids.end();
}

// The levels of all notes together, at most 1.
inline double summed_level(const Adsr& adsr, const NoteList& notes, double seconds) {
    double sum = 0;
    for (const PlayedNote& played : notes.around(seconds, 0, adsr.tail_s()))
        sum += level_of(adsr, played, seconds) * played.note.velocity / 127;
    return std::min(sum, 1.0);
}

}  // namespace dubplate
