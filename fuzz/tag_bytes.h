// tag_bytes.h: what the harnesses of the tag parsers have in common.
//
// What     whatever the bytes were, the metadata that comes out must obey every rule of the model.
// Threads  pure function.
#pragma once

#include "core/result.h"
#include "tags/metadata.h"

namespace dubplate {

inline void check_metadata(const Metadata& metadata) {
    DUBPLATE_ASSERT(validate(metadata).empty());
}

}  // namespace dubplate
