// m4a.h: reads AAC and ALAC in MP4, and AAC as a bare ADTS stream. Nothing of it is written.
//
// What     libav decodes; the length is made exact by the container's own boxes (m4a_boxes.h), where they tell it:
//          an edit list, or iTunSMPB. Fragmented MP4 and ADTS have neither and are delivered as they decode.
// Shape    open_m4a() takes the demuxer's name, because the proof and the catalog open alike.
// Source   docs/formats/m4a.md
#pragma once

#include <memory>

#include "formats/audio/format.h"

namespace dubplate {

Result<std::unique_ptr<AudioReader>> open_m4a(const ByteSource& source);

}  // namespace dubplate
