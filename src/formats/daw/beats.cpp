#include "formats/daw/beats.h"

#include <cmath>
#include <limits>

#include "core/text.h"

namespace dubplate {

namespace {

double quarters_of(const TempoChange& change) {
    return static_cast<double>(change.tick) / static_cast<double>(ticks_per_quarter);
}

}  // namespace

double quarters_at(const TempoMap& map, double seconds) {
    const auto tempos = map.tempos();
    std::size_t i = 0;
    double begin = 0;
    for (; i + 1 < tempos.size(); ++i) {
        const double length = (quarters_of(tempos[i + 1]) - quarters_of(tempos[i])) * 60 / tempos[i].bpm;
        if (seconds < begin + length) break;
        begin += length;
    }
    return quarters_of(tempos[i]) + (seconds - begin) * tempos[i].bpm / 60;
}

double seconds_at_quarters(const TempoMap& map, double quarters) {
    const auto tempos = map.tempos();
    double seconds = 0;
    std::size_t i = 0;
    for (; i + 1 < tempos.size() && quarters_of(tempos[i + 1]) <= quarters; ++i)
        seconds += (quarters_of(tempos[i + 1]) - quarters_of(tempos[i])) * 60 / tempos[i].bpm;
    return seconds + (quarters - quarters_of(tempos[i])) * 60 / tempos[i].bpm;
}

std::string format_of(std::string_view file) {
    const std::size_t dot = file.rfind('.');
    const std::string extension = dot == std::string_view::npos ? "" : to_lower_ascii(file.substr(dot + 1));
    return extension == "aif" ? "aiff" : extension;
}

std::vector<DawFolder> folders_of(const DawSession& session) {
    std::vector<DawFolder> folders;
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        const std::string& group = session.tracks[i].group;
        if (!group.empty() && !folders.empty() && folders.back().group == group)
            folders.back().end = i + 1;
        else
            folders.push_back(DawFolder{group, i, i + 1});
    }
    return folders;
}

}  // namespace dubplate
