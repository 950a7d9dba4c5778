#include "formats/audio/flac_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "audio/kernels/samples.h"
#include "core/ordered_work.h"
#include "core/text.h"
#include "core/units.h"
#include "formats/audio/chunks.h"
#include "formats/audio/flac_metadata.h"
#include "formats/audio/flac_stream.h"

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
    FlacStreamInfo info;
    std::vector<Part> parts;
};

Result<Bytes> read_payload(const ByteSource& source, const FlacBlock& block) {
    Bytes payload(block.size);
    DUBPLATE_TRY(const std::size_t got, source.read_at(block.offset, payload));
    payload.resize(got);
    return payload;
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
    const std::uint64_t frame_bytes = sizeof(float) * static_cast<std::uint64_t>(parts.info.channels);
    return std::ranges::all_of(parts.parts, [&](const Part& part) {
        return part.begin < part.end && part.begin_frame < part.end_frame &&
               static_cast<std::uint64_t>(part.frames()) <= most_part_bytes / frame_bytes;
    });
}

Result<std::optional<Parts>> find_parts(const ByteSource& source) {
    DUBPLATE_TRY(const FlacLayout layout, scan_flac(source));
    const auto table = std::ranges::find(layout.blocks, FlacBlockType::seek_table, &FlacBlock::type);
    if (table == layout.blocks.end()) return std::nullopt;
    DUBPLATE_TRY(const Bytes points, read_payload(source, *table));
    Parts parts{.info = layout.info, .parts = parts_of(points, layout, source.size())};
    if (!are_usable(parts, layout)) return std::nullopt;
    return parts;
}

// A part in a buffer that is used again.
struct Decoded {
    std::shared_ptr<BlockBuffer<float>> buffer;
    std::int64_t frames = 0;
};

// buffer: with room for the part.
Result<Decoded> decode_part(const Parts& parts, const Part& part, const ByteSource& source,
                            std::shared_ptr<BlockBuffer<float>> buffer, const std::stop_token& stop) {
    FlacStream stream(source, parts.info, part.begin, part.end, part.begin_frame);
    const std::int64_t wanted = part.frames();
    std::int64_t filled = 0;
    for (;;) {
        if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        DUBPLATE_TRY(const auto block, stream.next());
        if (block.frames() == 0) break;
        if (filled + block.frames() <= wanted)
            for (int c = 0; c < block.channels(); ++c)
                to_floats(block.channel(c).data(), buffer->channel(c).data() + filled, block.frames(),
                          parts.info.bits);
        filled += block.frames();
    }
    if (filled == wanted) return Decoded{std::move(buffer), wanted};
    return fail(ErrorCode::corrupt,
                fmt::format("the part from {} on holds {} frames where the seek table tells {}",
                            format_duration(frames_to_seconds(part.begin_frame, parts.info.sample_rate_hz)),
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
            return std::make_shared<BlockBuffer<float>>(parts_.info.channels, longest);
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
