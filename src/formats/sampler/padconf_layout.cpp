// The bytes of PADCONF.BIN. What is called "unknown" has the value that units write.
#include <array>

#include "formats/sampler/padconf.h"

namespace dubplate {

namespace {

constexpr std::array file_fields{
    raw_field(0x0000, 160, "head", "header, settings and name"),
    raw_field(0x00A0, 172, "pad", "the pads, A1 first, 16 of each bank", 160),
    raw_field(0x6C20, 24, "pad_name", "their names: 23 characters filled up with spaces, then a zero", 160),
    raw_field(0x7B20, 128, "chops", "their chops", 160),
};

constexpr std::array head_fields{
    tag_field(0x00, "RFPD", ""),
    fixed_field(0x04, 4, "pads_at", 0xA0, "where the pads begin"),
    fixed_field(0x08, 4, "version", 0x0300'0000, "3, in the first byte"),
    fixed_field(0x0C, 4, "pads_bytes", 0x7A80, "of the pads and their names"),
    number_field(0x10, 2, "tempo_select", 0, "0: each bank has its own tempo, 1: that of the project"),
    number_field(0x12, 2, "project_bpm", 9000, "bpm x 100"),
    number_field(0x14, 4, "unknown_1", 0, "", 2),
    number_field(0x1C, 4, "unknown_2", 64, "", 3),
    number_field(0x28, 4, "unknown_3", 0, ""),
    number_field(0x2C, 4, "unknown_4", 32, "", 5),
    number_field(0x40, 4, "bank_bpm", 18'000, "bpm x 200; the lowest bit protects the bank", 10),
    number_field(0x68, 4, "unknown_5", 0, ""),
    number_field(0x6C, 2, "bank_volume", 0, "127 - volume; of each two banks the second stands first", 10),
    raw_field(0x80, 32, "project_name", "31 characters filled up with spaces, then a zero"),
};

constexpr std::array pad_fields{
    number_field(0x00, 4, "file_bytes", 0, "of the sample's file; 0: the pad is empty"),
    number_field(0x04, 4, "begin", 0, "byte in that file: 512 + frame x 2 x channels"),
    number_field(0x08, 4, "end", 0, "likewise; behind the last"),
    number_field(0x0C, 4, "level", 127, "0 to 127"),
    number_field(0x10, 4, "gate", 1, "sounds while it is held"),
    number_field(0x14, 4, "loop", 0, "on: 1; some units write 0x7FFFFFFF"),
    number_field(0x18, 4, "unknown_1", 1, ""),
    number_field(0x1C, 4, "mute_group", 0, "1 to 10; 0: none"),
    number_field(0x20, 4, "bpm_sync", 0, ""),
    number_field(0x24, 4, "bpm", 9000, "bpm x 100, of the sample"),
    number_field(0x28, 4, "flags", 0, "1: fixed velocity, 32: one-shot, without gate and loop"),
    number_field(0x2C, 4, "loop_begin", 0, "byte, as begin"),
    number_field(0x30, 4, "unknown_2", 0, ""),
    number_field(0x34, 4, "pitch", 0, "semitones, -12 to 12"),
    number_field(0x38, 4, "fine", 0, "cents, -100 to 100"),
    number_field(0x3C, 4, "play_mode", 0, "0: forwards, 1: backwards; 2 and 3: to and fro, from either end"),
    number_field(0x40, 4, "stretch", 10'000, "percent x 100"),
    number_field(0x44, 4, "vinyl", 1, "pitch and speed change together; off for a pitch of its own"),
    number_field(0x48, 4, "pan", 64, "13 (left) to 115 (right), 64 is the middle"),
    number_field(0x4C, 4, "pad_link", 0, "1 to 10; 0: none"),
    number_field(0x50, 4, "bus", 1, "0: dry, 1, 2"),
    number_field(0x54, 4, "roll", 2, "2: quarter notes"),
    number_field(0x58, 4, "attack", 0, "0 to 127"),
    number_field(0x5C, 4, "hold", 100, "1 to 100"),
    number_field(0x60, 4, "release", 0, "0 to 127"),
    number_field(0x64, 4, "unknown_3", 0, "", 18),
};

constexpr std::array chop_fields{
    number_field(0x00, 4, "chop", -1, "frame; -1: none", 16),
    number_field(0x40, 4, "unknown", 0, "", 16),
};

}  // namespace

extern const RecordLayout padconf_layout = {
    .title = "PADCONF.BIN", .bytes = 52'000, .order = std::endian::big, .fields = file_fields};
extern const RecordLayout padconf_head_layout = {
    .title = "PADCONF.BIN: head", .bytes = 160, .order = std::endian::big, .fields = head_fields};
extern const RecordLayout padconf_pad_layout = {
    .title = "PADCONF.BIN: one pad", .bytes = 172, .order = std::endian::big, .fields = pad_fields};
extern const RecordLayout padconf_chops_layout = {
    .title = "PADCONF.BIN: chops of one pad", .bytes = 128, .order = std::endian::big, .fields = chop_fields};

}  // namespace dubplate
