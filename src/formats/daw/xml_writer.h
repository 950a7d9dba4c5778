// xml_writer.h: XML 1.0 as text, element by element.
//
// What     begin() and end() nest; attributes come right after begin(). Two spaces to the level, a line to the element.
// Text     any bytes: xml_text() replaces what XML 1.0 cannot hold (control characters, broken UTF-8, U+FFFE and U+FFFF) with U+FFFD;
//          markup, quotes and white space in attributes are escaped, so that readers give them back as they were.
// Numbers  the shortest that gives the same double again, as in the C locale.
// Threads  thread-compatible. No errors.
// Source   W3C, Extensible Markup Language (XML) 1.0, Fifth Edition, sections 2.2, 2.4 and 3.3.3.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dubplate {

std::string xml_text(std::string_view text);

class XmlWriter {
  public:
    XmlWriter();

    XmlWriter& begin(std::string_view element);
    XmlWriter& text(std::string_view name,
                    std::string_view value);  // an attribute of the element that was begun
    XmlWriter& number(std::string_view name, double value);
    XmlWriter& integer(std::string_view name, std::int64_t value);
    XmlWriter& flag(std::string_view name, bool value);  // "true" and "false"
    XmlWriter& end();
    XmlWriter& leaf(std::string_view element,
                    std::string_view content);  // one with text and without attributes

    std::string finish();  // all elements are ended; once

  private:
    void close_tag();
    void indent();
    void attribute(std::string_view name, std::string_view value);

    std::string xml_;
    std::vector<std::string> open_;
    bool in_tag_ = false;
};

}  // namespace dubplate
