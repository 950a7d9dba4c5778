// Compiled once for each kind of processor.
#include "audio/kernels/reconstruction.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "audio/kernels/reconstruction.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dubplate::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::int64_t turn = 16;  // codes, and then samples
constexpr std::int64_t lanes = 4;  // samples whose older part is summed at once
// Before the first of four samples; before the last, these are the four and the three before them.
constexpr int newest = 7;

HWY_INLINE std::int32_t unfold(std::uint64_t folded) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(folded >> 1) ^
                                     (0U - static_cast<std::uint32_t>(folded & 1)));
}

HWY_INLINE std::int32_t read_one(BitReader& bits, unsigned parameter) {
    const std::uint64_t zeros = bits.take_zeros();
    return unfold(zeros << parameter | bits.take(parameter));
}

// Codes from one look at the bits.
struct Look {
    std::uint64_t rest;
    unsigned parameter;
    unsigned used = 0;

    HWY_INLINE std::int32_t next() {
        const auto zeros = static_cast<unsigned>(std::countl_zero(rest | 1));
        const std::uint64_t behind = rest << zeros << 1;
        rest = behind << parameter;
        used += zeros + 1 + parameter;
        return unfold(std::uint64_t{zeros} << parameter | behind >> 1 >> (63 - parameter));
    }
};

// Where they fit, some at once: what comes next is then known so much sooner.
template <std::size_t codes>
HWY_INLINE bool read_group(BitReader& bits, unsigned parameter, std::int32_t* to) {
    Look look{bits.peek(), parameter};
    const std::int32_t first = look.next();
    const std::int32_t second = codes > 1 ? look.next() : 0;
    const std::int32_t third = codes > 2 ? look.next() : 0;
    const std::int32_t fourth = codes > 3 ? look.next() : 0;
    if (look.used > BitReader::most_bits) return false;
    to[0] = first;
    if (codes > 1) to[1] = second;
    if (codes > 2) to[2] = third;
    if (codes > 3) to[3] = fourth;
    bits.skip(look.used);
    return true;
}

template <std::size_t codes>
HWY_INLINE void read_codes(BitReader& bits, unsigned parameter, std::int32_t* to, std::int64_t count) {
    constexpr auto step = static_cast<std::int64_t>(codes);
    std::int64_t i = 0;
    while (i + step <= count) {
        if (read_group<codes>(bits, parameter, to + i)) {
            i += step;
        } else {
            to[i++] = read_one(bits, parameter);
        }
    }
    for (; i < count; ++i) to[i] = read_one(bits, parameter);
}

HWY_INLINE std::int64_t sum_older(const std::int64_t* weights, std::int64_t order, const std::int64_t* at) {
    std::int64_t sum = 0;
    for (std::int64_t j = newest + 1; j <= order; ++j) sum += weights[j] * at[-j];
    return sum;
}

// For four samples at once: none of those that are summed is among the four or right before them.
HWY_INLINE void sum_older_of_four(const std::int64_t* weights, std::int64_t order, const std::int64_t* at,
                                  std::int64_t* sums) {
#if HWY_TARGET == HWY_SCALAR
    for (std::int64_t lane = 0; lane < lanes; ++lane) sums[lane] = sum_older(weights, order, at + lane);
#else
    const hn::CappedTag<std::int64_t, lanes> d;
    const hn::Repartition<std::int32_t, decltype(d)> narrow;
    const auto step = static_cast<std::int64_t>(hn::Lanes(d));
    for (std::int64_t lane = 0; lane < lanes; lane += step) {
        auto sum = hn::Zero(d);
        for (std::int64_t j = newest + 1; j <= order; ++j) {
            const auto samples = hn::BitCast(narrow, hn::LoadU(d, at + lane - j));
            sum = hn::Add(sum, hn::MulEven(samples, hn::BitCast(narrow, hn::Set(d, weights[j]))));
        }
        hn::StoreU(sum, d, sums + lane);
    }
#endif
}

// The sums of four samples wait for each other: what they are made of stays in registers.
HWY_INLINE void restore_fours(const LinearPredictor& predictor, const std::int32_t* residuals,
                              std::int64_t* to, std::int64_t count) {
    const std::int64_t* const w = predictor.weights.data();  // without a check of each place
    const auto sample = [w, shift = predictor.shift](std::int32_t residual, std::int64_t sum, auto x7,
                                                     auto x6, auto x5, auto x4, auto x3, auto x2, auto x1) {
        sum = sum + w[7] * x7 + w[6] * x6 + w[5] * x5 + w[4] * x4 + w[3] * x3 + w[2] * x2 + w[1] * x1;
        return std::int64_t{static_cast<std::int32_t>((sum >> shift) + residual)};
    };
    std::int64_t x1 = to[-1], x2 = to[-2], x3 = to[-3], x4 = to[-4], x5 = to[-5], x6 = to[-6], x7 = to[-7];
    for (std::int64_t i = 0; i < count; i += lanes) {
        std::int64_t older[lanes];
        sum_older_of_four(w, predictor.order, to + i, older);
        const std::int32_t* const r = residuals + i;
        const std::int64_t a = sample(r[0], older[0], x7, x6, x5, x4, x3, x2, x1);
        const std::int64_t b = sample(r[1], older[1], x6, x5, x4, x3, x2, x1, a);
        const std::int64_t c = sample(r[2], older[2], x5, x4, x3, x2, x1, a, b);
        const std::int64_t d = sample(r[3], older[3], x4, x3, x2, x1, a, b, c);
        to[i] = a;
        to[i + 1] = b;
        to[i + 2] = c;
        to[i + 3] = d;
        x7 = x3, x6 = x2, x5 = x1, x4 = a, x3 = b, x2 = c, x1 = d;
    }
}

void restore(const LinearPredictor& predictor, const std::int32_t* residuals, std::int64_t* to,
             std::int64_t count) {
    if (predictor.order == 0) {
        std::copy_n(residuals, count, to);
        return;
    }
    const std::int64_t fours = count / lanes * lanes;
    restore_fours(predictor, residuals, to, fours);
    for (std::int64_t i = fours; i < count; ++i) {
        std::int64_t sum = 0;
        for (std::int64_t j = 1; j <= predictor.order; ++j)
            sum += predictor.weights[static_cast<std::size_t>(j)] * to[i - j];
        to[i] = static_cast<std::int32_t>((sum >> predictor.shift) + residuals[i]);
    }
}

template <std::size_t codes>
HWY_INLINE bool read_restored(BitReader& target, unsigned parameter, const LinearPredictor& predictor,
                              std::int64_t* to, std::int64_t count) {
    BitReader bits = target;  // a copy of our own stays in registers
    std::int32_t residuals[turn];
    for (std::int64_t i = 0; i < count; i += turn) {
        const std::int64_t now = std::min(turn, count - i);
        read_codes<codes>(bits, parameter, residuals, now);
        if (bits.overran()) break;
        restore(predictor, residuals, to + i, now);
    }
    target = bits;
    return !bits.overran();
}

// Most codes are three bits longer than their parameter at most.
bool read(BitReader& bits, unsigned parameter, const LinearPredictor& predictor, std::int64_t* to,
          std::int64_t count) {
    if (parameter <= 10) return read_restored<4>(bits, parameter, predictor, to, count);
    if (parameter <= 15) return read_restored<3>(bits, parameter, predictor, to, count);
    if (parameter <= 24) return read_restored<2>(bits, parameter, predictor, to, count);
    return read_restored<1>(bits, parameter, predictor, to, count);
}

bool read_plain(BitReader& bits, unsigned width, const LinearPredictor& predictor, std::int64_t* to,
                std::int64_t count) {
    std::int32_t residuals[turn];
    for (std::int64_t i = 0; i < count; i += turn) {
        const std::int64_t now = std::min(turn, count - i);
        for (std::int64_t j = 0; j < now; ++j)
            residuals[j] = static_cast<std::int32_t>(bits.take_signed(width));
        if (bits.overran()) return false;
        restore(predictor, residuals, to + i, now);
    }
    return true;
}

// work(tag, i) for whole vectors, then for single samples.
template <class T, class Work>
HWY_INLINE void each(std::int64_t count, Work&& work) {
    const hn::ScalableTag<T> wide;
    const hn::CappedTag<T, 1> single;
    const auto step = static_cast<std::int64_t>(hn::Lanes(wide));
    std::int64_t i = 0;
    for (; i + step <= count; i += step) work(wide, i);
    for (; i < count; ++i) work(single, i);
}

void take_lower(const std::int64_t* from, std::int32_t* to, std::int64_t count, int wasted) {
    for (std::int64_t i = 0; i < count; ++i)
        to[i] = static_cast<std::int32_t>(static_cast<std::uint32_t>(from[i]) << wasted);
}

void from_left_and_side(const std::int32_t* left, std::int32_t* side, std::int64_t count) {
    each<std::int32_t>(count, [&](auto d, std::int64_t i) {
        hn::StoreU(hn::Sub(hn::LoadU(d, left + i), hn::LoadU(d, side + i)), d, side + i);
    });
}

void from_side_and_right(std::int32_t* side, const std::int32_t* right, std::int64_t count) {
    each<std::int32_t>(count, [&](auto d, std::int64_t i) {
        hn::StoreU(hn::Add(hn::LoadU(d, side + i), hn::LoadU(d, right + i)), d, side + i);
    });
}

// The half that the sum lost is that of the difference, which is odd where the sum is.
void from_mid_and_side(std::int32_t* mid, std::int32_t* side, std::int64_t count) {
    each<std::int32_t>(count, [&](auto d, std::int64_t i) {
        const auto difference = hn::LoadU(d, side + i);
        const auto odd = hn::And(difference, hn::Set(d, 1));
        const auto left = hn::Add(hn::Add(hn::LoadU(d, mid + i), hn::ShiftRight<1>(difference)), odd);
        hn::StoreU(left, d, mid + i);
        hn::StoreU(hn::Sub(left, difference), d, side + i);
    });
}

}  // namespace
}  // namespace dubplate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dubplate {

HWY_EXPORT(read);
HWY_EXPORT(read_plain);
HWY_EXPORT(take_lower);
HWY_EXPORT(from_left_and_side);
HWY_EXPORT(from_side_and_right);
HWY_EXPORT(from_mid_and_side);

LinearPredictor::LinearPredictor(std::span<const std::int32_t> from, int by)
    : order(std::ssize(from)), shift(by) {
    std::ranges::copy(from, weights.begin() + 1);
}

bool read_predicted(BitReader& bits, unsigned parameter, const LinearPredictor& predictor, std::int64_t* to,
                    std::int64_t count) {
    return HWY_DYNAMIC_DISPATCH(read)(bits, parameter, predictor, to, count);
}

bool read_predicted_plain(BitReader& bits, unsigned width, const LinearPredictor& predictor, std::int64_t* to,
                          std::int64_t count) {
    return HWY_DYNAMIC_DISPATCH(read_plain)(bits, width, predictor, to, count);
}

void narrow(const std::int64_t* from, std::int32_t* to, std::int64_t count, int wasted) {
    HWY_DYNAMIC_DISPATCH(take_lower)(from, to, count, wasted);
}

void restore_stereo(StereoCode code, std::int32_t* first, std::int32_t* second, std::int64_t count) {
    switch (code) {
        case StereoCode::left_and_side:
            return HWY_DYNAMIC_DISPATCH(from_left_and_side)(first, second, count);
        case StereoCode::side_and_right:
            return HWY_DYNAMIC_DISPATCH(from_side_and_right)(first, second, count);
        case StereoCode::mid_and_side:
            return HWY_DYNAMIC_DISPATCH(from_mid_and_side)(first, second, count);
    }
}

}  // namespace dubplate
#endif
