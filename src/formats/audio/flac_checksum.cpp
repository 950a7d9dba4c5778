#include "formats/audio/flac_checksum.h"

#include <array>

namespace dubplate {

namespace {

constexpr unsigned crc8_polynomial = 0x07;
constexpr unsigned crc16_polynomial = 0x8005;

// Eight bytes at once: tables[k][byte] is what `byte` makes of the checksum when k more bytes follow it.
using Crc16Tables = std::array<std::array<std::uint16_t, 256>, 8>;

constexpr Crc16Tables make_crc16_tables() {
    Crc16Tables tables{};
    for (unsigned byte = 0; byte < 256; ++byte) {
        unsigned crc = byte << 8;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc << 1 ^ ((crc & 0x8000) != 0 ? crc16_polynomial : 0)) & 0xFFFF;
        tables[0][byte] = static_cast<std::uint16_t>(crc);
    }
    for (std::size_t k = 1; k < tables.size(); ++k)
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const unsigned before = tables[k - 1][byte];
            tables[k][byte] = static_cast<std::uint16_t>((before << 8 & 0xFFFF) ^ tables[0][before >> 8]);
        }
    return tables;
}

constexpr Crc16Tables crc16_tables = make_crc16_tables();

}  // namespace

std::uint8_t flac_crc8(std::span<const std::byte> data) {
    unsigned crc = 0;
    for (const std::byte byte : data) {
        crc ^= std::to_integer<unsigned>(byte);
        for (int bit = 0; bit < 8; ++bit) crc = (crc << 1 ^ ((crc & 0x80) != 0 ? crc8_polynomial : 0)) & 0xFF;
    }
    return static_cast<std::uint8_t>(crc);
}

std::uint16_t flac_crc16(std::span<const std::byte> data) {
    unsigned crc = 0;
    std::size_t i = 0;
    const std::byte* bytes = data.data();
    const auto at = [bytes](std::size_t place) { return std::to_integer<std::size_t>(bytes[place]); };
    for (; i + 8 <= data.size(); i += 8) {
        crc = crc16_tables[7][at(i) ^ crc >> 8] ^ crc16_tables[6][at(i + 1) ^ (crc & 0xFF)] ^
              crc16_tables[5][at(i + 2)] ^ crc16_tables[4][at(i + 3)] ^ crc16_tables[3][at(i + 4)] ^
              crc16_tables[2][at(i + 5)] ^ crc16_tables[1][at(i + 6)] ^ crc16_tables[0][at(i + 7)];
    }
    for (; i < data.size(); ++i) crc = (crc << 8 & 0xFFFF) ^ crc16_tables[0][at(i) ^ crc >> 8];
    return static_cast<std::uint16_t>(crc);
}

}  // namespace dubplate
