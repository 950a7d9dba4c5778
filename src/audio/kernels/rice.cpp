// Compiled once for each kind of processor. Codes are short, so two and four are joined before they are written: vectors
// make the codes and join them, and what cannot be laid side by side, the writing, meets a fourth of the numbers.
#include "audio/kernels/rice.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "audio/kernels/rice.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dubplate::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::int64_t chunk = 64;  // numbers whose codes are made at once

void sum_blocks(const std::int32_t* numbers, std::int64_t blocks, std::int64_t block, std::uint64_t* sums) {
    const hn::ScalableTag<std::int64_t> wide;
    const hn::Rebind<std::int32_t, decltype(wide)> narrow;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(wide));
    for (std::int64_t b = 0; b < blocks; ++b) {
        const std::int32_t* from = numbers + b * block;
        auto sum = hn::Zero(wide);
        std::int64_t i = 0;
        for (; i + lanes <= block; i += lanes)
            sum = hn::Add(sum, hn::PromoteTo(wide, hn::Abs(hn::LoadU(narrow, from + i))));
        auto total = static_cast<std::uint64_t>(hn::GetLane(hn::SumOfLanes(wide, sum)));
        for (; i < block; ++i) total += static_cast<std::uint64_t>(from[i] < 0 ? -from[i] : from[i]);
        sums[b] = total;
    }
}

HWY_INLINE std::uint32_t fold(std::int32_t number) {
    return static_cast<std::uint32_t>(number) << 1 ^ static_cast<std::uint32_t>(number >> 31);
}

void append_one(std::int32_t number, unsigned parameter, BitWriter& writer) {
    const std::uint64_t value = fold(number);
    const std::uint64_t zeros = value >> parameter;
    const std::uint64_t code =
        std::uint64_t{1} << parameter | (value & ((std::uint64_t{1} << parameter) - 1));
    if (zeros + parameter + 1 <= BitWriter::most_bits) {
        writer.put(code, static_cast<unsigned>(zeros) + parameter + 1);
        return;
    }
    writer.put_zeros(zeros);
    writer.put(code, parameter + 1);
}

// Codes of a chunk, as bits and their number. Too long ones are worth nothing but their length.
struct Joined {
    alignas(64) std::uint64_t pairs[chunk / 2];
    alignas(64) std::uint64_t pair_bits[chunk / 2];
    alignas(64) std::uint64_t fours[chunk / 4];
    alignas(64) std::uint64_t four_bits[chunk / 4];
};

template <class D, class V = hn::Vec<D>>
struct Codes {
    V codes, bits;

    HWY_INLINE static Codes of(D d, hn::Vec<hn::Rebind<std::int32_t, D>> numbers, int parameter) {
        const hn::Rebind<std::uint32_t, D> narrow;
        const auto folded = hn::Xor(hn::ShiftLeft<1>(numbers), hn::ShiftRight<31>(numbers));
        const V value = hn::PromoteTo(d, hn::BitCast(narrow, folded));
        const V one = hn::Set(d, std::uint64_t{1} << parameter);
        const V rest = hn::Set(d, (std::uint64_t{1} << parameter) - 1);
        const V length = hn::Set(d, static_cast<std::uint64_t>(parameter) + 1);
        return {hn::Or(one, hn::And(value, rest)), hn::Add(hn::ShiftRightSame(value, parameter), length)};
    }
    // `last` behind this. A shift past the 63rd bit is not defined everywhere.
    HWY_INLINE Codes then(D d, const Codes& last) const {
        const V shift = hn::Min(last.bits, hn::Set(d, 63));
        return {hn::Or(hn::Shl(codes, shift), last.codes), hn::Add(bits, last.bits)};
    }
    HWY_INLINE void store(D d, std::uint64_t* to, std::uint64_t* lengths) const {
        hn::StoreU(codes, d, to);
        hn::StoreU(bits, d, lengths);
    }
};

// count: a multiple of 4, up to `chunk`. Up to the end of the last vectors there must be numbers.
void join(const std::int32_t* numbers, std::int64_t count, int parameter, Joined& joined) {
    const hn::CappedTag<std::uint64_t, chunk / 4> d;
    const hn::Rebind<std::int32_t, decltype(d)> s32;
    using C = Codes<decltype(d)>;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    for (std::int64_t i = 0; i < count / 2; i += lanes) {
        hn::Vec<decltype(s32)> first, second;
        hn::LoadInterleaved2(s32, numbers + 2 * i, first, second);
        C::of(d, first, parameter)
            .then(d, C::of(d, second, parameter))
            .store(d, joined.pairs + i, joined.pair_bits + i);
    }
    for (std::int64_t i = 0; i < count / 4; i += lanes) {
        C first, second;
        hn::LoadInterleaved2(d, joined.pairs + 2 * i, first.codes, second.codes);
        hn::LoadInterleaved2(d, joined.pair_bits + 2 * i, first.bits, second.bits);
        first.then(d, second).store(d, joined.fours + i, joined.four_bits + i);
    }
}

void append_joined(const std::int32_t* numbers, std::int64_t count, unsigned parameter, const Joined& joined,
                   BitWriter& writer) {
    for (std::int64_t i = 0; i < count / 4; ++i) {
        if (joined.four_bits[i] <= BitWriter::most_bits) {
            writer.put(joined.fours[i], static_cast<unsigned>(joined.four_bits[i]));
            continue;
        }
        for (std::int64_t pair = 2 * i; pair < 2 * i + 2; ++pair) {
            if (joined.pair_bits[pair] <= BitWriter::most_bits) {
                writer.put(joined.pairs[pair], static_cast<unsigned>(joined.pair_bits[pair]));
            } else {
                append_one(numbers[2 * pair], parameter, writer);
                append_one(numbers[2 * pair + 1], parameter, writer);
            }
        }
    }
}

void append(const std::int32_t* numbers, std::int64_t count, unsigned parameter, BitWriter& target) {
    BitWriter writer = target;  // a copy of our own stays in registers
    Joined joined;
    std::int64_t i = 0;
    for (; i + chunk <= count; i += chunk) {
        join(numbers + i, chunk, static_cast<int>(parameter), joined);
        append_joined(numbers + i, chunk, parameter, joined, writer);
    }
    if (i < count) {
        std::int32_t rest[chunk] = {};
        for (std::int64_t j = i; j < count; ++j) rest[j - i] = numbers[j];
        const std::int64_t fours = (count - i) / 4 * 4;
        join(rest, fours, static_cast<int>(parameter), joined);
        append_joined(rest, fours, parameter, joined, writer);
        for (i += fours; i < count; ++i) append_one(numbers[i], parameter, writer);
    }
    target = writer;
}

}  // namespace
}  // namespace dubplate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dubplate {

HWY_EXPORT(sum_blocks);
HWY_EXPORT(append);

void sum_magnitudes(const std::int32_t* numbers, std::int64_t blocks, std::int64_t block,
                    std::uint64_t* sums) {
    HWY_DYNAMIC_DISPATCH(sum_blocks)(numbers, blocks, block, sums);
}

void append_rice_codes(const std::int32_t* numbers, std::int64_t count, unsigned parameter,
                       BitWriter& writer) {
    HWY_DYNAMIC_DISPATCH(append)(numbers, count, parameter, writer);
}

}  // namespace dubplate
#endif
