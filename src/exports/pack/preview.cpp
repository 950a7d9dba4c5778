#include "exports/pack/preview.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "audio/nodes/quantizer.h"
#include "audio/nodes/resample.h"
#include "core/units.h"
#include "exports/pack/prove_sample.h"
#include "exports/pack/sample_writer.h"

namespace dubplate {

namespace {

constexpr int loop_turns = 3;
constexpr double full_level = 127;
constexpr double full_pan = 51;

// A sample's file, whose frames are read in any order.
class PcmFile {
  public:
    PcmFile(const ByteSource& file, const SampleFileKind& kind, const SampleLayout& layout)
        : file_(file), kind_(kind), layout_(layout) {}

    // Frames [begin, begin + target.frames()), backwards where asked: the last of them first.
    Status read(std::int64_t begin, bool reverse, BlockView<float> target) {
        const auto channels = static_cast<std::size_t>(layout_.channels);
        const auto frames = static_cast<std::size_t>(target.frames());
        bytes_.resize(2 * channels * frames);
        DUBPLATE_TRY(
            const std::size_t got,
            file_.read_at(kind_.header_bytes + 2 * channels * static_cast<std::size_t>(begin), bytes_));
        if (got < bytes_.size()) return fail(ErrorCode::corrupt, "a sample is shorter than its header says");
        const std::size_t high = kind_.order == std::endian::little ? 1 : 0;
        for (std::size_t c = 0; c < channels; ++c)
            for (std::size_t i = 0; i < frames; ++i) {
                const std::byte* const from =
                    bytes_.data() + 2 * ((reverse ? frames - 1 - i : i) * channels + c);
                const auto sample = static_cast<std::int16_t>(std::to_integer<int>(from[high]) << 8 |
                                                              std::to_integer<int>(from[1 - high]));
                target.channel(static_cast<int>(c))[i] = static_cast<float>(sample) / 32768.0f;
            }
        return {};
    }

  private:
    const ByteSource& file_;
    const SampleFileKind& kind_;
    SampleLayout layout_;
    Bytes bytes_;
};

// Level and pan, onto two channels.
class Fader final : public Filter<float, float> {
  public:
    explicit Fader(const PadSettings& settings)
        : left_(gain(settings) * std::min(1.0, 1 - settings.pan / full_pan)),
          right_(gain(settings) * std::min(1.0, 1 + settings.pan / full_pan)),
          buffer_(2, block_frames) {}

    Status start(const StreamFormat& format) override { return outputs_.start({format.sample_rate_hz, 2}); }
    Status process(BlockView<const float> block) override {
        const std::span<const float> left = block.channel(0);
        const std::span<const float> right = block.channel(block.channels() - 1);
        for (std::size_t i = 0; i < left.size(); ++i) {
            buffer_.channel(0)[i] = static_cast<float>(left_ * static_cast<double>(left[i]));
            buffer_.channel(1)[i] = static_cast<float>(right_ * static_cast<double>(right[i]));
        }
        return outputs_.process(buffer_.const_view(block.frames()));
    }
    Status finish() override { return outputs_.finish(); }

  private:
    static double gain(const PadSettings& settings) { return settings.level / full_level; }

    double left_;
    double right_;
    BlockBuffer<float> buffer_;
};

// From `begin` to `end`, and round from `loop` on.
Status play(PcmFile& file, const SamplerPad& pad, Sink<float>& sink, const std::stop_token& stop) {
    BlockBuffer<float> block(pad.channels, block_frames);
    const bool reverse = pad.settings.reverse;
    const auto stretch = [&](std::int64_t begin, std::int64_t end) -> Status {
        for (std::int64_t done = 0; done < end - begin;) {
            if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
            const std::int64_t frames = std::min(block_frames, end - begin - done);
            const std::int64_t at = reverse ? end - done - frames : begin + done;
            DUBPLATE_CHECK(file.read(at, reverse, block.view(frames)));
            DUBPLATE_CHECK(sink.process(block.const_view(frames)));
            done += frames;
        }
        return {};
    };
    DUBPLATE_CHECK(stretch(pad.begin_frame, pad.end_frame));
    if (!pad.settings.loop) return {};
    for (int turn = 1; turn < loop_turns; ++turn) DUBPLATE_CHECK(stretch(pad.loop_frame, pad.end_frame));
    return {};
}

Status render(const ByteSource& source, const SampleFileKind& kind, const SampleLayout& layout,
              const SamplerPad& pad, SampleWriter& writer, const std::stop_token& stop) {
    Fader fader(pad.settings);
    Quantizer quantizer({.bits = 16, .dither = Dither::tpdf, .seed = 0});
    // Higher is faster: read as if it had been sampled at a higher rate.
    const int rate_hz =
        static_cast<int>(std::lround(layout.sample_rate_hz * std::exp2(pad.settings.pitch / 12)));
    Resampler resampler(layout.sample_rate_hz);
    resampler.add_output(fader);
    fader.add_output(quantizer);
    quantizer.add_output(writer);
    DUBPLATE_CHECK(resampler.start({rate_hz, layout.channels}));
    PcmFile file(source, kind, layout);
    DUBPLATE_CHECK(play(file, pad, resampler, stop));
    return resampler.finish();
}

}  // namespace

void place_pads(MadeSample& made, const SamplerDevice& device, const PackSource& source) {
    const int rate = source.info.stream.sample_rate_hz;
    const auto place = [&](double seconds) { return made.place_of(seconds_to_frames(seconds, rate)); };
    for (const PlannedPad& planned : made.planned->pads) {
        const PackPad& asked = planned.asked;
        SamplerPad pad{.place = planned.place,
                       .name = planned.name,
                       .channels = made.layout.channels,
                       .frames = made.layout.frames,
                       .begin_frame = place(asked.start_seconds),
                       .end_frame = asked.end_seconds ? place(*asked.end_seconds) : made.layout.frames,
                       .settings = asked.settings};
        pad.loop_frame = pad.begin_frame;
        if (made.planned->loop_frame && asked.settings.loop) {
            const RatePair nominal{rate, device.sample_rate_hz};
            const std::int64_t turn = *made.planned->end_frame - *made.planned->loop_frame;
            pad.end_frame = made.layout.frames;
            pad.loop_frame = made.layout.frames - looped_frames(turn, nominal);
        }
        for (const double chop : asked.chop_seconds) pad.chop_frames.push_back(place(chop));
        pad.settings = device.held_pad(pad).settings;  // as it will play
        made.pads.push_back(std::move(pad));
    }
}

Status add_previews(MadeSample& made, const CreateFile& create, const std::stop_token& stop) {
    const auto of_sample = made.planned->files.size();
    if (made.pads.empty() || of_sample == 0) return {};
    const SampleFileKind& kind = *made.planned->files.front().kind;
    DUBPLATE_TRY(const auto source, made.files.front().file->read_back());
    for (const SamplerPad& pad : made.pads) {
        const std::filesystem::path path =
            std::filesystem::path("preview") / fmt::format("{}_{}.wav", pad.place.to_string(), pad.name);
        DUBPLATE_TRY(auto file, create(path));
        SampleWriter writer(made.layout.sample_rate_hz);
        writer.add(*file, plain_wav, {});
        DUBPLATE_CHECK(render(*source, kind, made.layout, pad, writer, stop));
        MadeFile preview{.path = path, .file = std::move(file)};
        DUBPLATE_CHECK(prove_sample(preview, {.path = path, .kind = &plain_wav}, writer, {}));
        DUBPLATE_CHECK(first_failure(preview.checks));
        made.files.push_back(std::move(preview));
    }
    return {};
}

}  // namespace dubplate
