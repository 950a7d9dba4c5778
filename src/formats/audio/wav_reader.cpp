#include "formats/audio/wav.h"
#include "formats/audio/wav_chunks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dubplate {

namespace {

// More than any real tag of its kind holds: covers are at most 16 MiB.
constexpr std::size_t id3_limit_bytes = 20 * 1024 * 1024;
constexpr std::size_t chunk_limit_bytes = 1024 * 1024;

// RF64's ds64 chunk stands first and names the sizes that do not fit 32 bits (EBU Tech 3306, 3).
Result<std::map<std::string, std::uint64_t>> read_ds64(const ByteSource& source) {
    std::map<std::string, std::uint64_t> sizes;
    const auto available = static_cast<std::size_t>(std::min<std::uint64_t>(source.size() - 12, 64 * 1024));
    DUBPLATE_TRY(const Bytes raw, read_range(source, 12, available));
    ByteReader reader(raw, ByteOrder::little);
    if (reader.id() != "ds64" || reader.u32() < 28)
        return fail(ErrorCode::corrupt, "is RF64, but its ds64 chunk is missing or too short");
    reader.skip(8);  // the size of all
    sizes["data"] = reader.u64();
    reader.skip(8);  // the number of frames
    const std::uint32_t entries = reader.u32();
    if (!reader.ok()) return fail(ErrorCode::corrupt, "the ds64 chunk is cut off");
    for (std::uint32_t i = 0; i < entries && reader.remaining() >= 12; ++i) {
        const std::string id = reader.id();
        sizes.emplace(id, reader.u64());
    }
    return sizes;
}

// The payloads of all chunks that speak of the recording. Empty: not there.
struct TagChunks {
    Bytes bext, info, adtl, cue, smpl, acid, id3;
};

Result<Bytes> read_limited(const ByteSource& source, const Chunk& chunk, std::size_t limit,
                           std::vector<Loss>& losses) {
    if (chunk.size > limit) {
        losses.push_back(
            {fmt::format("chunk '{}'", chunk.id),
             fmt::format("it is {} bytes long, more than the {} that are read", chunk.size, limit)});
        return Bytes{};
    }
    return read_payload(source, chunk, limit);
}

Status read_list(const ByteSource& source, const Chunk& chunk, TagChunks& tags, std::vector<Loss>& losses) {
    DUBPLATE_TRY(const Bytes head, read_payload(source, chunk, 4));
    const std::string kind = ByteReader(head, ByteOrder::little).id();
    if (kind == "INFO" && tags.info.empty()) {
        DUBPLATE_TRY(tags.info, read_limited(source, chunk, chunk_limit_bytes, losses));
    }
    if (kind == "adtl" && tags.adtl.empty()) {
        DUBPLATE_TRY(tags.adtl, read_limited(source, chunk, chunk_limit_bytes, losses));
    }
    return {};
}

Result<TagChunks> read_tag_chunks(const ByteSource& source, std::span<const Chunk> chunks,
                                  std::vector<Loss>& losses) {
    TagChunks tags;
    const std::map<std::string_view, Bytes*> wanted{{"bext", &tags.bext}, {"cue ", &tags.cue},
                                                    {"smpl", &tags.smpl}, {"acid", &tags.acid},
                                                    {"ID3 ", &tags.id3},  {"id3 ", &tags.id3}};
    for (const Chunk& chunk : chunks) {
        if (chunk.id == "LIST") DUBPLATE_CHECK(read_list(source, chunk, tags, losses));
        const auto place = wanted.find(chunk.id);
        if (place == wanted.end() || !place->second->empty()) continue;
        const bool is_id3 = place->second == &tags.id3;
        DUBPLATE_TRY(*place->second,
                     read_limited(source, chunk, is_id3 ? id3_limit_bytes : chunk_limit_bytes, losses));
    }
    return tags;
}

void read_metadata(const TagChunks& tags, SourceInfo& info) {
    Metadata metadata;
    if (!tags.bext.empty()) metadata = parse_bext(tags.bext, info.losses);
    info.origination = bext_origination(tags.bext);
    if (!tags.info.empty()) metadata = merge(std::move(metadata), parse_riff_info(tags.info, info.losses));
    if (!tags.id3.empty()) {
        const Result<Metadata> id3 = parse_id3v2(tags.id3, info.losses);
        if (id3) {
            metadata = merge(std::move(metadata), *id3);
        } else {
            info.losses.push_back({"ID3 tag", id3.error().message});
        }
    }
    info.acid = parse_acid(tags.acid);
    if (!metadata.bpm && info.acid) metadata.bpm = info.acid->bpm;
    info.metadata = sanitize(std::move(metadata), info.losses);
    info.markers = parse_wav_markers(tags.cue, tags.adtl, info.frames, info.losses);
    info.loop = parse_smpl(tags.smpl, info.frames, info.losses);
}

// How many bytes of the file belong to no whole chunk.
std::uint64_t bytes_without_chunk(const std::vector<Chunk>& chunks, std::uint64_t file_bytes) {
    const Chunk& last = chunks.back();
    constexpr std::uint64_t header_bytes = 8;
    return file_bytes - (last.cut_off() ? last.offset - header_bytes : last.offset + last.size);
}

// A recorder that was stopped before it wrote the true size, or a size past 32 bits, leaves audio behind the stated end.
void warn_of_more_audio(const Chunk& data, std::uint64_t unknown_bytes, std::vector<std::string>& warnings) {
    constexpr std::uint64_t ordinary_rest = 4096;  // padding up to a block of the disk, tags of other formats
    if (data.cut_off() || unknown_bytes <= ordinary_rest) return;
    warnings.push_back(fmt::format(
        "the header tells of {} bytes of audio, which are read; {} more bytes in the file are no whole chunk",
        data.stated, unknown_bytes));
}

void warn_of_faults(const Chunk& data, const WavFormat& format, std::vector<std::string>& warnings) {
    if (data.cut_off()) {
        warnings.push_back(cut_short_warning(data.stated / format.frame_bytes(),
                                             data.size / format.frame_bytes(), format.stream.sample_rate_hz));
    } else if (data.size % format.frame_bytes() != 0) {
        warnings.emplace_back("the audio ends within a frame, which is left out");
    }
    if (!are_usual_speakers(format.speakers, format.stream.channels)) {
        warnings.push_back(
            fmt::format("the speakers (mask 0x{:X}) are not the usual {}; they are taken as those",
                        format.speakers, format.stream.channels));
    }
}

}  // namespace

const Chunk& WavLayout::data() const {
    const Chunk* chunk = find_chunk(chunks, "data");
    DUBPLATE_ASSERT(chunk != nullptr);
    return *chunk;
}

bool recognizes_wav(std::span<const std::byte> head) {
    ByteReader reader(head, ByteOrder::little);
    const std::string form = reader.id();
    reader.skip(4);
    return (form == "RIFF" || form == "RF64" || form == "BW64") && reader.id() == "WAVE";
}

Result<WavLayout> scan_wav(const ByteSource& source) {
    std::array<std::byte, 12> head{};
    DUBPLATE_TRY(const std::size_t got, source.read_at(0, head));
    if (got < head.size() || !recognizes_wav(head))
        return fail(ErrorCode::corrupt, "the WAV header is cut off or damaged");
    WavLayout layout;
    layout.form = ByteReader(head, ByteOrder::little).id();
    ScanOptions options;
    if (layout.form != "RIFF") {
        DUBPLATE_TRY(options.big_sizes, read_ds64(source));
    }
    DUBPLATE_TRY(layout.chunks, scan_chunks(source, options));
    if (find_chunk(layout.chunks, "fmt ") == nullptr)
        return fail(ErrorCode::corrupt, "has no fmt chunk: the header is cut off or damaged");
    if (find_chunk(layout.chunks, "data") == nullptr)
        return fail(ErrorCode::corrupt, "has no data chunk: the header is cut off or damaged");
    return layout;
}

Result<WavFile> inspect_wav(const ByteSource& source) {
    WavFile file;
    DUBPLATE_TRY(file.layout, scan_wav(source));
    DUBPLATE_TRY(const Bytes fmt_payload, read_payload(source, *find_chunk(file.layout.chunks, "fmt "), 64));
    DUBPLATE_TRY(file.format, parse_wav_format(fmt_payload));

    const Chunk& data = file.layout.data();
    SourceInfo& info = file.info;
    info.format = "wav";
    info.codec = file.format.codec;
    info.stream = file.format.stream;
    info.frames = static_cast<std::int64_t>(data.size / file.format.frame_bytes());
    info.frames_exact = true;
    info.bits = file.format.valid_bits;
    info.is_float = file.format.encoding.code == PcmCode::floating;
    warn_of_faults(data, file.format, info.warnings);
    warn_of_more_audio(data, bytes_without_chunk(file.layout.chunks, source.size()), info.warnings);
    DUBPLATE_TRY(const TagChunks tags, read_tag_chunks(source, file.layout.chunks, info.losses));
    read_metadata(tags, info);
    return file;
}

Result<std::unique_ptr<AudioReader>> open_wav(const ByteSource& source) {
    DUBPLATE_TRY(WavFile file, inspect_wav(source));
    return make_pcm_reader(source, std::move(file.info), file.format.encoding, file.layout.data().offset);
}

}  // namespace dubplate
