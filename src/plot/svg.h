// svg.h: the little of SVG that charts need, written out.
//
// What     a picture is lines, paths, rectangles and text, each with a class. Presentation attributes draw it alone, dark
//          on light; a page that holds it may restyle the classes, which win over attributes, for its dark mode.
// Numbers  fixed to two decimals at most, so the same picture is the same bytes.
// Text     escaped, repaired to UTF-8, without the control characters that XML forbids.
// Threads  thread-compatible.
// Source   SVG 1.1 second edition; XML 1.0 section 2.2.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dubplate {

// For XML and HTML alike, in text and in quoted attributes.
std::string xml_escape(std::string_view text);
// "12", "0.5", "-3.25"; never "-0" and never an exponent.
std::string svg_number(double value);
// About how wide a line of text of the system's font is, in pixels.
double estimate_text_width(std::string_view text, double font_size);

// The colors of the charts: told apart by people with any kind of color vision, and readable on light and dark.
enum class Ink { blue, orange, green, red, purple, gray };
std::string_view name_of(Ink ink);   // "blue": the classes are "stroke-blue" and "fill-blue"
std::string_view color_of(Ink ink);  // "#2f6fb7": on light

enum class TextAnchor { start, middle, end };

using SvgPath = std::vector<std::pair<double, double>>;

class SvgWriter {
  public:
    // title: read out by screen readers and shown by browsers when pointed at.
    SvgWriter(double width, double height, std::string_view title);

    void line(double x1, double y1, double x2, double y2, std::string_view css_class);
    void text(double x, double y, std::string_view text, std::string_view css_class,
              TextAnchor anchor = TextAnchor::start, double degrees = 0);
    void stroke(const SvgPath& path, Ink ink, double width, bool dashed = false);
    void fill(const SvgPath& path, Ink ink, double opacity);  // closed
    void rectangle(double x, double y, double width, double height, Ink ink, double opacity);
    // White all over, for a picture that stands alone. First of all.
    void background();
    // A PNG, stretched to the rectangle.
    void image(double x, double y, double width, double height, std::span<const std::byte> png);

    std::string finish() &&;

  private:
    void path_data(const SvgPath& path);

    std::string out_;
};

}  // namespace dubplate
