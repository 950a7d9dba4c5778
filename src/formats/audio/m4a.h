// m4a.h: reads AAC and ALAC in MP4, and AAC as a bare ADTS stream. Nothing of it is written.
//
// What     libav decodes; the length is made exact by the container's own boxes (m4a_boxes.h), where they tell it:
//          an edit list, or iTunSMPB. Fragmented MP4 and ADTS have neither and are delivered as they decode.
// Source   docs/formats/m4a.md
#pragma once

#include <memory>

#include "formats/audio/format.h"
#include "formats/audio/libav_reader.h"

namespace dubplate {

// How libav is to read this file, but for its tags.
Result<LibavRequest> m4a_request(const ByteSource& source);

// `source` must live as long as the reader.
Result<std::unique_ptr<AudioReader>> open_m4a(const ByteSource& source);

}  // namespace dubplate
