#include "formats/sampler/plain_files.h"

#include <array>
#include <bit>

#include "formats/sampler/sample_header.h"

namespace dubplate {

namespace {

constexpr std::array wav_fields{
    tag_field(0, "RIFF", ""),
    number_field(4, 4, "riff_bytes", 0, "size of the file - 8"),
    tag_field(8, "WAVE", ""),
    tag_field(12, "fmt ", ""),
    fixed_field(16, 4, "fmt_bytes", 16, ""),
    fixed_field(20, 2, "format", 1, "PCM"),
    number_field(22, 2, "channels", 0, "1 or 2"),
    number_field(24, 4, "sample_rate", 0, "Hz"),
    number_field(28, 4, "bytes_per_second", 0, ""),
    number_field(32, 2, "frame_bytes", 0, ""),
    fixed_field(34, 2, "bits", 16, ""),
    tag_field(36, "data", ""),
    number_field(40, 4, "data_bytes", 0, "the audio follows, to the end of the file"),
};

constexpr std::array aiff_fields{
    tag_field(0, "FORM", ""),
    number_field(4, 4, "form_bytes", 0, "size of the file - 8"),
    tag_field(8, "AIFF", ""),
    tag_field(12, "COMM", ""),
    fixed_field(16, 4, "comm_bytes", 18, ""),
    number_field(20, 2, "channels", 0, "1 or 2"),
    number_field(22, 4, "frames", 0, ""),
    fixed_field(26, 2, "bits", 16, ""),
    number_field(28, 2, "rate_exponent", 0,
                 "of the sample rate as a number of 80 bits: the place of its first bit + 16383"),
    number_field(30, 8, "rate_mantissa", 0, "its bits, the first one in front"),
    tag_field(38, "SSND", ""),
    number_field(42, 4, "ssnd_bytes", 0, "of the audio + 8"),
    fixed_field(46, 4, "offset", 0, ""),
    fixed_field(50, 4, "block_bytes", 0, "the audio follows, to the end of the file"),
};

constexpr int exponent_bias = 16383;

Bytes write_wav_header(const SampleLayout& layout, PadPlace /*place*/) {
    const std::int64_t audio = pcm_bytes(layout);
    const int frame_bytes = layout.channels * sample_bytes;
    Record record(plain_wav_layout);
    record.set("riff_bytes", audio + static_cast<std::int64_t>(plain_wav_layout.bytes) - 8);
    record.set("channels", layout.channels);
    record.set("sample_rate", layout.sample_rate_hz);
    record.set("bytes_per_second", std::int64_t{layout.sample_rate_hz} * frame_bytes);
    record.set("frame_bytes", frame_bytes);
    record.set("data_bytes", audio);
    return record.bytes();
}

Result<SampleLayout> read_wav_header(std::span<const std::byte> header, std::uint64_t file_bytes) {
    DUBPLATE_TRY(const RecordView view, view_header(plain_wav_layout, header));
    DUBPLATE_TRY(const SampleLayout layout,
                 layout_of_file(view.number("sample_rate"), view.number("channels"), plain_wav_layout.bytes,
                                file_bytes));
    DUBPLATE_CHECK(same_header(header, write_wav_header(layout, {})));
    return layout;
}

Bytes write_aiff_header(const SampleLayout& layout, PadPlace /*place*/) {
    const std::int64_t audio = pcm_bytes(layout);
    const auto rate = static_cast<std::uint64_t>(layout.sample_rate_hz);
    const int first_bit = 63 - std::countl_zero(rate);
    Record record(plain_aiff_layout);
    record.set("form_bytes", audio + static_cast<std::int64_t>(plain_aiff_layout.bytes) - 8);
    record.set("channels", layout.channels);
    record.set("frames", layout.frames);
    record.set("rate_exponent", exponent_bias + first_bit);
    record.set("rate_mantissa", static_cast<std::int64_t>(rate << (63 - first_bit)));
    record.set("ssnd_bytes", audio + 8);
    return record.bytes();
}

Result<SampleLayout> read_aiff_header(std::span<const std::byte> header, std::uint64_t file_bytes) {
    DUBPLATE_TRY(const RecordView view, view_header(plain_aiff_layout, header));
    const auto first_bit = static_cast<int>(view.number("rate_exponent")) - exponent_bias;
    // Beyond these, no rate; same_header() finds what is wrong in the bits that are shifted out.
    const std::uint64_t rate =
        first_bit < 0 || first_bit > 30 ? 0 : view.number("rate_mantissa") >> (63 - first_bit);
    DUBPLATE_TRY(const SampleLayout layout,
                 layout_of_file(rate, view.number("channels"), plain_aiff_layout.bytes, file_bytes));
    DUBPLATE_CHECK(same_header(header, write_aiff_header(layout, {})));
    return layout;
}

}  // namespace

extern const RecordLayout plain_wav_layout = {
    .title = "Plain WAV", .bytes = 44, .order = std::endian::little, .fields = wav_fields};
extern const RecordLayout plain_aiff_layout = {
    .title = "Plain AIFF", .bytes = 54, .order = std::endian::big, .fields = aiff_fields};

extern const SampleFileKind plain_wav = {.name = "wav",
                                         .extension = "wav",
                                         .header_bytes = 44,
                                         .order = std::endian::little,
                                         .write_header = write_wav_header,
                                         .read_header = read_wav_header};
extern const SampleFileKind plain_aiff = {.name = "aiff",
                                          .extension = "aif",
                                          .header_bytes = 54,
                                          .order = std::endian::big,
                                          .write_header = write_aiff_header,
                                          .read_header = read_aiff_header};

}  // namespace dubplate
