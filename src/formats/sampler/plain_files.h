// plain_files.h: the bytes of plain WAV and AIFF files, for the docs; the files themselves stand in device.h.
//
// Source   Microsoft RIFF (1991) and its PCM format; Apple AIFF 1.3 (1989).
// Threads  constant.
#pragma once

#include "formats/sampler/layout.h"

namespace dubplate {

extern const RecordLayout plain_wav_layout;
extern const RecordLayout plain_aiff_layout;

}  // namespace dubplate
