#include "formats/daw/reaper_template.h"

#include "core/text.h"
#include "formats/daw/reaper_blocks.h"
#include "formats/daw/reaper_pattern.h"
#include "formats/daw/rpp_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace dubplate {

namespace {

enum class Placeholder { tracks, tempo, markers, sample_rate };

constexpr std::array<std::pair<std::string_view, Placeholder>, 4> placeholders{
    {{"{{TRACKS}}", Placeholder::tracks},
     {"{{TEMPO}}", Placeholder::tempo},
     {"{{MARKERS}}", Placeholder::markers},
     {"{{SAMPLE_RATE}}", Placeholder::sample_rate}}};

std::optional<Placeholder> placeholder_alone(const RppLine& line) {
    for (const auto& [name, placeholder] : placeholders)
        if (line.text == name) return placeholder;
    return std::nullopt;
}

bool is_track(const RppLine& line) {
    return line.kind == RppKind::open && rpp_key(line) == "TRACK";
}

// Names within other words: without what would end a quote there.
void add_name(std::string& list, std::string_view name) {
    std::string plain = rpp_word_as_kept(name);
    std::erase_if(plain, [](char c) { return c == '"' || c == '\'' || c == '`'; });
    list += (list.empty() ? "" : ", ") + plain;
}

std::string value_of(Placeholder placeholder, const DawSession& session) {
    std::string list;
    switch (placeholder) {
        case Placeholder::tempo:
            return rpp_number(session.tempo.tempos().front().bpm);
        case Placeholder::sample_rate:
            return std::to_string(session.sample_rate_hz);
        case Placeholder::tracks:
            for (const DawTrack& track : session.tracks) add_name(list, track.name);
            return list;
        case Placeholder::markers:
            for (const Marker& marker : session.markers) add_name(list, marker.label);
            return list;
    }
    DUBPLATE_ASSERT(false);
    return list;
}

// A line with each placeholder in it replaced. What goes in is not looked at again.
std::string with_values(std::string_view line, const DawSession& session) {
    std::string filled;
    while (!line.empty()) {
        std::size_t at = line.size();
        const std::pair<std::string_view, Placeholder>* next = nullptr;
        for (const auto& known : placeholders) {
            const std::size_t found = line.find(known.first);
            if (found < at) {
                at = found;
                next = &known;
            }
        }
        filled += line.substr(0, at);
        if (next) filled += value_of(next->second, session);
        line.remove_prefix(std::min(at + (next ? next->first.size() : 0U), line.size()));
    }
    return filled;
}

// Where the value would be the first on its line, a name such as "<x" would begin a block, and an empty list would
// leave what stands behind it to begin or to end one.
bool may_make_a_block(const RppLine& line) {
    if (line.kind != RppKind::field || placeholder_alone(line)) return false;
    const std::size_t at = line.text.starts_with('>') ? line.text.find("{{") : 0;
    return at < line.text.size() && std::ranges::any_of(placeholders, [&](const auto& known) {
               return line.text.substr(at).starts_with(known.first);
           });
}

std::string line_end_of(const std::vector<RppLine>& lines) {
    const std::string_view first = lines.front().whole;
    if (first.ends_with("\r\n")) return "\r\n";
    return first.ends_with('\r') ? "\r" : "\n";
}

Error line_problem(std::size_t index, std::string_view what, std::string hint) {
    return fail(ErrorCode::invalid_argument, fmt::format("line {}: {}", index + 1, what), std::move(hint));
}

// A project whose lines stay, and the tracks that go into it.
class ProjectFiller {
  public:
    ProjectFiller(const std::vector<RppLine>& lines, std::size_t project, const DawSession& session)
        : lines_(lines), project_(project), session_(session), line_end_(line_end_of(lines)) {}

    Result<std::string> fill() {
        DUBPLATE_CHECK(find_places());
        if (!has_tracks_line_)
            tracks_at_ = last_track_ ? lines_[*last_track_].close + 1 : lines_[project_].close;
        count_tracks_before();
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            if (i == tracks_at_ && !has_tracks_line_)
                put_tracks(last_track_ ? lines_[*last_track_].indent : "  ");
            put(i);
        }
        return std::move(out_);
    }

  private:
    Status find_places() {
        bool has_markers = false;
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            if (is_track(lines_[i]) && is_outermost(i)) last_track_ = i;
            if (may_make_a_block(lines_[i]))
                return line_problem(i, "a placeholder that is not alone begins the line",
                                    "let it stand alone, or put a word before it");
            const auto placeholder = placeholder_alone(lines_[i]);
            if (!placeholder || *placeholder == Placeholder::sample_rate) continue;
            if (!is_outermost(i))
                return line_problem(i, fmt::format("{} stands inside of another block", lines_[i].text),
                                    "put it between the tracks of the project");
            bool& has_it = *placeholder == Placeholder::tracks  ? has_tracks_line_
                           : *placeholder == Placeholder::tempo ? has_tempo_
                                                                : has_markers;
            if (std::exchange(has_it, true))
                return line_problem(i, fmt::format("{} stands there twice", lines_[i].text),
                                    "take one of them out");
            if (*placeholder == Placeholder::tracks) tracks_at_ = i;
        }
        return {};
    }

    bool is_outermost(std::size_t i) const { return lines_[i].depth == lines_[project_].depth + 1; }

    void count_tracks_before() {
        for (std::size_t i = 0; i < tracks_at_; ++i)
            if (is_track(lines_[i]) && is_outermost(i)) ++tracks_before_;
    }

    RppStyle style(std::string_view indent) const { return {std::string(indent), line_end_}; }

    void put_tracks(std::string_view indent) { out_ += reaper_tracks(session_, style(indent)); }

    void put(std::size_t i) {
        const RppLine& line = lines_[i];
        const auto placeholder = placeholder_alone(line);
        if (placeholder == Placeholder::tracks) return put_tracks(line.indent);
        if (placeholder == Placeholder::tempo) {
            out_ += reaper_tempo(session_, style(line.indent));
        } else if (placeholder == Placeholder::markers) {
            out_ += reaper_markers(session_, style(line.indent));
        } else if (placeholder == Placeholder::sample_rate) {
            out_ += reaper_sample_rate(session_, style(line.indent));
        } else if (line.depth == lines_[project_].depth + 2 && rpp_key(line) == "AUXRECV") {
            out_ += with_moved_send(line);
        } else if (line.text.find("{{") != std::string_view::npos) {
            out_ += with_values(line.whole, session_);
        } else {
            out_ += line.whole;
        }
    }

    // AUXRECV and the number of the track that sends, from 0.
    std::string with_moved_send(const RppLine& line) const {
        std::string whole(line.whole);
        const auto words = rpp_words(line);
        const auto number = words.size() > 1 ? parse_integer(words[1]) : std::nullopt;
        if (!number || *number < tracks_before_) return whole;
        const std::size_t at = whole.find(words[1], whole.find("AUXRECV") + 7);
        const auto moved = *number + static_cast<std::int64_t>(count_reaper_tracks(session_));
        return whole.replace(at, words[1].size(), std::to_string(moved));
    }

    const std::vector<RppLine>& lines_;
    std::size_t project_;
    const DawSession& session_;
    std::string line_end_;
    std::optional<std::size_t> last_track_;
    std::size_t tracks_at_ = 0;
    bool has_tracks_line_ = false;
    bool has_tempo_ = false;
    std::int64_t tracks_before_ = 0;
    std::string out_;
};

// The lines that begin outermost blocks. Nothing else may stand beside them but, in a track template, a placeholder.
Result<std::vector<std::size_t>> outermost_blocks(const std::vector<RppLine>& lines) {
    std::vector<std::size_t> blocks;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].depth > 0 || lines[i].kind == RppKind::close || lines[i].text.empty()) continue;
        const bool is_project = rpp_key(lines[i]) == "REAPER_PROJECT" && lines[i].kind == RppKind::open;
        if (!is_project && !is_track(lines[i]) && !placeholder_alone(lines[i]))
            return rpp_error(i,
                             "neither a REAPER project nor a track template: '" +
                                 escape_control(lines[i].text.substr(0, 40)) + "'",
                             "give an .rpp or an .RTrackTemplate");
        if (lines[i].kind == RppKind::open) blocks.push_back(i);
        if (is_project && blocks.size() > 1) return rpp_error(i, "a second project begins");
        if (blocks.size() > 1 && rpp_key(lines[blocks[0]]) == "REAPER_PROJECT")
            return rpp_error(i, "a track stands behind the end of the project");
        if (lines[i].kind == RppKind::field && !blocks.empty() &&
            rpp_key(lines[blocks[0]]) == "REAPER_PROJECT")
            return rpp_error(i, "text stands behind the end of the project");
    }
    if (blocks.empty()) return rpp_error(0, "the template holds neither a project nor a track");
    return blocks;
}

// The text with two more spaces before each line: as it stands inside a project.
std::string wrapped(const std::vector<RppLine>& lines) {
    std::string tracks;
    for (const RppLine& line : lines) {
        std::string_view whole = line.whole;
        if (whole.starts_with("\xEF\xBB\xBF")) whole.remove_prefix(3);
        tracks += line.text.empty() ? "" : "  ";
        tracks += whole;
    }
    if (!tracks.ends_with('\n') && !tracks.ends_with('\r')) tracks += line_end_of(lines);
    return tracks;
}

}  // namespace

Result<std::string> fill_reaper_template(std::string_view text, const DawSession& session) {
    DUBPLATE_TRY(const auto lines, scan_rpp(text));
    DUBPLATE_TRY(const auto blocks, outermost_blocks(lines));
    if (rpp_key(lines[blocks[0]]) == "REAPER_PROJECT") return ProjectFiller(lines, blocks[0], session).fill();

    const RppStyle style{"  ", line_end_of(lines)};
    const bool is_pattern = blocks.size() == 1 && std::ranges::none_of(lines, [](const RppLine& line) {
                                return placeholder_alone(line) == Placeholder::tracks;
                            });
    if (is_pattern)
        return reaper_project(session, reaper_tracks_after(lines, blocks[0], session, style), style);
    const std::string project = reaper_project(session, wrapped(lines), style);
    DUBPLATE_TRY(const auto project_lines, scan_rpp(project));
    return ProjectFiller(project_lines, 0, session).fill();
}

}  // namespace dubplate
