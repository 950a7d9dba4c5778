#include "formats/audio/aiff.h"

#include <array>

namespace dubplate {

namespace {

constexpr std::array<std::string_view, 3> extensions{"aiff", "aif", "aifc"};
constexpr std::array<BitDepth, 4> depths{BitDepth::pcm16, BitDepth::pcm24, BitDepth::pcm32,
                                         BitDepth::float32};
constexpr std::uint64_t usual_tag_bytes = 4096;

Result<std::unique_ptr<AudioWriter>> create(PendingFile& file, const WriterSettings& settings,
                                            const TagSet& tags);
Status retag(const ByteSource& source, PendingFile& file, const TagSet& tags) {
    return retag_aiff(source, file, tags);
}

std::uint64_t estimate_bytes(const WriterSettings& settings) {
    const auto frame_bytes =
        static_cast<std::uint64_t>(settings.stream.channels * bits_of(settings.depth) / 8);
    return usual_tag_bytes + static_cast<std::uint64_t>(settings.frames) * frame_bytes;
}

}  // namespace

extern const AudioFormat aiff_format = {
    .name = "aiff",
    .title = "AIFF",
    .extensions = extensions,
    .writer_library = "Dubplate",
    .lossless = true,
    .depths = depths,
    .default_depth = BitDepth::pcm24,
    .max_channels = 2,
    .min_rate_hz = 8000,
    .max_rate_hz = 192000,
    .rates_hz = {},
    .max_bytes = aiff_size_limit,
    .recognizes = recognizes_aiff,
    .open = open_aiff,
    .create = create,
    .retag = retag,
    .estimate_bytes = estimate_bytes,
};

namespace {

Result<std::unique_ptr<AudioWriter>> create(PendingFile& file, const WriterSettings& settings,
                                            const TagSet& tags) {
    DUBPLATE_CHECK(check_writer_settings(aiff_format, settings));
    return create_aiff(file, settings, tags);
}

}  // namespace

}  // namespace dubplate
