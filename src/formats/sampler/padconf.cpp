#include "formats/sampler/padconf.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "formats/sampler/held.h"
#include "tags/bytes.h"

namespace dubplate {

namespace {

constexpr std::size_t pads = std::size_t{sp404mk2_banks} * sp404mk2_pads_per_bank;
constexpr std::int64_t audio_offset = 512;
constexpr int pan_center = 64, max_pan = 51;
constexpr double max_pitch = 12;
constexpr std::uint64_t one_shot = 32;

PadPlace place_of(std::size_t index) {
    const int number = static_cast<int>(index);
    return {number / sp404mk2_pads_per_bank, number % sp404mk2_pads_per_bank + 1};
}

std::int64_t to_hundredths(double value) {
    return std::lround(value * 100);
}

Bytes padded_name(std::string_view name, std::size_t length) {
    TagWriter writer;
    writer.text(name);
    while (writer.size() < length) writer.u8(' ');
    writer.u8(0);
    return writer.take();
}

void make_ascending(std::vector<std::int64_t>& frames) {
    std::ranges::sort(frames);
    frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
}

std::string read_name(std::span<const std::byte> bytes) {
    return held_name(until_zero(bytes), bytes.size() - 1);
}

std::int64_t to_byte(std::int64_t frame, int channels) {
    return audio_offset + frame * 2 * channels;
}

Bytes pad_record(const SamplerPad& pad) {
    const PadSettings& settings = pad.settings;
    const std::int64_t cents = to_hundredths(settings.pitch);
    Record record(padconf_pad_layout);
    record.set("file_bytes", to_byte(pad.frames, pad.channels));
    record.set("begin", to_byte(pad.begin_frame, pad.channels));
    record.set("end", to_byte(pad.end_frame, pad.channels));
    record.set("loop_begin", to_byte(pad.loop_frame, pad.channels));
    record.set("level", settings.level);
    record.set("gate", settings.gate ? 1 : 0);
    record.set("loop", settings.loop ? 1 : 0);
    record.set("mute_group", settings.mute_group);
    record.set("bpm_sync", settings.bpm_sync ? 1 : 0);
    record.set("bpm", to_hundredths(settings.bpm.value_or(sp404mk2_default_bpm)));
    record.set("flags", !settings.gate && !settings.loop ? static_cast<std::int64_t>(one_shot) : 0);
    record.set("pitch", cents / 100);
    record.set("fine", cents % 100);
    record.set("play_mode", settings.reverse ? 1 : 0);
    record.set("vinyl", cents == 0 ? 1 : 0);
    record.set("pan", pan_center + settings.pan);
    record.set("bus", static_cast<std::int64_t>(settings.bus));
    return record.bytes();
}

Bytes chops_record(const SamplerPad& pad) {
    Record record(padconf_chops_layout);
    for (std::size_t i = 0; i < pad.chop_frames.size(); ++i) record.set("chop", pad.chop_frames[i], i);
    return record.bytes();
}

Bytes head_record(const SamplerProject& project) {
    const std::int64_t bpm = to_hundredths(held_bpm(project.bpm, sp404mk2_min_bpm, sp404mk2_max_bpm, 100));
    Record record(padconf_head_layout);
    record.set("project_bpm", bpm);
    // The same for every bank: it does not matter then which of them the unit follows.
    for (std::size_t bank = 0; bank < sp404mk2_banks; ++bank) record.set("bank_bpm", 2 * bpm, bank);
    record.set_raw("project_name",
                   padded_name(held_name(project.name, sp404mk2_project_name), sp404mk2_project_name));
    return record.bytes();
}

// ---- reading ----

// A number of a pad's record that must lie in a range.
Result<std::int64_t> number_in(const RecordView& record, std::string_view field, std::int64_t min,
                               std::int64_t max) {
    const std::int64_t value = record.signed_number(field);
    if (value >= min && value <= max) return value;
    return fail(ErrorCode::corrupt, fmt::format("its {} is {}; {} to {} is allowed", field, value, min, max));
}

Result<PadSettings> read_settings(const RecordView& record) {
    DUBPLATE_TRY(const std::int64_t level, number_in(record, "level", 0, 127));
    DUBPLATE_TRY(const std::int64_t pan, number_in(record, "pan", 0, 127));
    DUBPLATE_TRY(const std::int64_t semitones, number_in(record, "pitch", -12, 12));
    DUBPLATE_TRY(const std::int64_t cents, number_in(record, "fine", -100, 100));
    DUBPLATE_TRY(const std::int64_t mute_group, number_in(record, "mute_group", 0, 10));
    DUBPLATE_TRY(const std::int64_t bus, number_in(record, "bus", 0, 2));
    DUBPLATE_TRY(const std::int64_t mode, number_in(record, "play_mode", 0, 3));
    // A unit that works a tempo out from the length of a loop goes up to 300.
    DUBPLATE_TRY(const std::int64_t bpm, number_in(record, "bpm", 0, 30'000));
    PadSettings settings;
    settings.level = static_cast<int>(level);
    settings.pan = static_cast<int>(pan) - pan_center;
    settings.pitch = static_cast<double>(semitones * 100 + cents) / 100;
    settings.gate = record.number("gate") != 0 && (record.number("flags") & one_shot) == 0;
    settings.loop = record.number("loop") != 0;
    settings.reverse = mode % 2 == 1;
    settings.mute_group = static_cast<int>(mute_group);
    settings.bpm_sync = record.number("bpm_sync") != 0;
    if (bpm != 0 && bpm != to_hundredths(sp404mk2_default_bpm)) settings.bpm = static_cast<double>(bpm) / 100;
    settings.bus = static_cast<PadBus>(bus);
    return settings;
}

Status read_places(const RecordView& record, SamplerPad& pad) {
    const auto file_bytes = static_cast<std::int64_t>(record.number("file_bytes"));
    const std::int64_t frame_bytes = std::int64_t{2} * pad.channels;
    if (file_bytes < audio_offset || (file_bytes - audio_offset) % frame_bytes != 0)
        return fail(ErrorCode::corrupt,
                    fmt::format("{} bytes are no sample file of {} channels", file_bytes, pad.channels));
    const auto frame_of = [&](std::string_view field) -> Result<std::int64_t> {
        const auto byte = static_cast<std::int64_t>(record.number(field));
        if (byte >= audio_offset && byte <= file_bytes) return (byte - audio_offset) / frame_bytes;
        return fail(ErrorCode::corrupt,
                    fmt::format("its {} is at byte {} of a file of {}", field, byte, file_bytes));
    };
    pad.frames = (file_bytes - audio_offset) / frame_bytes;
    DUBPLATE_TRY(pad.begin_frame, frame_of("begin"));
    DUBPLATE_TRY(pad.end_frame, frame_of("end"));
    DUBPLATE_TRY(pad.loop_frame, frame_of("loop_begin"));
    if (pad.begin_frame <= pad.end_frame) return {};
    return fail(ErrorCode::corrupt,
                fmt::format("it begins at frame {} and ends at {}", pad.begin_frame, pad.end_frame));
}

Status read_chops(const RecordView& record, SamplerPad& pad) {
    for (std::size_t i = 0; i < sp404mk2_chops; ++i) {
        const std::int64_t chop = record.signed_number("chop", i);
        if (chop < 0) continue;
        if (chop >= pad.frames)
            return fail(ErrorCode::corrupt, fmt::format("a chop is at frame {} of {}", chop, pad.frames));
        pad.chop_frames.push_back(chop);
    }
    make_ascending(pad.chop_frames);
    return {};
}

Result<SamplerPad> read_pad(const RecordView& table, std::size_t index, int channels) {
    SamplerPad pad{
        .place = place_of(index), .name = read_name(table.raw("pad_name", index)), .channels = channels};
    const RecordView record(padconf_pad_layout, table.raw("pad", index));
    DUBPLATE_TRY(pad.settings, read_settings(record));
    if (channels == 0) return pad;
    DUBPLATE_CHECK(read_places(record, pad));
    DUBPLATE_CHECK(read_chops(RecordView(padconf_chops_layout, table.raw("chops", index)), pad));
    return pad;
}

Status check_version(std::span<const std::byte> table) {
    if (!has_text(table, 0, "RFPD") || table.size() < padconf_head_layout.bytes)
        return fail(ErrorCode::corrupt, "this is no table of an SP-404MKII's pads");
    const std::uint32_t version = u8(table, 8);
    if (version != 3)
        return fail(
            ErrorCode::unsupported,
            fmt::format("the table of pads has version {}{}; version 3 is read", version,
                        version == 2 ? ", that of older firmware, without the project's name and chops" : ""),
            "save the project again on a unit with current firmware");
    if (table.size() != padconf_layout.bytes)
        return fail(ErrorCode::corrupt, fmt::format("the table of pads has {} bytes, and must have {}",
                                                    table.size(), padconf_layout.bytes));
    return {};
}

}  // namespace

SamplerPad padconf_held(const SamplerPad& pad) {
    SamplerPad held = pad;
    held.name = held_name(pad.name, sp404mk2_pad_name);
    hold_places(held);
    std::erase_if(held.chop_frames, [&](std::int64_t chop) { return chop < 0 || chop >= pad.frames; });
    make_ascending(held.chop_frames);
    held.chop_frames.resize(std::min(held.chop_frames.size(), sp404mk2_chops));
    PadSettings& settings = held.settings;
    settings.level = std::clamp(settings.level, 0, 127);
    settings.pan = std::clamp(settings.pan, -max_pan, max_pan);
    settings.pitch =
        static_cast<double>(to_hundredths(std::clamp(settings.pitch, -max_pitch, max_pitch))) / 100;
    settings.mute_group = std::clamp(settings.mute_group, 0, 10);
    if (settings.bpm) settings.bpm = held_bpm(*settings.bpm, sp404mk2_min_bpm, sp404mk2_max_bpm, 100);
    if (settings.bpm && to_hundredths(*settings.bpm) == to_hundredths(sp404mk2_default_bpm))
        settings.bpm.reset();
    return held;
}

Bytes write_padconf(const SamplerProject& project) {
    Record table(padconf_layout);
    table.set_raw("head", head_record(project));
    const Record empty_pad(padconf_pad_layout);
    const Record no_chops(padconf_chops_layout);
    for (std::size_t i = 0; i < pads; ++i) {
        table.set_raw("pad", empty_pad.bytes(), i);
        table.set_raw("pad_name", padded_name("", sp404mk2_pad_name), i);
        table.set_raw("chops", no_chops.bytes(), i);
    }
    for (const SamplerPad& asked : project.pads) {
        const SamplerPad pad = padconf_held(asked);
        const auto index =
            static_cast<std::size_t>(pad.place.bank * sp404mk2_pads_per_bank + pad.place.number - 1);
        table.set_raw("pad", pad_record(pad), index);
        table.set_raw("pad_name", padded_name(pad.name, sp404mk2_pad_name), index);
        table.set_raw("chops", chops_record(pad), index);
    }
    return table.bytes();
}

Result<SamplerProject> read_padconf(std::span<const std::byte> bytes, std::span<const int> channels) {
    DUBPLATE_CHECK(check_version(bytes));
    const RecordView table(padconf_layout, bytes);
    const RecordView head(padconf_head_layout, table.raw("head"));
    DUBPLATE_CHECK(head.check());
    SamplerProject project{.name = read_name(head.raw("project_name")),
                           .bpm = static_cast<double>(head.number("project_bpm")) / 100,
                           .pads = {}};
    for (std::size_t i = 0; i < pads; ++i) {
        if (RecordView(padconf_pad_layout, table.raw("pad", i)).number("file_bytes") == 0) continue;
        auto pad = read_pad(table, i, i < channels.size() ? channels[i] : 0);
        if (!pad) return std::move(pad).error().in_context("pad " + place_of(i).to_string());
        project.pads.push_back(*std::move(pad));
    }
    return project;
}

}  // namespace dubplate
