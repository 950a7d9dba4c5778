#include "plot/svg.h"
#include "core/text.h"
#include "core/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

namespace dubplate {

namespace {

struct InkInfo {
    std::string_view name;
    std::string_view color;
};
constexpr std::array<InkInfo, 6> inks{{{"blue", "#2f6fb7"},
                                       {"orange", "#c8690a"},
                                       {"green", "#2b8a5c"},
                                       {"red", "#c43b3b"},
                                       {"purple", "#7b5bb5"},
                                       {"gray", "#8b929c"}}};

// How each class looks where no page says otherwise.
struct ClassLook {
    std::string_view name;
    std::string_view attributes;
};
constexpr std::array<ClassLook, 5> looks{{
    {"grid", R"(stroke="#e4e7eb" stroke-width="1")"},
    {"axis", R"(stroke="#9aa1ab" stroke-width="1")"},
    {"tick", R"(fill="#5b6470" font-size="11")"},
    {"label", R"(fill="#5b6470" font-size="11.5")"},
    {"heading", R"(fill="#1c2127" font-size="13" font-weight="600")"},
}};

std::string_view look_of(std::string_view css_class) {
    for (const ClassLook& look : looks)
        if (look.name == css_class) return look.attributes;
    return {};
}

bool is_xml_character(char32_t c) {
    if (c < 0x20) return c == '\t' || c == '\n';
    return !(c >= 0x7F && c <= 0x9F) && c != 0xFFFE && c != 0xFFFF;
}

void append_escaped(std::string& out, std::string_view text, const CodePoint& point, std::size_t place) {
    switch (point.value) {
        case U'&':
            out += "&amp;";
            break;
        case U'<':
            out += "&lt;";
            break;
        case U'>':
            out += "&gt;";
            break;
        case U'"':
            out += "&quot;";
            break;
        case U'\'':
            out += "&#39;";
            break;
        default:
            out += text.substr(place, point.bytes);
    }
}

// RFC 4648, 4.
std::string base64(std::span<const std::byte> data) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((data.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < data.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(data.size() - i, 3);
        unsigned bits = 0;
        for (std::size_t b = 0; b < 3; ++b)
            bits = bits << 8 | (b < count ? std::to_integer<unsigned>(data[i + b]) : 0U);
        for (std::size_t c = 0; c < 4; ++c) text += c <= count ? letters[bits >> (18 - 6 * c) & 0x3F] : '=';
    }
    return text;
}

}  // namespace

std::string xml_escape(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (std::size_t i = 0; i < text.size();) {
        const CodePoint point = decode_utf8(text, i);
        if (!point.valid || !is_xml_character(point.value)) {
            put_code_point(out, 0xFFFD);
        } else {
            append_escaped(out, text, point, i);
        }
        i += point.bytes;
    }
    return out;
}

std::string svg_number(double value) {
    if (!std::isfinite(value)) return "0";
    std::string text = fmt::format("{:.2f}", value);
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text == "-0" ? "0" : text;
}

double estimate_text_width(std::string_view text, double font_size) {
    constexpr double em_for_each_column = 0.58;
    return display_width(text) * em_for_each_column * font_size;
}

std::string_view name_of(Ink ink) {
    return inks[static_cast<std::size_t>(ink)].name;
}
std::string_view color_of(Ink ink) {
    return inks[static_cast<std::size_t>(ink)].color;
}

SvgWriter::SvgWriter(double width, double height, std::string_view title) {
    fmt::format_to(
        std::back_inserter(out_),
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" role=\"img\" viewBox=\"0 0 {} {}\" "
        "width=\"{}\" height=\"{}\" font-family=\"system-ui, sans-serif\">\n<title>{}</title>\n",
        svg_number(width), svg_number(height), svg_number(width), svg_number(height), xml_escape(title));
}

void SvgWriter::line(double x1, double y1, double x2, double y2, std::string_view css_class) {
    fmt::format_to(std::back_inserter(out_),
                   "<line class=\"{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" {}/>\n", css_class,
                   svg_number(x1), svg_number(y1), svg_number(x2), svg_number(y2), look_of(css_class));
}

void SvgWriter::text(double x, double y, std::string_view text, std::string_view css_class, TextAnchor anchor,
                     double degrees) {
    constexpr std::array<std::string_view, 3> anchors{"start", "middle", "end"};
    std::string turn;
    if (degrees != 0)
        turn =
            fmt::format(" transform=\"rotate({} {} {})\"", svg_number(degrees), svg_number(x), svg_number(y));
    fmt::format_to(std::back_inserter(out_),
                   "<text class=\"{}\" x=\"{}\" y=\"{}\" text-anchor=\"{}\" {}{}>{}</text>\n", css_class,
                   svg_number(x), svg_number(y), anchors[static_cast<std::size_t>(anchor)],
                   look_of(css_class), turn, xml_escape(text));
}

void SvgWriter::path_data(const SvgPath& path) {
    bool first = true;
    for (const auto& [x, y] : path) {
        // A tenth of a pixel is finer than anything that is seen, and makes the file a third smaller.
        fmt::format_to(std::back_inserter(out_), "{}{:.1f} {:.1f}", first ? "M" : "L", x, y);
        first = false;
    }
}

void SvgWriter::stroke(const SvgPath& path, Ink ink, double width, bool dashed) {
    if (path.size() < 2) return;
    fmt::format_to(std::back_inserter(out_), "<path class=\"stroke-{}\" d=\"", name_of(ink));
    path_data(path);
    fmt::format_to(std::back_inserter(out_),
                   "\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"{}/>\n",
                   color_of(ink), svg_number(width), dashed ? " stroke-dasharray=\"6 4\"" : "");
}

void SvgWriter::fill(const SvgPath& path, Ink ink, double opacity) {
    if (path.size() < 3) return;
    fmt::format_to(std::back_inserter(out_), "<path class=\"fill-{}\" d=\"", name_of(ink));
    path_data(path);
    fmt::format_to(std::back_inserter(out_), "Z\" fill=\"{}\" fill-opacity=\"{}\"/>\n", color_of(ink),
                   svg_number(opacity));
}

void SvgWriter::rectangle(double x, double y, double width, double height, Ink ink, double opacity) {
    fmt::format_to(std::back_inserter(out_),
                   "<rect class=\"fill-{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\" "
                   "fill-opacity=\"{}\"/>\n",
                   name_of(ink), svg_number(x), svg_number(y), svg_number(width), svg_number(height),
                   color_of(ink), svg_number(opacity));
}

void SvgWriter::background() {
    out_ += "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
}

void SvgWriter::image(double x, double y, double width, double height, std::span<const std::byte> png) {
    fmt::format_to(std::back_inserter(out_),
                   "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" "
                   "href=\"data:image/png;base64,{}\"/>\n",
                   svg_number(x), svg_number(y), svg_number(width), svg_number(height), base64(png));
}

std::string SvgWriter::finish() && {
    out_ += "</svg>\n";
    return std::move(out_);
}

}  // namespace dubplate
