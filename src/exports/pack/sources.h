// sources.h: the files that a pack is made of, looked at.
//
// What     find_sources() opens each file once, and tells what the device would say of it. Where a folder's name or a slice needs
//          the tempo, the key, the beats or the onsets, and no tag tells them, the file is analyzed.
// Order    of the inputs, or of the pads; a kit's file stands there once, however many pads it lies on.
// Threads  sources are looked at side by side.
// Errors   no inputs; canceled. What concerns one source is in it.
#pragma once

#include <stop_token>
#include <vector>

#include "core/progress.h"
#include "exports/pack/plan.h"

namespace dubplate {

// Stretches of a source that become samples of their own.
struct Slices {
    std::vector<std::int64_t> begin_frames{};  // ascending; the last goes to the source's end
};

struct FoundSource {
    PackSource source{};
    Slices slices{};  // none: the source is one sample
};

// The files that the spec names: its inputs, or those of its pads.
std::vector<ExpandedInput> named_inputs(const PackSpec& spec, const std::stop_token& stop);

Result<std::vector<FoundSource>> find_sources(const PackSpec& spec, const std::vector<ExpandedInput>& inputs,
                                              const Progress::Part& progress, std::stop_token stop);

}  // namespace dubplate
