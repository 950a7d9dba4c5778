#include "tags/collector.h"

#include "core/text.h"
#include "tags/render.h"
#include "tags/text.h"

#include <fmt/format.h>

namespace dubplate {

namespace {

constexpr std::size_t max_told = 50;

// Joins within the limit; what would pass it is left out.
void join(std::string& text, std::string_view more, std::string_view separator) {
    if (text == more) return;
    if (text.empty()) {
        text = more;
    } else if (text.size() + separator.size() + more.size() <= max_tag_value_bytes) {
        text.append(separator).append(more);
    }
}

bool joins(TagField field) {
    return field == TagField::artist || field == TagField::album_artist || field == TagField::genre ||
           field == TagField::comment;
}

// Many programs write 0 where they know nothing.
bool is_zero(std::string_view value) {
    return parse_number(value) == 0.0;
}

}  // namespace

void TagCollector::tell(std::string what, std::string why) {
    if (told_.size() < max_told && told_.insert(what).second)
        losses_.push_back({std::move(what), std::move(why)});
}

void TagCollector::lock_fields() {
    for (int i = 0; i <= static_cast<int>(TagField::disc_total); ++i) {
        const auto field = static_cast<TagField>(i);
        if (is_set(metadata_, field)) locked_.insert(field);
    }
}

void TagCollector::add(std::string_view name, std::string_view value) {
    // One byte more than allowed is enough for sanitize() to see that something was cut.
    const std::string_view bounded = truncate_utf8(value, 4 * max_tag_value_bytes);
    if (trim(bounded).empty()) return;
    if (const auto field = find_field(name)) {
        add_to_field(*field, bounded);
        return;
    }
    std::string key = upper_ascii(trim(name));
    if (!describes_encoding(key)) add_custom(std::move(key), bounded);
}

void TagCollector::add_to_field(TagField field, std::string_view value) {
    if (locked_.contains(field)) return;
    if (joins(field)) {
        join(metadata_.*text_member(field), value, field == TagField::comment ? "\n" : "; ");
        return;
    }
    if (is_set(metadata_, field)) return;
    if (const auto member = text_member(field)) {
        metadata_.*member = value;
        return;
    }
    if (is_zero(trim(value))) return;
    Metadata parsed;
    if (const auto status = set_field(parsed, name_of(field), value); !status) {
        tell(fmt::format("tag {}", name_of(field)), status.error().message);
        return;
    }
    metadata_ = merge(std::move(metadata_), parsed);
}

void TagCollector::add_custom(std::string key, std::string_view value) {
    if (const auto status = check_custom_key(key); !status) {
        tell(fmt::format("tag {}", shown(key)), status.error().message);
        return;
    }
    const auto found = metadata_.custom.find(key);
    if (found != metadata_.custom.end()) {
        join(found->second, value, "; ");
    } else if (metadata_.custom.size() < max_custom_tags) {
        metadata_.custom.emplace(std::move(key), value);
    } else {
        tell("custom tags", fmt::format("at most {} are kept", max_custom_tags));
    }
}

void TagCollector::add_picture(ByteView data, std::uint32_t type) {
    ++pictures_;
    if (pictures_ > 1) tell("pictures", "one cover is kept");
    if (metadata_.cover && (has_front_cover_ || type != front_cover)) return;
    auto picture = check_picture(Bytes(data.begin(), data.end()));
    if (!picture) {
        tell("cover", picture.error().message);
        return;
    }
    metadata_.cover = *std::move(picture);
    has_front_cover_ = type == front_cover;
}

Metadata TagCollector::finish() {
    return sanitize(std::move(metadata_), losses_);
}

}  // namespace dubplate
