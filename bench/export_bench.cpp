// A whole export in a program's own memory: 16 s of stereo at 44.1 kHz, brought to its loudness, to a WAV of 48 kHz and 16 bit,
// which is then decoded again and proven. bench/python_stack.py does it without true peak, dither and proof.
#include <benchmark/benchmark.h>

#include <cmath>

#include "exports/audio/export.h"
#include "support/songs.h"

namespace dubplate {
namespace {

constexpr int rate_hz = 44'100;

std::vector<float> load_sample() {
    const test::Audio song = test::load_song(test::song_names[0], rate_hz, 2, 16);
    std::vector<float> interleaved;
    for (std::int64_t i = 0; i < song.frames(); ++i)
        for (int c = 0; c < 2; ++c) interleaved.push_back(song.at(c, i));
    return interleaved;
}

void run(benchmark::State& state, double target_lufs) {
    const std::vector<float> sample = load_sample();
    if (sample.empty()) {
        state.SkipWithError("no song: install frozen-bubble-data and ffmpeg");
        return;
    }
    const AudioView view =
        AudioView::interleaved(sample.data(), static_cast<std::int64_t>(sample.size() / 2), 2, rate_hz);
    AudioSpec spec;
    spec.formats = {"wav"};
    spec.sample_rate_hz = 48'000;
    spec.bit_depth = BitDepth::pcm16;
    spec.loudness.target_lufs = target_lufs;
    for (auto _ : state) {
        const auto done = export_from_memory(spec, view, "sample");
        if (!done || done->files.size() != 1) {
            state.SkipWithError("the export failed");
            return;
        }
        benchmark::DoNotOptimize(done->files.begin()->second.data());
    }
}
// One gain; the peaks stay below the ceiling.
void bm_sample_from_memory(benchmark::State& state) {
    run(state, -20);
}
// The peaks are limited, and the gain into the limiter is found by trials.
void bm_limited_sample_from_memory(benchmark::State& state) {
    run(state, -16);
}
BENCHMARK(bm_sample_from_memory)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(bm_limited_sample_from_memory)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

}  // namespace
}  // namespace dubplate
