#include "formats/sampler/rlnd.h"

#include <fmt/format.h>

#include <array>

#include "formats/sampler/sample_header.h"

namespace dubplate {

namespace {

constexpr std::array rlnd_fields{
    tag_field(0, "RIFF", ""),
    number_field(4, 4, "riff_bytes", 0, "size of the file - 8"),
    tag_field(8, "WAVE", ""),
    tag_field(12, "fmt ", ""),
    fixed_field(16, 4, "fmt_bytes", 18, ""),
    fixed_field(20, 2, "format", 1, "PCM"),
    number_field(22, 2, "channels", 0, "1 or 2"),
    number_field(24, 4, "sample_rate", 0, "Hz"),
    number_field(28, 4, "bytes_per_second", 0, ""),
    number_field(32, 2, "frame_bytes", 0, ""),
    fixed_field(34, 2, "bits", 16, ""),
    fixed_field(36, 2, "extension_bytes", 0, ""),
    tag_field(38, "RLND", ""),
    fixed_field(42, 4, "rlnd_bytes", 458, ""),
    tag_field(46, "roifspsx", ""),
    fixed_field(54, 4, "version", 4, ""),
    number_field(58, 1, "pad", 0, "0 is A1, 12 is B1, 119 is J12"),
    raw_field(59, 445, "filler", "zeros: the audio must begin at byte 512"),
    tag_field(504, "data", ""),
    number_field(508, 4, "data_bytes", 0, "the audio follows, to the end of the file"),
};

Bytes write_header(const SampleLayout& layout, PadPlace place) {
    const std::int64_t audio = pcm_bytes(layout);
    const int frame_bytes = layout.channels * sample_bytes;
    Record record(rlnd_layout);
    record.set("riff_bytes", audio + static_cast<std::int64_t>(rlnd_layout.bytes) - 8);
    record.set("channels", layout.channels);
    record.set("sample_rate", layout.sample_rate_hz);
    record.set("bytes_per_second", std::int64_t{layout.sample_rate_hz} * frame_bytes);
    record.set("frame_bytes", frame_bytes);
    record.set("pad", place.bank * sp404sx_pads_per_bank + place.number - 1);
    record.set("data_bytes", audio);
    return record.bytes();
}

Result<SampleLayout> read_header(std::span<const std::byte> header, std::uint64_t file_bytes) {
    DUBPLATE_TRY(const RecordView view, view_header(rlnd_layout, header));
    DUBPLATE_TRY(
        const SampleLayout layout,
        layout_of_file(view.number("sample_rate"), view.number("channels"), rlnd_layout.bytes, file_bytes));
    const auto pad = static_cast<int>(view.number("pad"));
    if (pad >= sp404sx_banks * sp404sx_pads_per_bank)
        return fail(ErrorCode::corrupt, fmt::format("it belongs to pad number {} of {}", pad + 1,
                                                    sp404sx_banks * sp404sx_pads_per_bank));
    const PadPlace place{pad / sp404sx_pads_per_bank, pad % sp404sx_pads_per_bank + 1};
    DUBPLATE_CHECK(same_header(header, write_header(layout, place)));
    return layout;
}

}  // namespace

extern const RecordLayout rlnd_layout = {
    .title = "SMPL/A0000001.WAV: header", .bytes = 512, .order = std::endian::little, .fields = rlnd_fields};

extern const SampleFileKind rlnd_file = {.name = "rlnd",
                                         .extension = "WAV",
                                         .header_bytes = 512,
                                         .order = std::endian::little,
                                         .write_header = write_header,
                                         .read_header = read_header};

}  // namespace dubplate
