#include "formats/audio/wav_chunks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace dubplate {

namespace {

constexpr std::uint32_t acid_one_shot = 0x01;
constexpr std::uint32_t acid_root_set = 0x02;
constexpr std::uint32_t acid_stretch = 0x04;

bool fits_32_bits(std::int64_t frame) {
    return frame >= 0 && frame < std::int64_t{unknown_size};
}

struct CueNotes {
    std::map<std::uint32_t, std::string> labels;
    std::map<std::uint32_t, std::uint32_t> lengths;
};

CueNotes parse_adtl(std::span<const std::byte> adtl) {
    CueNotes notes;
    ByteReader reader(adtl, ByteOrder::little);
    reader.skip(4);  // "adtl"
    while (reader.remaining() >= 8) {
        const std::string id = reader.id();
        const std::uint32_t size = reader.u32();
        ByteReader entry(reader.take(size), ByteOrder::little);
        reader.skip(size % 2);
        const std::uint32_t cue = entry.u32();
        if (id == "labl") notes.labels[cue] = chunk_text(entry.take(entry.remaining()));
        if (id == "ltxt") {
            notes.lengths[cue] = entry.u32();
            entry.skip(12);  // purpose, country, language, dialect, code page
            const std::string text = chunk_text(entry.take(entry.remaining()));
            if (!text.empty()) notes.labels.try_emplace(cue, text);
        }
    }
    return notes;
}

std::vector<Marker> kept_markers(std::span<const Marker> markers) {
    std::vector<Marker> kept;
    for (const Marker& marker : markers)
        if (fits_32_bits(marker.frame)) kept.push_back(marker);
    return kept;
}

Bytes render_adtl(std::span<const Marker> markers) {
    ByteBuilder list(ByteOrder::little);
    list.text("adtl");
    std::uint32_t id = 0;
    for (const Marker& marker : markers) {
        ++id;
        if (!marker.label.empty()) {
            ByteBuilder label(ByteOrder::little);
            label.u32(id).text(marker.label).u8(0);
            list.chunk("labl", label.result());
        }
        if (marker.length_frames > 0) {
            const auto length = std::min<std::int64_t>(marker.length_frames, unknown_size - 1);
            ByteBuilder region(ByteOrder::little);
            region.u32(id).u32(static_cast<std::uint32_t>(length)).text("rgn ").zeros(8);
            list.chunk("ltxt", region.result());
        }
    }
    if (list.size() == 4) return {};
    ByteBuilder chunk(ByteOrder::little);
    return chunk.chunk("LIST", list.result()).result();
}

}  // namespace

std::vector<Marker> keep_sound_markers(std::vector<Marker> markers, std::int64_t frames,
                                       std::vector<Loss>& losses) {
    std::erase_if(markers, [&](const Marker& marker) {
        if (marker.frame <= frames) return false;
        losses.push_back({fmt::format("marker '{}'", marker.label), "it lies behind the end"});
        return true;
    });
    for (Marker& marker : markers)
        marker.length_frames = std::min(marker.length_frames, frames - marker.frame);
    std::stable_sort(markers.begin(), markers.end(),
                     [](const Marker& a, const Marker& b) { return a.frame < b.frame; });
    return markers;
}

std::vector<Marker> parse_wav_markers(std::span<const std::byte> cue, std::span<const std::byte> adtl,
                                      std::int64_t frames, std::vector<Loss>& losses) {
    const CueNotes notes = parse_adtl(adtl);
    std::vector<Marker> markers;
    ByteReader reader(cue, ByteOrder::little);
    const std::uint32_t count = reader.u32();
    for (std::uint32_t i = 0; i < count && reader.remaining() >= 24; ++i) {
        const std::uint32_t id = reader.u32();
        reader.skip(16);  // place in a play list, the chunk, and places for compressed and silent parts
        Marker marker;
        marker.frame = reader.u32();
        if (const auto label = notes.labels.find(id); label != notes.labels.end())
            marker.label = label->second;
        if (const auto length = notes.lengths.find(id); length != notes.lengths.end())
            marker.length_frames = length->second;
        markers.push_back(std::move(marker));
    }
    return keep_sound_markers(std::move(markers), frames, losses);
}

std::optional<SampleLoop> parse_smpl(std::span<const std::byte> smpl, std::int64_t frames,
                                     std::vector<Loss>& losses) {
    ByteReader reader(smpl, ByteOrder::little);
    reader.skip(12);
    const std::uint32_t root_key = reader.u32();
    reader.skip(12);
    const std::uint32_t count = reader.u32();
    reader.skip(4);
    if (!reader.ok() || count == 0) return std::nullopt;
    reader.skip(8);
    SampleLoop loop;
    loop.begin_frame = reader.u32();
    loop.end_frame = std::int64_t{reader.u32()} + 1;
    loop.root_key = static_cast<int>(std::min<std::uint32_t>(root_key, 127));
    if (!reader.ok() || loop.begin_frame >= loop.end_frame || loop.end_frame > frames) {
        losses.push_back({"loop", fmt::format("frames {} to {} are not within the audio", loop.begin_frame,
                                              loop.end_frame)});
        return std::nullopt;
    }
    if (count > 1) losses.push_back({"loops", fmt::format("the first of {} is kept", count)});
    return loop;
}

std::optional<AcidFacts> parse_acid(std::span<const std::byte> acid) {
    constexpr std::uint32_t most_beats = 1 << 20;
    ByteReader reader(acid, ByteOrder::little);
    const std::uint32_t flags = reader.u32();
    reader.skip(8);
    const std::uint32_t beats = reader.u32();
    reader.skip(4);
    const float tempo = reader.f32();
    if (!reader.ok()) return std::nullopt;
    AcidFacts facts{.one_shot = (flags & acid_one_shot) != 0};
    if (facts.one_shot) return facts;
    if (beats > 0 && beats <= most_beats) facts.beats = static_cast<int>(beats);
    // The float nearest to 93.7 is 93.69999695: thousandths are what its maker meant.
    if (tempo >= 20.0F && tempo <= 400.0F)
        facts.bpm = std::round(static_cast<double>(tempo) * 1000.0) / 1000.0;
    return facts;
}

Bytes render_wav_markers(std::span<const Marker> markers) {
    const std::vector<Marker> kept = kept_markers(markers);
    if (kept.empty()) return {};
    ByteBuilder cue(ByteOrder::little);
    cue.u32(static_cast<std::uint32_t>(kept.size()));
    std::uint32_t id = 0;
    for (const Marker& marker : kept) {
        const auto frame = static_cast<std::uint32_t>(marker.frame);
        cue.u32(++id).u32(frame).text("data").u32(0).u32(0).u32(frame);
    }
    ByteBuilder chunks(ByteOrder::little);
    return chunks.chunk("cue ", cue.result()).bytes(render_adtl(kept)).result();
}

Bytes render_smpl(const SampleLoop& loop, int sample_rate_hz) {
    if (!fits_32_bits(loop.begin_frame) || !fits_32_bits(loop.end_frame) ||
        loop.end_frame <= loop.begin_frame)
        return {};
    ByteBuilder smpl(ByteOrder::little);
    const auto period_ns = static_cast<std::uint32_t>(std::llround(1e9 / sample_rate_hz));
    smpl.u32(0).u32(0).u32(period_ns).u32(static_cast<std::uint32_t>(loop.root_key)).u32(0);
    smpl.u32(0).u32(0).u32(1).u32(0);
    smpl.u32(0).u32(0).u32(static_cast<std::uint32_t>(loop.begin_frame));
    smpl.u32(static_cast<std::uint32_t>(loop.end_frame - 1)).u32(0).u32(0);
    ByteBuilder chunk(ByteOrder::little);
    return chunk.chunk("smpl", smpl.result()).result();
}

Bytes render_acid(double bpm, const std::optional<SampleLoop>& loop, std::int64_t frames,
                  int sample_rate_hz) {
    // Of a file that is no loop no count is told (0): rounded, it would be another tempo to who divides by it.
    constexpr double whole = 0.001;
    const double beats = static_cast<double>(frames) / sample_rate_hz * bpm / 60.0;
    const double count = std::round(beats);
    const bool is_whole = std::abs(beats - count) <= whole * count && count <= 4294967294.0;
    ByteBuilder acid(ByteOrder::little);
    acid.u32(acid_stretch | (loop ? acid_root_set : 0));
    acid.u16(static_cast<std::uint16_t>(loop ? loop->root_key : 60)).u16(0x8000).u32(0);
    acid.u32(is_whole ? static_cast<std::uint32_t>(count) : 0);
    acid.u16(4).u16(4).f32(static_cast<float>(bpm));
    ByteBuilder chunk(ByteOrder::little);
    return chunk.chunk("acid", acid.result()).result();
}

}  // namespace dubplate
