#include "formats/audio/mp3.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "formats/audio/chunks.h"
#include "formats/audio/lame_tag.h"
#include "formats/audio/mp3_gaps.h"
#include "formats/audio/mp3_header.h"

namespace dubplate {

namespace {

constexpr std::array<std::string_view, 1> extensions{"mp3"};
constexpr std::array<int, 9> rates{8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000};
constexpr std::size_t head_bytes = 4096;  // three frames of the largest kind
// How much later a sound leaves a decoder than it entered the encoder, beside the delay that the encoder tells: the
// 528 frames of the filter banks, and one.
constexpr int decoder_delay = 529;
// What the qualities V0 to V9 come to, for stereo at 44.1 kHz: LAME's manual, rounded up.
constexpr std::array<int, 10> vbr_kbps{260, 240, 200, 185, 170, 140, 125, 110, 95, 75};

bool has_mark(std::span<const std::byte> head, std::string_view mark) {
    return head.size() >= mark.size() &&
           std::string_view(reinterpret_cast<const char*>(head.data()), mark.size()) == mark;
}

bool recognizes(std::span<const std::byte> head) {
    return has_mark(head, "ID3") || find_mp3_frames(head).has_value();
}

Result<Bytes> read_head(const ByteSource& source, std::uint64_t offset) {
    Bytes head(head_bytes);
    DUBPLATE_TRY(const std::size_t got, source.read_at(offset, head));
    head.resize(got);
    return head;
}

int average_kbps(const Mp3Header& header, const LameTag& tag) {
    if (!tag.frames || !tag.bytes || *tag.frames == 0) return 0;
    const double seconds = static_cast<double>(*tag.frames) * header.frame_samples / header.sample_rate_hz;
    const double audio_bytes = static_cast<double>(*tag.bytes) - header.frame_bytes;
    return static_cast<int>(std::clamp(audio_bytes * 8 / seconds / 1000 + 0.5, 0.0, 1000.0));
}

// What the tag tells, held against the bytes that are there: `bytes` from its frame to the end.
void apply_tag(const Mp3Header& header, const LameTag& tag, std::uint64_t bytes, LibavRequest& request) {
    request.known.bitrate_kbps = average_kbps(header, tag);
    const auto frames = exact_frames(header, tag);
    if (!frames) return;
    request.libav_trims = false;
    request.trim = LibavTrim{tag.extension->delay + decoder_delay, *frames, header.sample_rate_hz};
    request.known.frames_exact = true;
    if (!tag.bytes) return;
    const bool is_cut_off = *tag.bytes > bytes;
    const bool is_longer = bytes > std::uint64_t{*tag.bytes} + *tag.bytes / 100 + head_bytes;
    if (!is_cut_off && !is_longer) return;
    // Cut short, or joined from several files: the frames that are there count.
    request.known.warnings.push_back(
        fmt::format("the header says {} bytes of audio, the file holds {}", *tag.bytes, bytes));
    request.known.frames_exact = false;
    request.known.frames = static_cast<std::int64_t>(static_cast<double>(*frames) *
                                                     static_cast<double>(bytes) / std::max(*tag.bytes, 1U));
    request.trim->length.reset();
}

Status warn_of_gaps(const ByteSource& source, const Mp3Extent& frames, SourceInfo& info) {
    DUBPLATE_TRY(const Mp3Gaps gaps, find_mp3_gaps(source, frames.begin, frames.end));
    if (gaps.count == 0) return {};
    const std::string place =
        gaps.count == 1 ? fmt::format("at {:.3f} s", gaps.first_at_s)
                        : fmt::format("in {} places, the first at {:.3f} s,", gaps.count, gaps.first_at_s);
    info.warnings.push_back(
        fmt::format("{} bytes {} are no MP3 frames: audio is missing there", gaps.bytes, place));
    return {};
}

std::uint64_t estimate_bytes(const WriterSettings& settings) {
    const int kbps = settings.mp3.vbr_quality
                         ? vbr_kbps[static_cast<std::size_t>(std::clamp(*settings.mp3.vbr_quality, 0, 9))]
                         : settings.mp3.bitrate_kbps;
    const double seconds = static_cast<double>(settings.frames) / std::max(settings.stream.sample_rate_hz, 1);
    return static_cast<std::uint64_t>(seconds * kbps * 125) + 3 * head_bytes;
}

}  // namespace

std::vector<int> mp3_bitrates(int rate_hz) {
    const auto bitrates = mp3_bitrates_of(rate_hz);
    return {bitrates.begin(), bitrates.end()};
}

Result<LibavRequest> mp3_request(const ByteSource& source) {
    LibavRequest request;
    request.demuxer = LibavDemuxer::mp3;
    request.known.format = "mp3";
    request.trusts_duration = false;
    DUBPLATE_TRY(const Mp3Extent extent, find_mp3_extent(source));
    DUBPLATE_TRY(const Bytes head, read_head(source, extent.begin));
    const auto first = find_mp3_frames(head);
    if (!first) return request;
    DUBPLATE_CHECK(warn_of_gaps(source, {extent.begin + *first, extent.end}, request.known));
    const auto frame = std::span(head).subspan(*first);
    const auto header = parse_mp3_header(frame);
    const auto tag = parse_lame_tag(frame);
    if (header && tag) apply_tag(*header, *tag, extent.end - extent.begin - *first, request);
    return request;
}

Result<std::unique_ptr<AudioReader>> open_mp3(const ByteSource& source) {
    DUBPLATE_TRY(LibavRequest request, mp3_request(source));
    DUBPLATE_TRY(request.known.metadata, read_tags(source, "mp3", request.known.losses));
    return open_libav(source, std::move(request));
}

Status retag_mp3(const ByteSource& source, PendingFile& file, const TagSet& tags) {
    DUBPLATE_TRY(const Mp3Extent extent, find_mp3_extent(source));
    DUBPLATE_TRY(Bytes head, read_head(source, extent.begin));
    head.resize(std::min<std::size_t>(head.size(), extent.end - extent.begin));
    const auto first = find_mp3_frames(head);
    if (!first) return fail(ErrorCode::corrupt, "no MP3 frames stand where its tags end");
    if (tags.loudness) set_lame_loudness(std::span(head).subspan(*first), *tags.loudness);
    DUBPLATE_TRY(const Bytes id3, render_id3v2(tags));
    DUBPLATE_CHECK(file.append(id3));
    DUBPLATE_CHECK(file.append(head));
    return copy_range(source, extent.begin + head.size(), extent.end - extent.begin - head.size(), file);
}

extern const AudioFormat mp3_format;
const AudioFormat mp3_format{
    .name = "mp3",
    .title = "MP3",
    .extensions = extensions,
    .writer_library = "LAME 3.100",
    .lossless = false,
    .encodes = true,
    .depths = {},
    .max_channels = 2,
    .min_rate_hz = 8000,
    .max_rate_hz = 48000,
    .rates_hz = rates,
    .recognizes = &recognizes,
    .open = &open_mp3,
    .create = &create_mp3,
    .retag = &retag_mp3,
    .estimate_bytes = &estimate_bytes,
};

}  // namespace dubplate
