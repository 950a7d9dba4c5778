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

constexpr std::int64_t lanes = 4;  // samples that are made in one turn, after their codes are read
// Before the first of four samples; before the last, these are the four and the three before them.
constexpr std::int64_t newest = 7;

HWY_INLINE std::int32_t unfold(std::uint64_t folded) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(folded >> 1) ^
                                     (0U - static_cast<std::uint32_t>(folded & 1)));
}

HWY_INLINE std::int32_t read_one(BitReader& bits, unsigned parameter) {
    const std::uint64_t zeros = bits.take_zeros();
    return unfold(zeros << parameter | bits.take(parameter));
}

// Codes from one look at the bits. Each waits for the one before it: for the place of its one, and a shift.
struct Look {
    std::uint64_t rest;
    unsigned parameter;
    unsigned used = 0;

    HWY_INLINE std::int32_t next() {
        const auto place = static_cast<unsigned>(63 - __builtin_clzll(rest | 1));
        const unsigned zeros = 63 - place;
        const std::uint64_t low = rest << zeros << 1 >> 1 >> (63 - parameter);
        rest <<= (parameter - place) & 63;  // 64 less than what is used
        used += zeros + 1 + parameter;
        return unfold(std::uint64_t{zeros} << parameter | low);
    }
};

// Four codes from as few looks as they are likely to fit in.
template <int looks>
HWY_INLINE void read_four(BitReader& bits, unsigned parameter, std::int32_t* to) {
    constexpr int codes = 4 / looks;
    for (int i = 0; i < 4; i += codes) {
        Look look{bits.peek(), parameter};
        to[i] = look.next();
        if (codes > 1) to[i + 1] = look.next();
        if (codes > 2) to[i + 2] = look.next();
        if (codes > 2) to[i + 3] = look.next();
        if (HWY_LIKELY(look.used <= BitReader::most_bits)) {
            bits.skip(look.used);
        } else {
            for (int j = i; j < i + codes; ++j) to[j] = read_one(bits, parameter);
        }
    }
}

// For four samples at once, from 0 on: none of those that are summed is among the four or right before them.
HWY_INLINE void sum_older_of_four(const std::int64_t* weights, std::int64_t order, const std::int64_t* at,
                                  std::int64_t* sums) {
#if HWY_TARGET == HWY_SCALAR
    for (std::int64_t lane = 0; lane < lanes; ++lane)
        for (std::int64_t j = newest + 1; j <= order; ++j) sums[lane] += weights[j] * at[lane - j];
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

// The last three samples, which the next waits for, in registers; those before them are read again.
struct Newest {
    std::int64_t x1, x2, x3;

    explicit Newest(const std::int64_t* at) : x1(at[-1]), x2(at[-2]), x3(at[-3]) {}
};

template <bool is_long>
HWY_INLINE void restore_four(const LinearPredictor& predictor, const std::int32_t* residuals,
                             std::int64_t* to, Newest& before) {
    const std::int64_t* const w = predictor.weights.data();  // without a check of each place
    const int shift = predictor.shift;
    std::int64_t sums[lanes] = {};
    if (is_long) sum_older_of_four(w, predictor.order, to, sums);
    const auto middle = [w](std::int64_t x7, std::int64_t x6, std::int64_t x5) {
        return is_long ? w[7] * x7 + w[6] * x6 + w[5] * x5 : 0;
    };
    const auto sample = [w, shift](std::int32_t residual, std::int64_t sum, std::int64_t x4, std::int64_t x3,
                                   std::int64_t x2, std::int64_t x1) {
        sum = sum + w[4] * x4 + w[3] * x3 + w[2] * x2 + w[1] * x1;
        return std::int64_t{static_cast<std::int32_t>((sum >> shift) + residual)};
    };
    const auto [x1, x2, x3] = before;
    const std::int64_t x4 = to[-4];
    const std::int64_t a = sample(residuals[0], sums[0] + middle(to[-7], to[-6], to[-5]), x4, x3, x2, x1);
    const std::int64_t b = sample(residuals[1], sums[1] + middle(to[-6], to[-5], x4), x3, x2, x1, a);
    const std::int64_t c = sample(residuals[2], sums[2] + middle(to[-5], x4, x3), x2, x1, a, b);
    const std::int64_t d = sample(residuals[3], sums[3] + middle(x4, x3, x2), x1, a, b, c);
    to[0] = a;
    to[1] = b;
    to[2] = c;
    to[3] = d;
    before.x1 = d;
    before.x2 = c;
    before.x3 = b;
}

void restore_one(const LinearPredictor& predictor, std::int32_t residual, std::int64_t* to) {
    std::int64_t sum = 0;
    for (std::int64_t j = 1; j <= predictor.order; ++j)
        sum += predictor.weights[static_cast<std::size_t>(j)] * to[-j];
    *to = static_cast<std::int32_t>((sum >> predictor.shift) + residual);
}

// read_four(residuals), read_one(): the next residuals.
template <bool is_long, class ReadFour, class ReadOne>
HWY_INLINE void restore(const LinearPredictor& predictor, std::int64_t* to, std::int64_t count,
                        ReadFour&& read_four, ReadOne&& read_one) {
    std::int64_t i = 0;
    Newest before(to);
    for (; i + lanes <= count; i += lanes) {
        std::int32_t residuals[lanes];
        if (!read_four(residuals)) return;
        restore_four<is_long>(predictor, residuals, to + i, before);
    }
    for (; i < count; ++i) restore_one(predictor, read_one(), to + i);
}

template <int looks, bool is_long>
bool read_restored(BitReader& target, unsigned parameter, const LinearPredictor& predictor, std::int64_t* to,
                   std::int64_t count) {
    BitReader bits = target;  // a copy of our own stays in registers
    restore<is_long>(
        predictor, to, count,
        [&](std::int32_t* residuals) {
            read_four<looks>(bits, parameter, residuals);
            return !bits.overran();
        },
        [&] { return read_one(bits, parameter); });
    target = bits;
    return !bits.overran();
}

template <int looks>
HWY_INLINE bool read_by(BitReader& bits, unsigned parameter, const LinearPredictor& predictor,
                        std::int64_t* to, std::int64_t count) {
    return predictor.order > lanes ? read_restored<looks, true>(bits, parameter, predictor, to, count)
                                   : read_restored<looks, false>(bits, parameter, predictor, to, count);
}

// Most codes are three bits longer than their parameter at most.
bool read(BitReader& bits, unsigned parameter, const LinearPredictor& predictor, std::int64_t* to,
          std::int64_t count) {
    if (parameter <= 10) return read_by<1>(bits, parameter, predictor, to, count);
    if (parameter <= 24) return read_by<2>(bits, parameter, predictor, to, count);
    return read_by<4>(bits, parameter, predictor, to, count);
}

bool read_plain(BitReader& bits, unsigned width, const LinearPredictor& predictor, std::int64_t* to,
                std::int64_t count) {
    for (std::int64_t i = 0; i < count && !bits.overran(); ++i)
        restore_one(predictor, static_cast<std::int32_t>(bits.take_signed(width)), to + i);
    return !bits.overran();
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
