// run.h: carries a multitrack delivery out: stems, mix, null test, projects.
//
// Order    1. where a loudness is asked for, the mix (or the sum of the tracks) is measured, and one gain found for all;
//          2. the stems are delivered side by side and proven, each as an audio export;
//          3. the mix is: the one that was given, or the sum of the tracks whose stems were delivered;
//          4. the delivered stems are decoded, summed and compared with the mix (null_test.h);
//          5. the projects are written, read back and compared; the sheets and the ZIP are made.
// Failures a track that fails is left out of the sum and stands in the projects without audio; the rest is delivered.
// Stop     looked at for every block; what was not finished leaves nothing behind, finished files stay.
// Threads  one call for each plan.
// Errors   what concerns the whole run: no room on the disk; canceled.
#pragma once

#include <stop_token>

#include "core/progress.h"
#include "exports/audio/run.h"
#include "exports/stems/manifest.h"
#include "exports/stems/plan.h"

namespace dubplate {

Result<StemsManifest> run_stems(const StemsPlan& plan, const RunOptions& options, Progress& progress,
                                std::stop_token stop);

}  // namespace dubplate
