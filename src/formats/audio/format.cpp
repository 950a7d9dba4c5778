#include "formats/audio/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dubplate {

namespace {

struct DepthInfo {
    BitDepth depth;
    int bits;
    std::string_view name;
};

constexpr std::array<DepthInfo, 4> depth_infos{{
    {BitDepth::pcm16, 16, "16"},
    {BitDepth::pcm24, 24, "24"},
    {BitDepth::pcm32, 32, "32"},
    {BitDepth::float32, 32, "float"},
}};

const DepthInfo& info_of(BitDepth depth) {
    const auto index = static_cast<std::size_t>(depth);
    DUBPLATE_ASSERT(index < depth_infos.size() && depth_infos[index].depth == depth);
    return depth_infos[index];
}

std::string depth_names(std::span<const BitDepth> depths) {
    std::string names;
    for (const BitDepth depth : depths) {
        if (!names.empty()) names += ", ";
        names += name_of(depth);
    }
    return names;
}

Status check_rate(const AudioFormat& format, int rate_hz) {
    const std::span<const int> rates = format.rates_hz;
    if (!rates.empty() && std::find(rates.begin(), rates.end(), rate_hz) == rates.end()) {
        return fail(ErrorCode::unsupported,
                    fmt::format("{} cannot hold {} Hz: it has {} Hz", format.title, rate_hz,
                                fmt::join(rates.begin(), rates.end(), ", ")),
                    "choose one of these with --sample-rate");
    }
    if (rate_hz < format.min_rate_hz || rate_hz > format.max_rate_hz) {
        return fail(ErrorCode::unsupported,
                    fmt::format("{} Hz is outside the {} to {} Hz that {} is written with", rate_hz,
                                format.min_rate_hz, format.max_rate_hz, format.title),
                    "choose another rate with --sample-rate");
    }
    return {};
}

}  // namespace

int bits_of(BitDepth depth) {
    return info_of(depth).bits;
}

std::string_view name_of(BitDepth depth) {
    return info_of(depth).name;
}

Status check_writer_settings(const AudioFormat& format, const WriterSettings& settings) {
    DUBPLATE_CHECK(check_rate(format, settings.stream.sample_rate_hz));
    if (settings.stream.channels < 1 || settings.stream.channels > format.max_channels) {
        return fail(ErrorCode::unsupported,
                    fmt::format("{} cannot hold {} channels: 1 to {} are allowed", format.title,
                                settings.stream.channels, format.max_channels),
                    "use --channels 2");
    }
    const std::span<const BitDepth> depths = format.depths;
    if (!depths.empty() && std::find(depths.begin(), depths.end(), settings.depth) == depths.end()) {
        return fail(ErrorCode::unsupported,
                    fmt::format("{} has no bit depth {}: it has {}", format.title, name_of(settings.depth),
                                depth_names(depths)),
                    "choose one of these with --bit-depth");
    }
    if (settings.frames < 0)
        return fail(ErrorCode::internal, fmt::format("a writer was told of {} frames", settings.frames));
    return {};
}

Status AudioWriter::write(BlockView<const std::int32_t>) {
    assertion_failed("this writer takes floats, not integers", __FILE__, __LINE__);
}

Status AudioWriter::write(BlockView<const float>) {
    assertion_failed("this writer takes integers, not floats", __FILE__, __LINE__);
}

}  // namespace dubplate
