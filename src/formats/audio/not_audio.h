// not_audio.h: what a file is that is not audio, for a helpful refusal.
//
// What     knows pictures, documents, archives, playlists, cue sheets, web pages and plain text by their first bytes.
// Why      "is a PNG picture, not audio" tells a user more than "unknown format"; and a playlist must never be
//          followed to the files that it names.
// Threads  pure functions.
#pragma once

#include <optional>
#include <span>

#include "core/result.h"

namespace dubplate {

// The refusal (unsupported), or none where the bytes may be audio. `head`: up to 4096 bytes.
std::optional<Error> refuse_not_audio(std::span<const std::byte> head);

}  // namespace dubplate
