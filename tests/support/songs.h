// songs.h: real music for tests, decoded by the ffmpeg program, which shares no code with ours.
//
// Source   the songs of Debian's package frozen-bubble-data; the environment variable DUBPLATE_TEST_SONGS names another
//          folder of .ogg files. load_song() gives an empty signal where the file or ffmpeg is absent; a test then skips
//          with a word on what to install.
#pragma once

#include "support/signals.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

namespace dubplate::test {

inline const std::array<std::string, 3> song_names{"frozen-mainzik-1p.ogg", "frozen-mainzik-2p.ogg",
                                                   "introzik.ogg"};

inline Audio load_song(const std::string& name, int sample_rate_hz, int channels, double seconds = 20,
                       double from_seconds = 0) {
    const char* folder = std::getenv("DUBPLATE_TEST_SONGS");
    const std::filesystem::path path =
        std::filesystem::path(folder != nullptr ? folder : "/usr/share/games/frozen-bubble/snd") / name;
    if (!std::filesystem::exists(path)) return {};
    const std::string command = "ffmpeg -nostdin -v error -ss " + std::to_string(from_seconds) + " -t " +
                                std::to_string(seconds) + " -i '" + path.string() + "' -f f32le -ar " +
                                std::to_string(sample_rate_hz) + " -ac " + std::to_string(channels) +
                                " - 2>/dev/null";
    const auto close = [](std::FILE* pipe) { ::pclose(pipe); };
    const std::unique_ptr<std::FILE, decltype(close)> pipe(::popen(command.c_str(), "r"), close);
    if (!pipe) return {};
    Audio audio(sample_rate_hz, channels, 0);
    std::array<float, max_channels> frame{};
    const auto count = static_cast<std::size_t>(channels);
    while (std::fread(frame.data(), sizeof(float), count, pipe.get()) == count)
        for (std::size_t c = 0; c < count; ++c) audio.channels[c].push_back(frame[c]);
    return audio;
}

}  // namespace dubplate::test

#define DUBPLATE_SKIP_WITHOUT_SONG(audio) \
    if ((audio).frames() == 0) GTEST_SKIP() << "no song to measure: install frozen-bubble-data and ffmpeg"
