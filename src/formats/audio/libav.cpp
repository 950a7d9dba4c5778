#include <array>
#include <string_view>

#include "formats/audio/flac_parts.h"
#include "formats/audio/flac_reader.h"
#include "formats/audio/format.h"
#include "formats/audio/libav_reader.h"
#include "formats/audio/m4a.h"
#include "formats/audio/mp3.h"
#include "formats/audio/mp3_header.h"

namespace dubplate {

extern const AudioFormat flac_format;

namespace {

constexpr std::size_t head_bytes = 4096;

struct Mark {
    std::size_t place;
    std::string_view text;
    LibavDemuxer demuxer;
    std::string_view format;
};

// By content alone; what is none of these is not handed to libav at all.
constexpr std::array<Mark, 9> marks{{
    {8, "WAVE", LibavDemuxer::wav, "wav"},
    {0, "riff", LibavDemuxer::w64, "wav"},
    {8, "AIFF", LibavDemuxer::aiff, "aiff"},
    {8, "AIFC", LibavDemuxer::aiff, "aiff"},
    {0, "fLaC", LibavDemuxer::flac, "flac"},
    {0, "OggS", LibavDemuxer::ogg, "ogg"},
    {4, "ftyp", LibavDemuxer::mov, "m4a"},
    {4, "moov", LibavDemuxer::mov, "m4a"},
    {0, "ID3", LibavDemuxer::mp3, "mp3"},
}};

std::optional<LibavRequest> request_for(std::span<const std::byte> head) {
    const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
    LibavRequest request;
    for (const Mark& mark : marks) {
        if (text.size() < mark.place || !text.substr(mark.place).starts_with(mark.text)) continue;
        request.demuxer = mark.demuxer;
        request.known.format = mark.format;
        return request;
    }
    const bool is_adts = starts_with_adts(head);
    if (!is_adts && !find_mp3_frames(head)) return {};
    request.demuxer = is_adts ? LibavDemuxer::aac : LibavDemuxer::mp3;
    request.known.format = is_adts ? "m4a" : "mp3";
    return request;
}

}  // namespace

Result<std::unique_ptr<AudioReader>> open_with_libav(const ByteSource& source) {
    Bytes head(head_bytes);
    DUBPLATE_TRY(const std::uint64_t begin, end_of_leading_id3v2(source));
    DUBPLATE_TRY(const std::size_t got, source.read_at(begin, head));
    head.resize(got);
    auto request = request_for(head);
    if (!request)
        return fail(ErrorCode::unsupported, "its content is none of the audio formats that are read here");
    const std::string format = request->known.format;
    if (format != "mp3" && format != "m4a") return open_libav(source, std::move(*request));
    DUBPLATE_TRY(LibavRequest trimmed, format == "mp3" ? mp3_request(source) : m4a_request(source));
    return open_libav(source, std::move(trimmed));
}

Result<std::unique_ptr<AudioReader>> open_for_proof(const ByteSource& source, int threads) {
    Bytes head(head_bytes);
    DUBPLATE_TRY(const std::size_t got, source.read_at(0, head));
    if (!flac_format.recognizes(std::span(head).first(got))) return open_with_libav(source);
    DUBPLATE_TRY(auto whole, open_flac_samples(source));
    if (threads < 2) return whole;
    DUBPLATE_TRY(auto parts, open_flac_parts(source, whole->info(), threads));
    return parts ? std::move(parts) : std::move(whole);
}

std::string_view proof_decoder_of(const SourceInfo& info) {
    return info.format == "flac" ? "Dubplate" : "libav";
}

}  // namespace dubplate
