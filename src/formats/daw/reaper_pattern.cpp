#include "formats/daw/reaper_pattern.h"
#include "core/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace dubplate {

namespace {

constexpr std::size_t guid_length = 38;  // "{8-4-4-4-12}"

bool is_guid(std::string_view text) {
    if (text.size() != guid_length || text.front() != '{' || text.back() != '}') return false;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        const bool dash = i == 9 || i == 14 || i == 19 || i == 24;
        const bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'A' && text[i] <= 'F') ||
                         (text[i] >= 'a' && text[i] <= 'f');
        if (dash ? text[i] != '-' : !hex) return false;
    }
    return true;
}

// One track's copy of the pattern.
class Copy {
  public:
    Copy(std::span<const RppLine> lines, std::size_t block, const DawSession& session, std::size_t place,
         const RppStyle& style)
        : lines_(lines), block_(block), session_(session), place_(place), out_(style) {}

    std::string make() {
        out_.open("TRACK " + track_guid(session_, place_));
        put_missing_fields();
        for (std::size_t i = block_ + 1; i < lines_[block_].close; ++i) {
            const std::string_view key = rpp_key(lines_[i]);
            if (lines_[i].kind == RppKind::open && key == "ITEM") {
                i = lines_[i].close;
            } else if (lines_[i].depth > lines_[block_].depth + 1 || lines_[i].kind != RppKind::field) {
                put_kept(lines_[i]);
            } else if (key != "AUXRECV") {
                put_field(lines_[i], key);
            }
        }
        out_.text(reaper_item(session_, place_, out_.style()));
        out_.close();
        return out_.take();
    }

  private:
    const DawTrack& track() const { return session_.tracks[place_]; }

    // What the pattern does not say, each track does.
    void put_missing_fields() {
        std::set<std::string_view> said;
        for (std::size_t i = block_ + 1; i < lines_[block_].close; ++i)
            if (lines_[i].depth == lines_[block_].depth + 1) said.insert(rpp_key(lines_[i]));
        for (const char* key : {"NAME", "PEAKCOL", "VOLPAN", "MUTESOLO", "ISBUS", "TRACKID"})
            if (!said.contains(key)) put_field(RppLine{}, key);
    }

    void put_field(const RppLine& line, std::string_view key) {
        if (key == "NAME") return out_.line("NAME " + quote_rpp(track().name));
        if (key == "PEAKCOL" && (track().color || line.text.empty()))
            return out_.line("PEAKCOL " + reaper_peak_color(track()));
        if (key == "VOLPAN") return put_level(line);
        if (key == "MUTESOLO") return out_.line("MUTESOLO " + reaper_mute_solo(track()));
        if (key == "ISBUS") return out_.line("ISBUS " + reaper_folder_state(session_, place_));
        if (key == "TRACKID") return out_.line("TRACKID " + track_guid(session_, place_));
        put_kept(line);
    }

    // Pan law and width are the pattern's.
    void put_level(const RppLine& line) {
        std::string rest;
        const auto words = rpp_words(line);
        for (std::size_t i = 3; i < words.size(); ++i) rest += " " + words[i];
        out_.line(fmt::format("VOLPAN {} {}{}", rpp_number(db_to_gain(track().gain_db)),
                              rpp_number(track().pan), rest.empty() ? " -1 -1 1" : rest));
    }

    // As it stands in the pattern, but for identifiers, which REAPER wants to be different.
    void put_kept(const RppLine& line) {
        std::string text(line.text);
        for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
            const std::string guid = text.substr(at, guid_length);
            if (is_guid(guid)) text.replace(at, guid_length, reaper_guid(fmt::format("{}/{}", guid, place_)));
        }
        const std::size_t inner = static_cast<std::size_t>(line.depth - lines_[block_].depth - 1);
        out_.line(std::string(2 * inner, ' ') + text);
    }

    std::span<const RppLine> lines_;
    std::size_t block_;
    const DawSession& session_;
    std::size_t place_;
    RppLines out_;
};

}  // namespace

std::string reaper_tracks_after(std::span<const RppLine> lines, std::size_t block, const DawSession& session,
                                const RppStyle& style) {
    std::string tracks;
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        if (begins_group(session, i)) tracks += reaper_folder(session, i, style);
        tracks += Copy(lines, block, session, i, style).make();
    }
    return tracks;
}

}  // namespace dubplate
