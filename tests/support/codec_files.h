// codec_files.h: audio files made, read, damaged and judged in tests.
//
// What     encode() writes a signal with a format of the catalog into memory, decode() reads one to its end, run_shell()
//          asks another program, has_program() tells whether it is there.
// Threads  thread-compatible.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/prng.h"
#include "formats/audio/format.h"
#include "support/signals.h"

namespace dubplate::test {

inline Signal<std::int32_t> quantized(const Audio& audio, int bits) {
    Signal<std::int32_t> result(audio.format.sample_rate_hz, audio.format.channels, audio.frames());
    const double scale = std::ldexp(1.0, bits - 1);
    for (std::size_t c = 0; c < audio.channels.size(); ++c)
        for (std::size_t i = 0; i < audio.channels[c].size(); ++i)
            result.channels[c][i] = static_cast<std::int32_t>(
                std::clamp(std::round(static_cast<double>(audio.channels[c][i]) * scale), -scale, scale - 1));
    return result;
}

inline Audio as_float(const Signal<std::int32_t>& signal, int bits) {
    Audio audio(signal.format.sample_rate_hz, signal.format.channels, signal.frames());
    for (std::size_t c = 0; c < signal.channels.size(); ++c)
        for (std::size_t i = 0; i < signal.channels[c].size(); ++i)
            audio.channels[c][i] = std::ldexp(static_cast<float>(signal.channels[c][i]), 1 - bits);
    return audio;
}

struct EncodeOptions {
    WriterSettings settings = {};  // stream and frames are taken from the signal
    TagSet tags = {};
    std::optional<LoudnessFacts> loudness = {};  // known at the end alone
    std::int64_t block = block_frames;
};

template <class T>
Result<Bytes> encode(const AudioFormat& format, const Signal<T>& signal, EncodeOptions options = {}) {
    MemoryStore store;
    DUBPLATE_TRY(auto file, store.create("file", {}));
    options.settings.stream = signal.format;
    options.settings.frames = signal.frames();
    DUBPLATE_TRY(auto writer, format.create(*file, options.settings, options.tags));
    std::vector<const T*> pointers;
    for (const auto& channel : signal.channels) pointers.push_back(channel.data());
    const BlockView<const T> all(pointers, signal.frames());
    for (std::int64_t begin = 0; begin < signal.frames(); begin += options.block) {
        const SubBlock<const T> part(all, begin, std::min(options.block, signal.frames() - begin));
        DUBPLATE_CHECK(writer->write(part.view()));
    }
    if (options.loudness) options.tags.loudness = options.loudness;
    DUBPLATE_CHECK(writer->finish(options.tags));
    DUBPLATE_CHECK(file->publish());
    return store.take("file");
}

inline std::unique_ptr<ByteSource> bytes_source(Bytes bytes) {
    return make_memory_source(std::make_shared<const Bytes>(std::move(bytes)), "file");
}

inline Result<Audio> read_to_end(AudioReader& reader, std::int64_t block = block_frames) {
    const StreamFormat format = reader.info().stream;
    Audio audio(format.sample_rate_hz, format.channels, 0);
    BlockBuffer<float> buffer(format.channels, block);
    while (true) {
        DUBPLATE_TRY(const std::int64_t count, reader.read(buffer.view(block)));
        if (count == 0) return audio;
        for (int c = 0; c < format.channels; ++c) {
            const auto part = buffer.channel(c).first(static_cast<std::size_t>(count));
            auto& channel = audio.channels[static_cast<std::size_t>(c)];
            channel.insert(channel.end(), part.begin(), part.end());
        }
    }
}

using Opener = Result<std::unique_ptr<AudioReader>> (*)(const ByteSource&);

inline Result<Audio> decode(const Bytes& bytes, Opener open, SourceInfo* info = nullptr,
                            std::int64_t block = block_frames) {
    const auto source = bytes_source(bytes);
    DUBPLATE_TRY(const auto reader, open(*source));
    auto audio = read_to_end(*reader, block);
    if (info != nullptr) *info = reader->info();
    return audio;
}

// The shift, up to `reach` frames to either side, at which b is most like a; 0: they are aligned.
inline std::int64_t best_lag(const Audio& a, const Audio& b, std::int64_t reach = 1500) {
    const auto& x = a.channels[0];
    const auto& y = b.channels[0];
    const std::int64_t length = std::min<std::int64_t>(a.frames(), b.frames());
    std::int64_t best = 0;
    double best_sum = -1;
    for (std::int64_t lag = -reach; lag <= reach; ++lag) {
        double sum = 0;
        for (std::int64_t i = std::max(reach, length - reach - 4096); i + reach < length; ++i)
            sum += static_cast<double>(x[static_cast<std::size_t>(i)]) *
                   static_cast<double>(y[static_cast<std::size_t>(i + lag)]);
        if (sum > best_sum) {
            best_sum = sum;
            best = lag;
        }
    }
    return best;
}

struct ShellResult {
    int status = -1;
    std::string output;  // of both streams
};

inline ShellResult run_shell(const std::string& command) {
    ShellResult result;
    std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return result;
    std::array<char, 4096> buffer{};
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe))
        result.output.append(buffer.data(), count);
    const int status = ::pclose(pipe);
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return result;
}

inline bool has_program(const std::string& name) {
    return run_shell("command -v " + name).status == 0;
}

inline void write_file(const std::filesystem::path& path, const Bytes& bytes) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

inline Bytes read_file(const std::filesystem::path& path) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    EXPECT_FALSE(error) << path;
    Bytes bytes(error ? 0 : static_cast<std::size_t>(size));
    std::ifstream(path, std::ios::binary)
        .read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return bytes;
}

// The n-th of a series of damaged files: up to eight bytes changed, and every fourth file cut short. The first
// bytes, where all the headers stand, are hit more often.
inline Bytes damaged(Bytes bytes, std::uint64_t n) {
    const Random random(n, 0);
    const auto below = [&](std::uint64_t counter, std::size_t limit) {
        return std::min(static_cast<std::size_t>(random.uniform(counter) * static_cast<double>(limit)),
                        limit - 1);
    };
    for (std::uint64_t i = 0; i < 1 + n % 8; ++i) {
        const std::size_t reach = i % 2 == 0 ? std::min<std::size_t>(bytes.size(), 1024) : bytes.size();
        bytes[below(2 * i, reach)] = static_cast<std::byte>(below(2 * i + 1, 256));
    }
    if (n % 4 == 0) bytes.resize(below(100, bytes.size()));
    return bytes;
}

// Whatever `bytes` has become: it is read to its end or refused, and what was read is no longer than bytes could hold.
inline void expect_survives(const Bytes& bytes, Opener open) {
    for (std::uint64_t n = 0; n < 100; ++n) {
        const auto audio = decode(damaged(bytes, n), open);
        if (audio) {
            EXPECT_LT(audio->frames(), std::int64_t{1} << 26) << "file " << n;
        } else {
            EXPECT_NE(audio.error().code, ErrorCode::internal)
                << "file " << n << ": " << audio.error().to_string();
        }
    }
}

}  // namespace dubplate::test

#define DUBPLATE_SKIP_WITHOUT(program)           \
    if (!::dubplate::test::has_program(program)) \
    GTEST_SKIP() << program << " is not installed: nothing was judged"
