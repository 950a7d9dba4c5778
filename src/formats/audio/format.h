// format.h: what an audio format is to Dubplate: one entry of the catalog.
//
// What     AudioFormat describes a format once (name, extensions, depths, rates, limits) and makes its readers,
//          writers and retaggers. The command line's choices, the plan's checks, the JSON schema and the conformance
//          tests are all made from the catalog.
// Adding   one file here that defines an AudioFormat, and one line in catalog.def.
// Audio    readers give planar float, +-1.0 nominal, integers scaled by 2^-(bits-1). Writers take planar int32_t,
//          right-justified, where the depth is an integer, and planar float otherwise.
// Lengths  a reader delivers the exact number of frames of the recording: encoder delay and padding removed.
// Owner    readers and writers borrow the source or file that they were given: it must outlive them.
// Threads  readers and writers are thread-compatible; the catalog is constant.
// Errors   corrupt, unsupported, limit_exceeded, io; messages say what was seen and what is allowed. The caller adds
//          the file's name as context.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "audio/stream.h"
#include "core/store.h"
#include "tags/metadata.h"
#include "tags/render.h"

namespace dubplate {

enum class BitDepth { pcm16, pcm24, pcm32, float32 };
int bits_of(BitDepth depth);               // 16, 24, 32, 32
std::string_view name_of(BitDepth depth);  // "16", "24", "32", "float", as on the command line

// ---- reading ----

// What an acid chunk says of a loop. Its tempo is metadata.bpm too, where no tag tells another.
struct AcidFacts {
    bool one_shot = false;
    std::optional<double> bpm{};  // 20 to 400; none for a one-shot
    std::optional<int> beats{};   // of the whole file; none for a one-shot
    bool operator==(const AcidFacts&) const = default;
};

struct SourceInfo {
    std::string format;  // the catalog's name: "wav"
    std::string codec;   // "PCM", "A-law", "AAC", "MP3", ...
    StreamFormat stream;
    std::int64_t frames = 0;    // as the header tells; frames_exact says whether it is right
    bool frames_exact = false;  // false: only reading to the end tells
    int bits = 0;               // of the stored samples; 0 for lossy codecs
    bool is_float = false;
    bool lossy = false;
    int bitrate_kbps = 0;  // lossy: the average; else 0
    Metadata metadata;
    std::vector<Marker> markers;
    std::optional<SampleLoop> loop;
    std::optional<AcidFacts> acid;
    std::string origination;  // when it was recorded, as bext tells: "2026-11-21T10:20:30", or the date alone
    std::vector<Loss> losses;           // what of the tags could not be read
    std::vector<std::string> warnings;  // "the header says 10 s, the file holds 4 s"
};

class AudioReader {
  public:
    AudioReader() = default;
    AudioReader(const AudioReader&) = delete;
    AudioReader& operator=(const AudioReader&) = delete;
    virtual ~AudioReader() = default;

    virtual const SourceInfo& info() const = 0;
    // Fills up to target.frames() frames from the current place; 0 only at the end.
    virtual Result<std::int64_t> read(BlockView<float> target) = 0;
    // Back to frame 0, for the next pass.
    virtual Status rewind() = 0;
};

// ---- writing ----

struct Mp3Settings {
    int bitrate_kbps = 320;          // constant; ignored where vbr_quality is set
    std::optional<int> vbr_quality;  // 0 (best) to 9
    bool operator==(const Mp3Settings&) const = default;
};

struct WriterSettings {
    StreamFormat stream;
    BitDepth depth = BitDepth::pcm24;  // ignored by lossy formats
    Mp3Settings mp3;
    std::int64_t frames = 0;  // what will come; a writer refuses more with internal
    int source_bits = 0;      // for the coding history; 0 unknown
    int threads = 1;         // that an encoder may keep busy beside its caller; the bytes do not depend on it
    std::stop_token stop{};  // ends them at once: what is written then fails with canceled
};

class AudioWriter {
  public:
    AudioWriter() = default;
    AudioWriter(const AudioWriter&) = delete;
    AudioWriter& operator=(const AudioWriter&) = delete;
    virtual ~AudioWriter() = default;

    // One of the two is meant, as AudioFormat::takes_integers() tells; the other is a programming error.
    virtual Status write(BlockView<const std::int32_t> block);
    virtual Status write(BlockView<const float> block);
    // Ends the file with the tags as they are known by now: the loudness may have been measured while writing.
    // `tags` has the metadata, markers and loop of the tags given at the start, plus the loudness.
    virtual Status finish(const TagSet& tags) = 0;
    // After finish(): may the stream come again, as long and changed in places? Then only what these places change in the
    // file is written again. False: the writer cannot do that, and is of no more use.
    virtual bool begin_again() { return false; }
};

// ---- the catalog ----

struct AudioFormat {
    std::string_view name;                         // "flac"
    std::string_view title;                        // "FLAC"
    std::span<const std::string_view> extensions;  // without the dot; the first is the one that is written
    std::string_view writer_library;               // "LAME 3.100": for the manifest; empty: read only
    bool lossless = true;
    bool encodes = false;              // its samples go through an encoder, which works on threads of its own
    std::span<const BitDepth> depths;  // empty: has none (lossy)
    BitDepth default_depth = BitDepth::pcm24;
    int max_channels = 0;  // for writing
    int min_rate_hz = 0;
    int max_rate_hz = 0;
    std::span<const int> rates_hz;  // the only rates allowed; empty: all from min to max
    std::uint64_t max_bytes = 0;    // 0: no limit

    // Do these first bytes (up to 4096 of them) belong to this format?
    bool (*recognizes)(std::span<const std::byte> head) = nullptr;
    Result<std::unique_ptr<AudioReader>> (*open)(const ByteSource& source) = nullptr;

    // The rest is null where the format is read only.
    Result<std::unique_ptr<AudioWriter>> (*create)(PendingFile& file, const WriterSettings& settings,
                                                   const TagSet& tags) = nullptr;
    // Copies `source` with other tags and every audio byte as it was.
    Status (*retag)(const ByteSource& source, PendingFile& file, const TagSet& tags) = nullptr;
    // About how many bytes a file will have.
    std::uint64_t (*estimate_bytes)(const WriterSettings& settings) = nullptr;

    bool writable() const { return create != nullptr; }
    bool takes_integers(BitDepth depth) const { return lossless && depth != BitDepth::float32; }
};

std::span<const AudioFormat* const> audio_formats();                      // in the order of catalog.def
const AudioFormat* find_audio_format(std::string_view name);              // by name; null: none
const AudioFormat* find_format_by_extension(std::string_view extension);  // without dot, any case; null: none

// Does the format hold this rate, this many channels and this depth? Errors: unsupported, naming what is allowed.
Status check_writer_settings(const AudioFormat& format, const WriterSettings& settings);

// Sniffs the content (never the name) and opens it with its own reader. Playlists, pictures and text are refused with
// unsupported and a word on what they are.
Result<std::unique_ptr<AudioReader>> open_audio(const ByteSource& source);

// Opens the same through libav, whose decoders share no code with our writers.
Result<std::unique_ptr<AudioReader>> open_with_libav(const ByteSource& source);
// What the proof listens with: FLAC with a decoder of our own that shares none with its encoder (docs/adr/0021), on so many
// threads; all else with libav.
Result<std::unique_ptr<AudioReader>> open_for_proof(const ByteSource& source, int threads);
std::string_view proof_decoder_of(const SourceInfo& info);  // "Dubplate" or "libav", for the manifest

}  // namespace dubplate
