#include "formats/daw/xml_writer.h"

#include <fmt/format.h>

#include "core/result.h"
#include "core/text.h"
#include "core/unicode.h"

namespace dubplate {

namespace {

bool xml_can_hold(char32_t c) {
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xFFFE && c != 0xFFFF);
}

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : xml_text(text)) {
        switch (c) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '"':
                safe += "&quot;";
                break;
            case '\t':
                safe += "&#9;";
                break;
            case '\n':
                safe += "&#10;";
                break;
            case '\r':
                safe += "&#13;";
                break;
            default:
                safe += c;
        }
    }
    return safe;
}

}  // namespace

std::string xml_text(std::string_view text) {
    std::string held;
    for (std::size_t place = 0; place < text.size();) {
        const CodePoint c = decode_utf8(text, place);
        if (c.valid && xml_can_hold(c.value))
            held += text.substr(place, c.bytes);
        else
            put_code_point(held, U'\uFFFD');
        place += c.bytes;
    }
    return held;
}

XmlWriter::XmlWriter() : xml_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") {}

void XmlWriter::close_tag() {
    if (in_tag_) xml_ += ">\n";
    in_tag_ = false;
}

void XmlWriter::indent() {
    xml_.append(2 * open_.size(), ' ');
}

void XmlWriter::attribute(std::string_view name, std::string_view value) {
    DUBPLATE_ASSERT(in_tag_);
    xml_ += fmt::format(" {}=\"{}\"", name, value);
}

XmlWriter& XmlWriter::begin(std::string_view element) {
    close_tag();
    indent();
    xml_ += fmt::format("<{}", element);
    open_.emplace_back(element);
    in_tag_ = true;
    return *this;
}

XmlWriter& XmlWriter::text(std::string_view name, std::string_view value) {
    attribute(name, escaped(value));
    return *this;
}

XmlWriter& XmlWriter::number(std::string_view name, double value) {
    attribute(name, format_number(value));
    return *this;
}

XmlWriter& XmlWriter::integer(std::string_view name, std::int64_t value) {
    attribute(name, std::to_string(value));
    return *this;
}

XmlWriter& XmlWriter::flag(std::string_view name, bool value) {
    attribute(name, value ? "true" : "false");
    return *this;
}

XmlWriter& XmlWriter::end() {
    DUBPLATE_ASSERT(!open_.empty());
    const std::string element = std::move(open_.back());
    open_.pop_back();
    if (in_tag_) {
        xml_ += "/>\n";
        in_tag_ = false;
        return *this;
    }
    indent();
    xml_ += fmt::format("</{}>\n", element);
    return *this;
}

XmlWriter& XmlWriter::leaf(std::string_view element, std::string_view content) {
    close_tag();
    indent();
    xml_ += fmt::format("<{0}>{1}</{0}>\n", element, escaped(content));
    return *this;
}

std::string XmlWriter::finish() {
    DUBPLATE_ASSERT(open_.empty());
    return std::move(xml_);
}

}  // namespace dubplate
