// aiff_chunks.h: tags, markers and the loop as the chunks of an AIFF file: NAME, AUTH, (c) , ANNO, COMT, MARK and INST.
//
// Units    frames, 32 bits of them. An AIFF marker stands between two frames: a loop's end marker is its exclusive end.
// Text     the standard knows ASCII alone; UTF-8 is written, as other programs do. What is no UTF-8 is read as
//          Latin-1.
// Regions  a marker is a point: lengths are lost (tag_losses() tells so).
// Threads  pure functions.
// Source   Audio Interchange File Format 1.3, sections "Marker Chunk" to "Text Chunks".
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "formats/audio/chunks.h"
#include "tags/metadata.h"

namespace dubplate {

struct AiffPlaces {
    std::vector<Marker> markers;  // without those that are the loop's ends
    std::optional<SampleLoop> loop;
};
AiffPlaces parse_aiff_places(std::span<const std::byte> mark, std::span<const std::byte> inst,
                             std::int64_t frames, std::vector<Loss>& losses);
// Whole chunks: MARK and INST, each where it has something to hold.
Bytes render_aiff_places(std::span<const Marker> markers, const std::optional<SampleLoop>& loop);

// NAME, AUTH, (c) , ANNO and COMT of a file.
Result<Metadata> read_aiff_texts(const ByteSource& source, std::span<const Chunk> chunks);
// Whole chunks: NAME, AUTH, (c)  and ANNO, each where it has something to hold.
Bytes render_aiff_texts(const Metadata& metadata);

}  // namespace dubplate
