#include "audio/kernels/mixing.h"
#include "support/dispatch.h"
#include "support/signals.h"

#include <array>
#include <limits>

namespace dubplate {
namespace {

using namespace test;

constexpr std::array<double, 3> weights{0.7, -0.5, 1.0 / 3};

std::vector<float> mixed(const Audio& audio, std::int64_t count) {
    std::array<const float*, 3> channels{};
    for (std::size_t c = 0; c < channels.size(); ++c) channels[c] = audio.channels[c].data();
    std::vector<float> to(static_cast<std::size_t>(count));
    mix_channels(channels, weights, to.data(), count);
    return to;
}

TEST(MixChannels, SumsInDoubleAndRoundsOnce) {
    const Audio audio = noise(8'000, 3, 0.02, 1.0);
    const std::vector<float> all = mixed(audio, audio.frames());
    for (std::int64_t i = 0; i < audio.frames(); ++i) {
        double sum = 0;
        for (int c = 0; c < 3; ++c)
            sum += weights[static_cast<std::size_t>(c)] * static_cast<double>(audio.at(c, i));
        ASSERT_EQ(all[static_cast<std::size_t>(i)], static_cast<float>(sum)) << i;
    }
}

TEST(MixChannels, IsTheSameBitsOnEveryKindOfProcessor) {
    const Audio audio = noise(8'000, 3, 0.02, 1.0);
    for (const std::int64_t count : {0, 1, 7, 64, 159})
        expect_same_on_all_targets([&] { return mixed(audio, count); });
}

TEST(WidenedRange, HoldsAllSamplesAndNoMore) {
    Audio audio = noise(8'000, 1, 0.02, 0.5);
    audio.at(0, 3) = std::numeric_limits<float>::quiet_NaN();
    audio.at(0, 157) = -0.75F;
    audio.at(0, 158) = 0.875F;
    for (const std::int64_t count : {0, 1, 5, 158, 159})
        expect_same_on_all_targets([&] {
            const SampleRange range = widened({-0.1F, 0.1F}, audio.channels[0].data(), count);
            return std::vector<float>{range.low, range.high};
        });

    const SampleRange range = widened({-0.1F, 0.1F}, audio.channels[0].data(), 159);

    EXPECT_EQ(range.low, -0.75F);
    EXPECT_EQ(range.high, 0.875F);
}

}  // namespace
}  // namespace dubplate
