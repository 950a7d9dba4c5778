// bit_reader.h: bits one after the other, the highest first, as FLAC's frames hold them.
//
// Owner    the memory is the caller's. Up to slack_bytes behind the end are looked at too, and count for nothing.
// Ends     bits behind the end are those of the slack, then zeros: a caller asks overran() once where it counts, and
//          everything before it is safe.
// Threads  thread-compatible.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace dubplate {

class BitReader {
  public:
    static constexpr unsigned most_bits = 57;
    static constexpr std::size_t slack_bytes = 8;

    BitReader(const std::byte* begin, std::size_t bytes) : begin_(begin), bytes_(bytes) {}

    // The next bits from the highest on: most_bits of them at least, then zeros.
    std::uint64_t peek() const {
        return word_at(std::min(static_cast<std::size_t>(position_ >> 3), bytes_)) << (position_ & 7);
    }
    void skip(std::uint64_t bits) { position_ += bits; }

    // bits: 0 to most_bits.
    std::uint64_t take(unsigned bits) {
        const std::uint64_t value = bits == 0 ? 0 : peek() >> (64 - bits);
        position_ += bits;
        return value;
    }
    // Two's complement.
    std::int64_t take_signed(unsigned bits) {
        const std::int64_t value = bits == 0 ? 0 : static_cast<std::int64_t>(peek()) >> (64 - bits);
        position_ += bits;
        return value;
    }
    // The number of zeros in front of the next one, which is taken too. Behind the end it is wrong.
    std::uint64_t take_zeros() {
        std::uint64_t zeros = 0;
        while (!overran()) {
            const std::uint64_t next = peek();
            if (next != 0) {
                const auto count = static_cast<unsigned>(std::countl_zero(next));
                position_ += count + 1;
                return zeros + count;
            }
            position_ += most_bits;
            zeros += most_bits;
        }
        return zeros;
    }
    void align() { position_ = (position_ + 7) & ~std::uint64_t{7}; }

    bool overran() const { return position_ > 8 * static_cast<std::uint64_t>(bytes_); }
    std::uint64_t bits() const { return position_; }
    // Of whole bytes: after align().
    std::size_t bytes() const { return static_cast<std::size_t>(position_ >> 3); }

  private:
    std::uint64_t word_at(std::size_t place) const {
        std::uint64_t word = 0;
        std::memcpy(&word, begin_ + place, sizeof word);
        return std::endian::native == std::endian::little ? __builtin_bswap64(word) : word;
    }

    const std::byte* begin_;
    std::size_t bytes_;
    std::uint64_t position_ = 0;
};

}  // namespace dubplate
