// wav_chunks.h: markers, the loop and the tempo as the chunks of a WAV file: cue, LIST/adtl, smpl and acid.
//
// Units    frames. A cue point and a loop's ends have 32 bits: what lies behind is left out (the 2^32nd frame is heard
//          after 24 hours at 48 kHz).
// Loops    smpl names the last frame that is played; SampleLoop::end_frame is the one after it.
// Hostile  markers and loops that lie outside the audio are dropped and told in `losses`.
// Threads  pure functions.
// Source   Multimedia Data Standards Update (1994): cue, adtl, smpl; the acid chunk has no public standard: its 24
//          bytes are as the ACID programs write them.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "formats/audio/chunks.h"
#include "formats/audio/format.h"
#include "tags/metadata.h"

namespace dubplate {

// `adtl` is the payload of that LIST chunk, empty where there is none. Sorted by place.
std::vector<Marker> parse_wav_markers(std::span<const std::byte> cue, std::span<const std::byte> adtl,
                                      std::int64_t frames, std::vector<Loss>& losses);
std::optional<SampleLoop> parse_smpl(std::span<const std::byte> smpl, std::int64_t frames,
                                     std::vector<Loss>& losses);
// None: there is no chunk, or it is cut off.
std::optional<AcidFacts> parse_acid(std::span<const std::byte> acid);

// Whole chunks: cue and LIST/adtl. Empty: no markers.
Bytes render_wav_markers(std::span<const Marker> markers);
Bytes render_smpl(const SampleLoop& loop, int sample_rate_hz);
// With the number of beats where that is whole to 0.1 %.
Bytes render_acid(double bpm, const std::optional<SampleLoop>& loop, std::int64_t frames, int sample_rate_hz);

// Markers that lie within the audio, in order of place; also used for AIFF.
std::vector<Marker> keep_sound_markers(std::vector<Marker> markers, std::int64_t frames,
                                       std::vector<Loss>& losses);

}  // namespace dubplate
