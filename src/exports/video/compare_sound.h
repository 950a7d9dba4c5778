// compare_sound.h: the sound of a video beside what went into it. Internal to exports/video.
//
// Adds     the checks "sound length" (in frames), "loudness", "sound likeness" and "sound offset" (how far it is moved).
// Method   loudness of all of both; the rest from the first minute, as one channel. Around the loudest half second of the source the offset of the highest correlation is
//          looked for, 50 ms to either side.
// Threads  re-entrant.
// Errors   those of reading both; canceled.
#pragma once

#include <stop_token>
#include <vector>

#include "exports/manifest.h"
#include "exports/video/plan.h"

namespace dubplate {

Status compare_sound(const ByteSource& file, const VideoPlan& plan, std::vector<ProofCheck>& checks,
                     const std::stop_token& stop);

}  // namespace dubplate
