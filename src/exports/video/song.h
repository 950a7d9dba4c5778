// song.h: what a video has to know of a song: its beats, its bands, and where its drums begin.
//
// What     one pass over the audio. The tempo map puts beat 0 at the first beat, or as many whole beats before it as fit.
// Drums    where something begins in the lowest band, in the middle, and at the top, with how strongly, as notes of velocity 30 to 127:
//          most of the time kick, snare and hi-hat.
// Limits   4 hours.
// Threads  re-entrant.
// Errors   those of the source; limit_exceeded; canceled.
#pragma once

#include <memory>
#include <stop_token>
#include <vector>

#include "core/progress.h"
#include "exports/audio/input.h"
#include "video/moment.h"

namespace dubplate {

inline constexpr double longest_song_s = 4 * 3600;

struct SongFacts {
    SourceInfo source;
    double seconds = 0;
    std::optional<double> bpm;
    TempoMap tempo;
    std::shared_ptr<const SongLevels> levels;
    std::vector<Note> kicks;
    std::vector<Note> snares;
    std::vector<Note> hats;
};

Result<SongFacts> listen_to(const AudioInput& input, Progress::Part progress, std::stop_token stop);

}  // namespace dubplate
