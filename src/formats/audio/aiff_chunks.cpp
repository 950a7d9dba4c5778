#include "formats/audio/aiff_chunks.h"

#include "core/text.h"
#include "formats/audio/wav_chunks.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace dubplate {

namespace {

constexpr std::size_t text_limit_bytes = 64 * 1024;
constexpr std::size_t max_markers = 32000;  // ids are positive numbers of 16 bits, and the loop needs two
constexpr std::uint16_t loop_forward = 1;

struct AiffMarker {
    std::uint16_t id = 0;
    std::uint32_t frame = 0;
    std::string label;
};

std::vector<AiffMarker> parse_mark(std::span<const std::byte> mark) {
    std::vector<AiffMarker> markers;
    ByteReader reader(mark, ByteOrder::big);
    const std::uint16_t count = reader.u16();
    for (std::uint16_t i = 0; i < count && reader.remaining() >= 7; ++i) {
        AiffMarker marker;
        marker.id = reader.u16();
        marker.frame = reader.u32();
        const std::uint8_t length = reader.u8();
        marker.label = chunk_text(reader.take(length));
        reader.skip(length % 2 == 0 ? 1 : 0);  // the length byte and the text are padded together
        markers.push_back(std::move(marker));
    }
    return markers;
}

struct Instrument {
    int root_key = 60;
    std::uint16_t begin_marker = 0;
    std::uint16_t end_marker = 0;
};

// The sustain loop; none where there is none.
std::optional<Instrument> parse_inst(std::span<const std::byte> inst) {
    ByteReader reader(inst, ByteOrder::big);
    Instrument instrument;
    instrument.root_key = std::min<int>(reader.u8(), 127);
    reader.skip(7);
    const std::uint16_t mode = reader.u16();
    instrument.begin_marker = reader.u16();
    instrument.end_marker = reader.u16();
    if (!reader.ok() || mode == 0) return std::nullopt;
    return instrument;
}

const AiffMarker* find_marker(std::span<const AiffMarker> markers, std::uint16_t id) {
    const auto found = std::find_if(markers.begin(), markers.end(),
                                    [&](const AiffMarker& marker) { return marker.id == id; });
    return found == markers.end() ? nullptr : &*found;
}

std::optional<SampleLoop> find_loop(std::span<const AiffMarker> markers, const Instrument& instrument,
                                    std::int64_t frames, std::vector<Loss>& losses) {
    const AiffMarker* begin = find_marker(markers, instrument.begin_marker);
    const AiffMarker* end = find_marker(markers, instrument.end_marker);
    if (begin == nullptr || end == nullptr) {
        losses.push_back({"loop", "its markers are missing"});
        return std::nullopt;
    }
    if (begin->frame >= end->frame || end->frame > frames) {
        losses.push_back(
            {"loop", fmt::format("frames {} to {} are not within the audio", begin->frame, end->frame)});
        return std::nullopt;
    }
    return SampleLoop{begin->frame, end->frame, instrument.root_key};
}

void append_marker(ByteBuilder& mark, std::uint16_t id, std::int64_t frame, std::string_view label) {
    const std::string_view text = truncate_utf8(label, 255);
    mark.u16(id).u32(static_cast<std::uint32_t>(frame)).u8(static_cast<std::uint8_t>(text.size())).text(text);
    mark.zeros(text.size() % 2 == 0 ? 1 : 0);
}

Bytes render_inst(int root_key, std::uint16_t begin_marker, std::uint16_t end_marker) {
    ByteBuilder inst(ByteOrder::big);
    // Not detuned, for all keys and velocities, no gain; then the sustain loop and no release loop.
    inst.u8(static_cast<std::uint8_t>(root_key)).u8(0).u8(0).u8(127).u8(1).u8(127).u16(0);
    inst.u16(loop_forward).u16(begin_marker).u16(end_marker).zeros(6);
    return inst.result();
}

std::string long_text(std::span<const std::byte> data) {
    return chunk_text(data, text_limit_bytes);
}

// Comments that hang on a marker speak of it, not of the recording.
std::string parse_comt(std::span<const std::byte> comt) {
    ByteReader reader(comt, ByteOrder::big);
    const std::uint16_t count = reader.u16();
    for (std::uint16_t i = 0; i < count && reader.remaining() >= 8; ++i) {
        reader.skip(4);  // time
        const std::uint16_t marker = reader.u16();
        const std::uint16_t length = reader.u16();
        const std::string text = long_text(reader.take(length));
        reader.skip(length % 2);
        if (marker == 0 && !text.empty()) return text;
    }
    return {};
}

}  // namespace

AiffPlaces parse_aiff_places(std::span<const std::byte> mark, std::span<const std::byte> inst,
                             std::int64_t frames, std::vector<Loss>& losses) {
    std::vector<AiffMarker> found = parse_mark(mark);
    AiffPlaces places;
    if (const std::optional<Instrument> instrument = parse_inst(inst)) {
        places.loop = find_loop(found, *instrument, frames, losses);
        if (places.loop) {
            std::erase_if(found, [&](const AiffMarker& marker) {
                return marker.id == instrument->begin_marker || marker.id == instrument->end_marker;
            });
        }
    }
    for (AiffMarker& marker : found) places.markers.push_back({marker.frame, 0, std::move(marker.label)});
    places.markers = keep_sound_markers(std::move(places.markers), frames, losses);
    return places;
}

Bytes render_aiff_places(std::span<const Marker> markers, const std::optional<SampleLoop>& loop) {
    const auto count = static_cast<std::uint16_t>(std::min(markers.size(), max_markers));
    if (count == 0 && !loop) return {};
    ByteBuilder mark(ByteOrder::big);
    mark.u16(static_cast<std::uint16_t>(count + (loop ? 2 : 0)));
    std::uint16_t id = 0;
    for (const Marker& marker : markers.first(count)) append_marker(mark, ++id, marker.frame, marker.label);
    ByteBuilder chunks(ByteOrder::big);
    if (!loop) return chunks.chunk("MARK", mark.result()).result();
    const auto begin = static_cast<std::uint16_t>(id + 1);
    const auto end = static_cast<std::uint16_t>(id + 2);
    append_marker(mark, begin, loop->begin_frame, "loop begin");
    append_marker(mark, end, loop->end_frame, "loop end");
    return chunks.chunk("MARK", mark.result())
        .chunk("INST", render_inst(loop->root_key, begin, end))
        .result();
}

Result<Metadata> read_aiff_texts(const ByteSource& source, std::span<const Chunk> chunks) {
    Metadata metadata;
    std::string comt;
    const std::map<std::string_view, std::string*> places{{"NAME", &metadata.title},
                                                          {"AUTH", &metadata.artist},
                                                          {"(c) ", &metadata.copyright},
                                                          {"ANNO", &metadata.comment}};
    for (const Chunk& chunk : chunks) {
        const auto place = places.find(chunk.id);
        if (place == places.end() && chunk.id != "COMT") continue;
        DUBPLATE_TRY(const Bytes payload, read_payload(source, chunk, text_limit_bytes));
        if (chunk.id == "COMT" && comt.empty()) comt = parse_comt(payload);
        if (place != places.end() && place->second->empty()) *place->second = long_text(payload);
    }
    if (metadata.comment.empty()) metadata.comment = comt;
    return metadata;
}

Bytes render_aiff_texts(const Metadata& metadata) {
    ByteBuilder chunks(ByteOrder::big);
    const auto append = [&](std::string_view id, const std::string& text) {
        if (!text.empty()) chunks.chunk(id, std::as_bytes(std::span(text)));
    };
    append("NAME", metadata.title);
    append("AUTH", metadata.artist);
    append("(c) ", metadata.copyright);
    append("ANNO", metadata.comment);
    return chunks.result();
}

}  // namespace dubplate
