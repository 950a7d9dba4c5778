#include "formats/midi/midi_file.h"

#include "tags/bytes.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace dubplate {

namespace {

constexpr std::int64_t ticks_per_written_tick = ticks_per_quarter / written_division;
constexpr std::int64_t max_gap = max_midi_gap_ticks / ticks_per_written_tick;
constexpr std::size_t max_tracks = 0xFFFF;

// In which order events of one tick stand. A note ends before the next begins, one without length after it began.
enum class Rank { name, text, signature, key, tempo, marker, note_off, program, note_on, late_note_off };

struct Event {
    std::int64_t tick = 0;  // of the written division
    Rank rank = Rank::name;
    Bytes bytes;  // without the time
};

void put_number(TagWriter& out, std::uint32_t value) {
    for (int shift = 21; shift > 0; shift -= 7)
        if ((value >> shift) != 0) out.u8(((value >> shift) & 0x7F) | 0x80);
    out.u8(value & 0x7F);
}

Bytes meta(std::uint32_t type, ByteView data) {
    TagWriter out;
    out.u8(0xFF);
    out.u8(type);
    put_number(out, static_cast<std::uint32_t>(data.size()));
    out.bytes(data);
    return out.take();
}

Bytes meta(std::uint32_t type, std::initializer_list<int> values) {
    TagWriter data;
    for (const int value : values) data.u8(static_cast<std::uint32_t>(value));
    return meta(type, data.take());
}

Bytes channel_message(int kind, int channel, std::initializer_list<int> values) {
    TagWriter out;
    out.u8(static_cast<std::uint32_t>(kind | channel));
    for (const int value : values) out.u8(static_cast<std::uint32_t>(value));
    return out.take();
}

std::uint32_t type_of(MidiTextKind kind) {
    switch (kind) {
        case MidiTextKind::text:
            return 0x01;
        case MidiTextKind::copyright:
            return 0x02;
        case MidiTextKind::lyric:
            return 0x05;
        case MidiTextKind::marker:
            return 0x06;
        case MidiTextKind::cue:
            return 0x07;
    }
    DUBPLATE_ASSERT(false);
    return 0;
}

bool within(int value, int low, int high) {
    return value >= low && value <= high;
}

Status check(const MidiNote& note) {
    if (within(note.channel, 0, 15) && within(note.key, 0, 127) && within(note.velocity, 1, 127) &&
        note.length_ticks >= 0)
        return {};
    return fail(ErrorCode::invalid_argument, fmt::format("a note on channel {} with key {} and velocity {}",
                                                         note.channel, note.key, note.velocity));
}

Status check(const MidiProgram& program) {
    if (within(program.channel, 0, 15) && within(program.program, 0, 127)) return {};
    return fail(ErrorCode::invalid_argument,
                fmt::format("the program {} on channel {}", program.program, program.channel));
}

class TrackWriter {
  public:
    void add(std::int64_t tick, Rank rank, Bytes bytes) {
        events_.push_back({written(tick), rank, std::move(bytes)});
    }

    Status add_piece(const MidiFile& file) {
        for (const auto& [tick, signature] : file.signatures)
            add(tick, Rank::signature,
                meta(0x58,
                     {signature.numerator, std::countr_zero(static_cast<unsigned>(signature.denominator)),
                      96 / signature.denominator > 0 ? 96 / signature.denominator : 1, 8}));
        for (const MidiKeySignature& key : file.keys) {
            if (!within(key.sharps, -7, 7))
                return fail(ErrorCode::invalid_argument, fmt::format("a key of {} sharps", key.sharps));
            add(key.tick, Rank::key, meta(0x59, {key.sharps & 0xFF, key.minor ? 1 : 0}));
        }
        for (const auto& [tick, microseconds] : file.tempos) {
            if (!within(microseconds, 1, max_tempo_microseconds))
                return fail(ErrorCode::invalid_argument,
                            fmt::format("a tempo of {} us for each quarter note", microseconds));
            add(tick, Rank::tempo,
                meta(0x51, {microseconds >> 16, (microseconds >> 8) & 0xFF, microseconds & 0xFF}));
        }
        return {};
    }

    Status add_track(const MidiTrack& track) {
        add_name(0x03, track.name);
        add_name(0x04, track.instrument);
        add_name(0x08, track.program_name);
        for (const MidiText& text : track.texts) {
            const bool is_marker = text.kind == MidiTextKind::marker || text.kind == MidiTextKind::cue;
            add(text.tick, is_marker ? Rank::marker : Rank::text,
                meta(type_of(text.kind), as_bytes_view(text.text)));
        }
        for (const MidiProgram& program : track.programs) {
            DUBPLATE_CHECK(check(program));
            add(program.tick, Rank::program, channel_message(0xC0, program.channel, {program.program}));
        }
        for (const MidiNote& note : track.notes) {
            DUBPLATE_CHECK(check(note));
            const std::int64_t end = note.tick + note.length_ticks;
            const Rank off = written(end) == written(note.tick) ? Rank::late_note_off : Rank::note_off;
            add(note.tick, Rank::note_on, channel_message(0x90, note.channel, {note.key, note.velocity}));
            add(end, off, channel_message(0x80, note.channel, {note.key, 64}));
        }
        end_tick_ = written(track.end_tick);
        return {};
    }

    Status finish(TagWriter& out) {
        std::ranges::stable_sort(events_, [](const Event& a, const Event& b) {
            return a.tick != b.tick ? a.tick < b.tick : a.rank < b.rank;
        });
        const std::int64_t last = events_.empty() ? 0 : events_.back().tick;
        events_.push_back({std::max(last, end_tick_), Rank::late_note_off, meta(0x2F, {})});
        TagWriter body;
        std::int64_t tick = 0;
        for (const Event& event : events_) {
            if (event.tick < 0 || event.tick - tick > max_gap)
                return fail(
                    ErrorCode::limit_exceeded,
                    fmt::format("a MIDI file has no place for tick {} after tick {}", event.tick, tick));
            put_number(body, static_cast<std::uint32_t>(event.tick - tick));
            body.bytes(event.bytes);
            tick = event.tick;
        }
        out.text("MTrk");
        out.be32(static_cast<std::uint32_t>(body.size()));
        out.bytes(body.take());
        return {};
    }

  private:
    static std::int64_t written(std::int64_t tick) {
        return (tick + (tick < 0 ? -1 : 1) * ticks_per_written_tick / 2) / ticks_per_written_tick;
    }
    void add_name(std::uint32_t type, const std::string& name) {
        if (!name.empty()) add(0, Rank::name, meta(type, as_bytes_view(name)));
    }

    std::vector<Event> events_;
    std::int64_t end_tick_ = 0;
};

}  // namespace

Result<Bytes> render_midi(const MidiFile& file) {
    const std::size_t count = std::max<std::size_t>(file.tracks.size(), 1);
    if (count > max_tracks)
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("{} tracks; a MIDI file has at most {}", count, max_tracks));
    TagWriter out;
    out.text("MThd");
    out.be32(6);
    for (const std::uint32_t value :
         {1U, static_cast<std::uint32_t>(count), std::uint32_t{written_division}}) {
        out.u8(value >> 8);
        out.u8(value);
    }
    for (std::size_t i = 0; i < count; ++i) {
        TrackWriter track;
        if (i == 0) DUBPLATE_CHECK(track.add_piece(file));
        if (i < file.tracks.size()) DUBPLATE_CHECK(track.add_track(file.tracks[i]));
        DUBPLATE_CHECK(track.finish(out));
    }
    return out.take();
}

}  // namespace dubplate
