#include "exports/audio/tagging.h"

#include "core/store.h"
#include "tags/from_name.h"

namespace dubplate {

namespace {

constexpr std::uint64_t cover_limit_bytes = 16ULL << 20;

Result<Picture> load_cover(const std::string& path) {
    FileStore store;
    DUBPLATE_TRY(const auto source, store.open(path));
    DUBPLATE_TRY(Bytes bytes, read_all(*source, cover_limit_bytes));
    return check_picture(std::move(bytes));
}

int year_of(const std::string& iso8601) {
    return std::stoi(iso8601.substr(0, 4));
}

}  // namespace

Result<Tagger> Tagger::make(const AudioSpec& spec, const Clock& clock) {
    Tagger tagger;
    tagger.keep_source_ = !spec.clear_tags;
    tagger.from_name_ = spec.tags_from_name;
    tagger.utc_ = to_iso8601(clock.utc());
    if (!spec.tag_template.empty()) {
        DUBPLATE_TRY(tagger.template_, metadata_template(spec.tag_template, year_of(tagger.utc_)));
    }
    for (const auto& [name, value] : spec.tags) {
        if (Status status = set_field(tagger.set_, name, value); !status)
            return std::move(status).error().in_context("tag " + name);
        if (value.empty()) tagger.cleared_.push_back(name);
    }
    if (!spec.cover.empty()) {
        Result<Picture> cover = load_cover(spec.cover);
        if (!cover) return std::move(cover).error().in_context("cover " + spec.cover);
        tagger.set_.cover = *std::move(cover);
    }
    return tagger;
}

Result<TagSet> Tagger::tags_for(const SourceInfo& source, const std::string& stem, const Metadata& region,
                                int index) const {
    TagSet tags;
    tags.metadata = template_;
    if (keep_source_) tags.metadata = merge(std::move(tags.metadata), source.metadata);
    if (from_name_) tags.metadata = merge(std::move(tags.metadata), metadata_from_name(stem));
    tags.metadata = merge(std::move(tags.metadata), region);
    tags.metadata = merge(std::move(tags.metadata), set_);
    for (const std::string& name : cleared_) DUBPLATE_CHECK(set_field(tags.metadata, name, ""));
    if (index > 0 && tags.metadata.track.number == 0 && !(region == Metadata{}))
        tags.metadata.track.number = index;
    tags.markers = source.markers;
    tags.loop = source.loop;
    tags.origination_utc = utc_;
    return tags;
}

}  // namespace dubplate
