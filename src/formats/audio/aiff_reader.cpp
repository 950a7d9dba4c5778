#include "formats/audio/aiff.h"
#include "formats/audio/aiff_chunks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dubplate {

namespace {

constexpr std::size_t id3_limit_bytes = 20 * 1024 * 1024;  // covers are at most 16 MiB
constexpr std::size_t chunk_limit_bytes = 1024 * 1024;
constexpr std::uint64_t ssnd_head_bytes = 8;  // offset and block size

Result<Bytes> read_first(const ByteSource& source, std::span<const Chunk> chunks, std::string_view id,
                         std::size_t limit) {
    const Chunk* chunk = find_chunk(chunks, id);
    if (chunk == nullptr) return Bytes{};
    return read_payload(source, *chunk, limit);
}

// Where the samples start, and how many frames there are.
Status measure_audio(const ByteSource& source, AiffFile& file) {
    const Chunk* ssnd = find_chunk(file.chunks, "SSND");
    if (ssnd == nullptr) {
        if (file.format.stated_frames == 0) return {};  // the standard allows it: nothing to hold
        return fail(ErrorCode::corrupt, "has no SSND chunk: the header is cut off or damaged");
    }
    DUBPLATE_TRY(const Bytes head, read_payload(source, *ssnd, ssnd_head_bytes));
    ByteReader reader(head, ByteOrder::big);
    const std::uint32_t offset = reader.u32();
    if (head.size() < ssnd_head_bytes) return fail(ErrorCode::corrupt, "the SSND chunk is cut off");
    if (offset > ssnd->size - ssnd_head_bytes) {
        return fail(ErrorCode::corrupt, fmt::format("the audio is said to start at byte {} of {}", offset,
                                                    ssnd->size - ssnd_head_bytes));
    }
    file.data_offset = ssnd->offset + ssnd_head_bytes + offset;
    const std::uint64_t held = (ssnd->size - ssnd_head_bytes - offset) / file.format.frame_bytes();
    const std::uint64_t stated = file.format.stated_frames;
    // A program that writes to a pipe cannot tell how much will come.
    const bool is_stream = ssnd->streamed || stated == unknown_size || (stated == 0 && held > 0);
    file.info.frames = static_cast<std::int64_t>(is_stream ? held : std::min(stated, held));
    if (!is_stream && held < stated)
        file.info.warnings.push_back(cut_short_warning(stated, held, file.format.stream.sample_rate_hz));
    return {};
}

Status read_metadata(const ByteSource& source, AiffFile& file) {
    SourceInfo& info = file.info;
    DUBPLATE_TRY(Metadata metadata, read_aiff_texts(source, file.chunks));
    DUBPLATE_TRY(const Bytes id3, read_first(source, file.chunks, "ID3 ", id3_limit_bytes));
    if (!id3.empty()) {
        const Result<Metadata> parsed = parse_id3v2(id3, info.losses);
        if (parsed) {
            metadata = merge(std::move(metadata), *parsed);
        } else {
            info.losses.push_back({"ID3 tag", parsed.error().message});
        }
    }
    info.metadata = sanitize(std::move(metadata), info.losses);
    DUBPLATE_TRY(const Bytes mark, read_first(source, file.chunks, "MARK", chunk_limit_bytes));
    DUBPLATE_TRY(const Bytes inst, read_first(source, file.chunks, "INST", chunk_limit_bytes));
    AiffPlaces places = parse_aiff_places(mark, inst, info.frames, info.losses);
    info.markers = std::move(places.markers);
    info.loop = places.loop;
    return {};
}

}  // namespace

bool recognizes_aiff(std::span<const std::byte> head) {
    ByteReader reader(head, ByteOrder::big);
    if (reader.id() != "FORM") return false;
    reader.skip(4);
    const std::string kind = reader.id();
    return kind == "AIFF" || kind == "AIFC";
}

Result<AiffFile> inspect_aiff(const ByteSource& source) {
    std::array<std::byte, 12> head{};
    DUBPLATE_TRY(const std::size_t got, source.read_at(0, head));
    if (got < head.size() || !recognizes_aiff(head))
        return fail(ErrorCode::corrupt, "the AIFF header is cut off or damaged");
    AiffFile file;
    file.is_aifc = head[11] == std::byte{'C'};
    DUBPLATE_TRY(file.chunks,
                 scan_chunks(source, {.order = ByteOrder::big, .audio_id = "SSND", .big_sizes = {}}));
    DUBPLATE_TRY(const Bytes comm, read_first(source, file.chunks, "COMM", 64));
    if (comm.empty()) return fail(ErrorCode::corrupt, "has no COMM chunk: the header is cut off or damaged");
    DUBPLATE_TRY(file.format, parse_aiff_format(comm, file.is_aifc));

    SourceInfo& info = file.info;
    info.format = "aiff";
    info.codec = file.format.codec;
    info.stream = file.format.stream;
    info.frames_exact = true;
    info.bits = file.format.valid_bits;
    info.is_float = file.format.encoding.code == PcmCode::floating;
    DUBPLATE_CHECK(measure_audio(source, file));
    DUBPLATE_CHECK(read_metadata(source, file));
    return file;
}

Result<std::unique_ptr<AudioReader>> open_aiff(const ByteSource& source) {
    DUBPLATE_TRY(AiffFile file, inspect_aiff(source));
    return make_pcm_reader(source, std::move(file.info), file.format.encoding, file.data_offset);
}

}  // namespace dubplate
