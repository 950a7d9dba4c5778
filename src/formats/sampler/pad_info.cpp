#include "formats/sampler/pad_info.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "formats/sampler/held.h"
#include "formats/sampler/rlnd.h"

namespace dubplate {

namespace {

constexpr std::array pad_fields{
    number_field(0, 4, "original_begin", 512, "byte in the sample's file: where its audio begins"),
    number_field(4, 4, "original_end", 512, "size of the sample's file; 512: the pad is empty"),
    number_field(8, 4, "begin", 512, "byte in that file: 512 + frame x 2 x channels"),
    number_field(12, 4, "end", 512, "likewise; behind the last"),
    number_field(16, 1, "level", 127, "0 to 127"),
    number_field(17, 1, "lofi", 0, ""),
    number_field(18, 1, "loop", 0, ""),
    number_field(19, 1, "gate", 1, "sounds while it is held"),
    number_field(20, 1, "reverse", 0, ""),
    number_field(21, 1, "format", 1, "0: AIFF, as the unit records, 1: WAV"),
    number_field(22, 1, "channels", 2, "1 or 2"),
    number_field(23, 1, "tempo_mode", 0, "0: off, 1: that of the pattern, 2: the pad's own"),
    number_field(24, 4, "original_bpm", 1200, "bpm x 10"),
    number_field(28, 4, "bpm", 1200, "bpm x 10, as set by hand"),
};

constexpr std::size_t pads = std::size_t{sp404sx_banks} * sp404sx_pads_per_bank;
constexpr std::int64_t audio_offset = 512;

PadPlace place_of(std::size_t index) {
    const int number = static_cast<int>(index);
    return {number / sp404sx_pads_per_bank, number % sp404sx_pads_per_bank + 1};
}

std::int64_t to_byte(std::int64_t frame, int channels) {
    return audio_offset + frame * 2 * channels;
}

Bytes pad_record(const SamplerPad& pad) {
    const PadSettings& settings = pad.settings;
    const std::int64_t bpm = std::lround(settings.bpm.value_or(sp404sx_default_bpm) * 10);
    Record record(pad_info_layout);
    record.set("original_end", to_byte(pad.frames, pad.channels));
    record.set("begin", to_byte(pad.begin_frame, pad.channels));
    record.set("end", to_byte(pad.end_frame, pad.channels));
    record.set("level", settings.level);
    record.set("loop", settings.loop ? 1 : 0);
    record.set("gate", settings.gate ? 1 : 0);
    record.set("reverse", settings.reverse ? 1 : 0);
    record.set("channels", pad.channels);
    record.set("tempo_mode", settings.bpm_sync ? 1 : 0);
    record.set("original_bpm", bpm);
    record.set("bpm", bpm);
    return record.bytes();
}

Result<std::int64_t> number_in(const RecordView& record, std::string_view field, std::int64_t min,
                               std::int64_t max) {
    const auto value = static_cast<std::int64_t>(record.number(field));
    if (value >= min && value <= max) return value;
    return fail(ErrorCode::corrupt, fmt::format("its {} is {}; {} to {} is allowed", field, value, min, max));
}

Result<SamplerPad> read_pad(const RecordView& record, std::size_t index, int channels_of_file) {
    SamplerPad pad{.place = place_of(index)};
    DUBPLATE_TRY(const std::int64_t channels, number_in(record, "channels", 1, 2));
    if (channels_of_file != 0 && channels_of_file != channels)
        return fail(ErrorCode::corrupt,
                    fmt::format("it has {} channels, its sample {}", channels, channels_of_file));
    pad.channels = static_cast<int>(channels);
    const auto file_bytes = static_cast<std::int64_t>(record.number("original_end"));
    const std::int64_t frame_bytes = 2 * channels;
    if (file_bytes < audio_offset || (file_bytes - audio_offset) % frame_bytes != 0)
        return fail(ErrorCode::corrupt,
                    fmt::format("{} bytes are no sample file of {} channels", file_bytes, channels));
    pad.frames = (file_bytes - audio_offset) / frame_bytes;
    DUBPLATE_TRY(const std::int64_t begin, number_in(record, "begin", audio_offset, file_bytes));
    DUBPLATE_TRY(const std::int64_t end, number_in(record, "end", begin, file_bytes));
    pad.begin_frame = (begin - audio_offset) / frame_bytes;
    pad.end_frame = (end - audio_offset) / frame_bytes;
    pad.loop_frame = pad.begin_frame;
    DUBPLATE_TRY(const std::int64_t level, number_in(record, "level", 0, 127));
    DUBPLATE_TRY(const std::int64_t mode, number_in(record, "tempo_mode", 0, 2));
    DUBPLATE_TRY(const std::int64_t bpm, number_in(record, "bpm", 0, 10'000));
    pad.settings.level = static_cast<int>(level);
    pad.settings.loop = record.number("loop") != 0;
    pad.settings.gate = record.number("gate") != 0;
    pad.settings.reverse = record.number("reverse") != 0;
    pad.settings.bpm_sync = mode == 1;
    if (bpm != 0 && bpm != std::lround(sp404sx_default_bpm * 10))
        pad.settings.bpm = static_cast<double>(bpm) / 10;
    return pad;
}

}  // namespace

extern const RecordLayout pad_info_layout = {
    .title = "SMPL/PAD_INFO.BIN: one pad", .bytes = 32, .order = std::endian::big, .fields = pad_fields};

SamplerPad pad_info_held(const SamplerPad& pad) {
    SamplerPad held{.place = pad.place,
                    .channels = pad.channels,
                    .frames = pad.frames,
                    .begin_frame = pad.begin_frame,
                    .end_frame = pad.end_frame};
    hold_places(held);
    held.loop_frame = held.begin_frame;
    held.settings.level = std::clamp(pad.settings.level, 0, 127);
    held.settings.gate = pad.settings.gate;
    held.settings.loop = pad.settings.loop;
    held.settings.reverse = pad.settings.reverse;
    held.settings.bpm_sync = pad.settings.bpm_sync;
    if (pad.settings.bpm)
        held.settings.bpm = held_bpm(*pad.settings.bpm, sp404sx_min_bpm, sp404sx_max_bpm, 10);
    if (held.settings.bpm && std::lround(*held.settings.bpm * 10) == std::lround(sp404sx_default_bpm * 10))
        held.settings.bpm.reset();
    return held;
}

Bytes write_pad_info(const SamplerProject& project) {
    Bytes table;
    const Record empty(pad_info_layout);
    for (std::size_t i = 0; i < pads; ++i)
        table.insert(table.end(), empty.bytes().begin(), empty.bytes().end());
    for (const SamplerPad& asked : project.pads) {
        const SamplerPad pad = pad_info_held(asked);
        const auto index =
            static_cast<std::size_t>(pad.place.bank * sp404sx_pads_per_bank + pad.place.number - 1);
        DUBPLATE_ASSERT(index < pads);
        std::ranges::copy(pad_record(pad),
                          table.begin() + static_cast<std::ptrdiff_t>(index * pad_info_layout.bytes));
    }
    return table;
}

Result<SamplerProject> read_pad_info(std::span<const std::byte> table, std::span<const int> channels) {
    if (table.size() != pads * pad_info_layout.bytes)
        return fail(ErrorCode::corrupt, fmt::format("the table of pads has {} bytes, and must have {}",
                                                    table.size(), pads * pad_info_layout.bytes));
    SamplerProject project{.name = "", .bpm = sp404sx_default_bpm, .pads = {}};
    for (std::size_t i = 0; i < pads; ++i) {
        const RecordView record(pad_info_layout,
                                table.subspan(i * pad_info_layout.bytes, pad_info_layout.bytes));
        if (record.number("original_end") == audio_offset) continue;
        auto pad = read_pad(record, i, i < channels.size() ? channels[i] : 0);
        if (!pad) return std::move(pad).error().in_context("pad " + place_of(i).to_string());
        project.pads.push_back(*std::move(pad));
    }
    return project;
}

}  // namespace dubplate
