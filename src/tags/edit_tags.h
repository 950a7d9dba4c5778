// edit_tags.h: a few tags of a file changed, and every other byte that means something left as it is.
//
// What     writes a copy of the source in which tempo and key are set. Unlike the retaggers of the formats, which write all
//          that our model of tags knows, it keeps what the model does not know: private frames of DJ programs, lyrics,
//          several pictures, iXML, unknown chunks.
// Formats  "wav" (RIFF, below 4 GiB), "aiff", "flac", "mp3".
// Method   TagLib edits ID3v2 (WAV, AIFF, MP3; a tag of version 2.3 keeps it) or Vorbis comments (FLAC).
// Threads  re-entrant.
// Hostile  a file of which forbids_editing() holds for a loss of SourceInfo must be refused before: TagLib inflates without a limit.
//          More than 1000 chapters are refused here, since TagLib goes as deep as they are nested.
// Errors   unsupported: another format, or a file that TagLib does not take; limit_exceeded; those of the source and the file; canceled.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/store.h"
#include "tags/metadata.h"

namespace dubplate {

struct TagEdit {
    std::optional<std::string> bpm{};  // "93.5"
    std::optional<std::string> key{};  // "Am"
};

bool can_edit_tags(std::string_view format);
// Does what our reader told of a file forbid it to edit its tags?
bool forbids_editing(const Loss& loss);

Status edit_tags(const ByteSource& source, std::string_view format, const TagEdit& edit, PendingFile& file,
                 std::stop_token stop = {});

}  // namespace dubplate
