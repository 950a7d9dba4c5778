// pack_text.h: plans, manifests, projects and checks of packs as people read them.
#pragma once

#include <string>

#include "exports/pack/manifest.h"
#include "exports/pack/plan.h"
#include "exports/pack/project.h"
#include "exports/pack/verify.h"

namespace dubplate::cli {

std::string plan_text(const PackPlan& plan);
std::string manifest_text(const PackManifest& manifest);
std::string project_text(const InspectedProject& inspected);
std::string verified_text(const VerifiedPack& verified);

}  // namespace dubplate::cli
