#include "exports/audio/split.h"

namespace dubplate {

namespace {

Result<MarkedRegions> regions_from_file(const std::string& path, int sample_rate_hz) {
    FileStore store;
    DUBPLATE_TRY(const auto source, store.open(path));
    DUBPLATE_TRY(const Bytes bytes, read_all(*source, max_region_file_bytes));
    auto parsed = parse_regions(bytes, sample_rate_hz);
    if (!parsed) return std::move(parsed).error().in_context(path);  // the store names the file itself
    return parsed;
}

}  // namespace

Result<MarkedRegions> split_regions(const std::string& split, const SourceInfo& source) {
    MarkedRegions found;
    if (split.empty()) return found;
    if (!source.frames_exact)
        return fail(ErrorCode::unsupported, "this file does not tell its exact length, so it cannot be split",
                    "export it whole to WAV first, and split that");
    if (split == "markers") {
        DUBPLATE_TRY(found.regions, regions_from_markers(source.markers, source.frames));
    } else {
        DUBPLATE_TRY(found, regions_from_file(split, source.stream.sample_rate_hz));
    }
    auto fitted = fit_regions(std::move(found.regions), source.frames);
    if (!fitted)
        return split == "markers" ? std::move(fitted).error() : std::move(fitted).error().in_context(split);
    found.regions = *std::move(fitted);
    return found;
}

}  // namespace dubplate
