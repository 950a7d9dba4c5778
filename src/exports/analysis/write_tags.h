// write_tags.h: tempo and key into the tags of the file that was analyzed.
//
// What     a copy with the new tags is written beside the file, proven, and only then takes its place. Proof: every sample
//          decodes as before, to the bit; the new tags read back as they were meant; all other tags, markers and the
//          loop read back as they were.
// Skipped  formats whose tags are not written here (Ogg, M4A).
// Refused  audio that did not come from a file; tags that are damaged. A refusal changes nothing.
// Atomic   the file is the old one or the new one, whenever the program is stopped. A symbolic link stays one. The file
//          keeps its permissions.
// Threads  re-entrant, for different files.
// Errors   unsupported (skipped, refused), io, corrupt (the proof failed), unavailable (somebody else changed it), canceled. None leaves anything behind.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "exports/analysis/analysis.h"
#include "exports/audio/input.h"

namespace dubplate {

struct WrittenTag {
    std::string name;  // "bpm", "key"
    std::string before;
    std::string now;
};

// Why no tags are written into files of this format: "tags of M4A are read, but not written"; empty: they are.
std::string skip_tags(const SourceInfo& source);
// Why no tags can be written into this input's file; none: they can.
std::optional<Error> refuse_tags(const AudioInput& input, const SourceInfo& source);

// What `analysis` is sure enough of and the file does not say already. Empty: nothing to write.
std::vector<WrittenTag> tags_to_write(const Analysis& analysis, double min_confidence);

Status write_tags(Store& store, const AudioInput& input, const std::vector<WrittenTag>& tags,
                  std::stop_token stop);

}  // namespace dubplate
