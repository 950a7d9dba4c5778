#include "formats/audio/lame_encoder.h"

#include <fmt/format.h>
#include <lame/lame.h>

#include <algorithm>
#include <cstdarg>
#include <mutex>

namespace dubplate {

namespace {

constexpr std::int64_t step_frames = 8192;
// What LAME's manual asks for: 1.25 bytes a frame, and 7200.
constexpr std::size_t output_bytes = step_frames * 5 / 4 + 7200;

void be_silent(const char*, va_list) {}

unsigned char* pointer_to(Bytes& bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

void configure(lame_t lame, const WriterSettings& settings, LameOptions options, float scale) {
    lame_set_errorf(lame, &be_silent);
    lame_set_msgf(lame, &be_silent);
    lame_set_debugf(lame, &be_silent);
    lame_set_num_channels(lame, settings.stream.channels);
    lame_set_mode(lame, settings.stream.channels == 1 ? MONO : JOINT_STEREO);
    lame_set_in_samplerate(lame, settings.stream.sample_rate_hz);
    lame_set_out_samplerate(lame, settings.stream.sample_rate_hz);  // or LAME resamples at low bitrates
    lame_set_bWriteVbrTag(lame, options.tag ? 1 : 0);
    lame_set_write_id3tag_automatic(lame, 0);
    lame_set_scale(lame, scale);
    lame_set_disable_reservoir(lame, options.reservoir ? 0 : 1);
    if (settings.mp3.vbr_quality) {
        lame_set_VBR(lame, vbr_default);
        lame_set_VBR_q(lame, *settings.mp3.vbr_quality);
    } else {
        lame_set_VBR(lame, vbr_off);
        lame_set_brate(lame, settings.mp3.bitrate_kbps);
    }
}

}  // namespace

void LameEncoder::Close::operator()(lame_global_struct* lame) const {
    lame_close(lame);
}

Result<LameEncoder> LameEncoder::make(const WriterSettings& settings, LameOptions options) {
    // LAME fills tables that all encoders share; two at once would write them side by side.
    static std::mutex tables;
    const std::lock_guard lock(tables);
    // Its presets for low bitrates make the sound up to 5 % smaller. How much, it tells once it is set up, and a second one
    // takes that back.
    float scale = 1;
    for (int round = 0; round < 2; ++round) {
        LameEncoder encoder;
        encoder.lame_.reset(lame_init());
        if (!encoder.lame_) return fail(ErrorCode::limit_exceeded, "out of memory");
        configure(encoder.lame_.get(), settings, options, scale);
        if (lame_init_params(encoder.lame_.get()) < 0) break;
        encoder.output_.resize(output_bytes);
        const float applied = lame_get_scale(encoder.lame_.get());
        if (round == 1 || applied == scale) return encoder;
        scale = 1 / applied;
    }
    return fail(ErrorCode::internal,
                fmt::format("LAME refuses {} Hz, {} channels, {} kbit/s", settings.stream.sample_rate_hz,
                            settings.stream.channels, settings.mp3.bitrate_kbps));
}

Status LameEncoder::encode(BlockView<const float> block, Bytes& to) {
    for (std::int64_t begin = 0; begin < block.frames(); begin += step_frames) {
        const std::int64_t count = std::min(step_frames, block.frames() - begin);
        const float* left = block.channel(0).data() + begin;
        const float* right = block.channels() == 1 ? left : block.channel(1).data() + begin;
        DUBPLATE_CHECK(
            append(lame_encode_buffer_ieee_float(lame_.get(), left, right, static_cast<int>(count),
                                                 pointer_to(output_), static_cast<int>(output_.size())),
                   to));
    }
    return {};
}

Status LameEncoder::flush(Bytes& to) {
    return append(lame_encode_flush(lame_.get(), pointer_to(output_), static_cast<int>(output_.size())), to);
}

Status LameEncoder::append(int size, Bytes& to) {
    if (size < 0) return fail(ErrorCode::internal, fmt::format("LAME fails with code {}", size));
    to.insert(to.end(), output_.begin(), output_.begin() + size);
    return {};
}

std::uint32_t LameEncoder::frames() const {
    return static_cast<std::uint32_t>(lame_get_frameNum(lame_.get()));
}

int LameEncoder::delay() const {
    return lame_get_encoder_delay(lame_.get());
}

int LameEncoder::padding() const {
    return lame_get_encoder_padding(lame_.get());
}

int LameEncoder::lowpass_hz() const {
    return lame_get_lowpassfreq(lame_.get());
}

Bytes LameEncoder::tag() const {
    Bytes tag(output_bytes);
    const std::size_t size = lame_get_lametag_frame(lame_.get(), pointer_to(tag), tag.size());
    tag.resize(size <= tag.size() ? size : 0);
    return tag;
}

}  // namespace dubplate
