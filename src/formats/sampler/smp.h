// smp.h: the SP-404MKII's own sample files: a header of 512 bytes, then big-endian PCM.
//
// Source   files that units have written, as other projects describe them: docs/formats/sp404mk2.md.
// Threads  constant.
#pragma once

#include "formats/sampler/device.h"

namespace dubplate {

extern const RecordLayout smp_layout;
extern const SampleFileKind smp_file;

}  // namespace dubplate
