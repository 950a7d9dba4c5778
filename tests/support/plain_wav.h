// plain_wav.h: WAV files of 24 bits for judges, without the code that is judged.
//
// Units    samples are whole numbers of 24 bits, interleaved.
// Threads  pure functions; failures are those of the test.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace dubplate::test {

struct PlainWav {
    int channels = 2;
    std::vector<std::int32_t> samples;
};

namespace plain_wav_detail {

inline void put(std::string& target, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) target += static_cast<char>(value >> (8 * i) & 0xff);
}

inline std::uint32_t take(const std::string& data, std::size_t place, int bytes) {
    std::uint32_t value = 0;
    for (int i = bytes - 1; i >= 0; --i)
        value = value << 8 | static_cast<unsigned char>(data[place + static_cast<std::size_t>(i)]);
    return value;
}

}  // namespace plain_wav_detail

inline void write_plain_wav(const std::filesystem::path& path, const PlainWav& wav, int sample_rate_hz) {
    using plain_wav_detail::put;
    const auto frame_bytes = static_cast<std::uint32_t>(wav.channels) * 3;
    const auto data_bytes = static_cast<std::uint32_t>(wav.samples.size()) * 3;
    std::string bytes = "RIFF";
    put(bytes, 36 + data_bytes + data_bytes % 2, 4);
    bytes += "WAVEfmt ";
    put(bytes, 16, 4);
    put(bytes, 1, 2);
    put(bytes, static_cast<std::uint32_t>(wav.channels), 2);
    put(bytes, static_cast<std::uint32_t>(sample_rate_hz), 4);
    put(bytes, static_cast<std::uint32_t>(sample_rate_hz) * frame_bytes, 4);
    put(bytes, frame_bytes, 2);
    put(bytes, 24, 2);
    bytes += "data";
    put(bytes, data_bytes, 4);
    for (const std::int32_t sample : wav.samples) put(bytes, static_cast<std::uint32_t>(sample), 3);
    if (data_bytes % 2 == 1) bytes += '\0';
    std::ofstream(path, std::ios::binary) << bytes;
}

inline PlainWav read_plain_wav(const std::filesystem::path& path) {
    using plain_wav_detail::take;
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    PlainWav wav;
    for (std::size_t place = 12; place + 8 <= bytes.size();) {
        const std::string name = bytes.substr(place, 4);
        const std::size_t size = take(bytes, place + 4, 4);
        place += 8;
        if (name == "fmt ") {
            wav.channels = static_cast<int>(take(bytes, place + 2, 2));
            EXPECT_EQ(take(bytes, place + 14, 2), 24u) << "bits";
        }
        for (std::size_t at = place; name == "data" && at + 3 <= std::min(place + size, bytes.size());
             at += 3)
            wav.samples.push_back(static_cast<std::int32_t>(take(bytes, at, 3) << 8) >> 8);
        place += size + size % 2;
    }
    return wav;
}

}  // namespace dubplate::test
