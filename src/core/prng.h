// prng.h: random numbers as a function of a seed, a stream and an index.
//
// What     Random(seed, stream).bits(index) is the index-th number of a stream. There is no state: the
//          numbers can be asked for in any order, so a result does not depend on how audio was cut into
//          blocks or shared out.
// Use      the seed comes from the spec, the stream is the channel, the index is the frame.
// Units    uniform(): [0, 1). triangular(): (-1, 1), the sum of two uniform ones, as TPDF dither wants it.
// Threads  a constant value; everything is constexpr.
// Source   the mixer is Stafford's variant 13 of the 64 bit MurmurHash3 finalizer, the step is 2^64 / golden
//          ratio: as in SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators,
//          OOPSLA 2014, section 3).
#pragma once

#include <cstdint>

namespace dubplate {

class Random {
  public:
    constexpr explicit Random(std::uint64_t seed, std::uint64_t stream = 0)
        : key_(mix(mix(seed + golden_step) ^ (stream * golden_step))) {}

    constexpr std::uint64_t bits(std::uint64_t index) const { return mix(key_ + (index + 1) * golden_step); }

    // The upper 53 bits: every value is exact in a double.
    constexpr double uniform(std::uint64_t index) const {
        return static_cast<double>(bits(index) >> 11) * 0x1p-53;
    }

    // The difference of the two halves of one number: both are uniform, so it is triangular, with mean 0
    // exactly.
    constexpr double triangular(std::uint64_t index) const {
        const std::uint64_t both = bits(index);
        const auto high = static_cast<std::int64_t>(both >> 32);
        const auto low = static_cast<std::int64_t>(both & 0xFFFF'FFFFU);
        return static_cast<double>(high - low) * 0x1p-32;
    }

    // For loops that compute many numbers of a stream at once.
    static constexpr std::uint64_t golden_step = 0x9E37'79B9'7F4A'7C15U;
    static constexpr std::uint64_t first_factor = 0xBF58'476D'1CE4'E5B9U;
    static constexpr std::uint64_t second_factor = 0x94D0'49BB'1331'11EBU;
    constexpr std::uint64_t key() const { return key_; }

  private:
    static constexpr std::uint64_t mix(std::uint64_t value) {
        value = (value ^ (value >> 30)) * first_factor;
        value = (value ^ (value >> 27)) * second_factor;
        return value ^ (value >> 31);
    }

    std::uint64_t key_;
};

}  // namespace dubplate
