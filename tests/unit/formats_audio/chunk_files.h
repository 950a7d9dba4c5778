// chunk_files.h: WAV and AIFF files in memory for the tests: written and read by us, and by libsndfile as the judge.
//
// Shape    Signal<int32_t> holds right-justified integers, Audio holds floats (support/signals.h).
// Threads  plain functions.
#pragma once

#include <gtest/gtest.h>

#include <sndfile.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "core/prng.h"
#include "formats/audio/chunks.h"
#include "formats/audio/format.h"
#include "support/bytes.h"
#include "support/signals.h"

namespace dubplate::test {

using Integers = Signal<std::int32_t>;

inline std::unique_ptr<ByteSource> source_of(Bytes bytes) {
    return make_memory_source(std::make_shared<const Bytes>(std::move(bytes)), "test");
}

// Every bit pattern of the width may come, the ends of the range first.
inline Integers integer_noise(int channels, std::int64_t frames, int bits, int rate_hz = 44100) {
    Integers signal(rate_hz, channels, frames);
    for (int c = 0; c < channels; ++c) {
        const Random random(7, static_cast<std::uint64_t>(c));
        for (std::int64_t i = 0; i < frames; ++i) {
            const double unit = 2 * random.uniform(static_cast<std::uint64_t>(i)) - 1;
            signal.at(c, i) = static_cast<std::int32_t>(std::floor(unit * std::exp2(bits - 1)));
        }
        const auto top = static_cast<std::int32_t>((std::int64_t{1} << (bits - 1)) - 1);
        if (frames > 1) {
            signal.at(c, 0) = -top - 1;
            signal.at(c, 1) = top;
        }
    }
    return signal;
}

inline Audio as_floats(const Integers& integers, int bits) {
    Audio audio(integers.format.sample_rate_hz, integers.format.channels, integers.frames());
    for (int c = 0; c < integers.format.channels; ++c)
        for (std::int64_t i = 0; i < integers.frames(); ++i)
            audio.at(c, i) = static_cast<float>(std::ldexp(static_cast<double>(integers.at(c, i)), 1 - bits));
    return audio;
}

// A file that is only ever in memory.
class MemoryFile final : public PendingFile {
  public:
    Status append(std::span<const std::byte> data) override {
        bytes_.insert(bytes_.end(), data.begin(), data.end());
        return {};
    }
    Status write_at(std::uint64_t offset, std::span<const std::byte> data) override {
        DUBPLATE_ASSERT(offset + data.size() <= bytes_.size());
        std::ranges::copy(data, bytes_.begin() + static_cast<std::ptrdiff_t>(offset));
        return {};
    }
    std::uint64_t size() const override { return bytes_.size(); }
    Result<std::unique_ptr<ByteSource>> read_back() override { return source_of(bytes_); }
    Status publish() override { return {}; }

    const Bytes& bytes() const { return bytes_; }

  private:
    Bytes bytes_;
};

// Keeps the first and the last bytes alone and counts the rest, so that 4 GiB take no room and no time.
class CountingFile final : public PendingFile {
  public:
    static constexpr std::uint64_t kept = 64 * 1024;

    Status append(std::span<const std::byte> data) override {
        if (size_ < kept) head_.insert(head_.end(), data.begin(), data.end());
        size_ += data.size();
        return {};
    }
    Status write_at(std::uint64_t offset, std::span<const std::byte> data) override {
        DUBPLATE_ASSERT(offset + data.size() <= head_.size());
        std::ranges::copy(data, head_.begin() + static_cast<std::ptrdiff_t>(offset));
        return {};
    }
    std::uint64_t size() const override { return size_; }
    Result<std::unique_ptr<ByteSource>> read_back() override {
        return fail(ErrorCode::internal, "counts only");
    }
    Status publish() override { return {}; }

    const Bytes& head() const { return head_; }

  private:
    Bytes head_;
    std::uint64_t size_ = 0;
};

template <class T>
Status write_signal(AudioWriter& writer, const Signal<T>& signal, std::int64_t block = block_frames) {
    std::vector<const T*> pointers;
    for (const auto& channel : signal.channels) pointers.push_back(channel.data());
    const BlockView<const T> all(pointers, signal.frames());
    for (std::int64_t begin = 0; begin < signal.frames(); begin += block) {
        const SubBlock<const T> part(all, begin, std::min(block, signal.frames() - begin));
        DUBPLATE_CHECK(writer.write(part.view()));
    }
    return {};
}

template <class T>
WriterSettings settings_for(const Signal<T>& signal, BitDepth depth) {
    WriterSettings settings;
    settings.stream = signal.format;
    settings.depth = depth;
    settings.frames = signal.frames();
    return settings;
}

struct WriteOptions {
    TagSet tags = {};
    std::optional<LoudnessFacts> loudness = std::nullopt;  // known only at the end
    std::int64_t block = block_frames;
};

template <class T>
Bytes written(const AudioFormat& format, const Signal<T>& signal, BitDepth depth,
              const WriteOptions& options = {}) {
    MemoryFile file;
    auto writer = format.create(file, settings_for(signal, depth), options.tags);
    if (!writer) {
        ADD_FAILURE() << writer.error().to_string();
        return {};
    }
    const Status status = write_signal(**writer, signal, options.block);
    EXPECT_TRUE(status) << status.error().to_string();
    TagSet final_tags = options.tags;
    final_tags.loudness = options.loudness;
    const Status finished = (*writer)->finish(final_tags);
    EXPECT_TRUE(finished) << finished.error().to_string();
    return file.bytes();
}

struct ReadBack {
    SourceInfo info;
    Audio audio;
};

inline ReadBack read_back(AudioReader& reader, std::int64_t block = block_frames) {
    ReadBack result{reader.info(), {}};
    const StreamFormat& stream = result.info.stream;
    result.audio = Audio(stream.sample_rate_hz, stream.channels, 0);
    BlockBuffer<float> buffer(stream.channels, block);
    for (;;) {
        const auto got = reader.read(buffer.view(block));
        if (!got) {
            ADD_FAILURE() << got.error().to_string();
            break;
        }
        if (*got == 0) break;
        for (int c = 0; c < stream.channels; ++c) {
            const auto samples = buffer.channel(c).first(static_cast<std::size_t>(*got));
            auto& channel = result.audio.channels[static_cast<std::size_t>(c)];
            channel.insert(channel.end(), samples.begin(), samples.end());
        }
    }
    return result;
}

inline ReadBack read_back(const Bytes& bytes, std::int64_t block = block_frames) {
    const auto source = source_of(bytes);
    const auto reader = open_audio(*source);
    if (!reader) {
        ADD_FAILURE() << reader.error().to_string();
        return {};
    }
    return read_back(**reader, block);
}

inline Error error_of(const Bytes& bytes) {
    const auto source = source_of(bytes);
    const auto reader = open_audio(*source);
    if (!reader) return reader.error();
    ADD_FAILURE() << "the file was read";
    return {};
}

// ---- libsndfile, in memory ----

struct SndMemory {
    Bytes bytes;
    sf_count_t position = 0;
};

inline SF_VIRTUAL_IO snd_memory_io() {
    SF_VIRTUAL_IO io{};
    io.get_filelen = [](void* user) {
        return static_cast<sf_count_t>(static_cast<SndMemory*>(user)->bytes.size());
    };
    io.seek = [](sf_count_t offset, int whence, void* user) {
        auto* memory = static_cast<SndMemory*>(user);
        const auto size = static_cast<sf_count_t>(memory->bytes.size());
        memory->position = offset + (whence == SEEK_SET ? 0 : whence == SEEK_CUR ? memory->position : size);
        return memory->position;
    };
    io.read = [](void* target, sf_count_t count, void* user) {
        auto* memory = static_cast<SndMemory*>(user);
        const auto rest = static_cast<sf_count_t>(memory->bytes.size()) - memory->position;
        count = std::clamp<sf_count_t>(rest, 0, count);
        std::memcpy(target, memory->bytes.data() + memory->position, static_cast<std::size_t>(count));
        memory->position += count;
        return count;
    };
    io.write = [](const void* data, sf_count_t count, void* user) {
        auto* memory = static_cast<SndMemory*>(user);
        const auto end = static_cast<std::size_t>(memory->position + count);
        if (memory->bytes.size() < end) memory->bytes.resize(end);
        std::memcpy(memory->bytes.data() + memory->position, data, static_cast<std::size_t>(count));
        memory->position += count;
        return count;
    };
    io.tell = [](void* user) { return static_cast<SndMemory*>(user)->position; };
    return io;
}

using SndHandle = std::unique_ptr<SNDFILE, int (*)(SNDFILE*)>;

struct SndFile {
    SF_INFO info{};
    std::vector<int> integers;  // interleaved, left-justified in 32 bits
    std::vector<float> floats;  // interleaved
};

inline SndFile snd_read(const Bytes& bytes) {
    SndMemory memory{bytes, 0};
    SF_VIRTUAL_IO io = snd_memory_io();
    SndFile result;
    const SndHandle file(sf_open_virtual(&io, SFM_READ, &result.info, &memory), sf_close);
    if (!file) {
        ADD_FAILURE() << "libsndfile: " << sf_strerror(nullptr);
        return result;
    }
    const auto samples = static_cast<std::size_t>(result.info.frames * result.info.channels);
    result.integers.resize(samples);
    result.floats.resize(samples);
    EXPECT_EQ(sf_readf_int(file.get(), result.integers.data(), result.info.frames), result.info.frames);
    sf_seek(file.get(), 0, SEEK_SET);
    EXPECT_EQ(sf_readf_float(file.get(), result.floats.data(), result.info.frames), result.info.frames);
    return result;
}

// Empty where libsndfile has no such combination.
inline Bytes snd_write(const Audio& audio, int format) {
    SndMemory memory;
    SF_VIRTUAL_IO io = snd_memory_io();
    SF_INFO info{};
    info.channels = audio.format.channels;
    info.samplerate = audio.format.sample_rate_hz;
    info.format = format;
    if (sf_format_check(&info) == 0) return {};
    {
        const SndHandle file(sf_open_virtual(&io, SFM_WRITE, &info, &memory), sf_close);
        if (!file) return {};
        sf_command(file.get(), SFC_SET_CLIPPING, nullptr, SF_TRUE);
        std::vector<float> interleaved;
        for (std::int64_t i = 0; i < audio.frames(); ++i)
            for (int c = 0; c < info.channels; ++c) interleaved.push_back(audio.at(c, i));
        EXPECT_EQ(sf_writef_float(file.get(), interleaved.data(), audio.frames()), audio.frames());
    }
    return memory.bytes;
}

inline std::vector<float> interleaved(const Audio& audio) {
    std::vector<float> samples;
    for (std::int64_t i = 0; i < audio.frames(); ++i)
        for (int c = 0; c < audio.format.channels; ++c) samples.push_back(audio.at(c, i));
    return samples;
}

inline std::vector<int> interleaved_left_justified(const Integers& integers, int bits) {
    std::vector<int> samples;
    for (std::int64_t i = 0; i < integers.frames(); ++i)
        for (int c = 0; c < integers.format.channels; ++c)
            samples.push_back(static_cast<int>(static_cast<std::uint32_t>(integers.at(c, i)) << (32 - bits)));
    return samples;
}

// ---- files by hand ----

inline std::vector<Chunk> chunks_of(const Bytes& bytes, ByteOrder order = ByteOrder::little) {
    const auto source = source_of(bytes);
    const auto chunks = scan_chunks(
        *source, {.order = order, .audio_id = order == ByteOrder::big ? "SSND" : "data", .big_sizes = {}});
    return chunks ? *chunks : std::vector<Chunk>{};
}

inline std::string ids_of(const Bytes& bytes, ByteOrder order = ByteOrder::little) {
    std::string ids;
    for (const Chunk& chunk : chunks_of(bytes, order)) ids += "[" + chunk.id + "]";
    return ids;
}

inline Bytes payload_of(const Bytes& bytes, std::string_view id, ByteOrder order = ByteOrder::little) {
    const std::vector<Chunk> chunks = chunks_of(bytes, order);
    const Chunk* chunk = find_chunk(chunks, id);
    if (chunk == nullptr) return {};
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(chunk->offset);
    return {begin, begin + static_cast<std::ptrdiff_t>(chunk->size)};
}

inline bool contains(const Bytes& bytes, std::string_view text) {
    return to_text(bytes).find(text) != std::string::npos;
}

// The metadata that every test of tags takes.
inline TagSet full_tags() {
    TagSet tags;
    tags.metadata.title = "Nachtfahrt";
    tags.metadata.artist = "Bj\xc3\xb6rk & S\xc3\xb8n";
    tags.metadata.album = "Dubs";
    tags.metadata.date = "2026-11-21";
    tags.metadata.genre = "Dub";
    tags.metadata.comment = "one\ntwo";
    tags.metadata.bpm = 93.5;
    tags.metadata.key = "F#m";
    tags.metadata.isrc = "DEABC2600001";
    tags.metadata.track = {3, 12};
    tags.metadata.copyright = "2026 me";
    tags.metadata.custom["MOOD"] = "late";
    return tags;
}

}  // namespace dubplate::test
