// rlnd.h: the SP-404SX's own sample files: WAV with a chunk "RLND" that fills the header up to 512 bytes.
//
// Source   files of Roland's converter and of units, as other projects describe them: docs/formats/sp404sx.md.
// Threads  constant.
#pragma once

#include "formats/sampler/device.h"

namespace dubplate {

inline constexpr int sp404sx_banks = 10;
inline constexpr int sp404sx_pads_per_bank = 12;

extern const RecordLayout rlnd_layout;
extern const SampleFileKind rlnd_file;

}  // namespace dubplate
