// rpp_lines.h: writes the lines of a REAPER project, indented.
//
// What     open() and close() a block, line() in it; text() takes lines that are whole already.
// Threads  thread-compatible.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace dubplate {

struct RppStyle {
    std::string indent = "  ";  // of the outermost lines
    std::string line_end = "\n";
};

class RppLines {
  public:
    explicit RppLines(RppStyle style) : style_(std::move(style)) {}

    void line(std::string_view words) {
        text_ += style_.indent;
        text_ += words;
        text_ += style_.line_end;
    }
    void open(std::string_view words) {
        line("<" + std::string(words));
        style_.indent += "  ";
    }
    void close() {
        style_.indent.resize(style_.indent.size() - 2);
        line(">");
    }
    void text(std::string_view lines) { text_ += lines; }

    const RppStyle& style() const { return style_; }  // of the lines that come next
    std::string take() { return std::move(text_); }

  private:
    RppStyle style_;
    std::string text_;
};

}  // namespace dubplate
