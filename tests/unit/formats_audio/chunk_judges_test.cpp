#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/codec_files.h"
#include "support/temp_folder.h"
#include "unit/formats_audio/chunk_files.h"

namespace dubplate::test {

namespace {

// Writes a stereo file of 1234 frames of each format and depth and asks another program about it.
template <class Ask>
void for_each_file(Ask ask) {
    const TempFolder folder;
    for (const std::string_view name : {"wav", "aiff"}) {
        const AudioFormat& format = *find_audio_format(name);
        for (const BitDepth depth : format.depths) {
            const Bytes bytes =
                format.takes_integers(depth)
                    ? written(format, integer_noise(2, 1234, bits_of(depth)), depth, {.tags = full_tags()})
                    : written(format, as_floats(integer_noise(2, 1234, 24), 24), depth,
                              {.tags = full_tags()});
            const auto path = folder.write(fmt::format("a.{}", name), to_text(bytes));
            SCOPED_TRACE(fmt::format("{} {}", name, name_of(depth)));
            ask(path.string(), depth);
        }
    }
}

TEST(ChunkJudges, FfprobeAgreesOnFormatLengthAndTags) {
    if (!has_program("ffprobe")) GTEST_SKIP() << "ffprobe is not installed";

    for_each_file([](const std::string& path, BitDepth depth) {
        const std::string answer =
            run_shell(
                "ffprobe -v error -show_entries "
                "stream=channels,sample_rate,bits_per_sample,duration_ts:format_tags " +
                path)
                .output;

        EXPECT_NE(answer.find("channels=2"), std::string::npos) << answer;
        EXPECT_NE(answer.find("sample_rate=44100"), std::string::npos);
        EXPECT_NE(answer.find("duration_ts=1234"), std::string::npos);
        EXPECT_NE(answer.find(fmt::format("bits_per_sample={}", bits_of(depth))), std::string::npos);
        EXPECT_NE(answer.find("title=Nachtfahrt"), std::string::npos);
    });
}

TEST(ChunkJudges, SoxDecodesTheSameLength) {
    if (!has_program("sox")) GTEST_SKIP() << "sox is not installed";

    for_each_file([](const std::string& path, BitDepth) {
        EXPECT_EQ(run_shell("sox " + path + " -t raw -e signed -b 32 - | wc -c").output, "9872\n");
    });
}

}  // namespace

}  // namespace dubplate::test
