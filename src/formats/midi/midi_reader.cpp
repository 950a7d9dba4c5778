#include "formats/midi/midi_file.h"

#include "core/text.h"
#include "tags/bytes.h"
#include "tags/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace dubplate {

namespace {

constexpr std::int64_t max_file_ticks = std::int64_t{1} << 36;
constexpr std::size_t max_warnings = 50;
constexpr std::size_t chunk_header_bytes = 8;
constexpr int house_ticks_per_second = 2 * ticks_per_quarter;  // at 120 bpm

// From the file's ticks to the house's.
struct Scale {
    std::int64_t multiplier = 1;
    std::int64_t divisor = 1;
    std::int64_t of(std::int64_t tick) const { return (tick * multiplier * 2 + divisor) / (divisor * 2); }
};

// "29" stands for 30000/1001 frames a second.
Result<Scale> scale_of_frames(int frames_per_second, int ticks_per_frame) {
    constexpr std::array known{24, 25, 29, 30};
    if (ticks_per_frame == 0 || std::ranges::find(known, frames_per_second) == known.end())
        return fail(ErrorCode::corrupt, fmt::format("a division of {} frames a second with {} ticks each",
                                                    frames_per_second, ticks_per_frame));
    if (frames_per_second == 29)
        return Scale{std::int64_t{house_ticks_per_second} * 1001, std::int64_t{30'000} * ticks_per_frame};
    return Scale{house_ticks_per_second, std::int64_t{frames_per_second} * ticks_per_frame};
}

class Warnings {
  public:
    explicit Warnings(std::vector<std::string>& list) : list_(list) {}
    void add(std::string text) {
        if (list_.size() < max_warnings) list_.push_back(std::move(text));
    }

  private:
    std::vector<std::string>& list_;
};

std::string text_of(ByteView data) {
    return clean_text(utf8_or_latin1(as_text(data.first(std::min(data.size(), max_tag_value_bytes)))));
}

std::string line_of(ByteView data) {
    std::string line = text_of(data);
    std::ranges::replace(line, '\n', ' ');
    std::ranges::replace(line, '\t', ' ');
    return line;
}

// One MTrk chunk. Damage ends it with a warning.
class TrackReader {
  public:
    TrackReader(ByteView data, std::size_t place, Scale scale, MidiFile& file, Warnings& warnings)
        : data_(data), place_(place), scale_(scale), file_(file), warnings_(warnings) {}

    Status read(std::size_t& events) {
        while (!ended_ && at_ < data_.size()) {
            if (++events > max_midi_events)
                return fail(ErrorCode::limit_exceeded,
                            fmt::format("the MIDI file holds more than {} events", max_midi_events));
            event_at_ = at_;
            if (!read_event()) {
                warn(fmt::format("{}; what follows in the track is left out", fault_));
                break;
            }
        }
        track_.end_tick = now();
        end_open_notes();
        std::ranges::stable_sort(track_.notes, {}, &MidiNote::tick);
        file_.tracks.push_back(std::move(track_));
        return {};
    }

  private:
    std::int64_t now() const { return scale_.of(ticks_); }

    void warn(std::string_view what) {
        warnings_.add(
            fmt::format("track {}, byte {}: {}", file_.tracks.size() + 1, place_ + event_at_, what));
    }
    bool damaged(std::string_view fault) {
        fault_ = fault;
        return false;
    }

    // Seven bits a byte, at most four of them.
    std::optional<std::uint32_t> take_number() {
        std::uint32_t value = 0;
        for (int i = 0; i < 4 && at_ < data_.size(); ++i) {
            const std::uint32_t byte = u8(data_, at_++);
            value = (value << 7) | (byte & 0x7F);
            if ((byte & 0x80) == 0) return value;
        }
        return std::nullopt;
    }

    bool read_event() {
        const auto delta = take_number();
        if (!delta || at_ == data_.size()) return damaged("an event is cut off");
        if (ticks_ + *delta > max_file_ticks) return damaged("a position is further on than any music");
        ticks_ += *delta;
        std::uint32_t status = u8(data_, at_);
        if (status >= 0x80) {
            ++at_;
        } else if (running_status_ != 0) {
            status = running_status_;
        } else {
            return damaged("data stand where an event must begin");
        }
        if (status == 0xFF) return read_meta();
        if (status == 0xF0 || status == 0xF7) return skip_system();
        if (status > 0xF0) return damaged(fmt::format("the status {:02X} has no place in a file", status));
        running_status_ = status;
        return read_channel(status);
    }

    std::optional<ByteView> take_block() {
        const auto length = take_number();
        if (!length || *length > data_.size() - at_) return std::nullopt;
        const ByteView block = data_.subspan(at_, *length);
        at_ += *length;
        return block;
    }

    bool skip_system() { return take_block() ? true : damaged("a system message is cut off"); }

    bool read_channel(std::uint32_t status) {
        const std::uint32_t kind = status & 0xF0;
        const std::size_t count = kind == 0xC0 || kind == 0xD0 ? 1 : 2;
        if (data_.size() - at_ < count) return damaged("an event is cut off");
        std::array<int, 2> values{};
        for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<int>(u8(data_, at_ + i));
        if (values[0] > 127 || values[1] > 127) return damaged("an event lacks data");
        at_ += count;
        const int channel = static_cast<int>(status & 0x0F);
        if (kind == 0x90 && values[1] > 0) begin_note(channel, values[0], values[1]);
        if (kind == 0x80 || (kind == 0x90 && values[1] == 0)) end_note(channel, values[0]);
        if (kind == 0xC0) track_.programs.push_back({now(), channel, values[0]});
        return true;
    }

    // Of several that sound on one key, the first to begin is the first to end.
    std::vector<std::size_t>& open_notes(int channel, int key) {
        return open_[static_cast<std::size_t>(channel * 128 + key)];
    }
    void begin_note(int channel, int key, int velocity) {
        open_notes(channel, key).push_back(track_.notes.size());
        track_.notes.push_back({now(), 0, channel, key, velocity});
    }
    void end_note(int channel, int key) {
        auto& open = open_notes(channel, key);
        std::size_t& ended = ended_notes_[static_cast<std::size_t>(channel * 128 + key)];
        if (ended == open.size()) return;
        MidiNote& note = track_.notes[open[ended++]];
        note.length_ticks = now() - note.tick;
    }
    void end_open_notes() {
        std::size_t left = 0;
        for (std::size_t i = 0; i < open_.size(); ++i) {
            for (std::size_t n = ended_notes_[i]; n < open_[i].size(); ++n, ++left) {
                MidiNote& note = track_.notes[open_[i][n]];
                note.length_ticks = track_.end_tick - note.tick;
            }
        }
        event_at_ = at_;
        if (left > 0) warn(fmt::format("{} notes do not end; they end with the track", left));
    }

    bool read_meta() {
        if (at_ == data_.size()) return damaged("an event is cut off");
        const std::uint32_t type = u8(data_, at_++);
        const auto block = take_block();
        if (!block) return damaged("a meta event is cut off");
        switch (type) {
            case 0x01:
                add_text(MidiTextKind::text, *block);
                break;
            case 0x02:
                add_text(MidiTextKind::copyright, *block);
                break;
            case 0x03:
                set_name(track_.name, *block);
                break;
            case 0x04:
                set_name(track_.instrument, *block);
                break;
            case 0x05:
                add_text(MidiTextKind::lyric, *block);
                break;
            case 0x06:
                add_text(MidiTextKind::marker, *block);
                break;
            case 0x07:
                add_text(MidiTextKind::cue, *block);
                break;
            case 0x08:
                set_name(track_.program_name, *block);
                break;
            case 0x2F:
                ended_ = true;
                break;
            case 0x51:
                read_tempo(*block);
                break;
            case 0x58:
                read_signature(*block);
                break;
            case 0x59:
                read_key(*block);
                break;
            default:
                break;
        }
        return true;
    }

    void add_text(MidiTextKind kind, ByteView data) {
        const bool is_name = kind == MidiTextKind::marker || kind == MidiTextKind::cue;
        track_.texts.push_back({now(), kind, is_name ? line_of(data) : text_of(data)});
    }
    static void set_name(std::string& name, ByteView data) {
        if (name.empty()) name = line_of(data);
    }

    void read_tempo(ByteView data) {
        if (file_.division == 0) return warn("a tempo has no meaning in a file that counts in frames");
        const int microseconds = data.size() == 3 ? static_cast<int>(be24(data, 0)) : 0;
        if (microseconds == 0) return warn("a tempo makes no sense and is left out");
        if (60e6 / microseconds > fastest_bpm)
            warn(fmt::format("a tempo of {:.0f} bpm is held at {}", 60e6 / microseconds, fastest_bpm));
        file_.tempos.push_back({now(), microseconds});
    }

    void read_signature(ByteView data) {
        const int numerator = data.size() >= 2 ? static_cast<int>(u8(data, 0)) : 0;
        if (numerator < 1 || numerator > 99 || u8(data, 1) > 6)
            return warn("a time signature makes no sense and is left out");
        file_.signatures.push_back({now(), {numerator, 1 << u8(data, 1)}});
    }

    void read_key(ByteView data) {
        const int sharps = data.size() >= 2 ? static_cast<std::int8_t>(u8(data, 0)) : -128;
        if (sharps < -7 || sharps > 7 || u8(data, 1) > 1)
            return warn("a key signature makes no sense and is left out");
        file_.keys.push_back({now(), sharps, u8(data, 1) == 1});
    }

    ByteView data_;
    std::size_t place_;  // of data_ in the file
    Scale scale_;
    MidiFile& file_;
    Warnings& warnings_;
    MidiTrack track_;
    std::size_t at_ = 0;
    std::size_t event_at_ = 0;
    std::int64_t ticks_ = 0;
    std::uint32_t running_status_ = 0;
    bool ended_ = false;
    std::string fault_;
    std::vector<std::vector<std::size_t>> open_ = std::vector<std::vector<std::size_t>>(16 * 128);
    std::vector<std::size_t> ended_notes_ = std::vector<std::size_t>(16 * 128);
};

class FileReader {
  public:
    explicit FileReader(ByteView data) : data_(data), warnings_(file_.warnings) {}

    Result<MidiFile> read() {
        unwrap_riff();
        DUBPLATE_CHECK(read_header());
        while (data_.size() - at_ >= chunk_header_bytes && !stray_) DUBPLATE_CHECK(read_chunk());
        if (at_ < data_.size()) warnings_.add(fmt::format("byte {}: data that belong to no track", at_));
        if (file_.tracks.empty()) return fail(ErrorCode::corrupt, "the MIDI file holds no track");
        if (file_.tracks.size() != announced_tracks_)
            warnings_.add(fmt::format("the header announces {} tracks, and there are {}", announced_tracks_,
                                      file_.tracks.size()));
        std::ranges::stable_sort(file_.tempos, {}, &MidiTempo::tick);
        std::ranges::stable_sort(file_.signatures, {}, &TimeSignatureChange::tick);
        std::ranges::stable_sort(file_.keys, {}, &MidiKeySignature::tick);
        return std::move(file_);
    }

  private:
    // RMID: the file is the chunk "data" of a RIFF. Places in warnings stay those of the whole.
    void unwrap_riff() {
        if (has_text(data_, 0, "RIFF") && has_text(data_, 8, "RMIDdata") && data_.size() >= 20) {
            data_ = data_.first(20 + std::min<std::size_t>(le32(data_, 16), data_.size() - 20));
            at_ = 20;
        }
    }

    Status read_header() {
        if (!has_text(data_, at_, "MThd") || data_.size() - at_ < chunk_header_bytes + 6)
            return fail(ErrorCode::corrupt,
                        "not a Standard MIDI file: it does not begin with a whole MThd chunk");
        const std::size_t length = be32(data_, at_ + 4);
        const std::size_t body = at_ + chunk_header_bytes;
        if (length < 6 || length > data_.size() - body)
            return fail(ErrorCode::corrupt, fmt::format("the MIDI header has {} bytes, it has 6", length));
        file_.format = static_cast<int>(be16(data_, body));
        if (file_.format > 1)
            return fail(
                ErrorCode::unsupported,
                fmt::format("a MIDI file of format {}, whose tracks are pieces of their own", file_.format),
                "save it as format 0 or 1");
        announced_tracks_ = be16(data_, body + 2);
        at_ = body + length;
        return read_division(be16(data_, body + 4));
    }

    Status read_division(std::uint32_t division) {
        if ((division & 0x8000) != 0) {
            file_.division = 0;
            const int frames = 256 - static_cast<int>(division >> 8);
            DUBPLATE_TRY(scale_, scale_of_frames(frames, static_cast<int>(division & 0xFF)));
            return {};
        }
        if (division == 0)
            return fail(ErrorCode::corrupt, "the MIDI header tells 0 ticks to the quarter note");
        file_.division = static_cast<int>(division);
        scale_ = {ticks_per_quarter, file_.division};
        return {};
    }

    Status read_chunk() {
        const ByteView name = data_.subspan(at_, 4);
        const bool is_name = std::ranges::all_of(name, [](std::byte b) {
            return std::to_integer<int>(b) >= 0x20 && std::to_integer<int>(b) < 0x7F;
        });
        if (!is_name) {
            stray_ = true;
            return {};
        }
        const std::size_t announced = be32(data_, at_ + 4);
        const std::size_t body = at_ + chunk_header_bytes;
        const std::size_t length = std::min(announced, data_.size() - body);
        if (length < announced)
            warnings_.add(
                fmt::format("byte {}: a chunk of {} bytes is cut off after {}", at_, announced, length));
        const bool is_track = has_text(data_, at_, "MTrk");
        at_ = body + length;
        return is_track ? read_track(data_.subspan(body, length), body) : Status{};
    }

    Status read_track(ByteView data, std::size_t place) {
        if (file_.tracks.size() == max_midi_tracks)
            return fail(ErrorCode::limit_exceeded,
                        fmt::format("the MIDI file has more than {} tracks", max_midi_tracks));
        return TrackReader(data, place, scale_, file_, warnings_).read(events_);
    }

    ByteView data_;
    MidiFile file_;
    Warnings warnings_;
    Scale scale_;
    std::size_t at_ = 0;
    std::size_t announced_tracks_ = 0;
    std::size_t events_ = 0;
    bool stray_ = false;
};

}  // namespace

Result<MidiFile> parse_midi(std::span<const std::byte> data) {
    if (data.size() > max_midi_bytes)
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("the MIDI file has {}; at most {} are read", format_bytes(data.size()),
                                format_bytes(max_midi_bytes)));
    return FileReader(data).read();
}

Result<MidiFile> read_midi(const ByteSource& source) {
    DUBPLATE_TRY(const Bytes data, read_all(source, max_midi_bytes));
    auto file = parse_midi(data);
    if (!file) return std::move(file).error().in_context(source.name());
    return file;
}

}  // namespace dubplate
