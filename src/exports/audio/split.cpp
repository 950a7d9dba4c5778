#include "exports/audio/split.h"

namespace dubplate {

namespace {

Result<std::vector<MarkedRegion>> regions_from_file(const std::string& path, int sample_rate_hz) {
    FileStore store;
    DUBPLATE_TRY(const auto source, store.open(path));
    DUBPLATE_TRY(const Bytes bytes, read_all(*source, max_region_file_bytes));
    DUBPLATE_TRY(MarkedRegions parsed, parse_regions(bytes, sample_rate_hz));
    return std::move(parsed.regions);
}

}  // namespace

Result<std::vector<MarkedRegion>> split_regions(const std::string& split, const SourceInfo& source) {
    if (split.empty()) return std::vector<MarkedRegion>{};
    if (!source.frames_exact)
        return fail(ErrorCode::unsupported, "this file does not tell its exact length, so it cannot be split",
                    "export it whole to WAV first, and split that");
    if (split == "markers") {
        DUBPLATE_TRY(auto regions, regions_from_markers(source.markers, source.frames));
        return fit_regions(std::move(regions), source.frames);
    }
    auto regions = regions_from_file(split, source.stream.sample_rate_hz);
    if (regions) regions = fit_regions(*std::move(regions), source.frames);
    if (!regions) return std::move(regions).error().in_context(split);
    return regions;
}

}  // namespace dubplate
