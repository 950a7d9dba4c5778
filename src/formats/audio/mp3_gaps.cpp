#include "formats/audio/mp3_gaps.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "formats/audio/mp3_header.h"

namespace dubplate {

namespace {

constexpr std::size_t window_bytes = 64 * 1024;
constexpr std::size_t run_bytes = 4 * 1441;   // what find_mp3_frames() looks at: frames of the largest kind
constexpr std::uint64_t smallest_frame = 24;  // 8 kbit/s at 24 kHz

// The bytes up to `end`, read in blocks.
class Window {
  public:
    Window(const ByteSource& source, std::uint64_t end) : source_(source), end_(end) {}

    // From `place` on: run_bytes of them at least, fewer at the end alone.
    Result<std::span<const std::byte>> at(std::uint64_t place) {
        const std::uint64_t held_end = begin_ + bytes_.size();
        const std::uint64_t wanted = std::min<std::uint64_t>(place + run_bytes, end_);
        if (place < begin_ || wanted > held_end) DUBPLATE_CHECK(load(place));
        return std::span<const std::byte>(bytes_).subspan(static_cast<std::size_t>(place - begin_));
    }

    std::uint64_t end() const { return end_; }

  private:
    Status load(std::uint64_t place) {
        begin_ = place;
        bytes_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(window_bytes, end_ - place)));
        DUBPLATE_TRY(const std::size_t got, source_.read_at(place, bytes_));
        bytes_.resize(got);
        return {};
    }

    const ByteSource& source_;
    std::uint64_t end_;
    std::uint64_t begin_ = 0;
    Bytes bytes_;
};

// Where frames go on at or behind `place`; none: nowhere.
Result<std::optional<std::uint64_t>> next_frames(Window& window, std::uint64_t place) {
    while (place < window.end()) {
        DUBPLATE_TRY(const auto ahead, window.at(place));
        if (const auto found = find_mp3_frames(ahead)) return std::optional(place + *found);
        if (place + ahead.size() >= window.end() || ahead.size() < run_bytes) break;
        place += ahead.size() - run_bytes + 1;
    }
    return std::optional<std::uint64_t>();
}

bool begins_like_a_tag(std::span<const std::byte> data) {
    constexpr std::array<std::string_view, 4> marks{"ID3", "TAG", "APETAGEX", "LYRICSBEGIN"};
    const std::string_view text(reinterpret_cast<const char*>(data.data()), data.size());
    return std::ranges::any_of(marks, [&](std::string_view mark) { return text.starts_with(mark); });
}

}  // namespace

Result<Mp3Gaps> find_mp3_gaps(const ByteSource& source, std::uint64_t begin, std::uint64_t end) {
    Mp3Gaps gaps;
    Window window(source, end);
    double seconds = 0;
    for (std::uint64_t place = begin; place < end;) {
        DUBPLATE_TRY(const auto ahead, window.at(place));
        if (const auto header = parse_mp3_header(ahead)) {
            place += static_cast<std::uint64_t>(header->frame_bytes);
            seconds += static_cast<double>(header->frame_samples) / header->sample_rate_hz;
            continue;
        }
        const bool is_tag = begins_like_a_tag(ahead);
        DUBPLATE_TRY(const auto next, next_frames(window, place));
        if (!next) break;
        if (!is_tag && *next - place >= smallest_frame) {
            if (gaps.count++ == 0) gaps.first_at_s = seconds;
            gaps.bytes += *next - place;
        }
        place = *next;
    }
    return gaps;
}

}  // namespace dubplate
