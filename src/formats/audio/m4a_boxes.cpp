#include "formats/audio/m4a_boxes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "formats/audio/chunks.h"

namespace dubplate {

namespace {

constexpr std::size_t max_box_bytes = 1 << 24;  // of a box that is read into memory: two million stts entries
constexpr std::int64_t max_length = std::int64_t{1} << 48;
constexpr std::size_t max_edits = 64;

struct Box {
    std::string type;
    std::uint64_t begin = 0;  // of the payload
    std::uint64_t end = 0;
};

// Walks boxes, and counts them over the whole file, so that nesting cannot multiply the work.
class BoxWalker {
  public:
    explicit BoxWalker(const ByteSource& source) : source_(source) {}

    bool is_cut_off() const { return is_cut_off_; }

    // The box at `place`, within what ends at `end`.
    Result<std::optional<Box>> box_at(std::uint64_t place, std::uint64_t end) {
        std::array<std::byte, 16> header{};
        if (place + 8 > end || ++boxes_ > max_boxes) return std::optional<Box>{};
        DUBPLATE_TRY(const std::size_t got, source_.read_at(place, header));
        const std::span<const std::byte> bytes(header);
        ByteReader reader(bytes.first(got), ByteOrder::big);
        std::uint64_t size = reader.u32();
        Box box;
        box.type = reader.id();
        if (size == 1) size = reader.u64();
        if (size == 0) size = end - place;  // up to the end of what holds it
        if (!reader.ok() || size < reader.position()) return std::optional<Box>{};
        box.begin = place + reader.position();
        if (size > end - place) is_cut_off_ = true;
        box.end = place + std::min(size, end - place);
        return std::optional(std::move(box));
    }

    Result<std::optional<Box>> find(const Box& parent, std::string_view type, std::uint64_t from = 0) {
        std::uint64_t place = std::max(parent.begin, from);
        while (true) {
            DUBPLATE_TRY(auto box, box_at(place, parent.end));
            if (!box || box->type == type) return box;
            place = box->end;
        }
    }

    // find() for each name in turn.
    Result<std::optional<Box>> find_path(const Box& parent, std::initializer_list<std::string_view> types) {
        std::optional<Box> box = parent;
        for (const std::string_view type : types) {
            DUBPLATE_TRY(box, find(*box, type));
            if (!box) break;
        }
        return box;
    }

    Result<Bytes> payload(const Box& box) {
        return read_range(
            source_, box.begin,
            static_cast<std::size_t>(std::min<std::uint64_t>(box.end - box.begin, max_box_bytes)));
    }

  private:
    const ByteSource& source_;
    int boxes_ = 0;
    bool is_cut_off_ = false;
};

// mvhd and mdhd: the timescale stands behind two times, which are longer in version 1.
std::int64_t parse_timescale(const Bytes& payload) {
    ByteReader reader(payload, ByteOrder::big);
    const unsigned version = reader.u8();
    reader.skip(3 + (version == 1 ? 16U : 8U));
    return reader.u32();
}

std::vector<M4aEdit> parse_edits(const Bytes& payload) {
    ByteReader reader(payload, ByteOrder::big);
    const unsigned version = reader.u8();
    reader.skip(3);
    const std::uint32_t count = reader.u32();
    std::vector<M4aEdit> edits;
    for (std::uint32_t i = 0; i < count && edits.size() < max_edits; ++i) {
        M4aEdit edit;
        edit.duration = version == 1 ? static_cast<std::int64_t>(reader.u64()) : reader.u32();
        edit.media_time =
            version == 1 ? static_cast<std::int64_t>(reader.u64()) : static_cast<std::int32_t>(reader.u32());
        reader.skip(4);  // the speed
        if (!reader.ok()) break;
        edits.push_back(edit);
    }
    return edits;
}

std::int64_t sum_packets(const Bytes& payload) {
    ByteReader reader(payload, ByteOrder::big);
    reader.skip(4);
    const std::uint32_t count = reader.u32();
    std::int64_t sum = 0;
    for (std::uint32_t i = 0; i < count && reader.remaining() >= 8; ++i) {
        const std::uint64_t packets = reader.u32();
        const std::uint64_t product = packets * reader.u32();
        if (product > static_cast<std::uint64_t>(max_length - sum)) return 0;
        sum += static_cast<std::int64_t>(product);
    }
    return sum;
}

Status read_track(BoxWalker& walker, const Box& track, M4aTiming& timing) {
    if (auto header = walker.find_path(track, {"mdia", "mdhd"}); header && *header) {
        DUBPLATE_TRY(const Bytes payload, walker.payload(**header));
        timing.media_timescale = parse_timescale(payload);
    }
    DUBPLATE_TRY(const auto edits, walker.find_path(track, {"edts", "elst"}));
    if (edits) {
        DUBPLATE_TRY(const Bytes payload, walker.payload(*edits));
        timing.edits = parse_edits(payload);
    }
    DUBPLATE_TRY(const auto packets, walker.find_path(track, {"mdia", "minf", "stbl", "stts"}));
    if (packets) {
        DUBPLATE_TRY(const Bytes payload, walker.payload(*packets));
        timing.media_length = sum_packets(payload);
    }
    return {};
}

Status read_first_sound_track(BoxWalker& walker, const Box& movie, M4aTiming& timing) {
    DUBPLATE_TRY(auto track, walker.find(movie, "trak"));
    while (track) {
        DUBPLATE_TRY(const auto handler, walker.find_path(*track, {"mdia", "hdlr"}));
        if (handler) {
            DUBPLATE_TRY(const Bytes payload, walker.payload(*handler));
            ByteReader reader(payload, ByteOrder::big);
            reader.skip(8);
            if (reader.id() == "soun") return read_track(walker, *track, timing);
        }
        DUBPLATE_TRY(track, walker.find(movie, "trak", track->end));
    }
    return {};
}

// iTunes keeps its own fields as boxes "----", each with "mean", "name" and "data".
Status read_gap(BoxWalker& walker, const Box& movie, M4aTiming& timing) {
    DUBPLATE_TRY(auto meta, walker.find_path(movie, {"udta", "meta"}));
    if (!meta) return {};
    meta->begin += 4;  // the version, which other boxes that hold boxes do not have
    DUBPLATE_TRY(const auto list, walker.find(*meta, "ilst"));
    if (!list) return {};
    DUBPLATE_TRY(auto item, walker.find(*list, "----"));
    while (item) {
        DUBPLATE_TRY(const auto name, walker.find(*item, "name"));
        DUBPLATE_TRY(const auto data, walker.find(*item, "data"));
        if (name && data) {
            DUBPLATE_TRY(const Bytes key, walker.payload(*name));
            DUBPLATE_TRY(const Bytes value, walker.payload(*data));
            const std::string_view key_text(reinterpret_cast<const char*>(key.data()), key.size());
            const std::string_view text(reinterpret_cast<const char*>(value.data()), value.size());
            if (key_text.ends_with("iTunSMPB") && text.size() > 8)
                timing.gap = parse_itunes_gap(text.substr(8));
        }
        DUBPLATE_TRY(item, walker.find(*list, "----", item->end));
    }
    return {};
}

// Equal but for the rounding of the coarser clock?
bool is_same(std::int64_t a, std::int64_t b, std::int64_t tick) {
    return a - b <= tick && b - a <= tick;
}

}  // namespace

std::optional<ItunesGap> parse_itunes_gap(std::string_view text) {
    std::array<std::uint64_t, 4> words{};
    for (std::uint64_t& word : words) {
        while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), word, 16);
        if (error != std::errc{}) return {};
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    }
    const auto limit = static_cast<std::uint64_t>(max_length);
    if (words[1] > limit || words[2] > limit || words[3] > limit || words[3] == 0) return {};
    return ItunesGap{static_cast<std::int64_t>(words[1]), static_cast<std::int64_t>(words[2]),
                     static_cast<std::int64_t>(words[3])};
}

Result<M4aTiming> read_m4a_timing(const ByteSource& source) {
    BoxWalker walker(source);
    M4aTiming timing;
    const Box file{"", 0, source.size()};
    DUBPLATE_TRY(const auto movie, walker.find(file, "moov"));
    if (movie) {
        DUBPLATE_TRY(const auto header, walker.find(*movie, "mvhd"));
        if (header) {
            DUBPLATE_TRY(const Bytes payload, walker.payload(*header));
            timing.movie_timescale = parse_timescale(payload);
        }
        DUBPLATE_TRY(const auto extends, walker.find(*movie, "mvex"));
        timing.is_fragmented = extends.has_value();
        DUBPLATE_CHECK(read_first_sound_track(walker, *movie, timing));
        DUBPLATE_CHECK(read_gap(walker, *movie, timing));
        // The sound often stands behind its description.
        DUBPLATE_TRY(const auto rest, walker.find(file, "mdat", movie->end));
    }
    timing.is_cut_off = walker.is_cut_off();
    return timing;
}

std::optional<LibavTrim> m4a_trim(const M4aTiming& timing) {
    if (timing.is_fragmented || timing.media_timescale <= 0 || timing.media_length <= 0) return {};
    if (timing.edits.empty()) {
        if (!timing.gap) return {};
        const std::int64_t length = std::min(timing.gap->frames, timing.media_length - timing.gap->delay);
        if (length <= 0) return {};
        return LibavTrim{timing.gap->delay, length, timing.media_timescale};
    }
    const M4aEdit& edit = timing.edits.front();
    // Several edits are a montage, which libav plays as it is written.
    if (timing.edits.size() != 1 || edit.media_time < 0 || edit.media_time >= timing.media_length ||
        timing.movie_timescale <= 0 || edit.duration < 0 || edit.duration > max_length)
        return {};
    const std::int64_t behind = timing.media_length - edit.media_time;
    if (edit.duration == 0) return LibavTrim{0, behind, timing.media_timescale};
    const double scale =
        static_cast<double>(timing.media_timescale) / static_cast<double>(timing.movie_timescale);
    const double exactly = static_cast<double>(edit.duration) * scale;
    if (exactly > static_cast<double>(max_length)) return {};
    const auto told = static_cast<std::int64_t>(exactly + 0.5);
    // The movie's clock often counts milliseconds. Where something counts frames and agrees, that is the length.
    const auto tick = static_cast<std::int64_t>(scale) + 1;
    if (timing.gap && is_same(timing.gap->frames, told, tick))
        return LibavTrim{0, std::min(timing.gap->frames, behind), timing.media_timescale};
    return LibavTrim{0, is_same(behind, told, tick) ? behind : std::min(told, behind),
                     timing.media_timescale};
}

}  // namespace dubplate
