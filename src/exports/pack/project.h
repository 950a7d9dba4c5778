// project.h: the loadable project of a kit, read back; and one on a card, looked into.
//
// What     compare_project() holds what a table says against the pads that it was written of. inspect_project() reads a project's
//          folder as it lies on a card or in a pack: its table and the header of each sample.
// Safety   projects that are inspected may be hostile; nothing in them names a path that is followed.
// Threads  pure functions, but for the files that they read.
// Errors   not_found: no project there; corrupt and unsupported, as the device's readers tell.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/json.h"
#include "exports/manifest.h"
#include "formats/sampler/device.h"

namespace dubplate {

// A line for each pad, and one for the number of pads.
std::vector<ProofCheck> compare_project(const SamplerDevice& device, const SamplerProject& wanted,
                                        std::span<const std::byte> table);

// A picture file as one that the unit shows.
Result<Bytes> screen_picture(const SamplerDevice& device, const std::filesystem::path& picture);

struct InspectedPad {
    SamplerPad pad{};
    std::string file{};    // relative to the project's folder
    std::string status{};  // "ok", or what is wrong with its sample
};

struct InspectedProject {
    const SamplerDevice* device = nullptr;
    std::filesystem::path folder{};
    SamplerProject project{};
    std::vector<InspectedPad> pads{};
};

// folder: the project's own, or one above it.
Result<InspectedProject> inspect_project(Store& store, const std::filesystem::path& folder);
Json to_json(const InspectedProject& inspected);

}  // namespace dubplate
