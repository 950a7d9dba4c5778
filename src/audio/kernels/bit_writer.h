// bit_writer.h: bits one after the other, the highest first, as FLAC's frames hold them.
//
// Owner    the memory is the caller's. Up to slack_bytes behind what is written are overwritten: it must be so much longer.
// Units    values up to 56 bits. The bits of a value above those that are written must be 0.
// Threads  thread-compatible.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace dubplate {

class BitWriter {
  public:
    static constexpr unsigned most_bits = 56;
    static constexpr std::size_t slack_bytes = 8;

    explicit BitWriter(std::byte* begin) : begin_(begin), next_(begin) {}

    // bits: 1 to most_bits. Whole bytes leave at once, and up to seven bits wait.
    void put(std::uint64_t value, unsigned bits) {
        pending_ |= value << (64 - used_ - bits);
        used_ += bits;
        const std::uint64_t stored =
            std::endian::native == std::endian::little ? __builtin_bswap64(pending_) : pending_;
        std::memcpy(next_, &stored, sizeof stored);
        next_ += used_ / 8;
        pending_ <<= used_ & ~7U;
        used_ &= 7U;
    }

    void put_zeros(std::uint64_t bits) {
        for (; bits > most_bits; bits -= most_bits) put(0, most_bits);
        if (bits > 0) put(0, static_cast<unsigned>(bits));
    }

    // Two's complement.
    void put_signed(std::int64_t value, unsigned bits) {
        put(static_cast<std::uint64_t>(value) & ((std::uint64_t{1} << bits) - 1), bits);
    }

    // Fills the last byte with zeros.
    void align() {
        if (used_ > 0) put(0, 8 - used_);
    }

    std::uint64_t bits() const { return static_cast<std::uint64_t>(next_ - begin_) * 8 + used_; }
    // Of whole bytes: after align() of all.
    std::size_t bytes() const { return static_cast<std::size_t>(next_ - begin_); }

  private:
    std::byte* begin_;
    std::byte* next_;
    std::uint64_t pending_ = 0;  // from the highest bit on
    unsigned used_ = 0;          // bits of pending_, up to 7 between two calls
};

}  // namespace dubplate
