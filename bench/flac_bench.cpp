// What encoding FLAC costs on real music, whole and in parts, and libFLAC beside it: items per second are stereo frames, so
// 1e9 / that is ns per frame. Counters tell the bytes for each frame. Without MD5, which neither takes here.
//
// Music    60 s of a song of frozen-bubble-data at 16 and 24 bits, as tests/support/songs.h finds it; skipped without one.
#include <FLAC/stream_encoder.h>
#include <benchmark/benchmark.h>

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "audio/kernels/prediction.h"
#include "audio/kernels/rice.h"
#include "audio/kernels/samples.h"
#include "formats/audio/flac_segment.h"
#include "support/songs.h"

// libFLAC exports it without a word in its headers.
extern "C" FLAC__bool FLAC__stream_encoder_set_do_md5(FLAC__StreamEncoder* encoder, FLAC__bool value);

namespace dubplate {
namespace {

constexpr int rate_hz = 44'100;

class Music {
  public:
    explicit Music(int bits) {
        const test::Audio song = test::load_song(test::song_names[0], rate_hz, 2, 60);
        for (std::size_t c = 0; c < 2 && song.frames() > 0; ++c) {
            channels_[c].resize(song.channels[c].size());
            quantize(song.channels[c].data(), channels_[c].data(), song.frames(), bits);
            pointers_[c] = channels_[c].data();
        }
    }
    std::int64_t frames() const { return static_cast<std::int64_t>(channels_[0].size()); }
    BlockView<const std::int32_t> view() const { return {pointers_, frames()}; }

  private:
    std::array<std::vector<std::int32_t>, 2> channels_;
    std::array<const std::int32_t*, 2> pointers_{};
};

const Music& music(int bits) {
    static const Music narrow(16);
    static const Music wide(24);
    return bits == 16 ? narrow : wide;
}

// work(): once over all of the music; gives the bytes of the frames.
template <class Work>
void run(benchmark::State& state, int bits, Work work) {
    const std::int64_t frames = music(bits).frames();
    if (frames == 0) {
        state.SkipWithError("no song: install frozen-bubble-data and ffmpeg");
        return;
    }
    std::size_t bytes = 0;
    for (auto _ : state) bytes = work();
    state.SetItemsProcessed(state.iterations() * frames);
    if (bytes > 0) state.counters["bytes"] = static_cast<double>(bytes) / static_cast<double>(frames);
}

void bm_flac_encode(benchmark::State& state, BitDepth depth) {
    run(state, bits_of(depth), [depth] {
        WriterSettings settings;
        settings.stream = {rate_hz, 2};
        settings.depth = depth;
        const auto all = music(bits_of(depth)).view();
        const std::int64_t step = flac_segment_blocks(2) * flac_block_frames;
        std::size_t bytes = 0;
        std::uint64_t number = 0;
        for (std::int64_t begin = 0; begin < all.frames(); begin += step) {
            const SubBlock part(all, begin, std::min(step, all.frames() - begin));
            const auto segment = encode_flac_segment(part.view(), settings, number, {});
            if (segment) bytes += segment->bytes.size();
            number += static_cast<std::uint64_t>(flac_segment_blocks(2));
        }
        return bytes;
    });
}
void bm_flac_encode_16(benchmark::State& state) {
    bm_flac_encode(state, BitDepth::pcm16);
}
void bm_flac_encode_24(benchmark::State& state) {
    bm_flac_encode(state, BitDepth::pcm24);
}

FLAC__StreamEncoderWriteStatus count_bytes(const FLAC__StreamEncoder*, const FLAC__byte*, std::size_t size,
                                           std::uint32_t, std::uint32_t, void* total) {
    *static_cast<std::size_t*>(total) += size;
    return FLAC__STREAM_ENCODER_WRITE_STATUS_OK;
}

void bm_libflac(benchmark::State& state, int bits) {
    run(state, bits, [bits] {
        std::size_t bytes = 0;
        const std::unique_ptr<FLAC__StreamEncoder, void (*)(FLAC__StreamEncoder*)> encoder(
            FLAC__stream_encoder_new(), &FLAC__stream_encoder_delete);
        FLAC__stream_encoder_set_bits_per_sample(encoder.get(), static_cast<unsigned>(bits));
        FLAC__stream_encoder_set_compression_level(encoder.get(), 5);
        FLAC__stream_encoder_set_do_md5(encoder.get(), 0);
        FLAC__stream_encoder_init_stream(encoder.get(), &count_bytes, nullptr, nullptr, nullptr, &bytes);
        const auto all = music(bits).view();
        FLAC__stream_encoder_process(encoder.get(), all.pointers().data(),
                                     static_cast<unsigned>(all.frames()));
        FLAC__stream_encoder_finish(encoder.get());
        return bytes;
    });
}
void bm_libflac_16(benchmark::State& state) {
    bm_libflac(state, 16);
}
void bm_libflac_24(benchmark::State& state) {
    bm_libflac(state, 24);
}

// ---- kernels: for both channels of a block, all of the music ----

template <class Work>
void run_blocks(benchmark::State& state, Work work) {
    run(state, 16, [&]() -> std::size_t {
        for (std::int64_t begin = 0; begin + flac_block_frames <= music(16).frames();
             begin += flac_block_frames)
            for (int c = 0; c < 2; ++c) work(music(16).view().channel(c).data() + begin);
        return 0;
    });
}

void bm_autocorrelate(benchmark::State& state) {
    std::vector<double> doubles(most_prediction_order + flac_block_frames + autocorrelation_columns);
    run_blocks(state, [&](const std::int32_t* samples) {
        to_doubles(samples, doubles.data() + most_prediction_order, flac_block_frames);
        benchmark::DoNotOptimize(autocorrelate(doubles.data() + most_prediction_order, flac_block_frames));
    });
}

void bm_linear_residuals(benchmark::State& state) {
    constexpr PredictionWeights weights{30'000, -20'000, 5'000, -900, 300, -200, 150, -100, 80, -60, 40, -20};
    constexpr int shift = 14;
    constexpr auto begin = static_cast<std::int64_t>(most_prediction_order);
    std::vector<double> doubles(flac_block_frames);
    std::vector<std::int32_t> residuals(flac_block_frames);
    run_blocks(state, [&](const std::int32_t* samples) {
        to_doubles(samples, doubles.data(), flac_block_frames);
        benchmark::DoNotOptimize(
            linear_residuals(doubles.data(), begin, flac_block_frames, weights, shift, residuals.data()));
    });
}

void bm_append_rice_codes(benchmark::State& state) {
    std::vector<std::byte> bytes(flac_block_frames * 16);
    run_blocks(state, [&](const std::int32_t* samples) {
        BitWriter writer(bytes.data());
        append_rice_codes(samples, flac_block_frames, 12, writer);
        benchmark::DoNotOptimize(writer.bytes());
    });
}

BENCHMARK(bm_flac_encode_16)->Unit(benchmark::kMillisecond);
BENCHMARK(bm_flac_encode_24)->Unit(benchmark::kMillisecond);
BENCHMARK(bm_libflac_16)->Unit(benchmark::kMillisecond);
BENCHMARK(bm_libflac_24)->Unit(benchmark::kMillisecond);
BENCHMARK(bm_autocorrelate)->Unit(benchmark::kMillisecond);
BENCHMARK(bm_linear_residuals)->Unit(benchmark::kMillisecond);
BENCHMARK(bm_append_rice_codes)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace dubplate
