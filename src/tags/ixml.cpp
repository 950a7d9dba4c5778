#include "core/text.h"
#include "tags/bext.h"
#include "tags/bytes.h"
#include "tags/fields.h"
#include "tags/render.h"

#include <fmt/format.h>

#include <string>

namespace dubplate {

namespace {

std::string escaped(std::string_view text) {
    std::string xml;
    xml.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                xml += "&amp;";
                break;
            case '<':
                xml += "&lt;";
                break;
            case '>':
                xml += "&gt;";
                break;
            default:
                xml += c;
        }
    }
    return xml;
}

void put(std::string& xml, std::string_view indent, std::string_view name, std::string_view value) {
    if (!value.empty()) xml += fmt::format("{}<{}>{}</{}>\n", indent, name, escaped(value), name);
}

std::string bwf_block(const TagSet& tags) {
    const BextFacts facts = bext_facts(tags);
    constexpr std::array<std::string_view, 5> names{"BWF_LOUDNESS_VALUE", "BWF_LOUDNESS_RANGE",
                                                    "BWF_MAX_TRUE_PEAK_LEVEL", "BWF_MAX_MOMENTARY_LOUDNESS",
                                                    "BWF_MAX_SHORT_TERM_LOUDNESS"};
    std::string xml;
    put(xml, "    ", "BWF_DESCRIPTION", facts.description);
    put(xml, "    ", "BWF_ORIGINATOR", facts.originator);
    put(xml, "    ", "BWF_ORIGINATOR_REFERENCE", facts.originator_reference);
    put(xml, "    ", "BWF_ORIGINATION_DATE", facts.date);
    put(xml, "    ", "BWF_ORIGINATION_TIME", facts.time);
    put(xml, "    ", "BWF_TIME_REFERENCE_LOW", fmt::format("{}", tags.time_reference & 0xFFFFFFFF));
    put(xml, "    ", "BWF_TIME_REFERENCE_HIGH", fmt::format("{}", tags.time_reference >> 32));
    put(xml, "    ", "BWF_VERSION", "2");
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (facts.loudness[i] != bext_unknown)
            put(xml, "    ", names[i], fmt::format("{}", facts.loudness[i]));
    }
    return xml;
}

std::string user_block(const Metadata& metadata) {
    std::string xml;
    put(xml, "    ", "ISRC", metadata.isrc);
    if (metadata.bpm) put(xml, "    ", "BPM", format_number(*metadata.bpm));
    put(xml, "    ", "KEY", metadata.key);
    put(xml, "    ", "TRACK", number_of_text(metadata.track));
    return xml;
}

}  // namespace

Bytes render_ixml(const TagSet& tags) {
    std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<BWFXML>\n";
    put(xml, "  ", "IXML_VERSION", "2.0");
    put(xml, "  ", "PROJECT", tags.metadata.album);
    put(xml, "  ", "NOTE", tags.metadata.comment);
    xml += "  <BWF>\n" + bwf_block(tags) + "  </BWF>\n";
    if (const auto user = user_block(tags.metadata); !user.empty())
        xml += "  <USER>\n" + user + "  </USER>\n";
    xml += "</BWFXML>\n";
    const auto bytes = as_bytes_view(xml);
    return {bytes.begin(), bytes.end()};
}

}  // namespace dubplate
