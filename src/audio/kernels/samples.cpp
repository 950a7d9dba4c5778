// Compiled once for each kind of processor; the last samples of a block go through the same code, one by one.
#include "audio/kernels/samples.h"

#include <cmath>
#include <cstring>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "audio/kernels/samples.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dubplate::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// work(tag, i) for whole vectors, then for single samples.
template <class T, class Work>
HWY_INLINE void each(std::int64_t count, Work&& work) {
    const hn::ScalableTag<T> wide;
    const hn::CappedTag<T, 1> single;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(wide));
    std::int64_t i = 0;
    for (; i + lanes <= count; i += lanes) work(wide, i);
    for (; i < count; ++i) work(single, i);
}

bool are_finite(const float* samples, std::int64_t count) {
    bool finite = true;
    each<float>(count, [&](auto d, std::int64_t i) {
        const auto largest = hn::Set(d, std::numeric_limits<float>::max());
        finite = finite && hn::AllTrue(d, hn::Le(hn::Abs(hn::LoadU(d, samples + i)), largest));
    });
    return finite;
}

// In double, since a gain is no power of two: rounded once.
void scale(const float* from, float* to, std::int64_t count, double gain) {
    each<double>(count, [&](auto d, std::int64_t i) {
        const hn::Rebind<float, decltype(d)> single;
        auto x = hn::LoadU(single, from + i);
        const auto is_finite = hn::Le(hn::Abs(x), hn::Set(single, std::numeric_limits<float>::max()));
        const auto is_number = hn::Eq(x, x);
        const auto replaced = hn::IfThenElseZero(is_number, hn::CopySign(hn::Set(single, 1.0f), x));
        x = hn::IfThenElse(is_finite, x, replaced);
        hn::StoreU(hn::DemoteTo(single, hn::Mul(hn::PromoteTo(d, x), hn::Set(d, gain))), single, to + i);
    });
}

// Random::triangular of the indices i, i + 1, ...
template <class D>
HWY_INLINE hn::Vec<D> triangular(D d, std::uint64_t key, std::uint64_t index) {
    const hn::RebindToUnsigned<D> u;
    const hn::RebindToSigned<D> s;
    // The lanes' own multiples of the step are the same in every turn of a loop.
    const auto lanes = hn::Mul(hn::Iota(u, 0), hn::Set(u, Random::golden_step));
    auto v = hn::Add(lanes, hn::Set(u, key + (index + 1) * Random::golden_step));
    v = hn::Mul(hn::Xor(v, hn::ShiftRight<30>(v)), hn::Set(u, Random::first_factor));
    v = hn::Mul(hn::Xor(v, hn::ShiftRight<27>(v)), hn::Set(u, Random::second_factor));
    v = hn::Xor(v, hn::ShiftRight<31>(v));
    const auto difference = hn::Sub(hn::ShiftRight<32>(v), hn::And(v, hn::Set(u, 0xFFFF'FFFFU)));
    return hn::Mul(hn::ConvertTo(d, hn::BitCast(s, difference)), hn::Set(d, 0x1p-32));
}

std::int64_t to_integers(const float* from, std::int32_t* to, std::int64_t count, int bits,
                         const Random* noise, std::uint64_t first_index) {
    const double full_scale = std::ldexp(1.0, bits - 1);
    std::int64_t clipped = 0;
    each<double>(count, [&](auto d, std::int64_t i) {
        const hn::Rebind<float, decltype(d)> single;
        const hn::Rebind<std::int32_t, decltype(d)> integer;
        const auto x = hn::LoadU(single, from + i);
        const auto number = hn::PromoteTo(d, hn::IfThenElseZero(hn::Eq(x, x), x));
        // What is far past full scale stays a number that the rounding below can take.
        const auto bounded = hn::Min(hn::Max(number, hn::Set(d, -4.0)), hn::Set(d, 4.0));
        auto value = hn::Mul(bounded, hn::Set(d, full_scale));
        if (noise != nullptr)
            value = hn::Add(value, triangular(d, noise->key(), first_index + static_cast<std::uint64_t>(i)));
        // Adding and taking away this number rounds to the nearest integer, halves to even.
        const auto rounding = hn::Set(d, 0x1.8p52);
        value = hn::Sub(hn::Add(value, rounding), rounding);
        const auto lowest = hn::Set(d, -full_scale);
        const auto highest = hn::Set(d, full_scale - 1);
        const auto is_over = hn::Or(hn::Gt(value, highest), hn::Lt(value, lowest));
        clipped += static_cast<std::int64_t>(hn::CountTrue(d, is_over));
        hn::StoreU(hn::DemoteTo(integer, hn::Min(hn::Max(value, lowest), highest)), integer, to + i);
    });
    return clipped;
}

void from_integers(const std::int32_t* from, float* to, std::int64_t count, int bits) {
    const float lsb = std::ldexp(1.0f, 1 - bits);
    each<float>(count, [&](auto d, std::int64_t i) {
        const hn::RebindToSigned<decltype(d)> integer;
        hn::StoreU(hn::Mul(hn::ConvertTo(d, hn::LoadU(integer, from + i)), hn::Set(d, lsb)), d, to + i);
    });
}

// The bytes of a sample go into the upper three of 32 bits, where the sign stands in its place; the scale is exact.
void from_stereo24(const std::byte* from, float* left, float* right, std::int64_t frames) {
    std::int64_t i = 0;
#if HWY_TARGET != HWY_SCALAR
    const hn::Full128<std::uint8_t> bytes;
    const hn::Full128<std::int32_t> integer;
    const hn::Full128<float> d;
    constexpr std::uint8_t none = 0x80;
    alignas(16) static constexpr std::uint8_t places[16] = {none, 0, 1, 2, none, 3, 4,  5,
                                                            none, 6, 7, 8, none, 9, 10, 11};
    const auto table = hn::Load(bytes, places);
    const auto scale = hn::Set(d, 0x1p-31f);
    const auto two_frames = [&](const std::byte* at) {
        const auto packed = hn::LoadU(bytes, reinterpret_cast<const std::uint8_t*>(at));
        return hn::BitCast(integer, hn::TableLookupBytesOr0(packed, table));
    };
    // Four frames at once, while a fifth stands behind them: the last load takes four of its bytes.
    for (; i + 5 <= frames; i += 4) {
        const auto first = two_frames(from + 6 * i);
        const auto second = two_frames(from + 6 * i + 12);
        const auto l = hn::ConcatEven(integer, second, first);
        const auto r = hn::ConcatOdd(integer, second, first);
        hn::StoreU(hn::Mul(hn::ConvertTo(d, l), scale), d, left + i);
        hn::StoreU(hn::Mul(hn::ConvertTo(d, r), scale), d, right + i);
    }
#endif
    for (; i < frames; ++i) {
        std::uint64_t frame = 0;
        std::memcpy(&frame, from + 6 * i, 6);
        left[i] = static_cast<float>(static_cast<std::int32_t>(frame << 8)) * 0x1p-31f;
        right[i] = static_cast<float>(static_cast<std::int32_t>(frame >> 16 & 0xFFFF'FF00U)) * 0x1p-31f;
    }
}

}  // namespace
}  // namespace dubplate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dubplate {

HWY_EXPORT(are_finite);
HWY_EXPORT(scale);
HWY_EXPORT(to_integers);
HWY_EXPORT(from_integers);
HWY_EXPORT(from_stereo24);

bool all_finite(const float* samples, std::int64_t count) {
    return HWY_DYNAMIC_DISPATCH(are_finite)(samples, count);
}

void scale_finite(const float* from, float* to, std::int64_t count, double gain) {
    HWY_DYNAMIC_DISPATCH(scale)(from, to, count, gain);
}

std::int64_t quantize(const float* from, std::int32_t* to, std::int64_t count, int bits, const Random* noise,
                      std::uint64_t first_index) {
    return HWY_DYNAMIC_DISPATCH(to_integers)(from, to, count, bits, noise, first_index);
}

void to_floats(const std::int32_t* from, float* to, std::int64_t count, int bits) {
    HWY_DYNAMIC_DISPATCH(from_integers)(from, to, count, bits);
}

void stereo24_to_floats(const std::byte* from, float* left, float* right, std::int64_t frames) {
    HWY_DYNAMIC_DISPATCH(from_stereo24)(from, left, right, frames);
}

}  // namespace dubplate
#endif
