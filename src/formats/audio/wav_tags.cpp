#include "formats/audio/wav_tags.h"
#include "formats/audio/wav_chunks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dubplate {

namespace {

constexpr std::size_t ds64_bytes = 28;
constexpr std::uint64_t ds64_offset = 12;

std::string_view channel_mode(int channels) {
    switch (channels) {
        case 1:
            return "mono";
        case 2:
            return "stereo";
        default:
            return "multichannel";
    }
}

}  // namespace

Status WavEnvelope::begin() {
    ByteBuilder header(ByteOrder::little);
    header.text(form_).u32(unknown_size).text("WAVE").chunk("JUNK", Bytes(ds64_bytes));
    return file_.append(header.result());
}

Status WavEnvelope::begin_data() {
    data_size_offset_ = file_.size() + 4;
    ByteBuilder header(ByteOrder::little);
    return file_.append(header.text("data").u32(unknown_size).result());
}

Status WavEnvelope::end_data(std::uint64_t data_bytes) {
    data_bytes_ = data_bytes;
    if (data_bytes % 2 != 0) return file_.append(std::array{std::byte{0}});
    return {};
}

Status WavEnvelope::end(std::uint64_t frames) {
    const std::uint64_t riff_size = file_.size() - 8;
    if (riff_size > size_limit_ || form_ == "BW64") return write_big_sizes(riff_size, frames);
    ByteBuilder riff(ByteOrder::little);
    DUBPLATE_CHECK(file_.write_at(4, riff.u32(static_cast<std::uint32_t>(riff_size)).result()));
    ByteBuilder data(ByteOrder::little);
    return file_.write_at(data_size_offset_, data.u32(static_cast<std::uint32_t>(data_bytes_)).result());
}

// The 32 bit sizes keep the 0xFFFFFFFF that they were begun with; but a 0 in ds64 would read as a length that was never
// written, so no data says so in its own header.
Status WavEnvelope::write_big_sizes(std::uint64_t riff_size, std::uint64_t frames) {
    ByteBuilder form(ByteOrder::little);
    DUBPLATE_CHECK(file_.write_at(0, form.text(form_ == "BW64" ? form_ : "RF64").result()));
    ByteBuilder payload(ByteOrder::little);
    payload.u64(riff_size).u64(data_bytes_).u64(frames).u32(0);
    if (data_bytes_ == 0) DUBPLATE_CHECK(file_.write_at(data_size_offset_, Bytes(4)));
    ByteBuilder chunk(ByteOrder::little);
    return file_.write_at(ds64_offset, chunk.chunk("ds64", payload.result()).result());
}

std::string coding_history(const WriterSettings& settings) {
    const std::string source =
        settings.source_bits > 0 ? fmt::format("; from {} bit", settings.source_bits) : std::string{};
    return fmt::format("A=PCM,F={},W={},M={},T=Dubplate{}\r\n", settings.stream.sample_rate_hz,
                       bits_of(settings.depth), channel_mode(settings.stream.channels), source);
}

Bytes render_bext_chunk(Bytes payload) {
    if (payload.size() % 2 != 0) payload.push_back(std::byte{0});
    ByteBuilder chunk(ByteOrder::little);
    return chunk.chunk("bext", payload).result();
}

Result<Bytes> render_ixml_chunk(const TagSet& tags, std::size_t payload_bytes) {
    Bytes ixml = render_ixml(tags);
    if (payload_bytes != 0 && ixml.size() > payload_bytes)
        return fail(ErrorCode::internal, "the iXML chunk outgrew its room while the audio was written");
    const std::size_t size = std::max(payload_bytes, ixml.size());
    ixml.resize(size + size % 2, std::byte{' '});
    ByteBuilder chunk(ByteOrder::little);
    return chunk.chunk("iXML", ixml).result();
}

Bytes render_info_chunk(const TagSet& tags) {
    const Bytes info = render_riff_info(tags);
    ByteBuilder chunk(ByteOrder::little);
    if (!info.empty()) chunk.chunk("LIST", info);
    return chunk.result();
}

Bytes render_wav_places(const TagSet& tags, std::int64_t frames, int sample_rate_hz) {
    ByteBuilder chunks(ByteOrder::little);
    chunks.bytes(render_wav_markers(tags.markers));
    if (tags.loop) chunks.bytes(render_smpl(*tags.loop, sample_rate_hz));
    if (tags.metadata.bpm) chunks.bytes(render_acid(*tags.metadata.bpm, tags.loop, frames, sample_rate_hz));
    return chunks.result();
}

Status append_id3_chunk(const TagSet& tags, ByteOrder order, PendingFile& file) {
    DUBPLATE_TRY(const Bytes id3, render_id3v2(tags));
    ByteBuilder chunk(order);
    return file.append(chunk.chunk("ID3 ", id3).result());
}

}  // namespace dubplate
