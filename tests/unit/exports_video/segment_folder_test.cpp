#include "exports/video/segment_folder.h"

#include <gtest/gtest.h>

#include "support/temp_folder.h"

namespace dubplate {
namespace {

EncodedVideo some_video() {
    return {{std::byte{1}, std::byte{2}},
            {{{std::byte{3}}, 0, -2, true}, {{}, 2, -1, false}, {{std::byte{4}, std::byte{5}}, 1, 0, false}}};
}

TEST(VideoSegment, ComesBackFromItsBytes) {
    const EncodedVideo video = some_video();
    const auto back = read_segment(write_segment(video));

    ASSERT_TRUE(back);
    EXPECT_EQ(back->header, video.header);
    ASSERT_EQ(back->packets.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(back->packets[i].data, video.packets[i].data);
        EXPECT_EQ(back->packets[i].pts, video.packets[i].pts);
        EXPECT_EQ(back->packets[i].dts, video.packets[i].dts);
        EXPECT_EQ(back->packets[i].is_key, video.packets[i].is_key);
    }
}

TEST(VideoSegment, IsNoneWhereAByteIsWrongOrMissing) {
    const Bytes bytes = write_segment(some_video());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        Bytes wrong = bytes;
        wrong[i] ^= std::byte{0x10};
        EXPECT_FALSE(read_segment(wrong)) << i;
        EXPECT_FALSE(read_segment(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(i)))) << i;
    }
}

TEST(SegmentFolder, GivesWhatAnEarlierRunHasKeptAndGoesAwayInTheEnd) {
    const TempFolder folder;
    const auto place = folder / "segments";
    Bytes left;
    {
        SegmentFolder first(place, "key");
        ASSERT_TRUE(first.keep(2, some_video()));
        left = write_segment(some_video());
        EXPECT_TRUE(std::filesystem::exists(place / "key-2.segment"));
    }
    EXPECT_FALSE(std::filesystem::exists(place));
    std::filesystem::create_directory(place);
    folder.write("segments/key-2.segment", {reinterpret_cast<const char*>(left.data()), left.size()});
    folder.write("segments/old-2.segment", "of another key");
    SegmentFolder second(place, "key");

    EXPECT_FALSE(std::filesystem::exists(place / "old-2.segment"));
    EXPECT_TRUE(second.find(2));
    EXPECT_FALSE(second.find(1));
    EXPECT_EQ(second.found(), 1);
}

}  // namespace
}  // namespace dubplate
