#include "audio/kernels/reconstruction.h"

#include <algorithm>
#include <cstdlib>

#include "audio/kernels/rice.h"
#include "core/prng.h"
#include "support/dispatch.h"

namespace dubplate {
namespace {

constexpr std::size_t front = longest_prediction;

std::vector<std::byte> with_slack(std::size_t bytes) {
    return std::vector<std::byte>(bytes + BitReader::slack_bytes);
}

// Of both signs, about as large as the parameter says, and now and then much larger.
std::vector<std::int32_t> numbers_of(std::int64_t count, unsigned parameter) {
    const Random random(7, parameter);
    std::vector<std::int32_t> numbers;
    for (std::int64_t i = 0; i < count; ++i) {
        const std::uint64_t bits = random.bits(static_cast<std::uint64_t>(i));
        const std::uint64_t reach = std::uint64_t{1} << (parameter + (bits >> 60 == 0 ? 6 : 1));
        const auto magnitude =
            static_cast<std::int32_t>(std::min((bits >> 8) % reach, std::uint64_t{1} << 29));
        numbers.push_back((bits & 1) != 0 ? -magnitude : magnitude);
    }
    return numbers;
}

std::vector<std::byte> codes_of(const std::vector<std::int32_t>& numbers, unsigned parameter) {
    std::vector<std::byte> bytes(numbers.size() * 32 + BitWriter::slack_bytes);
    BitWriter writer(bytes.data());
    append_rice_codes(numbers.data(), std::ssize(numbers), parameter, writer);
    writer.align();
    bytes.resize(writer.bytes() + BitReader::slack_bytes);
    return bytes;
}

// The definition, one sample after the other.
std::vector<std::int64_t> predicted(const std::vector<std::int64_t>& before,
                                    const std::vector<std::int32_t>& residuals,
                                    const std::vector<std::int32_t>& weights, int shift) {
    std::vector<std::int64_t> samples(front + residuals.size());
    std::ranges::copy(before, samples.begin());
    for (std::size_t i = 0; i < residuals.size(); ++i) {
        std::int64_t sum = 0;
        for (std::size_t j = 0; j < weights.size(); ++j) sum += weights[j] * samples[front + i - 1 - j];
        samples[front + i] = static_cast<std::int32_t>((sum >> shift) + residuals[i]);
    }
    return samples;
}

TEST(BitReader, TakesBitsOneBehindTheOther) {
    std::vector<std::byte> bytes = with_slack(24);
    BitWriter writer(bytes.data());
    writer.put(5, 3);
    writer.put_signed(-3, 5);
    writer.put_zeros(70);
    writer.put(1, 1);
    writer.put(0x1234'5678'9ABC, 48);
    writer.align();

    BitReader reader(bytes.data(), writer.bytes());
    EXPECT_EQ(reader.take(3), 5U);
    EXPECT_EQ(reader.take_signed(5), -3);
    EXPECT_EQ(reader.take_zeros(), 70U);
    EXPECT_EQ(reader.take(0), 0U);
    EXPECT_EQ(reader.take_signed(0), 0);
    EXPECT_EQ(reader.take(48), 0x1234'5678'9ABCU);
    reader.align();
    EXPECT_EQ(reader.bytes(), writer.bytes());
    EXPECT_FALSE(reader.overran());
}

TEST(BitReader, TellsThatTheBitsHaveEndedHoweverFarItIsAskedToGo) {
    const std::vector<std::byte> bytes = with_slack(3);
    BitReader reader(bytes.data(), 3);
    reader.skip(24);
    EXPECT_FALSE(reader.overran());
    reader.take_zeros();
    EXPECT_TRUE(reader.overran());
    reader.skip(std::uint64_t{1} << 40);
    EXPECT_EQ(reader.take(57), 0U);
    EXPECT_TRUE(reader.overran());
}

TEST(Reconstruction, ReadsEveryRiceCodeBack) {
    for (unsigned parameter = 0; parameter <= 28; ++parameter)
        for (const std::int64_t count : {1, 2, 3, 5, 15, 16, 17, 1000}) {
            const auto numbers = numbers_of(count, parameter);
            const auto bytes = codes_of(numbers, parameter);
            BitReader reader(bytes.data(), bytes.size() - BitReader::slack_bytes);
            std::vector<std::int64_t> samples(front + numbers.size());

            ASSERT_TRUE(read_predicted(reader, parameter, {{}, 0}, samples.data() + front, count));
            EXPECT_TRUE(std::equal(numbers.begin(), numbers.end(), samples.begin() + front)) << parameter;
            reader.align();
            EXPECT_EQ(reader.bytes(), bytes.size() - BitReader::slack_bytes) << parameter;
        }
}

TEST(Reconstruction, PredictsAsTheDefinitionSays) {
    const Random random(3, 1);
    for (std::size_t order = 0; order <= longest_prediction; ++order)
        for (const std::int64_t count : {1, 3, 4, 16, 33, 500}) {
            std::vector<std::int32_t> weights;
            for (std::size_t j = 0; j < order; ++j)
                weights.push_back(static_cast<std::int32_t>(random.bits(j) % 60'000) - 30'000);
            std::vector<std::int64_t> before(front);
            for (std::size_t i = 0; i < front; ++i)
                before[i] =
                    static_cast<std::int32_t>(random.bits(100 + i));  // of 32 bits, and they grow past them
            const auto residuals = numbers_of(count, 12);
            const auto bytes = codes_of(residuals, 12);
            BitReader reader(bytes.data(), bytes.size() - BitReader::slack_bytes);
            std::vector<std::int64_t> samples(front + residuals.size());
            std::ranges::copy(before, samples.begin());

            ASSERT_TRUE(read_predicted(reader, 12, {weights, 14}, samples.data() + front, count));
            EXPECT_EQ(samples, predicted(before, residuals, weights, 14)) << order << ", " << count;
        }
}

TEST(Reconstruction, ReadsResidualsThatStandAsTheyAre) {
    for (const unsigned width : {0U, 1U, 7U, 32U}) {
        std::vector<std::byte> bytes = with_slack(200);
        BitWriter writer(bytes.data());
        std::vector<std::int64_t> expected(front + 40);
        for (std::size_t i = 0; i < 40 && width > 0; ++i) {
            const std::int64_t largest = std::int64_t{1} << (width - 1);
            const std::int64_t number = i % 2 == 0 ? -largest : largest - 1;
            writer.put_signed(number, width);
            expected[front + i] = number;
        }
        writer.align();
        BitReader reader(bytes.data(), writer.bytes());
        std::vector<std::int64_t> samples(front + 40);

        ASSERT_TRUE(read_predicted_plain(reader, width, {{}, 0}, samples.data() + front, 40));
        EXPECT_EQ(samples, expected) << width;
    }
}

TEST(Reconstruction, EndsWithTheBits) {
    const auto bytes = codes_of(numbers_of(100, 9), 9);
    for (std::size_t size = 0; size < bytes.size() - BitReader::slack_bytes; ++size) {
        // A copy of its own: the sanitizer sees what reads past its end.
        std::vector<std::byte> part(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
        part.resize(size + BitReader::slack_bytes);
        BitReader reader(part.data(), size);
        std::vector<std::int64_t> samples(front + 100);
        EXPECT_FALSE(read_predicted(reader, 9, {{}, 0}, samples.data() + front, 100)) << size;
    }
}

TEST(Reconstruction, BringsLeftAndRightBack) {
    std::vector<std::int32_t> left, right;
    for (int a = -5; a < 6; ++a)
        for (int b = -5; b < 6; ++b) {
            left.push_back(a);
            right.push_back(b);
        }
    for (const StereoCode code :
         {StereoCode::left_and_side, StereoCode::side_and_right, StereoCode::mid_and_side}) {
        std::vector<std::int32_t> first, second;
        for (std::size_t i = 0; i < left.size(); ++i) {
            const std::int32_t side = left[i] - right[i];
            first.push_back(code == StereoCode::left_and_side    ? left[i]
                            : code == StereoCode::side_and_right ? side
                                                                 : (left[i] + right[i]) >> 1);
            second.push_back(code == StereoCode::side_and_right ? right[i] : side);
        }
        restore_stereo(code, first.data(), second.data(), std::ssize(left));
        EXPECT_EQ(first, left);
        EXPECT_EQ(second, right);
    }
}

TEST(Reconstruction, IsTheSameOnEveryTarget) {
    const auto residuals = numbers_of(333, 10);
    const auto bytes = codes_of(residuals, 10);
    test::expect_same_on_all_targets([&] {
        BitReader reader(bytes.data(), bytes.size() - BitReader::slack_bytes);
        std::vector<std::int64_t> samples(front + residuals.size(), 1 << 30);
        const std::vector<std::int32_t> weights{30'000, -20'000, 9000, 5, 4, 3,     2,
                                                1,      16'000,  -7,   8, 9, 31'000};
        EXPECT_TRUE(read_predicted(reader, 10, {weights, 13}, samples.data() + front, 333));
        std::vector<std::int32_t> narrowed(333), other(333, -77);
        narrow(samples.data() + front, narrowed.data(), 333, 3);
        restore_stereo(StereoCode::mid_and_side, narrowed.data(), other.data(), 333);
        narrowed.insert(narrowed.end(), other.begin(), other.end());
        return narrowed;
    });
}

}  // namespace
}  // namespace dubplate
