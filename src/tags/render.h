// render.h: the metadata model as the bytes that each container holds, and back.
//
// What     ID3v2 tags (MP3 front, "ID3 " chunks of WAV and AIFF), Vorbis comments (FLAC), RIFF LIST/INFO, bext and
//          iXML chunks. Writers call these and put the bytes into their own structure.
// Loudness what the proof measured travels too: ReplayGain 2 tags and the loudness fields of bext version 2.
// Losses   each carrier tells what it cannot hold; nothing is dropped in silence.
// Hostile  every parser is ours and bounded: no recursion, no decompression, sizes checked before use. (TagLib 1.13
//          recurses through nested chapter frames and inflates frames without a limit; it judges in the tests.)
// Sources  ID3v2.3 and 2.4 (id3.org), EBU Tech 3285 v2 (bext), iXML 2.0, RIFF MCI, Xiph Vorbis comments, QuickTime
//          metadata atoms, APEv2.
// Threads  pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/store.h"
#include "tags/metadata.h"

namespace dubplate {

// Measured on the delivered audio. All values finite, or the struct is left out (silence has no loudness).
struct LoudnessFacts {
    double integrated_lufs = 0;
    double range_lu = 0;
    double true_peak_dbtp = 0;
    double max_momentary_lufs = 0;
    double max_short_term_lufs = 0;
    bool operator==(const LoudnessFacts&) const = default;
};

// ReplayGain 2.0 reference level: -18 LUFS.
inline constexpr double replay_gain_reference_lufs = -18.0;

// What goes into a deliverable beside the audio.
struct TagSet {
    Metadata metadata;
    std::optional<LoudnessFacts> loudness;
    std::vector<Marker> markers;
    std::optional<SampleLoop> loop;
    std::string encoder = "Dubplate";  // TSSE, ENCODER, ISFT
    std::string origination;           // "2026-11-21T10:20:30" or a date, for bext; empty: left out
    std::uint64_t time_reference = 0;  // of the first frame, in frames since midnight, for bext
    int sample_rate_hz = 0;            // of the markers' frames; 0: unknown, and chapters are left out
};

// An ID3v2.4 tag, padded to exactly `size` bytes (0: as long as it is, plus 1 KiB of room). Fails with internal
// when `size` is too small. Deterministic.
Result<Bytes> render_id3v2(const TagSet& tags, std::size_t size = 0);
// The first ID3v2 tag in `data`; fields that it does not hold stay unset. Errors: corrupt.
Result<Metadata> parse_id3v2(std::span<const std::byte> data, std::vector<Loss>& losses);

// The comments ("TITLE=...") in a fixed order, for a VORBIS_COMMENT block. Markers are left to the writer.
std::vector<std::string> vorbis_comments(const TagSet& tags);
Metadata metadata_from_vorbis_comments(std::span<const std::string> comments, std::vector<Loss>& losses);

// The payload of a LIST chunk, "INFO" included, every sub-chunk padded to even length. Empty: nothing to hold.
Bytes render_riff_info(const TagSet& tags);
Metadata parse_riff_info(std::span<const std::byte> list_payload, std::vector<Loss>& losses);

// The payload of a bext chunk, version 2 (602 bytes and the coding history).
Bytes render_bext(const TagSet& tags, const std::string& coding_history);
Metadata parse_bext(std::span<const std::byte> payload, std::vector<Loss>& losses);
// When it was recorded, as "2026-11-21T10:20:30" or the date alone; empty: not told.
std::string bext_origination(std::span<const std::byte> payload);
Bytes render_ixml(const TagSet& tags);

// The tags of "flac", "mp3", "m4a" and "ogg" files. (WAV and AIFF have chunks of their own, parsed above.) A file
// without tags, or with damaged ones, gives an empty Metadata, the damage told as a loss. Errors: io.
Result<Metadata> read_tags(const ByteSource& source, std::string_view format_name, std::vector<Loss>& losses);

// What the carrier named ("mp3", "flac", "wav", "aiff") cannot hold of these tags.
std::vector<Loss> tag_losses(const TagSet& tags, std::string_view format_name);

// What the header of a JPEG or PNG says.
struct PictureShape {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint32_t bits_per_pixel = 0;  // 0: not believable
    std::uint32_t colors = 0;          // of the palette; 0: it has none
    bool operator==(const PictureShape&) const = default;
};
// Errors: corrupt; unsupported (neither of them).
Result<PictureShape> picture_shape(std::span<const std::byte> data);

// JPEG or PNG, at most 16 MiB, with a sane size in its header (1 to 20000 pixels each side).
Result<Picture> check_picture(Bytes data);

}  // namespace dubplate
