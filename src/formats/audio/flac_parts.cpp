#include "formats/audio/flac_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "core/ordered_work.h"
#include "core/text.h"
#include "core/units.h"
#include "formats/audio/chunks.h"
#include "formats/audio/flac_metadata.h"
#include "formats/audio/libav_reader.h"

namespace dubplate {

namespace {

constexpr std::size_t seek_point_bytes = 18;
constexpr std::uint64_t most_frames = (std::uint64_t{1} << 36) - 1;  // that STREAMINFO can tell
constexpr std::uint64_t unused_seek_point = 0xFFFF'FFFF'FFFF'FFFF;

// Frames of audio and the bytes that hold them.
struct Part {
    std::int64_t begin_frame = 0;
    std::int64_t end_frame = 0;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    std::int64_t frames() const { return end_frame - begin_frame; }
};

struct Parts {
    Bytes head;  // "fLaC" and a STREAMINFO that tells no length
    StreamFormat stream;
    std::vector<Part> parts;
};

// A head of its own in front of a piece of another source.
class SplicedSource final : public ByteSource {
  public:
    SplicedSource(const Bytes& head, const ByteSource& source, std::uint64_t begin, std::uint64_t end)
        : head_(head), source_(source), begin_(begin), end_(end) {}

    std::uint64_t size() const override { return head_.size() + (end_ - begin_); }
    std::string name() const override { return source_.name(); }
    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> target) const override {
        if (offset < head_.size()) {
            const std::size_t count =
                std::min(target.size(), head_.size() - static_cast<std::size_t>(offset));
            std::copy_n(head_.begin() + static_cast<std::ptrdiff_t>(offset), count, target.begin());
            return count;
        }
        const std::uint64_t place = begin_ + (offset - head_.size());
        if (place >= end_) return 0;
        return source_.read_at(
            place,
            target.first(static_cast<std::size_t>(std::min<std::uint64_t>(target.size(), end_ - place))));
    }

  private:
    const Bytes& head_;
    const ByteSource& source_;
    std::uint64_t begin_;
    std::uint64_t end_;
};

Result<Bytes> read_payload(const ByteSource& source, const FlacBlock& block) {
    Bytes payload(block.size);
    DUBPLATE_TRY(const std::size_t got, source.read_at(block.offset, payload));
    payload.resize(got);
    return payload;
}

// The length in frames stands in the last 36 bits of the first 18 bytes, and the MD5 sum behind it; 0: not known.
Bytes head_without_length(Bytes stream_info) {
    constexpr std::size_t length_begin = 13;
    stream_info[length_begin] &= std::byte{0xF0};
    std::fill(stream_info.begin() + length_begin + 1, stream_info.end(), std::byte{0});
    ByteBuilder head(ByteOrder::big);
    head.text("fLaC").bytes(flac_block(FlacBlockType::stream_info, stream_info, true));
    return head.result();
}

std::vector<Part> parts_of(std::span<const std::byte> table, const FlacLayout& layout,
                           std::uint64_t file_end) {
    std::vector<Part> parts;
    ByteReader reader(table, ByteOrder::big);
    for (std::size_t left = table.size() / seek_point_bytes; left > 0; --left) {
        const std::uint64_t frame = reader.u64();
        const std::uint64_t offset = reader.u64();
        reader.u16();
        if (frame == unused_seek_point) continue;
        if (frame > most_frames || offset > file_end) return {};
        Part part{.begin_frame = static_cast<std::int64_t>(frame),
                  .end_frame = layout.info.frames,
                  .begin = layout.audio_begin + offset,
                  .end = file_end};
        if (!parts.empty()) {
            parts.back().end_frame = part.begin_frame;
            parts.back().end = part.begin;
        }
        parts.push_back(part);
    }
    return parts;
}

// Do they cover all of the file, one behind the other, in pieces of a size that can be held?
bool are_usable(const Parts& parts, const FlacLayout& layout) {
    if (parts.parts.size() < 2) return false;
    const Part& first = parts.parts.front();
    if (first.begin_frame != 0 || first.begin != layout.audio_begin) return false;
    const std::uint64_t frame_bytes = sizeof(float) * static_cast<std::uint64_t>(parts.stream.channels);
    return std::ranges::all_of(parts.parts, [&](const Part& part) {
        return part.begin < part.end && part.begin_frame < part.end_frame &&
               static_cast<std::uint64_t>(part.frames()) <= most_part_bytes / frame_bytes;
    });
}

Result<std::optional<Parts>> find_parts(const ByteSource& source) {
    DUBPLATE_TRY(const FlacLayout layout, scan_flac(source));
    const auto table = std::ranges::find(layout.blocks, FlacBlockType::seek_table, &FlacBlock::type);
    if (table == layout.blocks.end()) return std::nullopt;
    DUBPLATE_TRY(Bytes stream_info, read_payload(source, layout.blocks.front()));
    DUBPLATE_TRY(const Bytes points, read_payload(source, *table));
    Parts parts{.head = head_without_length(std::move(stream_info)),
                .stream = {layout.info.sample_rate_hz, layout.info.channels},
                .parts = parts_of(points, layout, source.size())};
    if (!are_usable(parts, layout)) return std::nullopt;
    return parts;
}

// A part in a buffer that is used again.
struct Decoded {
    std::shared_ptr<BlockBuffer<float>> buffer;
    std::int64_t frames = 0;
};

// buffer: of one frame more than the part has, to see that nothing follows.
Result<Decoded> decode_part(const Parts& parts, const Part& part, const ByteSource& source,
                            std::shared_ptr<BlockBuffer<float>> buffer, const std::stop_token& stop) {
    const SplicedSource bytes(parts.head, source, part.begin, part.end);
    DUBPLATE_TRY(const auto reader, open_libav(bytes, {.demuxer = LibavDemuxer::flac}));
    if (reader->info().stream != parts.stream) return fail(ErrorCode::corrupt, "a part is of another format");
    const std::int64_t wanted = part.frames();
    std::int64_t filled = 0;
    while (filled <= wanted) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        const SubBlock room(buffer->view(wanted + 1), filled, std::min(block_frames, wanted + 1 - filled));
        DUBPLATE_TRY(const std::int64_t frames, reader->read(room.view()));
        if (frames == 0) break;
        filled += frames;
    }
    if (filled == wanted) return Decoded{std::move(buffer), wanted};
    return fail(ErrorCode::corrupt,
                fmt::format("the part from {} on holds {} frames where the seek table tells {}",
                            format_duration(frames_to_seconds(part.begin_frame, parts.stream.sample_rate_hz)),
                            filled, wanted));
}

class FlacPartsReader final : public AudioReader {
  public:
    FlacPartsReader(const ByteSource& source, SourceInfo info, Parts parts, int threads)
        : source_(source), info_(std::move(info)), parts_(std::move(parts)), threads_(threads) {}

    const SourceInfo& info() const override { return info_; }

    Status rewind() override {
        work_.reset();
        ready_.clear();
        next_ = 0;
        taken_ = 0;
        return {};
    }

    Result<std::int64_t> read(BlockView<float> target) override {
        std::int64_t done = 0;
        while (done < target.frames()) {
            if (ready_.empty()) DUBPLATE_CHECK(decode_more());
            if (ready_.empty()) break;
            const Decoded& part = ready_.front();
            const std::int64_t count = std::min(target.frames() - done, part.frames - taken_);
            for (int c = 0; c < target.channels(); ++c)
                std::copy_n(part.buffer->channel(c).data() + taken_, count, target.channel(c).data() + done);
            done += count;
            taken_ += count;
            if (taken_ < part.frames) continue;
            free_.push_back(part.buffer);
            ready_.pop_front();
            taken_ = 0;
        }
        return done;
    }

  private:
    // Until a part is ready, or all of them are read.
    Status decode_more() {
        if (!work_)
            work_.emplace(threads_, std::stop_token(), [this](Decoded part) -> Status {
                ready_.push_back(std::move(part));
                return {};
            });
        while (ready_.empty() && next_ < parts_.parts.size())
            DUBPLATE_CHECK(work_->add(
                [this, part = parts_.parts[next_++], buffer = free_buffer()](const std::stop_token& stop) {
                    return decode_part(parts_, part, source_, buffer, stop);
                }));
        return ready_.empty() ? work_->finish() : Status{};
    }

    std::shared_ptr<BlockBuffer<float>> free_buffer() {
        if (free_.empty()) {
            const auto longest = std::ranges::max(parts_.parts, {}, &Part::frames).frames();
            return std::make_shared<BlockBuffer<float>>(parts_.stream.channels, longest + 1);
        }
        auto buffer = std::move(free_.back());
        free_.pop_back();
        return buffer;
    }

    const ByteSource& source_;
    SourceInfo info_;
    Parts parts_;
    int threads_;
    std::vector<std::shared_ptr<BlockBuffer<float>>> free_;
    std::deque<Decoded> ready_;
    std::int64_t taken_ = 0;  // frames of the first that is ready
    std::size_t next_ = 0;
    std::optional<OrderedWork<Decoded>> work_;  // last: it waits for its threads before the rest goes
};

}  // namespace

Result<std::unique_ptr<AudioReader>> open_flac_parts(const ByteSource& source, SourceInfo info, int threads) {
    DUBPLATE_TRY(std::optional<Parts> parts, find_parts(source));
    if (!parts) return nullptr;
    return std::make_unique<FlacPartsReader>(source, std::move(info), *std::move(parts), threads);
}

}  // namespace dubplate
