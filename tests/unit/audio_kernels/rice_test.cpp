#include "audio/kernels/rice.h"

#include <cstdlib>
#include <string>

#include "core/prng.h"
#include "support/dispatch.h"

namespace dubplate {
namespace {

// What bits are to be, a character each.
std::string binary(std::uint64_t value, unsigned bits) {
    std::string text;
    for (unsigned bit = bits; bit-- > 0;) text += (value >> bit & 1) != 0 ? '1' : '0';
    return text;
}

std::string bits_of_bytes(const std::vector<std::byte>& bytes, std::uint64_t bits) {
    std::string text;
    for (const std::byte byte : bytes) text += binary(std::to_integer<std::uint64_t>(byte), 8);
    return text.substr(0, bits);
}

std::string rice_code(std::int32_t number, unsigned parameter) {
    const std::int64_t wide = number;
    const auto folded = static_cast<std::uint64_t>(wide < 0 ? -2 * wide - 1 : 2 * wide);
    return std::string(folded >> parameter, '0') + '1' + binary(folded, parameter);
}

// Of both signs; most small and some large, so that codes of all lengths stand beside each other.
std::vector<std::int32_t> numbers_of(std::int64_t count, unsigned parameter, int rare) {
    const Random random(static_cast<std::uint64_t>(count), parameter);
    std::vector<std::int32_t> numbers;
    for (std::int64_t i = 0; i < count; ++i) {
        const std::uint64_t bits = random.bits(static_cast<std::uint64_t>(i));
        const std::uint64_t reach = std::uint64_t{1} << (parameter + (bits >> 40 & 1));
        const std::uint64_t times = rare > 0 && bits >> 50 == 0 ? 90 : 1;
        const auto magnitude =
            static_cast<std::int32_t>(std::min((bits >> 8) % reach * times, std::uint64_t{1} << 29));
        numbers.push_back((bits & 1) != 0 ? -magnitude : magnitude);
    }
    return numbers;
}

TEST(BitWriter, PutsBitsOneBehindTheOther) {
    std::vector<std::byte> bytes(64);
    BitWriter writer(bytes.data());
    std::string expected;
    const auto put = [&](std::uint64_t value, unsigned bits) {
        writer.put(value, bits);
        expected += binary(value, bits);
    };
    put(1, 1);
    put(0x00AB'CDEF'0123'4567, 56);
    put(5, 3);
    put((std::uint64_t{1} << 55) - 1, 56);
    writer.put_signed(-3, 5);
    writer.put_zeros(120);

    EXPECT_EQ(writer.bits(), expected.size() + 125);
    EXPECT_EQ(bits_of_bytes(bytes, writer.bits()), expected + "11101" + std::string(120, '0'));
    writer.align();
    EXPECT_EQ(writer.bytes(), (expected.size() + 125 + 7) / 8);
}

TEST(Rice, CodesAreThoseOfTheDefinitionOnEveryTarget) {
    for (const unsigned parameter : {0U, 1U, 5U, 13U, 14U, 22U, 28U})
        for (const std::int64_t count : {0, 1, 3, 4, 7, 63, 64, 65, 126, 200}) {
            const auto numbers = numbers_of(count, parameter, 1);
            std::string expected = "101";
            for (const std::int32_t number : numbers) expected += rice_code(number, parameter);

            const auto coded = [&] {
                std::vector<std::byte> bytes(expected.size() / 8 + 32);
                BitWriter writer(bytes.data());
                writer.put(5, 3);
                append_rice_codes(numbers.data(), count, parameter, writer);
                EXPECT_EQ(writer.bits(), expected.size());
                writer.align();
                bytes.resize(writer.bytes());
                return bytes;
            };
            EXPECT_EQ(bits_of_bytes(coded(), expected.size()), expected) << parameter << ", " << count;
            test::expect_same_on_all_targets(coded);
        }
}

TEST(Rice, CodesHoldTheLargestNumbers) {
    const std::vector<std::int32_t> numbers{0x3FFF'FFFF, -0x3FFF'FFFF, 0, 1 << 29, -1};
    for (const unsigned parameter : {20U, 30U}) {
        std::string expected;
        for (const std::int32_t number : numbers) expected += rice_code(number, parameter);
        std::vector<std::byte> bytes(expected.size() / 8 + 32);
        BitWriter writer(bytes.data());
        append_rice_codes(numbers.data(), 5, parameter, writer);
        EXPECT_EQ(bits_of_bytes(bytes, writer.bits()), expected);
    }
}

TEST(Rice, SumsAreThoseOfTheMagnitudesOnEveryTarget) {
    for (const std::int64_t block : {1, 2, 7, 8, 63, 64}) {
        const auto numbers = numbers_of(5 * block, 25, 1);
        std::vector<std::uint64_t> expected(5);
        for (std::size_t i = 0; i < numbers.size(); ++i)
            expected[i / static_cast<std::size_t>(block)] += static_cast<std::uint64_t>(std::abs(numbers[i]));

        const auto summed = [&] {
            std::vector<std::uint64_t> sums(5);
            sum_magnitudes(numbers.data(), 5, block, sums.data());
            return sums;
        };
        EXPECT_EQ(summed(), expected) << block;
        test::expect_same_on_all_targets(summed);
    }
}

}  // namespace
}  // namespace dubplate
