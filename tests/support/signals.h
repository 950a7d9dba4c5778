// signals.h: test signals, and the sinks and drivers to send them through nodes.
//
// Shape    Signal<T> is planar, one vector for each channel, all of one length.
// Noise    comes from core/prng.h with a seed: every run of a test hears the same.
// Drive    drive(sink, signal, block) calls start, process for every `block` frames, and finish, and fails the test on an
//          error. run(filter, signal, block) catches what comes out; its sink checks the order of calls.
#pragma once

#include "audio/stream.h"
#include "core/prng.h"
#include "core/units.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace dubplate::test {

template <class T = float>
struct Signal {
    StreamFormat format;
    std::vector<std::vector<T>> channels;

    Signal() = default;
    Signal(int sample_rate_hz, int channel_count, std::int64_t frames)
        : format{sample_rate_hz, channel_count},
          channels(static_cast<std::size_t>(channel_count),
                   std::vector<T>(static_cast<std::size_t>(frames))) {}

    std::int64_t frames() const {
        return channels.empty() ? 0 : static_cast<std::int64_t>(channels[0].size());
    }
    T& at(int channel, std::int64_t frame) {
        return channels[static_cast<std::size_t>(channel)][static_cast<std::size_t>(frame)];
    }
    T at(int channel, std::int64_t frame) const {
        return channels[static_cast<std::size_t>(channel)][static_cast<std::size_t>(frame)];
    }
    void append(const Signal& other) {
        for (std::size_t c = 0; c < channels.size(); ++c)
            channels[c].insert(channels[c].end(), other.channels[c].begin(), other.channels[c].end());
    }
    bool operator==(const Signal&) const = default;
};

using Audio = Signal<float>;

struct SineOptions {
    double phase_degrees = 0;
    double fade_seconds = 0;  // in and out, linear
};

// The same sine in each channel. level_dbfs is its crest's: 0 is +-1.0.
inline Audio sine(int sample_rate_hz, int channels, double seconds, double frequency_hz, double level_dbfs,
                  SineOptions options = {}) {
    Audio audio(sample_rate_hz, channels, seconds_to_frames(seconds, sample_rate_hz));
    const double step = 2 * std::numbers::pi * frequency_hz / sample_rate_hz;
    const double phase = options.phase_degrees * std::numbers::pi / 180;
    const double fade = options.fade_seconds * sample_rate_hz;
    for (std::int64_t i = 0; i < audio.frames(); ++i) {
        const auto edge = static_cast<double>(std::min(i, audio.frames() - 1 - i));
        const double shape = fade > 0 ? std::min(1.0, edge / fade) : 1.0;
        const double value = db_to_gain(level_dbfs) * shape * std::sin(step * static_cast<double>(i) + phase);
        for (int c = 0; c < channels; ++c) audio.at(c, i) = static_cast<float>(value);
    }
    return audio;
}

// White and uniform, +-peak, its own in each channel.
inline Audio noise(int sample_rate_hz, int channels, double seconds, double peak, std::uint64_t seed = 1) {
    Audio audio(sample_rate_hz, channels, seconds_to_frames(seconds, sample_rate_hz));
    for (int c = 0; c < channels; ++c) {
        const Random random(seed, static_cast<std::uint64_t>(c));
        for (std::int64_t i = 0; i < audio.frames(); ++i)
            audio.at(c, i) =
                static_cast<float>(peak * (2 * random.uniform(static_cast<std::uint64_t>(i)) - 1));
    }
    return audio;
}

inline Audio silence(int sample_rate_hz, int channels, double seconds) {
    return {sample_rate_hz, channels, seconds_to_frames(seconds, sample_rate_hz)};
}

// Silence with one frame of `value`.
inline Audio impulse(int sample_rate_hz, int channels, std::int64_t frames, std::int64_t at,
                     float value = 1.0f) {
    Audio audio(sample_rate_hz, channels, frames);
    for (int c = 0; c < channels; ++c) audio.at(c, at) = value;
    return audio;
}

struct Tone {
    double level_dbfs;
    double seconds;
};

// Sines of 1 kHz one after the other, the phase running on. -inf dBFS is silence.
inline Audio tones(int sample_rate_hz, int channels, const std::vector<Tone>& sequence) {
    Audio audio(sample_rate_hz, channels, 0);
    double end = 0;
    for (const Tone& tone : sequence) {
        end += tone.seconds;
        const std::int64_t begin_frame = audio.frames();
        const std::int64_t end_frame = seconds_to_frames(end, sample_rate_hz);
        const double amplitude = db_to_gain(tone.level_dbfs);
        for (std::int64_t i = begin_frame; i < end_frame; ++i)
            audio.channels[0].push_back(
                static_cast<float>(amplitude * std::sin(2 * std::numbers::pi * 1000.0 *
                                                        static_cast<double>(i) / sample_rate_hz)));
    }
    std::fill(audio.channels.begin() + 1, audio.channels.end(), audio.channels[0]);
    return audio;
}

inline Audio scaled(Audio audio, double gain_db) {
    for (auto& channel : audio.channels)
        for (float& sample : channel)
            sample = static_cast<float>(static_cast<double>(sample) * db_to_gain(gain_db));
    return audio;
}

// How many calls of each kind came, and that they came in order: start once, process any number of times, finish once.
template <class T>
class CheckedSink : public Sink<T> {
  public:
    Status start(const StreamFormat& format) override {
        EXPECT_FALSE(started_) << "start() came twice";
        EXPECT_GT(format.channels, 0);
        EXPECT_GT(format.sample_rate_hz, 0);
        started_ = true;
        format_ = format;
        return {};
    }
    Status process(BlockView<const T> block) override {
        EXPECT_TRUE(started_) << "process() came before start()";
        EXPECT_FALSE(finished_) << "process() came after finish()";
        EXPECT_EQ(block.channels(), format_.channels);
        EXPECT_GT(block.frames(), 0) << "an empty block was passed on";
        return {};
    }
    Status finish() override {
        EXPECT_TRUE(started_) << "finish() came before start()";
        EXPECT_FALSE(finished_) << "finish() came twice";
        finished_ = true;
        return {};
    }
    bool is_finished() const { return finished_; }
    const StreamFormat& format() const { return format_; }

  private:
    bool started_ = false;
    bool finished_ = false;
    StreamFormat format_;
};

// Keeps all that comes.
template <class T>
class CaptureSink final : public CheckedSink<T> {
  public:
    Status start(const StreamFormat& format) override {
        signal_ = Signal<T>(format.sample_rate_hz, format.channels, 0);
        return CheckedSink<T>::start(format);
    }
    Status process(BlockView<const T> block) override {
        for (int c = 0; c < block.channels(); ++c) {
            auto& channel = signal_.channels[static_cast<std::size_t>(c)];
            channel.insert(channel.end(), block.channel(c).begin(), block.channel(c).end());
        }
        return CheckedSink<T>::process(block);
    }
    const Signal<T>& signal() const { return signal_; }

  private:
    Signal<T> signal_;
};

template <class T>
void drive(Sink<T>& sink, const Signal<T>& signal, std::int64_t block = block_frames) {
    const auto require = [](const Status& status) { ASSERT_TRUE(status) << status.error().to_string(); };
    ASSERT_NO_FATAL_FAILURE(require(sink.start(signal.format)));
    std::vector<const T*> pointers;
    for (const auto& channel : signal.channels) pointers.push_back(channel.data());
    const BlockView<const T> all(pointers, signal.frames());
    for (std::int64_t begin = 0; begin < signal.frames(); begin += block) {
        const SubBlock<const T> part(all, begin, std::min(block, signal.frames() - begin));
        ASSERT_NO_FATAL_FAILURE(require(sink.process(part.view())));
    }
    ASSERT_NO_FATAL_FAILURE(require(sink.finish()));
}

template <class In, class Out>
Signal<Out> run(Filter<In, Out>& filter, const Signal<In>& signal, std::int64_t block = block_frames) {
    CaptureSink<Out> capture;
    filter.add_output(capture);
    drive<In>(filter, signal, block);
    EXPECT_TRUE(capture.is_finished());
    return capture.signal();
}

// The block sizes for which every node must give the same bits.
inline const std::vector<std::int64_t> block_sizes{1, 7, 64, 4096, 8192};

// make() gives a fresh filter each time; the result must not depend on the size of the blocks.
template <class Make, class In>
void expect_block_size_invariant(Make make, const Signal<In>& signal) {
    auto whole = make();
    const auto expected = run(*whole, signal, std::max<std::int64_t>(signal.frames(), 1));
    for (const std::int64_t block : block_sizes) {
        auto cut = make();
        EXPECT_TRUE(run(*cut, signal, block) == expected) << "blocks of " << block << " frames";
    }
}

// The amplitude of one frequency in a stretch that it fits a whole number of times.
inline double amplitude_at(std::span<const float> samples, double frequency_hz, int sample_rate_hz) {
    double real = 0;
    double imaginary = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double angle = 2 * std::numbers::pi * frequency_hz * static_cast<double>(i) / sample_rate_hz;
        real += static_cast<double>(samples[i]) * std::cos(angle);
        imaginary += static_cast<double>(samples[i]) * std::sin(angle);
    }
    return 2 * std::hypot(real, imaginary) / static_cast<double>(samples.size());
}

}  // namespace dubplate::test
