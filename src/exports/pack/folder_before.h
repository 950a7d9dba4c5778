// folder_before.h: what a pack meets where it is to lie: files in its way, and the manifest of packs that were put there before.
//
// Added    a pack may be added to a folder that holds others for the same device; the manifest then names the files of all of them.
// Replaced only where overwriting was asked for, and never what the pack is made of.
// Threads  pure functions, but for the files that they look at.
// Errors   already_exists: what is in the way; invalid_argument: an input is.
#pragma once

#include "core/json.h"
#include "exports/pack/plan.h"

namespace dubplate {

// The entries of the manifest that is there. Where overwriting was asked for, those alone whose files are there; and a manifest
// that is none, or of another device, counts as none.
Result<Json> files_before(const PackPlan& plan);

Status check_nothing_in_the_way(const PackPlan& plan);

}  // namespace dubplate
