// What each kernel costs on real music, and libebur128 beside it: items per second are stereo frames, so 1e9 / that is
// ns per frame. The meter's two parts run alone here as it runs them together: its loudness as stretches through
// KWeightedColumns, summed to steps of 100 ms and gated; its true peak as sections through PeakFinder. Both are held against
// libebur128's values for the same music, and fail where they are not the same.
//
// Music    60 s of a song of frozen-bubble-data, as tests/support/songs.h finds it; skipped without one.
#include <benchmark/benchmark.h>
#include <ebur128.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "audio/kernels/k_weighting.h"
#include "audio/kernels/limiting.h"
#include "audio/kernels/mixing.h"
#include "audio/kernels/oversampler.h"
#include "audio/kernels/samples.h"
#include "audio/nodes/loudness_gate.h"
#include "audio/nodes/loudness_meter.h"
#include "audio/nodes/peak_finder.h"
#include "support/dispatch.h"
#include "support/songs.h"

namespace dubplate {
namespace {

constexpr int rate_hz = 44'100;
constexpr double most_lu_apart = 0.001;
constexpr double most_peak_apart = 1e-5;  // of the peak
constexpr std::int64_t before = 8192;  // frames of silence before the music, for the filters to look back to
constexpr std::int64_t after = 4096;   // and after it

struct Music {
    std::int64_t frames = 0;
    std::array<std::vector<float>, 2> channels;
    std::vector<float> interleaved;

    const float* begin(std::size_t channel) const { return channels[channel].data() + before; }
};

Music load_music() {
    const test::Audio song = test::load_song(test::song_names[0], rate_hz, 2, 60);
    Music music;
    music.frames = song.frames();
    if (music.frames == 0) return music;
    for (std::size_t c = 0; c < 2; ++c) {
        music.channels[c].assign(before, 0.0f);
        music.channels[c].insert(music.channels[c].end(), song.channels[c].begin(), song.channels[c].end());
        music.channels[c].insert(music.channels[c].end(), after, 0.0f);
    }
    for (std::int64_t i = 0; i < music.frames; ++i)
        for (int c = 0; c < 2; ++c) music.interleaved.push_back(song.at(c, i));
    return music;
}

const Music& music() {
    static const Music loaded = load_music();
    return loaded;
}

// work(): once over all of the music.
template <class Work>
void run(benchmark::State& state, Work work) {
    if (music().frames == 0) {
        state.SkipWithError("no song: install frozen-bubble-data and ffmpeg");
        return;
    }
    for (auto _ : state) work();
    state.SetItemsProcessed(state.iterations() * music().frames);
}

// work(channel, begin, frames) for blocks of the music.
template <class Work>
void run_blocks(benchmark::State& state, Work work) {
    constexpr std::int64_t block = 4096;
    run(state, [&] {
        for (std::int64_t begin = 0; begin + block <= music().frames; begin += block)
            for (std::size_t c = 0; c < 2; ++c) work(music().begin(c) + begin, begin, block);
    });
}

// ---- libebur128 ----

using Judge = std::unique_ptr<ebur128_state, void (*)(ebur128_state*)>;

Judge judge_music(int mode) {
    Judge judge(ebur128_init(2, rate_hz, mode), [](ebur128_state* state) { ebur128_destroy(&state); });
    ebur128_add_frames_float(judge.get(), music().interleaved.data(),
                             static_cast<std::size_t>(music().frames));
    return judge;
}

double judged_lufs(ebur128_state* judge) {
    double lufs = 0;
    ebur128_loudness_global(judge, &lufs);
    return lufs;
}

double judged_true_peak(ebur128_state* judge) {
    std::array<double, 2> peaks{};
    for (unsigned c = 0; c < 2; ++c) ebur128_true_peak(judge, c, &peaks[c]);
    return std::max(peaks[0], peaks[1]);
}

void bm_ebur128_integrated(benchmark::State& state) {
    run(state, [] { benchmark::DoNotOptimize(judged_lufs(judge_music(EBUR128_MODE_I).get())); });
}
// Its true peak cannot be had without the filters of its loudness: what bm_ebur128_momentary takes is to be subtracted.
void bm_ebur128_true_peak(benchmark::State& state) {
    run(state, [] { benchmark::DoNotOptimize(judged_true_peak(judge_music(EBUR128_MODE_TRUE_PEAK).get())); });
}
void bm_ebur128_momentary(benchmark::State& state) {
    run(state, [] { benchmark::DoNotOptimize(judge_music(EBUR128_MODE_M).get()); });
}

// ---- the meter, whole and in parts ----

LoudnessResult metered() {
    LoudnessMeter meter;
    if (!meter.start({rate_hz, 2})) return {};
    for (std::int64_t begin = 0; begin < music().frames; begin += block_frames) {
        const std::int64_t frames = std::min(block_frames, music().frames - begin);
        const std::array<const float*, 2> channels{music().begin(0) + begin, music().begin(1) + begin};
        if (!meter.process({channels, frames})) return {};
    }
    return meter.finish() ? meter.result() : LoudnessResult{};
}

void bm_loudness_meter(benchmark::State& state) {
    run(state, [] { benchmark::DoNotOptimize(metered()); });
}

// Without copies, stretch by stretch of the music itself, eight of them in each channel side by side.
double integrated_alone() {
    constexpr std::int64_t stretches = row_columns / 2;
    constexpr std::int64_t stretch_steps = 30;  // somewhat fewer than a section has at this rate
    const KWeightedColumns filter(rate_hz);
    const std::vector<std::int64_t> lengths(stretch_steps, rate_hz / 100);
    const std::int64_t stretch_frames = stretch_steps * (rate_hz / 100);
    std::vector<KWeightedColumns::Energies> energies(lengths.size());
    LoudnessSteps steps;
    steps.sample_rate_hz = rate_hz;
    double energy = 0;
    std::int64_t count = 0;
    for (std::int64_t begin = 0; begin + stretches * stretch_frames <= music().frames;
         begin += stretches * stretch_frames) {
        std::array<const float*, row_columns> begins{};
        for (std::int64_t j = 0; j < stretches; ++j)
            for (int c = 0; c < 2; ++c)
                begins[static_cast<std::size_t>(c * stretches + j)] =
                    music().begin(c) + begin + j * stretch_frames;
        filter.sum_squares(begins, lengths, energies);
        for (std::size_t j = 0; j < stretches; ++j)
            for (const auto& of_step : energies) {
                energy += of_step[j] + of_step[stretches + j];
                if (++count % 10 == 0) steps.energies.push_back(std::exchange(energy, 0.0));
            }
    }
    const LoudnessSteps* program = &steps;
    return gated_lufs({&program, 1});
}

void bm_integrated_alone(benchmark::State& state) {
    run(state, [] { benchmark::DoNotOptimize(integrated_alone()); });
    if (music().frames == 0) return;
    const double apart = integrated_alone() - judged_lufs(judge_music(EBUR128_MODE_I).get());
    state.counters["LU_apart"] = apart;
    if (!(std::abs(apart) <= most_lu_apart)) state.SkipWithError("not the loudness that libebur128 reads");
}

double true_peak_alone() {
    constexpr std::int64_t section = 6 * rate_hz;  // about what the meter gives it at once
    const PeakFinder finder({rate_hz, 2});
    PeakRanking ranking(rate_hz);
    for (std::int64_t begin = 0; begin < music().frames; begin += section) {
        const std::array<const float*, 2> channels{music().begin(0) + begin, music().begin(1) + begin};
        const std::int64_t frames = std::min(section, music().frames - begin + PeakFinder::chunk_frames);
        for (const FoundPeak& peak : finder.find(channels, frames, ranking.threshold()).of_windows)
            ranking.add({peak.magnitude, begin + peak.frame, peak.channel});
    }
    ranking.finish(music().frames);
    return db_to_gain(ranking.highest().dbtp);
}

void bm_true_peak_alone(benchmark::State& state) {
    run(state, [] { benchmark::DoNotOptimize(true_peak_alone()); });
    if (music().frames == 0) return;
    const double apart = true_peak_alone() / judged_true_peak(judge_music(EBUR128_MODE_TRUE_PEAK).get()) - 1;
    state.counters["peak_apart"] = apart;
    if (!(std::abs(apart) <= most_peak_apart)) state.SkipWithError("not the true peak that libebur128 reads");
}

// On processors that have nothing wider, where this one can stand in for them.
void bm_integrated_alone_avx2(benchmark::State& state) {
    const auto kinds = hwy::SupportedAndGeneratedTargets();
    if (std::find(kinds.begin(), kinds.end(), HWY_AVX2) == kinds.end()) {
        state.SkipWithError("this processor has no AVX2");
        return;
    }
    const test::ChosenTarget chosen(HWY_AVX2);
    run(state, [] { benchmark::DoNotOptimize(integrated_alone()); });
}

// ---- kernels ----

void bm_to_columns(benchmark::State& state) {
    std::vector<Row> rows(4096 / row_columns);
    run_blocks(state, [&](const float* x, std::int64_t, std::int64_t frames) {
        const auto rows_each = frames / static_cast<std::int64_t>(row_columns);
        std::array<const float*, row_columns> stretches{};
        for (std::size_t j = 0; j < row_columns; ++j)
            stretches[j] = x + static_cast<std::int64_t>(j) * rows_each;
        to_columns(stretches, rows_each, rows.data());
        benchmark::DoNotOptimize(rows.data());
    });
}
void bm_mix_channels(benchmark::State& state) {
    std::vector<float> mixed(4096);
    constexpr std::array<double, 2> halves{0.5, 0.5};
    run_blocks(state, [&](const float* x, std::int64_t begin, std::int64_t frames) {
        mix_channels(std::array{x, music().begin(1) + begin}, halves, mixed.data(), frames);
        benchmark::DoNotOptimize(mixed.data());
    });
}
void bm_widened_range(benchmark::State& state) {
    run_blocks(state, [](const float* x, std::int64_t, std::int64_t frames) {
        benchmark::DoNotOptimize(widened({}, x, frames));
    });
}

void bm_extent_of(benchmark::State& state) {
    run_blocks(state, [](const float* x, std::int64_t, std::int64_t frames) {
        benchmark::DoNotOptimize(extent_of(x, frames));
    });
}
void bm_largest_magnitude(benchmark::State& state) {
    run_blocks(state, [](const float* x, std::int64_t, std::int64_t frames) {
        benchmark::DoNotOptimize(largest_magnitude(x, frames));
    });
}
// Without skipping anything.
void bm_meter_oversampler_peak(benchmark::State& state) {
    run_blocks(state,
               [reader = meter_oversampler(rate_hz)](const float* x, std::int64_t, std::int64_t frames) {
                   benchmark::DoNotOptimize(reader.peak(x, frames));
               });
}
void bm_precise_oversampler_read(benchmark::State& state) {
    std::array<std::vector<float>, 3> rows;
    for (auto& row : rows) row.resize(4096);
    float* const pointers[] = {rows[0].data(), rows[1].data(), rows[2].data()};
    run_blocks(state, [&, reader = precise_oversampler()](const float* x, std::int64_t, std::int64_t frames) {
        reader.read(x, frames, pointers);
        benchmark::DoNotOptimize(rows[0].data());
    });
}
void bm_all_finite(benchmark::State& state) {
    run_blocks(state, [](const float* x, std::int64_t, std::int64_t frames) {
        benchmark::DoNotOptimize(all_finite(x, frames));
    });
}
void bm_scale_finite(benchmark::State& state) {
    std::vector<float> to(4096);
    run_blocks(state, [&](const float* x, std::int64_t, std::int64_t frames) {
        scale_finite(x, to.data(), frames, 0.7);
        benchmark::DoNotOptimize(to.data());
    });
}
void quantize_music(benchmark::State& state, const Random* noise) {
    std::vector<std::int32_t> to(4096);
    run_blocks(state, [&](const float* x, std::int64_t begin, std::int64_t frames) {
        quantize(x, to.data(), frames, 16, noise, static_cast<std::uint64_t>(begin));
        benchmark::DoNotOptimize(to.data());
    });
}
void bm_quantize(benchmark::State& state) {
    quantize_music(state, nullptr);
}
void bm_quantize_with_noise(benchmark::State& state) {
    const Random noise(1);
    quantize_music(state, &noise);
}
void bm_to_floats(benchmark::State& state) {
    std::vector<std::int32_t> from(4096, 12345);
    std::vector<float> to(4096);
    run_blocks(state, [&](const float*, std::int64_t, std::int64_t frames) {
        to_floats(from.data(), to.data(), frames, 16);
        benchmark::DoNotOptimize(to.data());
    });
}
void bm_apply_gains(benchmark::State& state) {
    std::vector<double> gains(4096, 0.9);
    std::vector<float> to(4096);
    run_blocks(state, [&](const float* x, std::int64_t, std::int64_t frames) {
        apply_gains(x, gains.data(), to.data(), frames);
        benchmark::DoNotOptimize(to.data());
    });
}

// The music stands for the places between its frames too: it passes 0.5 now and then.
void bm_find_crests(benchmark::State& state) {
    std::vector<float> at(4096);
    std::vector<float> between(4096);
    run_blocks(state, [&](const float* x, std::int64_t, std::int64_t frames) {
        std::fill(between.begin(), between.end(), 0.0f);
        find_crests({x, {x, x, x}}, frames, 0.5f, at.data(), between.data());
        benchmark::DoNotOptimize(at.data());
    });
}
void bm_find_needed(benchmark::State& state) {
    std::vector<double> needed(4096);
    run_blocks(state, [&](const float* x, std::int64_t, std::int64_t frames) {
        find_needed(x, needed.data(), frames, 0.5, 0.49, 0x1p32);
        benchmark::DoNotOptimize(needed.data());
    });
}
void bm_release(benchmark::State& state) {
    std::vector<std::int64_t> values(4096);
    run_blocks(state, [&](const float*, std::int64_t, std::int64_t frames) {
        std::fill(values.begin(), values.end(), 0);
        release(values.data(), frames, std::int64_t{1} << 31, 0.9997, 16);
        benchmark::DoNotOptimize(values.data());
    });
}
void bm_survey_gains(benchmark::State& state) {
    std::vector<double> gains(4096, 0.9);
    run_blocks(state, [&](const float*, std::int64_t, std::int64_t frames) {
        benchmark::DoNotOptimize(survey_gains(gains.data(), frames));
    });
}

BENCHMARK(bm_ebur128_integrated)->Unit(benchmark::kMillisecond);
BENCHMARK(bm_integrated_alone)->Unit(benchmark::kMillisecond);
BENCHMARK(bm_integrated_alone_avx2)->Unit(benchmark::kMillisecond);
BENCHMARK(bm_ebur128_true_peak)->Unit(benchmark::kMillisecond);
BENCHMARK(bm_ebur128_momentary)->Unit(benchmark::kMillisecond);
BENCHMARK(bm_true_peak_alone)->Unit(benchmark::kMillisecond);
BENCHMARK(bm_loudness_meter)->Unit(benchmark::kMillisecond);
BENCHMARK(bm_to_columns);
BENCHMARK(bm_mix_channels);
BENCHMARK(bm_widened_range);
BENCHMARK(bm_extent_of);
BENCHMARK(bm_largest_magnitude);
BENCHMARK(bm_meter_oversampler_peak);
BENCHMARK(bm_precise_oversampler_read);
BENCHMARK(bm_all_finite);
BENCHMARK(bm_scale_finite);
BENCHMARK(bm_quantize);
BENCHMARK(bm_quantize_with_noise);
BENCHMARK(bm_to_floats);
BENCHMARK(bm_find_crests);
BENCHMARK(bm_find_needed);
BENCHMARK(bm_release);
BENCHMARK(bm_apply_gains);
BENCHMARK(bm_survey_gains);

}  // namespace
}  // namespace dubplate
