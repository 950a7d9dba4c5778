// Projects of visualizers: any JSON is read or refused, and what is read can be walked through.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "score/project.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto json = dubplate::parse_json({reinterpret_cast<const char*>(data), size});
    if (!json) return 0;
    const auto project = dubplate::read_project(*json);
    if (!project) return 0;
    if (!std::isfinite(project->end_beat())) std::abort();
    for (const dubplate::ProjectTrack& track : project->tracks) {
        static_cast<void>(project->is_heard(track));
        for (const dubplate::Note& note : track.notes)
            if (!(note.velocity >= 0 && note.velocity <= 127) || note.duration_beats < 0) std::abort();
    }
    return 0;
}
