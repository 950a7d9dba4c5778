#include "tags/containers.h"
#include "tags/id3v2_frames.h"
#include "tags/id3v2_genre.h"
#include "tags/render.h"
#include "tags/text.h"

#include <fmt/format.h>

namespace dubplate {

namespace {

constexpr std::size_t id3v1_bytes = 128;
constexpr std::size_t ape_footer_bytes = 32;
constexpr std::size_t max_ape_bytes = 32 * 1024 * 1024;
constexpr std::uint32_t max_ape_items = 1000;

Metadata parse_id3v1(ByteView tag, std::vector<Loss>& losses) {
    TagCollector collector(losses);
    const auto text = [&](std::size_t at, std::size_t length) {
        return clean_text(utf8_or_latin1(until_zero(slice(tag, at, length))));
    };
    collector.add("title", text(3, 30));
    collector.add("artist", text(33, 30));
    collector.add("album", text(63, 30));
    collector.add("date", text(93, 4));
    collector.add("comment", text(97, 30));
    // Version 1.1 took the comment's last two bytes for the track.
    if (u8(tag, 125) == 0) collector.add("track", fmt::format("{}", u8(tag, 126)));
    collector.add("genre", genre_of_number(static_cast<int>(u8(tag, 127))));
    return collector.finish();
}

// Each item: size, flags, key with a zero, value.
Metadata parse_ape(ByteView items, std::uint32_t count, std::vector<Loss>& losses) {
    TagCollector collector(losses);
    count = std::min(count, max_ape_items);
    for (std::uint32_t i = 0; i < count && items.size() > 8; ++i) {
        const std::size_t size = le32(items, 0);
        const bool is_text = (le32(items, 4) & 6) == 0;
        const auto key = until_zero(slice(items, 8));
        const std::size_t value_at = 8 + key.size() + 1;
        if (value_at > items.size() || size > items.size() - value_at) {
            collector.tell("APE tag", "an item is cut off");
            break;
        }
        const ByteView value = slice(items, value_at, size);
        const std::string name = upper_ascii(key);
        if (name.starts_with("COVER ART")) {
            const std::size_t file_name = until_zero(value).size() + 1;
            collector.add_picture(slice(value, file_name), name == "COVER ART (FRONT)" ? front_cover : 0);
        } else if (is_text) {
            std::string text(as_text(value));
            for (auto at = text.find('\0'); at != std::string::npos; at = text.find('\0', at))
                text.replace(at, 1, "; ");
            collector.add(name, text);
        }
        items = slice(items, value_at + size);
    }
    return collector.finish();
}

// The tag whose footer ends at `end`; none: there is no such tag.
Result<std::optional<Metadata>> read_ape(const ByteSource& source, std::uint64_t end,
                                         std::vector<Loss>& losses) {
    if (end < ape_footer_bytes) return std::optional<Metadata>();
    DUBPLATE_TRY(const Bytes footer, read_some(source, end - ape_footer_bytes, ape_footer_bytes));
    if (footer.size() < ape_footer_bytes || !has_text(footer, 0, "APETAGEX"))
        return std::optional<Metadata>();
    const std::size_t size = le32(footer, 12);  // of the items and the footer
    if (size < ape_footer_bytes || size > end || size > max_ape_bytes) {
        losses.push_back({"APE tag", fmt::format("its size of {} bytes is not believable", size)});
        return std::optional<Metadata>();
    }
    DUBPLATE_TRY(const Bytes items, read_some(source, end - size, size - ape_footer_bytes));
    return std::optional(parse_ape(items, le32(footer, 16), losses));
}

Result<std::optional<Metadata>> read_id3v2(const ByteSource& source, std::vector<Loss>& losses) {
    DUBPLATE_TRY(const Bytes head, read_some(source, 0, 10));
    const auto length = id3v2_length(head);
    if (!length) return std::optional<Metadata>();
    if (*length > max_id3_bytes) {
        losses.push_back({"ID3v2 tag", fmt::format("{} bytes are more than {}", *length, max_id3_bytes)});
        return std::optional<Metadata>();
    }
    DUBPLATE_TRY(const Bytes tag, read_some(source, 0, *length));
    auto metadata = parse_id3v2(tag, losses);
    if (metadata) return std::optional(*std::move(metadata));
    losses.push_back({"ID3v2 tag", metadata.error().message});
    return std::optional<Metadata>();
}

}  // namespace

// The older tags count only where no newer one says anything.
Result<Metadata> read_mp3_tags(const ByteSource& source, std::vector<Loss>& losses) {
    DUBPLATE_TRY(const auto id3v2, read_id3v2(source, losses));
    if (id3v2 && !id3v2->empty()) return *id3v2;
    const std::uint64_t size = source.size();
    Bytes last;
    if (size >= id3v1_bytes) {
        DUBPLATE_TRY(last, read_some(source, size - id3v1_bytes, id3v1_bytes));
    }
    const bool has_id3v1 = last.size() == id3v1_bytes && has_text(last, 0, "TAG");
    DUBPLATE_TRY(const auto ape, read_ape(source, has_id3v1 ? size - id3v1_bytes : size, losses));
    if (ape && !ape->empty()) return *ape;
    return has_id3v1 ? parse_id3v1(last, losses) : Metadata{};
}

}  // namespace dubplate
