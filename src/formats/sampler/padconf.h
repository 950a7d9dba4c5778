// padconf.h: PADCONF.BIN, the table of an SP-404MKII project: 160 pads, version 3.
//
// Units    the file counts bytes of the sample's file where the model counts frames: 512 + frame * 2 * channels.
// Bytes    all numbers are big-endian; the layouts stand in padconf.cpp and, made from them, in docs/formats/sp404mk2.md.
// Errors   corrupt, with the pad; unsupported: version 2, which has neither the project's name nor chops.
// Threads  pure functions.
// Source   files that units have written, as other projects describe them: docs/formats/sp404mk2.md.
#pragma once

#include <cstddef>
#include <span>

#include "formats/sampler/layout.h"
#include "formats/sampler/pad.h"

namespace dubplate {

inline constexpr int sp404mk2_banks = 10;
inline constexpr int sp404mk2_pads_per_bank = 16;
inline constexpr std::size_t sp404mk2_chops = 16;
inline constexpr std::size_t sp404mk2_pad_name = 23;
inline constexpr std::size_t sp404mk2_project_name = 31;
inline constexpr double sp404mk2_min_bpm = 40;
inline constexpr double sp404mk2_max_bpm = 200;
inline constexpr double sp404mk2_default_bpm = 90;

extern const RecordLayout padconf_layout;        // where the parts stand
extern const RecordLayout padconf_head_layout;   // header, settings, name
extern const RecordLayout padconf_pad_layout;    // one pad
extern const RecordLayout padconf_chops_layout;  // one pad's chops

SamplerPad padconf_held(const SamplerPad& pad);
Bytes write_padconf(const SamplerProject& project);
// channels: see SamplerDevice::read_table.
Result<SamplerProject> read_padconf(std::span<const std::byte> table, std::span<const int> channels);

}  // namespace dubplate
