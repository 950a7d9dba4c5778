#include "core/text.h"
#include "tags/fields.h"
#include "tags/metadata.h"
#include "tags/render.h"
#include "tags/text.h"

#include <fmt/format.h>

#include <array>

namespace dubplate {

namespace {

constexpr std::array<TagField, 7> plain_text{TagField::title,        TagField::artist, TagField::album,
                                             TagField::album_artist, TagField::genre,  TagField::comment,
                                             TagField::copyright};

// Blanks at the ends and the kind of line end say nothing; all else that cleaning takes away does.
bool loses_by_cleaning(std::string_view value) {
    std::string plain(value);
    std::erase(plain, '\r');
    return !is_clean_text(plain);
}

std::string sane_text(const std::string& value, std::string_view name, std::vector<Loss>& losses) {
    std::string clean = clean_text(value);
    if (loses_by_cleaning(value)) {
        losses.push_back(
            {fmt::format("tag {}", name), "held bytes that are no text; they were replaced or removed"});
    }
    if (clean.size() > max_tag_value_bytes) {
        losses.push_back({fmt::format("tag {}", name),
                          fmt::format("was cut to {} bytes, the most that is kept", max_tag_value_bytes)});
        clean = truncate_utf8(clean, max_tag_value_bytes);
    }
    return clean;
}

template <class T>
void keep_or_drop(T& place, Result<T> normal, TagField field, std::vector<Loss>& losses) {
    if (normal) {
        place = *std::move(normal);
        return;
    }
    losses.push_back({fmt::format("tag {}", name_of(field)), normal.error().message});
    place = {};
}

// Real files spell dates in many ways: "20261121", "2026/11/21", "2026-11-21T10:00:00", "2026-00-00".
std::string likely_date(std::string_view text) {
    std::string date(truncate_utf8(trim(text), 10));
    for (char& c : date) {
        if (c == '/' || c == '.' || c == ':') c = '-';
    }
    if (date.size() == 8 && parse_integer(date).value_or(-1) >= 0) {
        date = date.substr(0, 4) + "-" + date.substr(4, 2) + "-" + date.substr(6, 2);
    }
    for (const std::size_t length : {std::size_t{10}, std::size_t{7}, std::size_t{4}}) {
        if (date.size() >= length && normal_date(date.substr(0, length))) return date.substr(0, length);
    }
    return std::string(text);
}

void sanitize_number(NumberOf& number, TagField field, std::vector<Loss>& losses) {
    if (const auto status = check_number(number); !status) {
        losses.push_back({fmt::format("tag {}", name_of(field)), status.error().message});
        number = {};
    }
}

void sanitize_custom(Metadata& metadata, std::vector<Loss>& losses) {
    std::map<std::string, std::string> sane;
    std::size_t too_many = 0;
    for (const auto& [name, value] : metadata.custom) {
        std::string key = upper_ascii(trim(name));
        if (describes_encoding(key)) continue;
        if (const auto status = check_custom_key(key); !status) {
            losses.push_back({fmt::format("tag {}", shown(name)), status.error().message});
            continue;
        }
        if (sane.size() >= max_custom_tags) {
            ++too_many;
            continue;
        }
        std::string text = sane_text(value, key, losses);
        if (!text.empty()) sane.emplace(std::move(key), std::move(text));
    }
    if (too_many > 0) {
        losses.push_back(
            {fmt::format("{} custom tags", too_many), fmt::format("at most {} are kept", max_custom_tags)});
    }
    metadata.custom = std::move(sane);
}

}  // namespace

Metadata sanitize(Metadata metadata, std::vector<Loss>& losses) {
    for (const TagField field : plain_text) {
        auto& value = metadata.*text_member(field);
        value = sane_text(value, name_of(field), losses);
    }
    if (!trim(metadata.date).empty()) {
        keep_or_drop(metadata.date, normal_date(likely_date(metadata.date)), TagField::date, losses);
    }
    if (!trim(metadata.key).empty())
        keep_or_drop(metadata.key, normal_key(metadata.key), TagField::key, losses);
    if (!trim(metadata.isrc).empty())
        keep_or_drop(metadata.isrc, normal_isrc(metadata.isrc), TagField::isrc, losses);
    if (metadata.bpm) {
        if (const auto status = check_bpm(*metadata.bpm); !status) {
            losses.push_back({"tag bpm", status.error().message});
            metadata.bpm.reset();
        }
    }
    sanitize_number(metadata.track, TagField::track, losses);
    sanitize_number(metadata.disc, TagField::disc, losses);
    sanitize_custom(metadata, losses);
    if (metadata.cover) {
        auto picture = check_picture(std::move(metadata.cover->data));
        if (!picture) losses.push_back({"cover", picture.error().message});
        metadata.cover = picture ? std::optional(*std::move(picture)) : std::nullopt;
    }
    return metadata;
}

}  // namespace dubplate
