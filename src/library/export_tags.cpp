#include "library/export_tags.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "formats/audio/format.h"
#include "library/edits.h"
#include "tags/musical_key.h"

namespace dubplate {

namespace {

Metadata metadata_of(const Asset& asset, const std::vector<std::string>& tags) {
    Metadata metadata;
    metadata.title = asset.title;
    metadata.artist = asset.artist;
    metadata.album = asset.album;
    metadata.genre = asset.genre;
    metadata.comment = asset.comment;
    metadata.bpm = asset.bpm;
    metadata.key = normalize_key(asset.key).value_or("");
    if (!tags.empty()) metadata.custom["TAGS"] = fmt::format("{}", fmt::join(tags, ", "));
    return metadata;
}

}  // namespace

Result<std::filesystem::path> export_tags(Catalog& catalog, const Asset& asset,
                                          const std::filesystem::path& folder, CreateOptions options) {
    if (asset.path.empty()) return fail(ErrorCode::not_found, "the asset " + asset.id + " has no file left");
    FileStore store;
    DUBPLATE_TRY(const auto source, store.open(asset.path));
    DUBPLATE_TRY(const auto reader, open_audio(*source));
    const SourceInfo& info = reader->info();
    const AudioFormat* format = find_audio_format(info.format);
    if (format == nullptr || format->retag == nullptr)
        return fail(ErrorCode::unsupported,
                    fmt::format("{}: tags are not written into {}", asset.path, info.format),
                    "dubplate export makes a file of another format");
    DUBPLATE_TRY(const auto tags, list_tags(catalog, asset.id));
    TagSet set;
    set.metadata = merge(info.metadata, metadata_of(asset, tags));
    set.markers = info.markers;
    set.loop = info.loop;
    set.origination = info.origination;
    set.sample_rate_hz = info.stream.sample_rate_hz;
    std::filesystem::path target = folder / std::filesystem::path(asset.path).filename();
    auto file = store.create(target, options);
    if (!file && file.error().code == ErrorCode::already_exists)
        file.error().hint = "use --overwrite, or another folder with --output";
    if (!file) return std::move(file).error();
    DUBPLATE_CHECK(format->retag(*source, **file, set));
    DUBPLATE_CHECK((*file)->publish());
    return target;
}

}  // namespace dubplate
