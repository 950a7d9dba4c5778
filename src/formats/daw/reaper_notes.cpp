#include "formats/daw/reaper_notes.h"

#include "core/text.h"
#include "formats/daw/line_text.h"

#include <fmt/format.h>

namespace dubplate {

namespace {

constexpr std::string_view heading = "|tags:";
constexpr std::string_view tag_mark = "|  ";
constexpr std::string_view more_mark = "|    ";
constexpr std::string_view equals = " = ";

void put_tag(RppLines& out, std::string_view name, std::string_view value) {
    std::string begin = fmt::format("{}{}{}", tag_mark, name, equals);
    for (const std::string_view line : split(value, '\n')) {
        out.line(begin + as_line(line));
        begin = more_mark;
    }
}

// The text with the spaces at its end, which the scanner takes off.
std::string_view note_of(const RppLine& line) {
    const std::string_view whole = line.whole;
    const std::size_t begin = whole.find('|');
    const std::size_t end = whole.find_last_not_of("\r\n") + 1;
    return begin < end ? whole.substr(begin, end - begin) : std::string_view{};
}

class TagCollector {
  public:
    void begin(std::string_view text) {
        finish();
        const std::size_t at = text.find(equals);
        if (at == std::string_view::npos) return;
        name_ = text.substr(0, at);
        value_ = text.substr(at + equals.size());
    }
    void more(std::string_view text) {
        value_ += '\n';
        value_ += text;
    }
    Metadata finish() {
        // A tag that somebody has changed into what is none is left out.
        if (!name_.empty() && !set_field(metadata_, name_, value_)) ++refused_;
        name_.clear();
        return metadata_;
    }

  private:
    Metadata metadata_;
    std::string name_;
    std::string value_;
    int refused_ = 0;
};

}  // namespace

void put_reaper_notes(RppLines& out, const DawSession& session) {
    out.open("NOTES 0 2");
    for (const DawTrack& track : session.tracks)
        if (track.file.empty()) out.line("|not delivered: " + as_line(track.name));
    const auto tags = fields(session.metadata);
    if (!tags.empty()) out.line(heading);
    for (const auto& [name, value] : tags) put_tag(out, name, value);
    out.close();
}

Metadata tags_of_reaper_notes(std::span<const RppLine> lines) {
    TagCollector tags;
    bool inside = false;
    for (const RppLine& line : lines) {
        const std::string_view note = note_of(line);
        if (note == heading) {
            inside = true;
        } else if (inside && note.starts_with(more_mark)) {
            tags.more(note.substr(more_mark.size()));
        } else if (inside && note.starts_with(tag_mark)) {
            tags.begin(note.substr(tag_mark.size()));
        }
    }
    return tags.finish();
}

}  // namespace dubplate
