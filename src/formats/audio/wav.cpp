#include "formats/audio/wav.h"

#include <array>

namespace dubplate {

namespace {

constexpr std::array<std::string_view, 4> extensions{"wav", "wave", "bwf", "rf64"};
constexpr std::array<BitDepth, 4> depths{BitDepth::pcm16, BitDepth::pcm24, BitDepth::pcm32,
                                         BitDepth::float32};
constexpr std::uint64_t usual_tag_bytes = 4096;

Result<std::unique_ptr<AudioWriter>> create(PendingFile& file, const WriterSettings& settings,
                                            const TagSet& tags);
Status retag(const ByteSource& source, PendingFile& file, const TagSet& tags) {
    return retag_wav(source, file, tags);
}

std::uint64_t estimate_bytes(const WriterSettings& settings) {
    const auto frame_bytes =
        static_cast<std::uint64_t>(settings.stream.channels * bits_of(settings.depth) / 8);
    return usual_tag_bytes + static_cast<std::uint64_t>(settings.frames) * frame_bytes;
}

}  // namespace

extern const AudioFormat wav_format = {
    .name = "wav",
    .title = "WAV",
    .extensions = extensions,
    .writer_library = "Dubplate",
    .lossless = true,
    .depths = depths,
    .default_depth = BitDepth::pcm24,
    .max_channels = max_channels,
    .min_rate_hz = 8000,
    .max_rate_hz = 192000,
    .rates_hz = {},
    .max_bytes = 0,
    .recognizes = recognizes_wav,
    .open = open_wav,
    .create = create,
    .retag = retag,
    .estimate_bytes = estimate_bytes,
};

namespace {

Result<std::unique_ptr<AudioWriter>> create(PendingFile& file, const WriterSettings& settings,
                                            const TagSet& tags) {
    DUBPLATE_CHECK(check_writer_settings(wav_format, settings));
    return create_wav(file, settings, tags);
}

}  // namespace

}  // namespace dubplate
