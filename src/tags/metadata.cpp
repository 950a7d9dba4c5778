#include "tags/metadata.h"

#include "core/text.h"
#include "tags/fields.h"
#include "tags/render.h"
#include "tags/text.h"

#include <fmt/format.h>

#include <array>

namespace dubplate {

namespace {

constexpr std::array<TagField, 13> field_order{
    TagField::title, TagField::artist,  TagField::album,    TagField::album_artist, TagField::date,
    TagField::genre, TagField::comment, TagField::bpm,      TagField::key,          TagField::isrc,
    TagField::track, TagField::disc,    TagField::copyright};

std::string value_text(const Metadata& metadata, TagField field) {
    if (const auto member = text_member(field)) return metadata.*member;
    switch (field) {
        case TagField::bpm:
            return metadata.bpm ? format_number(*metadata.bpm) : std::string();
        case TagField::track:
            return number_of_text(metadata.track);
        default:
            return number_of_text(metadata.disc);
    }
}

Status set_number(NumberOf& number, std::string_view value) {
    if (trim(value).empty()) {
        number = {};
        return {};
    }
    DUBPLATE_TRY(number, normal_number(value));
    return {};
}

Status set_total(int& total, std::string_view value) {
    NumberOf parsed;
    DUBPLATE_CHECK(set_number(parsed, value));
    total = parsed.number;
    return {};
}

Result<std::string> normal_value(TagField field, std::string_view value) {
    if (trim(value).empty()) return std::string();
    switch (field) {
        case TagField::date:
            return normal_date(value);
        case TagField::key:
            return normal_key(value);
        case TagField::isrc:
            return normal_isrc(value);
        default:
            return normal_text(value);
    }
}

Status set_known_field(Metadata& metadata, TagField field, std::string_view value) {
    if (const auto member = text_member(field)) {
        DUBPLATE_TRY(metadata.*member, normal_value(field, value));
        return {};
    }
    switch (field) {
        case TagField::track:
            return set_number(metadata.track, value);
        case TagField::disc:
            return set_number(metadata.disc, value);
        case TagField::track_total:
            return set_total(metadata.track.total, value);
        case TagField::disc_total:
            return set_total(metadata.disc.total, value);
        default:
            break;
    }
    if (trim(value).empty()) {
        metadata.bpm.reset();
        return {};
    }
    DUBPLATE_TRY(metadata.bpm, normal_bpm(value));
    return {};
}

Status set_custom(Metadata& metadata, std::string_view name, std::string_view value) {
    std::string key = upper_ascii(trim(name));
    DUBPLATE_CHECK(check_custom_key(key));
    DUBPLATE_TRY(auto text, normal_text(value));
    if (text.empty()) {
        metadata.custom.erase(key);
        return {};
    }
    if (metadata.custom.size() >= max_custom_tags && !metadata.custom.contains(key)) {
        return fail(ErrorCode::limit_exceeded, fmt::format("more than {} custom tags", max_custom_tags));
    }
    metadata.custom[std::move(key)] = std::move(text);
    return {};
}

// "name: message", without the error's hint.
void report(std::vector<std::string>& problems, std::string_view name, const Status& status) {
    if (!status) problems.push_back(fmt::format("{}: {}", name, status.error().message));
}

Status is_normal(TagField field, const std::string& value) {
    DUBPLATE_TRY(const auto normal, normal_value(field, value));
    if (normal == value) return {};
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} must be spelled {}", shown(value), shown(normal)));
}

void overlay_number(NumberOf& base, const NumberOf& overlay) {
    if (overlay.number != 0) base.number = overlay.number;
    if (overlay.total != 0) base.total = overlay.total;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> fields(const Metadata& metadata) {
    std::vector<std::pair<std::string, std::string>> set;
    for (const TagField field : field_order) {
        std::string value = value_text(metadata, field);
        if (!value.empty()) set.emplace_back(name_of(field), std::move(value));
    }
    for (const auto& [key, value] : metadata.custom) {
        if (!value.empty()) set.emplace_back(key, value);
    }
    return set;
}

Status set_field(Metadata& metadata, std::string_view name, std::string_view value) {
    const auto field = find_field(name);
    auto status = field ? set_known_field(metadata, *field, value) : set_custom(metadata, name, value);
    if (!status) {
        const auto place = field ? std::string(name_of(*field)) : fmt::format("tag {}", shown(name));
        return std::move(status).error().in_context(place);
    }
    return {};
}

std::vector<std::string> validate(const Metadata& metadata) {
    std::vector<std::string> problems;
    for (const TagField field : field_order) {
        if (const auto member = text_member(field)) {
            report(problems, name_of(field), is_normal(field, metadata.*member));
        }
    }
    if (metadata.bpm) report(problems, "bpm", check_bpm(*metadata.bpm));
    report(problems, "track", check_number(metadata.track));
    report(problems, "disc", check_number(metadata.disc));
    for (const auto& [key, value] : metadata.custom) {
        report(problems, "custom tag", check_custom_key(key));
        report(problems, fmt::format("custom tag {}", shown(key)), is_normal(TagField::title, value));
    }
    if (metadata.custom.size() > max_custom_tags) {
        problems.push_back(
            fmt::format("custom tags: {} are more than {}", metadata.custom.size(), max_custom_tags));
    }
    if (metadata.cover) {
        if (const auto picture = check_picture(metadata.cover->data); !picture) {
            problems.push_back("cover: " + picture.error().message);
        } else if (picture->mime != metadata.cover->mime) {
            problems.push_back(
                fmt::format("cover: is {}, not {}", picture->mime, shown(metadata.cover->mime)));
        }
    }
    return problems;
}

Metadata merge(Metadata base, const Metadata& overlay) {
    for (const TagField field : field_order) {
        const auto member = text_member(field);
        if (member && !(overlay.*member).empty()) base.*member = overlay.*member;
    }
    if (overlay.bpm) base.bpm = overlay.bpm;
    overlay_number(base.track, overlay.track);
    overlay_number(base.disc, overlay.disc);
    for (const auto& [key, value] : overlay.custom) {
        if (!value.empty()) base.custom[key] = value;
    }
    if (overlay.cover) base.cover = overlay.cover;
    return base;
}

}  // namespace dubplate
