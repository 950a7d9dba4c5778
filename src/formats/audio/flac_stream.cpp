#include "formats/audio/flac_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/units.h"

namespace dubplate {

namespace {

constexpr std::byte first_sync_byte{0xFF};
constexpr std::size_t longest_header = 16;

}  // namespace

FlacStream::FlacStream(const ByteSource& source, const FlacStreamInfo& info, std::uint64_t begin,
                       std::uint64_t end, std::int64_t first_frame)
    : source_(source), info_(info), end_(std::max(begin, end)), window_end_(begin), position_(first_frame) {}

std::span<const std::byte> FlacStream::rest() const {
    return std::span(window_).subspan(place_, held_ - place_);
}

double FlacStream::seconds() const {
    return frames_to_seconds(position_, info_.sample_rate_hz);
}

// Reads on until so many bytes are in sight, or the end is.
Status FlacStream::see(std::size_t bytes) {
    if (held_ - place_ >= bytes || sees_end()) return {};
    const std::size_t size = std::max(window_bytes, bytes);
    std::memmove(window_.data(), window_.data() + place_, held_ - place_);
    held_ -= place_;
    place_ = 0;
    if (window_.size() < size + BitReader::slack_bytes) window_.resize(size + BitReader::slack_bytes);
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(size - held_, end_ - window_end_));
    DUBPLATE_TRY(const std::size_t got,
                 source_.read_at(window_end_, std::span(window_).subspan(held_, wanted)));
    held_ += got;
    window_end_ += got;
    if (got < wanted) end_ = window_end_;  // the source is shorter than it said
    return {};
}

// Where the next frame may begin; none: the end came first.
Result<std::optional<FlacFrameHeader>> FlacStream::find_header() {
    for (;;) {
        DUBPLATE_CHECK(see(longest_header));
        const std::span<const std::byte> data = rest();
        if (const auto header = parse_flac_frame_header(data, info_)) return header;
        if (data.empty()) return std::nullopt;
        has_gap_ = true;
        const auto next = std::find(data.begin() + 1, data.end(), first_sync_byte);
        place_ += static_cast<std::size_t>(next - data.begin());
    }
}

// False: it is none, or the file ends within it.
Result<bool> FlacStream::read_frame(const FlacFrameHeader& header) {
    DUBPLATE_CHECK(see(longest_ + longest_ / 4));
    for (;;) {
        const FlacFrameState state = frame_.read(header, rest());
        if (state == FlacFrameState::good) return true;
        if (state == FlacFrameState::cut_short && !sees_end() && rest().size() < most_frame_bytes) {
            DUBPLATE_CHECK(see(2 * rest().size()));
            continue;
        }
        if (state == FlacFrameState::bad_checksum && !has_gap_)
            return fail(ErrorCode::corrupt,
                        fmt::format("the audio is damaged at {:.3f} s: the checksum is wrong", seconds()));
        return false;
    }
}

Status FlacStream::check_format(const FlacFrameHeader& header) const {
    if (header.channels == info_.channels && header.bits == info_.bits &&
        header.sample_rate_hz == info_.sample_rate_hz)
        return {};
    return fail(
        ErrorCode::corrupt,
        fmt::format("the frame at {:.3f} s has {} channels, {} bits, {} Hz; the header says {}, {}, {}",
                    seconds(), header.channels, header.bits, header.sample_rate_hz, info_.channels,
                    info_.bits, info_.sample_rate_hz));
}

Result<BlockView<const std::int32_t>> FlacStream::next() {
    while (false_frames_ < most_false_frames) {
        DUBPLATE_TRY(const std::optional<FlacFrameHeader> header, find_header());
        if (!header) break;
        DUBPLATE_TRY(const bool is_frame, read_frame(*header));
        if (!is_frame) {
            has_gap_ = true;
            ++false_frames_;
            ++place_;
            continue;
        }
        if (has_gap_)
            return fail(ErrorCode::corrupt,
                        fmt::format("the audio is damaged at {:.3f} s: a stretch is no FLAC", seconds()));
        DUBPLATE_CHECK(check_format(*header));
        place_ += frame_.bytes();
        longest_ = std::max(longest_, frame_.bytes());
        position_ += header->frames;
        return frame_.samples();
    }
    return BlockView<const std::int32_t>();
}

}  // namespace dubplate
