// propose_kit.h: a kit for a folder of samples, to be edited: drums in their order on the first banks, loops on a bank of their own,
// and then everything else.
//
// Kinds    by the words of the name ("kick", "HH closed"); where no word tells, by the sound: its length, its brightness, and whether it
//          is a loop.
// Groups   open and closed hats cut each other off. Loops go round, keep their tempo, and follow the project's.
// Limits   what has no pad left is told in `left_out`.
// Threads  files are listened to side by side.
// Errors   no audio in the folder; canceled. A file that cannot be read is left out.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "exports/pack/spec.h"

namespace dubplate {

struct ProposedKit {
    PackSpec spec{};
    std::vector<std::string> left_out{};  // and why
};

// Paths of its samples are relative to the folder.
Result<ProposedKit> propose_kit(const std::filesystem::path& folder, const SamplerDevice& device,
                                std::stop_token stop);

}  // namespace dubplate
