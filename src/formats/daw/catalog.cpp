#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/daw/format.h"

namespace dubplate {

#define ENTRY(name) extern const DawFormat name##_format;
#include "formats/daw/catalog.def"
#undef ENTRY

namespace {

#define ENTRY(name) +1
constexpr std::size_t entries = 0
#include "formats/daw/catalog.def"
    ;
#undef ENTRY

constexpr std::array<const DawFormat*, entries> catalog{
#define ENTRY(name) &name##_format,
#include "formats/daw/catalog.def"
#undef ENTRY
};

}  // namespace

std::span<const DawFormat* const> daw_formats() {
    return catalog;
}

const DawFormat* find_daw_format(std::string_view name) {
    const auto found = std::ranges::find(catalog, name, &DawFormat::name);
    return found == catalog.end() ? nullptr : *found;
}

std::filesystem::path DawFormat::path_for(const DawSession& session) const {
    return fmt::format("{}.{}", session.name, extension);
}

std::int64_t DawSession::frames() const {
    std::int64_t end = 0;
    for (const DawTrack& track : tracks)
        if (!track.file.empty()) end = std::max(end, track.begin_frame + track.frames);
    for (const Marker& marker : markers) end = std::max(end, marker.frame + marker.length_frames);
    return end;
}

}  // namespace dubplate
