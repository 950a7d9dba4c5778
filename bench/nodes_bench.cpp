// What each node costs: items per second are stereo frames, so 1e9 / that is ns per frame.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>

#include "audio/nodes/gain.h"
#include "audio/nodes/limiter.h"
#include "audio/nodes/loudness_meter.h"
#include "audio/nodes/pictures.h"
#include "audio/nodes/quantizer.h"
#include "audio/nodes/resample.h"
#include "audio/nodes/shape.h"

namespace dubplate {
namespace {

constexpr StreamFormat stereo{44100, 2};
constexpr std::int64_t total_frames = 100 * block_frames;

template <class T>
class NullSink final : public Sink<T> {
  public:
    Status start(const StreamFormat&) override { return {}; }
    Status process(BlockView<const T> block) override {
        benchmark::DoNotOptimize(block.channel(0).data());
        return {};
    }
    Status finish() override { return {}; }
};

// Two tones that beat, with peaks of `level`, so that a limiter has quiet stretches and loud ones.
BlockBuffer<float> make_music(double level) {
    BlockBuffer<float> block(2, total_frames);
    for (int c = 0; c < 2; ++c)
        for (std::int64_t i = 0; i < total_frames; ++i) {
            const double t = static_cast<double>(i) / stereo.sample_rate_hz;
            block.channel(c)[static_cast<std::size_t>(i)] = static_cast<float>(
                0.5 * level * (std::sin(2 * M_PI * 997 * t) + std::sin(2 * M_PI * (998.5 + c) * t)));
        }
    return block;
}

bool feed(Sink<float>& node, BlockBuffer<float>& music) {
    if (!node.start(stereo)) return false;
    for (std::int64_t begin = 0; begin < total_frames; begin += block_frames) {
        const SubBlock<const float> block(music.const_view(total_frames), begin, block_frames);
        if (!node.process(block.view())) return false;
    }
    return node.finish().has_value();
}

// make(): a new node; it must outlive the call only.
template <class Make>
void run(benchmark::State& state, double level, Make make) {
    BlockBuffer<float> music = make_music(level);
    for (auto _ : state) {
        if (!make(music)) state.SkipWithError("the node failed");
    }
    state.SetItemsProcessed(state.iterations() * total_frames);
}

template <class Node, class Out, class... Settings>
bool feed_filter(BlockBuffer<float>& music, Settings... settings) {
    Node node(settings...);
    NullSink<Out> sink;
    node.add_output(sink);
    return feed(node, music);
}

void bm_meter(benchmark::State& state) {
    run(state, 0.7, [](auto& music) {
        LoudnessMeter meter;
        return feed(meter, music);
    });
}
void bm_gain(benchmark::State& state) {
    run(state, 0.7, [](auto& music) { return feed_filter<Gain, float>(music, -6.0); });
}
void bm_limiter_idle(benchmark::State& state) {
    run(state, 0.5, [](auto& music) { return feed_filter<Limiter, float>(music, LimiterSettings{}); });
}
void bm_limiter_working(benchmark::State& state) {
    run(state, 1.4, [](auto& music) { return feed_filter<Limiter, float>(music, LimiterSettings{}); });
}
void bm_resample_to_48k(benchmark::State& state) {
    run(state, 0.7, [](auto& music) { return feed_filter<Resampler, float>(music, 48000); });
}
void bm_quantize_tpdf_16(benchmark::State& state) {
    run(state, 0.7,
        [](auto& music) { return feed_filter<Quantizer, std::int32_t>(music, QuantizerSettings{}); });
}
void bm_quantize_shaped_16(benchmark::State& state) {
    run(state, 0.7, [](auto& music) {
        return feed_filter<Quantizer, std::int32_t>(music,
                                                    QuantizerSettings{.bits = 16, .dither = Dither::shaped});
    });
}

void bm_fold_to_mono(benchmark::State& state) {
    run(state, 0.7, [](auto& music) { return feed_filter<ChannelFold, float>(music, 1); });
}
void bm_fades(benchmark::State& state) {
    run(state, 0.7, [](auto& music) {
        return feed_filter<Fades, float>(music, total_frames, std::int64_t{0}, total_frames);
    });
}
void bm_waveform_picture(benchmark::State& state) {
    run(state, 0.7, [](auto& music) {
        WaveformPicture picture;
        return feed(picture, music);
    });
}
void bm_spectrum_picture(benchmark::State& state) {
    run(state, 0.7, [](auto& music) {
        SpectrumPicture picture;
        return feed(picture, music);
    });
}

BENCHMARK(bm_meter);
BENCHMARK(bm_gain);
BENCHMARK(bm_limiter_idle);
BENCHMARK(bm_limiter_working);
BENCHMARK(bm_resample_to_48k);
BENCHMARK(bm_quantize_tpdf_16);
BENCHMARK(bm_quantize_shaped_16);
BENCHMARK(bm_fold_to_mono);
BENCHMARK(bm_fades);
BENCHMARK(bm_waveform_picture);
BENCHMARK(bm_spectrum_picture);

}  // namespace
}  // namespace dubplate
