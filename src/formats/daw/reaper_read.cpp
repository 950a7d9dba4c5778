#include "formats/daw/reaper_read.h"

#include "core/text.h"
#include "formats/daw/reaper_notes.h"
#include "formats/daw/rpp_text.h"
#include "tags/base64.h"
#include "tags/bytes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace dubplate {

namespace {

constexpr double max_seconds = 1e8;  // three years
constexpr std::int64_t max_sample_rate_hz = 1'000'000;
constexpr double decibel_digits =
    1e6;  // a gain was written linear: more digits would be those of the rounding
constexpr std::int64_t custom_color = 0x1000000;

using Lines = std::span<const RppLine>;

// A line of the project with its words.
struct Field {
    std::size_t index = 0;
    std::vector<std::string> words;

    // -1 and the like stand where nothing stands.
    Result<double> number(std::size_t place, double low, double high) const {
        const auto value = place < words.size() ? parse_number(words[place]) : std::nullopt;
        if (value && *value >= low && *value <= high) return *value;
        return rpp_error(
            index,
            fmt::format("{} has '{}' where a number from {} to {} stands", words[0],
                        place < words.size() ? escape_control(words[place].substr(0, 40)) : "", low, high));
    }
    Result<std::int64_t> integer(std::size_t place, std::int64_t low, std::int64_t high) const {
        DUBPLATE_TRY(const double value, number(place, static_cast<double>(low), static_cast<double>(high)));
        return static_cast<std::int64_t>(value);
    }
    std::string text(std::size_t place) const { return place < words.size() ? words[place] : ""; }
};

class ProjectReader {
  public:
    explicit ProjectReader(Lines lines) : lines_(lines) {}

    Result<DawSession> read() {
        DUBPLATE_TRY(const std::size_t project, find_project());
        // The rate first: positions are counted in frames at it.
        DUBPLATE_CHECK(each_field(project, [&](const Field& field) { return read_rate(field); }));
        DUBPLATE_CHECK(each_field(project, [&](const Field& field) { return read_project_field(field); }));
        DUBPLATE_CHECK(each_block(project, [&](std::size_t block) { return read_block(block); }));
        auto tempo = TempoMap::make(std::move(tempos_), std::move(signatures_));
        if (!tempo) return std::move(tempo).error().in_context("the tempo of the project");
        session_.tempo = *std::move(tempo);
        set_channels();
        return std::move(session_);
    }

  private:
    Result<std::size_t> find_project() const {
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            if (lines_[i].text.empty()) continue;
            if (lines_[i].kind == RppKind::open && rpp_key(lines_[i]) == "REAPER_PROJECT") return i;
            return rpp_error(i, "a REAPER project begins with <REAPER_PROJECT");
        }
        return rpp_error(0, "the project is empty");
    }

    // The lines of a block that belong to no block inside it.
    template <class Do>
    Status each_field(std::size_t block, Do what) const {
        for (std::size_t i = block + 1; i < lines_[block].close; ++i) {
            if (lines_[i].kind == RppKind::open) {
                i = lines_[i].close;
            } else if (!lines_[i].text.empty()) {
                DUBPLATE_CHECK(what(Field{i, rpp_words(lines_[i])}));
            }
        }
        return {};
    }
    template <class Do>
    Status each_block(std::size_t block, Do what) const {
        for (std::size_t i = block + 1; i < lines_[block].close; ++i) {
            if (lines_[i].kind != RppKind::open) continue;
            DUBPLATE_CHECK(what(i));
            i = lines_[i].close;
        }
        return {};
    }

    Result<std::int64_t> frame_of(const Field& field, std::size_t place) const {
        DUBPLATE_TRY(const double seconds, field.number(place, 0, max_seconds));
        return std::llround(seconds * session_.sample_rate_hz);
    }

    Status read_rate(const Field& field) {
        if (field.words[0] != "SAMPLERATE") return {};
        DUBPLATE_TRY(const std::int64_t rate, field.integer(1, 1, max_sample_rate_hz));
        session_.sample_rate_hz = static_cast<int>(rate);
        return {};
    }

    Status read_project_field(const Field& field) {
        if (field.words[0] == "TEMPO") return read_tempo(field);
        if (field.words[0] == "MARKER") return read_marker(field);
        if (field.words[0] == "TITLE" && session_.name.empty()) session_.name = field.text(1);
        return {};
    }

    Status read_tempo(const Field& field) {
        DUBPLATE_TRY(const double bpm, field.number(1, slowest_bpm, fastest_bpm));
        tempos_.push_back({0, bpm});
        if (field.words.size() < 4) return {};
        DUBPLATE_TRY(const std::int64_t numerator, field.integer(2, 1, 99));
        DUBPLATE_TRY(const std::int64_t denominator, field.integer(3, 1, 64));
        signatures_.push_back({0, {static_cast<int>(numerator), static_cast<int>(denominator)}});
        return {};
    }

    // A region is two lines with one number; the second has its end.
    Status read_marker(const Field& field) {
        DUBPLATE_TRY(const std::int64_t number, field.integer(1, -1'000'000'000, 1'000'000'000));
        DUBPLATE_TRY(const std::int64_t frame, frame_of(field, 2));
        const bool is_region =
            field.words.size() > 4 && field.words[4] != "0" && (field.words[4].back() - '0') % 2 != 0;
        const auto open = open_regions_.find(number);
        if (is_region && open != open_regions_.end()) {
            Marker& region = session_.markers[open->second];
            region.length_frames = std::max<std::int64_t>(frame - region.frame, 0);
            open_regions_.erase(open);
            return {};
        }
        if (is_region) open_regions_[number] = session_.markers.size();
        session_.markers.push_back({frame, 0, field.text(3)});
        return {};
    }

    Status read_block(std::size_t block) {
        const std::string_view key = rpp_key(lines_[block]);
        if (key == "TRACK") return read_track(block);
        if (key == "TEMPOENVEX") return each_field(block, [&](const Field& f) { return read_point(f); });
        if (key == "RENDER_CFG") return each_field(block, [&](const Field& f) { return read_render(f); });
        if (key == "NOTES") session_.metadata = tags_of_reaper_notes(inside(block));
        if (key == "EXTSTATE")
            return each_block(block, [&](std::size_t b) {
                return rpp_key(lines_[b]) == "DUBPLATE"
                           ? each_field(b, [&](const Field& f) { return read_state(f); })
                           : Status{};
            });
        return {};
    }

    Lines inside(std::size_t block) const {
        return lines_.subspan(block + 1, lines_[block].close - block - 1);
    }

    // PT seconds bpm shape [signature], in order.
    Status read_point(const Field& field) {
        if (field.words[0] != "PT") return {};
        DUBPLATE_TRY(const double seconds, field.number(1, 0, max_seconds));
        DUBPLATE_TRY(const double bpm, field.number(2, slowest_bpm, fastest_bpm));
        const double since = std::max(seconds - point_seconds_, 0.0);
        const double last_bpm = tempos_.empty() ? TempoChange{}.bpm : tempos_.back().bpm;
        const std::int64_t ticks = std::llround(since * last_bpm / 60 * ticks_per_quarter);
        point_tick_ += ticks;
        point_seconds_ += static_cast<double>(ticks) / ticks_per_quarter * 60 / last_bpm;
        tempos_.push_back({point_tick_, bpm});
        if (field.words.size() < 5) return {};
        DUBPLATE_TRY(const std::int64_t packed, field.integer(4, 0, 0x7FFF'FFFF));
        if (packed > 0)
            signatures_.push_back(
                {point_tick_, {static_cast<int>(packed & 0xFFFF), static_cast<int>(packed >> 16)}});
        return {};
    }

    Status read_render(const Field& field) {
        const auto bytes = decode_base64(field.words[0]);
        if (bytes && has_text(*bytes, 0, "evaw") && bytes->size() > 4)
            session_.bit_depth = static_cast<int>(u8(*bytes, 4));
        return {};
    }

    Status read_state(const Field& field) {
        if (field.words[0] == "NAME") session_.name = field.text(1);
        if (field.words[0] != "CHANNELS") return {};
        const std::string list = field.text(1);
        for (const std::string_view number : split(list, ' '))
            if (const auto channels = parse_integer(number); channels && *channels >= 0 && *channels <= 1024)
                channels_.push_back(static_cast<int>(*channels));
        return {};
    }

    Status read_track(std::size_t block) {
        DawTrack track;
        std::int64_t folder = 0;
        DUBPLATE_CHECK(each_field(block, [&](const Field& f) { return read_track_field(f, track, folder); }));
        bool has_item = false;
        DUBPLATE_CHECK(each_block(block, [&](std::size_t b) {
            if (rpp_key(lines_[b]) != "ITEM" || has_item) return Status{};
            has_item = true;
            return read_item(b, track);
        }));
        const std::string name = track.name;
        if (!groups_.empty()) track.group = groups_.back();
        if (folder <= 0 || has_item) session_.tracks.push_back(std::move(track));
        if (folder > 0) groups_.push_back(name);
        for (; folder < 0 && !groups_.empty(); ++folder) groups_.pop_back();
        return {};
    }

    static Status read_track_field(const Field& field, DawTrack& track, std::int64_t& folder) {
        const std::string& key = field.words[0];
        if (key == "NAME") track.name = field.text(1);
        if (key == "PEAKCOL") {
            DUBPLATE_TRY(const std::int64_t color, field.integer(1, -0x8000'0000LL, 0xFFFF'FFFFLL));
            const auto part = [&](int shift) { return static_cast<std::uint8_t>(color >> shift & 0xFF); };
            if ((color & custom_color) != 0) track.color = DawColor{part(0), part(8), part(16)};
        }
        if (key == "VOLPAN") {
            DUBPLATE_TRY(const double gain, field.number(1, 0, 1e6));
            DUBPLATE_TRY(track.pan, field.number(2, -1, 1));
            track.gain_db = std::round(20 * std::log10(gain) * decibel_digits) / decibel_digits;
        }
        if (key == "MUTESOLO") {
            track.mute = field.text(1) != "0";
            track.solo = field.words.size() > 2 && field.words[2] != "0";
        }
        if (key == "ISBUS") {
            DUBPLATE_TRY(folder, field.integer(2, -max_rpp_depth, 1));
        }
        return {};
    }

    Status read_item(std::size_t block, DawTrack& track) {
        DUBPLATE_CHECK(each_field(block, [&](const Field& field) -> Status {
            if (field.words[0] == "POSITION") {
                DUBPLATE_TRY(track.begin_frame, frame_of(field, 1));
            }
            if (field.words[0] == "LENGTH") {
                DUBPLATE_TRY(track.frames, frame_of(field, 1));
            }
            return {};
        }));
        return each_block(block, [&](std::size_t b) {
            if (rpp_key(lines_[b]) != "SOURCE") return Status{};
            const std::string kind = Field{b, rpp_words(lines_[b])}.text(1);
            return each_field(b, [&](const Field& field) {
                if (field.words[0] != "FILE") return Status{};
                track.file = field.text(1);
                track.format = format_of(kind, track.file);
                return Status{};
            });
        });
    }

    static std::string format_of(std::string_view kind, std::string_view file) {
        const std::string name = to_lower_ascii(file);
        if (kind == "WAVE" && (name.ends_with(".aif") || name.ends_with(".aiff"))) return "aiff";
        return kind == "WAVE" ? "wav" : to_lower_ascii(kind);
    }

    // Only where nobody has added or removed a track since.
    void set_channels() {
        if (channels_.size() != session_.tracks.size()) return;
        for (std::size_t i = 0; i < channels_.size(); ++i) session_.tracks[i].channels = channels_[i];
    }

    Lines lines_;
    DawSession session_;
    std::vector<TempoChange> tempos_;
    std::vector<TimeSignatureChange> signatures_;
    std::int64_t point_tick_ = 0;
    double point_seconds_ = 0;
    std::map<std::int64_t, std::size_t> open_regions_;
    std::vector<std::string> groups_;
    std::vector<int> channels_;
};

}  // namespace

Result<DawSession> parse_reaper(std::string_view text) {
    DUBPLATE_TRY(const auto lines, scan_rpp(text));
    return ProjectReader(lines).read();
}

}  // namespace dubplate
