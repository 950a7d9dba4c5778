// pad_info.h: PAD_INFO.BIN, the table of an SP-404SX's card: 120 pads of 32 bytes.
//
// Units    the file counts bytes of the sample's file where the model counts frames: 512 + frame * 2 * channels.
// Bytes    all numbers are big-endian; the layout stands in pad_info.cpp and, made from it, in docs/formats/sp404sx.md.
// Errors   corrupt, with the pad.
// Threads  pure functions.
// Source   files of Roland's converter, as other projects describe them: docs/formats/sp404sx.md.
#pragma once

#include <span>

#include "formats/sampler/layout.h"
#include "formats/sampler/pad.h"

namespace dubplate {

inline constexpr double sp404sx_min_bpm = 40;
inline constexpr double sp404sx_max_bpm = 200;
inline constexpr double sp404sx_default_bpm = 120;

extern const RecordLayout pad_info_layout;  // one pad

SamplerPad pad_info_held(const SamplerPad& pad);
Bytes write_pad_info(const SamplerProject& project);
// The table itself says how many channels a sample has; `channels` only where that is not 0 and differs, which is corrupt.
Result<SamplerProject> read_pad_info(std::span<const std::byte> table, std::span<const int> channels);

}  // namespace dubplate
