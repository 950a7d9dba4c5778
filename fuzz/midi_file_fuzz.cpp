#include "core/text.h"
#include "formats/midi/midi_file.h"

#include <cstdint>

// Any bytes as a MIDI file. What was read has a tempo map, texts that are valid, and comes back from the writer
// with the same notes and names; positions are rounded once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dubplate;
    const auto file = parse_midi(std::as_bytes(std::span(data, size)));
    if (!file) {
        DUBPLATE_ASSERT(is_valid_utf8(file.error().to_string()));
        return 0;
    }
    std::int64_t last = 0;
    for (const Marker& marker : markers_of(*file, tempo_map_of(*file), 48'000)) {
        DUBPLATE_ASSERT(marker.frame >= last && is_valid_utf8(marker.label));
        last = marker.frame;
    }
    const auto bytes = render_midi(*file);
    if (!bytes) return 0;
    const auto back = parse_midi(*bytes);
    DUBPLATE_ASSERT(back.has_value() && back->tracks.size() == file->tracks.size());
    DUBPLATE_ASSERT(back->tempos.size() == file->tempos.size());
    for (std::size_t i = 0; i < file->tracks.size(); ++i) {
        DUBPLATE_ASSERT(back->tracks[i].name == file->tracks[i].name);
        DUBPLATE_ASSERT(back->tracks[i].notes.size() == file->tracks[i].notes.size());
    }
    return 0;
}
