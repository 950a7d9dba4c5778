// The parameters of a sampler pack, each described once.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "exports/pack/spec.h"

namespace dubplate {

template <>
struct EnumNames<Organize> {
    static constexpr std::array<std::pair<Organize, std::string_view>, 5> table{{{Organize::flat, "flat"},
                                                                                 {Organize::genre, "genre"},
                                                                                 {Organize::bpm, "bpm"},
                                                                                 {Organize::key, "key"},
                                                                                 {Organize::kit, "kit"}}};
};
template <>
struct EnumNames<PackNormalize> {
    static constexpr std::array<std::pair<PackNormalize, std::string_view>, 3> table{
        {{PackNormalize::off, "off"}, {PackNormalize::peak, "peak"}, {PackNormalize::loudness, "loudness"}}};
};
template <>
struct EnumNames<PadBus> {
    static constexpr std::array<std::pair<PadBus, std::string_view>, 3> table{
        {{PadBus::dry, "dry"}, {PadBus::bus_1, "1"}, {PadBus::bus_2, "2"}}};
};

namespace {

#define MEMBER(access)     \
    [](auto& s) -> auto& { \
        return s.access;   \
    }

template <class E>
std::vector<std::string> choices_of() {
    std::vector<std::string> names;
    for (const auto& [enumerator, name] : EnumNames<E>::table) names.emplace_back(name);
    return names;
}

std::vector<std::string> device_names() {
    std::vector<std::string> names;
    for (const SamplerDevice* device : sampler_devices()) names.emplace_back(device->name);
    return names;
}

// "the sampler: sp404mk2 (Roland SP-404MKII, 48000 Hz, 160 pads), ..."
std::string device_help() {
    std::string help;
    for (const SamplerDevice* device : sampler_devices())
        help += fmt::format("{}{} ({}, {} Hz, {} pads)", help.empty() ? "the sampler: " : ", ", device->name,
                            device->title, device->sample_rate_hz, device->pads());
    return help;
}

// Of every device; validate() asks the one that was chosen.
std::vector<std::string> file_kinds() {
    std::vector<std::string> names;
    for (const SamplerDevice* device : sampler_devices())
        for (const SampleFileKind* kind : device->plain_files)
            if (std::ranges::find(names, kind->name) == names.end()) names.emplace_back(kind->name);
    return names;
}

void add_layout_params(ParamTable<PackSpec>& table) {
    table
        .add({.path = "inputs",
              .type = ParamType::text,
              .list = true,
              .help = "files, folders, globs, or one kit"},
             MEMBER(inputs))
        .add({.path = "device",
              .type = ParamType::choice,
              .choices = device_names(),
              .option = "-d,--device",
              .placeholder = "NAME",
              .help = device_help()},
             MEMBER(device))
        .add({.path = "format",
              .type = ParamType::choice,
              .nullable = true,
              .choices = file_kinds(),
              .option = "-f,--format",
              .placeholder = "FORMAT",
              .help = "format of the samples; the first that the device has unless given"},
             MEMBER(format))
        .add({.path = "organize",
              .type = ParamType::choice,
              .choices = choices_of<Organize>(),
              .option = "--organize",
              .placeholder = "HOW",
              .help =
                  "folders: none, by genre, by tempo, by key, or banks and pads in the order of the samples"},
             MEMBER(organize))
        .add({.path = "bpm_ranges",
              .type = ParamType::number,
              .list = true,
              .unit = "bpm",
              .minimum = 1,
              .maximum = 299,
              .option = "--bpm-ranges",
              .placeholder = "LIST",
              .help = "where the folders by tempo begin, ascending"},
             MEMBER(bpm_ranges))
        .add({.path = "name",
              .option = "-n,--name",
              .placeholder = "TEMPLATE",
              .help = "name of each sample, as for export"},
             MEMBER(name))
        .add({.path = "sanitize",
              .type = ParamType::boolean,
              .option = "--sanitize,!--no-sanitize",
              .help = "letters, digits, _ and - alone in names (on unless --no-sanitize)"},
             MEMBER(sanitize))
        .add({.path = "rename_table",
              .option = "--rename-table",
              .placeholder = "FILE.csv",
              .help = "write down which name became which"},
             MEMBER(rename_table))
        .add({.path = "metadata",
              .type = ParamType::boolean,
              .option = "--metadata,!--no-metadata",
              .help = "add a text sheet beside each sample"},
             MEMBER(metadata));
}

void add_sound_params(ParamTable<PackSpec>& table) {
    table
        .add({.path = "pad_short",
              .type = ParamType::boolean,
              .option = "--pad-short",
              .help = "add silence to samples that the device finds too short"},
             MEMBER(pad_short))
        .add({.path = "trim_silence_dbfs",
              .type = ParamType::number,
              .nullable = true,
              .unit = "dBFS",
              .minimum = -120,
              .maximum = -20,
              .option = "--trim-silence",
              .placeholder = "DBFS",
              .help = "cut both ends below this level; loops stay whole"},
             MEMBER(trim_silence_dbfs))
        .add({.path = "normalize",
              .type = ParamType::choice,
              .choices = choices_of<PackNormalize>(),
              .option = "--normalize",
              .placeholder = "HOW",
              .help = "lift each sample to one peak or one loudness; their level is kept unless asked"},
             MEMBER(normalize))
        .add({.path = "target_lufs",
              .type = ParamType::number,
              .unit = "LUFS",
              .minimum = -60,
              .maximum = 0,
              .option = "-l,--loudness",
              .placeholder = "LUFS",
              .help = "what --normalize loudness aims at"},
             MEMBER(target_lufs))
        .add({.path = "true_peak_dbtp",
              .type = ParamType::number,
              .unit = "dBTP",
              .minimum = -20,
              .maximum = 0,
              .option = "--true-peak",
              .placeholder = "DBTP",
              .help = "the true peak that --normalize may reach"},
             MEMBER(true_peak_dbtp))
        .add({.path = "mono",
              .type = ParamType::boolean,
              .option = "--mono",
              .help = "fold stereo to mono: half the room and half the voices"},
             MEMBER(mono))
        .add({.path = "seed",
              .type = ParamType::integer,
              .minimum = 0,
              .option = "--seed",
              .placeholder = "N",
              .help = "of the dither's random numbers"},
             MEMBER(seed))
        .add({.path = "slice",
              .option = "--slice",
              .placeholder = "beats|onsets|N",
              .help = "cut one file into pads: at its beats, its onsets, or into N equal parts"},
             MEMBER(slice))
        .add({.path = "slices",
              .option = "--slices",
              .placeholder = "FROM-TO",
              .help = "which of the slices, counted from 1; all unless given"},
             MEMBER(slices));
}

void add_kit_params(ParamTable<PackSpec>& table) {
    table
        .add({.path = "kit",
              .option = "--kit",
              .placeholder = "NAME",
              .help = "name of the kit and its project"},
             MEMBER(kit))
        .add({.path = "bpm",
              .type = ParamType::number,
              .nullable = true,
              .unit = "bpm",
              .minimum = 40,
              .maximum = 200,
              .option = "--bpm",
              .placeholder = "BPM",
              .help = "tempo of the project; the device's own unless given"},
             MEMBER(bpm))
        .add({.path = "write_project",
              .type = ParamType::boolean,
              .option = "--write-project,!--no-project",
              .help = "a project that the unit loads beside a kit's folders, experimental (on unless "
                      "--no-project)"},
             MEMBER(write_project))
        .add({.path = "project",
              .type = ParamType::integer,
              .minimum = 1,
              .maximum = 16,
              .option = "--project",
              .placeholder = "N",
              .help = "number of the project on the unit"},
             MEMBER(project))
        .add({.path = "preview",
              .type = ParamType::boolean,
              .option = "--preview",
              .help = "add each pad as the unit plays it, and a picture of each bank"},
             MEMBER(preview))
        .add({.path = "startup",
              .type = ParamType::text,
              .list = true,
              .option = "--startup",
              .placeholder = "PICTURE",
              .help = "pictures that the unit shows when it starts"},
             MEMBER(startup))
        .add({.path = "screen_saver",
              .type = ParamType::text,
              .list = true,
              .option = "--screen-saver",
              .placeholder = "PICTURE",
              .help = "pictures that the unit shows when it rests"},
             MEMBER(screen_saver));
}

constexpr double longest_seconds = 86'400;

void add_place_params(ParamTable<PackPad>& table) {
    table.add({.path = "pad", .help = "where it lies: A1 to J16"}, MEMBER(pad))
        .add({.path = "sample", .help = "path of its audio, relative to the kit"}, MEMBER(sample))
        .add({.path = "name", .help = "as the unit shows it; the sample's unless given"}, MEMBER(name))
        .add({.path = "start_seconds",
              .type = ParamType::time,
              .unit = "s",
              .minimum = 0,
              .maximum = longest_seconds,
              .help = "where it begins in the sample"},
             MEMBER(start_seconds))
        .add({.path = "end_seconds",
              .type = ParamType::time,
              .nullable = true,
              .unit = "s",
              .minimum = 0,
              .maximum = longest_seconds,
              .help = "where it ends; at the sample's end unless given"},
             MEMBER(end_seconds))
        .add({.path = "loop_seconds",
              .type = ParamType::time,
              .nullable = true,
              .unit = "s",
              .minimum = 0,
              .maximum = longest_seconds,
              .help = "where a loop begins again; at its start unless given"},
             MEMBER(loop_seconds))
        .add({.path = "chop_seconds",
              .type = ParamType::time,
              .list = true,
              .unit = "s",
              .minimum = 0,
              .maximum = longest_seconds,
              .help = "where it is chopped, ascending, in the sample"},
             MEMBER(chop_seconds));
}

void add_play_params(ParamTable<PackPad>& table) {
    table
        .add({.path = "level",
              .type = ParamType::integer,
              .minimum = 0,
              .maximum = 127,
              .help = "how loud it plays"},
             MEMBER(settings.level))
        .add({.path = "pan",
              .type = ParamType::integer,
              .minimum = -51,
              .maximum = 51,
              .help = "left to right"},
             MEMBER(settings.pan))
        .add({.path = "pitch",
              .type = ParamType::number,
              .unit = "semitones",
              .minimum = -12,
              .maximum = 12,
              .help = "up or down"},
             MEMBER(settings.pitch))
        .add({.path = "gate",
              .type = ParamType::boolean,
              .help = "sounds while it is held; false: to its end"},
             MEMBER(settings.gate))
        .add({.path = "loop", .type = ParamType::boolean, .help = "begins again at its end"},
             MEMBER(settings.loop))
        .add({.path = "reverse", .type = ParamType::boolean, .help = "plays backwards"},
             MEMBER(settings.reverse))
        .add({.path = "mute_group",
              .type = ParamType::integer,
              .minimum = 0,
              .maximum = 10,
              .help = "pads of one group cut each other off; 0 for none"},
             MEMBER(settings.mute_group))
        .add({.path = "bpm_sync", .type = ParamType::boolean, .help = "follows the project's tempo"},
             MEMBER(settings.bpm_sync))
        .add({.path = "bpm",
              .type = ParamType::number,
              .nullable = true,
              .unit = "bpm",
              .minimum = 40,
              .maximum = 200,
              .help = "of the sample; what its tags say unless given"},
             MEMBER(settings.bpm))
        .add({.path = "bus",
              .type = ParamType::choice,
              .choices = choices_of<PadBus>(),
              .help = "of the effects: dry for none"},
             MEMBER(settings.bus));
}

#undef MEMBER

}  // namespace

const ParamTable<PackSpec>& pack_spec_params() {
    static const ParamTable<PackSpec> table = [] {
        ParamTable<PackSpec> made;
        add_layout_params(made);
        add_sound_params(made);
        add_kit_params(made);
        return made;
    }();
    return table;
}

const ParamTable<PackPad>& pack_pad_params() {
    static const ParamTable<PackPad> table = [] {
        ParamTable<PackPad> made;
        add_place_params(made);
        add_play_params(made);
        return made;
    }();
    return table;
}

}  // namespace dubplate
