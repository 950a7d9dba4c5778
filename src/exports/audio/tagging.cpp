#include "exports/audio/tagging.h"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "core/store.h"
#include "core/text.h"
#include "tags/fields.h"
#include "tags/from_name.h"
#include "tags/text.h"

namespace dubplate {

namespace {

constexpr std::uint64_t cover_limit_bytes = 16ULL << 20;

Result<Picture> load_cover(const std::string& path) {
    FileStore store;
    DUBPLATE_TRY(const auto source, store.open(path));
    DUBPLATE_TRY(Bytes bytes, read_all(*source, cover_limit_bytes));
    return check_picture(std::move(bytes));
}

// One field under two names: nobody can tell which of the values is meant.
Status check_names(const std::map<std::string, std::string>& tags) {
    std::map<std::string, std::string> names;  // by what they stand for
    for (const auto& [name, value] : tags) {
        const auto field = find_field(name);
        const std::string meaning = field ? std::string(name_of(*field)) : upper_ascii(trim(name));
        const auto [first, is_new] = names.emplace(meaning, name);
        if (!is_new)
            return fail(ErrorCode::invalid_argument,
                        fmt::format("tags {} and {} are both the tag {}", first->second, name, meaning),
                        "set one of them");
    }
    return {};
}

// A number that somebody sets is meant; what a source holds is taken as it is.
Status check_number(const Metadata& set, std::optional<TagField> field) {
    if (!field) return {};
    if (!is_set(set, *field))
        return fail(ErrorCode::invalid_argument, "0 is no number to count with",
                    "count from 1, or set it to nothing to take the tag away");
    for (const NumberOf& number : {set.track, set.disc})
        if (number.total != 0 && number.number > number.total)
            return fail(ErrorCode::invalid_argument,
                        fmt::format("number {} is above the total of {}", number.number, number.total));
    return {};
}

int year_of(const std::string& iso8601) {
    return std::stoi(iso8601.substr(0, 4));
}

}  // namespace

Result<Tagger> Tagger::make(const AudioSpec& spec, const Clock& clock) {
    Tagger tagger;
    tagger.keep_source_ = !spec.clear_tags;
    tagger.from_name_ = spec.tags_from_name;
    if (const auto fixed = clock.fixed_utc()) tagger.origination_ = to_iso8601(*fixed);
    if (!spec.tag_template.empty()) {
        DUBPLATE_TRY(tagger.template_,
                     metadata_template(spec.tag_template, year_of(to_iso8601(clock.utc()))));
    }
    DUBPLATE_CHECK(check_names(spec.tags));
    for (const auto& [name, value] : spec.tags) {
        Status status = set_field(tagger.set_, name, value);
        if (status && !trim(value).empty()) status = check_number(tagger.set_, find_field(name));
        if (!status) return std::move(status).error().in_context("tag " + name);
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
    tags.origination = keep_source_ && !source.origination.empty() ? source.origination : origination_;
    return tags;
}

}  // namespace dubplate
