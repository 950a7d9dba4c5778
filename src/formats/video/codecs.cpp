#include "formats/video/codecs.h"

#include <cmath>

namespace dubplate {

namespace {

// fast: a third of the time of veryfast saved, a fifth more bytes.
std::string x264_preset(VideoPreset preset) {
    switch (preset) {
        case VideoPreset::balanced:
            return "veryfast";
        case VideoPreset::small:
            return "slow";
        case VideoPreset::fast:
        case VideoPreset::lossless:
            break;
    }
    return "superfast";
}

// With AVX-512, x264 164 reads what nobody wrote where half the width is no multiple of 64: the same frames become other bytes on each run.
bool has_avx512() {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512f") != 0;
#else
    return false;
#endif
}

std::string x264_parameters(const VideoSettings& settings) {
    std::string parameters;
    if (settings.preset == VideoPreset::fast) parameters = "bframes=3:weightp=1:mbtree=1:rc-lookahead=10";
    if (settings.preset == VideoPreset::lossless) parameters = "qp=0";
    if (has_avx512()) parameters += parameters.empty() ? "asm=AVX2" : ":asm=AVX2";
    // Beyond 1080p the frames that x264 holds are what fills the memory: 25 MB each at 4K.
    if (is_large(settings))
        parameters += std::string(parameters.empty() ? "" : ":") + "bframes=1:rc-lookahead=2";
    return parameters;
}

// The step of a preset, of those that an encoder has from slow to fast.
std::string step_of(VideoPreset preset, const char* small, const char* balanced, const char* fast) {
    return preset == VideoPreset::small ? small : preset == VideoPreset::balanced ? balanced : fast;
}

std::string stretched_crf(int crf) {
    return std::to_string(std::lround(crf * 63 / 51.0));
}

EncoderChoice x264(const VideoSettings& settings) {
    EncoderChoice choice{"libx264", x264_preset(settings.preset)};
    choice.options = {{"preset", choice.preset}, {"x264-params", x264_parameters(settings)}};
    if (settings.preset != VideoPreset::lossless)
        choice.options.emplace_back("crf", std::to_string(settings.crf));
    return choice;
}

EncoderChoice x265(const VideoSettings& settings) {
    EncoderChoice choice{"libx265", step_of(settings.preset, "medium", "veryfast", "ultrafast")};
    std::string parameters = "pools=none:frame-threads=1:open-gop=0:info=0:log-level=error";
    if (settings.preset == VideoPreset::lossless) parameters += ":lossless=1";
    if (is_large(settings)) parameters += ":bframes=1:rc-lookahead=4";
    choice.options = {
        {"preset", choice.preset}, {"x265-params", parameters}, {"crf", std::to_string(settings.crf)}};
    return choice;
}

EncoderChoice vp9(const VideoSettings& settings) {
    EncoderChoice choice{"libvpx-vp9", "cpu-used " + step_of(settings.preset, "2", "5", "8")};
    const bool is_fast = settings.preset == VideoPreset::fast || settings.preset == VideoPreset::lossless;
    choice.options = {{"deadline", is_fast ? "realtime" : "good"},
                      {"cpu-used", step_of(settings.preset, "2", "5", "8")},
                      {"crf", stretched_crf(settings.crf)}};
    if (settings.preset == VideoPreset::lossless) choice.options.emplace_back("lossless", "1");
    return choice;
}

EncoderChoice av1(const VideoSettings& settings) {
    EncoderChoice choice{"libaom-av1", "cpu-used " + step_of(settings.preset, "4", "6", "8")};
    const bool is_fast = settings.preset == VideoPreset::fast || settings.preset == VideoPreset::lossless;
    choice.options = {{"usage", is_fast ? "realtime" : "good"},
                      {"cpu-used", step_of(settings.preset, "4", "6", "8")},
                      {"crf", stretched_crf(settings.crf)}};
    if (settings.preset == VideoPreset::lossless) {
        choice.options.back().second = "0";
        choice.options.emplace_back("aom-params", "lossless=1");
    }
    return choice;
}

}  // namespace

bool is_large(const VideoSettings& settings) {
    constexpr std::int64_t large_pixels = 2'500'000;
    return std::int64_t{settings.width} * settings.height > large_pixels;
}

EncoderChoice encoder_choice(const VideoSettings& settings) {
    switch (settings.codec) {
        case VideoCodec::hevc:
            return x265(settings);
        case VideoCodec::vp9:
            return vp9(settings);
        case VideoCodec::av1:
            return av1(settings);
        case VideoCodec::h264:
            break;
    }
    return x264(settings);
}

}  // namespace dubplate
