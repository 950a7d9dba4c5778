#include "formats/sampler/smp.h"

#include <array>

#include "core/hash.h"
#include "formats/sampler/sample_header.h"

namespace dubplate {

namespace {

constexpr std::array smp_fields{
    tag_field(0x00, "RFWV", ""),
    number_field(0x04, 4, "size", 0, "of the file - 8"),
    number_field(0x08, 4, "sample_rate", 48'000, "Hz"),
    number_field(0x0C, 4, "channels", 0, "1 or 2"),
    fixed_field(0x10, 4, "bits", 16, ""),
    number_field(0x14, 4, "zeros", 0, "", 3),
    raw_field(0x20, 16, "md5",
              "of the 16 bytes from 0x04 to 0x13; the unit refuses a file where it is not right"),
    raw_field(0x30, 464, "filler", "any; here zeros. The audio follows, to the end of the file"),
};

constexpr std::size_t digested_offset = 0x04;
constexpr std::size_t digested_bytes = 16;
constexpr std::size_t filler_offset = 0x30;

Bytes write_header(const SampleLayout& layout, PadPlace /*place*/) {
    Record record(smp_layout);
    record.set("size", pcm_bytes(layout) + static_cast<std::int64_t>(smp_layout.bytes) - 8);
    record.set("sample_rate", layout.sample_rate_hz);
    record.set("channels", layout.channels);
    Md5 md5;
    md5.update(std::span(record.bytes()).subspan(digested_offset, digested_bytes));
    record.set_raw("md5", md5.finish_bytes());
    return record.bytes();
}

Result<SampleLayout> read_header(std::span<const std::byte> header, std::uint64_t file_bytes) {
    DUBPLATE_TRY(const RecordView view, view_header(smp_layout, header));
    DUBPLATE_TRY(
        const SampleLayout layout,
        layout_of_file(view.number("sample_rate"), view.number("channels"), smp_layout.bytes, file_bytes));
    const Bytes expected = write_header(layout, {});
    DUBPLATE_CHECK(same_header(header, std::span(expected).first(filler_offset)));
    return layout;
}

}  // namespace

extern const RecordLayout smp_layout = {
    .title = "SMPL/BANKb-pp.SMP: header", .bytes = 512, .order = std::endian::big, .fields = smp_fields};

extern const SampleFileKind smp_file = {.name = "smp",
                                        .extension = "SMP",
                                        .header_bytes = 512,
                                        .order = std::endian::big,
                                        .write_header = write_header,
                                        .read_header = read_header};

}  // namespace dubplate
