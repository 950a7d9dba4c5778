#include "tags/bytes.h"
#include "tags/collector.h"
#include "tags/fields.h"
#include "tags/render.h"
#include "tags/text.h"

#include <array>
#include <string>

namespace dubplate {

namespace {

// Values are zero-terminated; the size counts the zero and not the byte that makes it even.
void put(TagWriter& out, std::string_view id, std::string_view value) {
    if (value.empty()) return;
    out.text(id);
    out.le32(static_cast<std::uint32_t>(value.size() + 1));
    out.text(value);
    out.zeros(value.size() % 2 == 0 ? 2 : 1);
}

struct InfoField {
    std::string_view id;
    std::string_view field;
};

// ISRC means "source" by the book and holds the recording's code in practice; IKEY means "keywords". Both are
// believed only where the value is one.
constexpr std::array<InfoField, 12> fields_by_id{{{"INAM", "title"},
                                                  {"IART", "artist"},
                                                  {"IPRD", "album"},
                                                  {"ICRD", "date"},
                                                  {"IGNR", "genre"},
                                                  {"ICMT", "comment"},
                                                  {"ICOP", "copyright"},
                                                  {"IPRT", "track"},
                                                  {"ITRK", "track"},
                                                  {"IBPM", "bpm"},
                                                  {"ISRC", "isrc"},
                                                  {"IKEY", "key"}}};

bool believable(std::string_view id, std::string_view value) {
    if (id == "ISRC") return normal_isrc(value).has_value();
    if (id == "IKEY") return normal_key(value).has_value();
    return true;
}

}  // namespace

Bytes render_riff_info(const TagSet& tags) {
    const Metadata& metadata = tags.metadata;
    TagWriter out;
    out.text("INFO");
    put(out, "INAM", metadata.title);
    put(out, "IART", metadata.artist);
    put(out, "IPRD", metadata.album);
    put(out, "ICRD", metadata.date);
    put(out, "IGNR", metadata.genre);
    put(out, "ICMT", metadata.comment);
    put(out, "ICOP", metadata.copyright);
    put(out, "IPRT", number_of_text(metadata.track));
    put(out, "ISRC", metadata.isrc);
    put(out, "ISFT", tags.encoder);
    return out.size() > 4 ? out.take() : Bytes{};
}

Metadata parse_riff_info(std::span<const std::byte> list_payload, std::vector<Loss>& losses) {
    TagCollector collector(losses);
    if (!has_text(list_payload, 0, "INFO")) return {};
    for (ByteView rest = slice(list_payload, 4); rest.size() >= 8;) {
        const auto id = as_text(slice(rest, 0, 4));
        const std::size_t size = le32(rest, 4);
        if (size > rest.size() - 8) collector.tell("LIST chunk", "its last entry is cut off");
        const std::string value = clean_text(utf8_or_latin1(until_zero(slice(rest, 8, size))));
        for (const auto& known : fields_by_id) {
            if (id == known.id && believable(id, value)) collector.add(known.field, value);
        }
        rest = slice(rest, 8 + size + size % 2);
    }
    return collector.finish();
}

}  // namespace dubplate
