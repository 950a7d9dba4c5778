// The parameters of an audio export, each described once.
#include "exports/audio/spec.h"

#include <algorithm>
#include <array>

namespace dubplate {

template <>
struct EnumNames<BitDepth> {
    static constexpr std::array<std::pair<BitDepth, std::string_view>, 4> table{
        {{BitDepth::pcm16, "16"},
         {BitDepth::pcm24, "24"},
         {BitDepth::pcm32, "32"},
         {BitDepth::float32, "float"}}};
};
template <>
struct EnumNames<OnPeak> {
    static constexpr std::array<std::pair<OnPeak, std::string_view>, 2> table{
        {{OnPeak::limit, "limit"}, {OnPeak::reduce, "reduce"}}};
};
template <>
struct EnumNames<Dither> {
    static constexpr std::array<std::pair<Dither, std::string_view>, 3> table{
        {{Dither::none, "none"}, {Dither::tpdf, "tpdf"}, {Dither::shaped, "shaped"}}};
};

namespace {

template <class E>
std::vector<std::string> choices_of() {
    std::vector<std::string> names;
    for (const auto& [enumerator, name] : EnumNames<E>::table) names.emplace_back(name);
    return names;
}

std::vector<std::string> writable_format_names() {
    std::vector<std::string> names;
    for (const AudioFormat* format : audio_formats())
        if (format->writable()) names.emplace_back(format->name);
    return names;
}

#define MEMBER(access)     \
    [](auto& s) -> auto& { \
        return s.access;   \
    }

void add_sound_params(ParamTable<AudioSpec>& table) {
    table
        .add({.path = "inputs",
              .type = ParamType::text,
              .list = true,
              .help = "files, folders, globs, or - for standard input"},
             MEMBER(inputs))
        .add({.path = "preset",
              .type = ParamType::text,
              .option = "-p,--preset",
              .placeholder = "NAME",
              .help = "start from a named set of values (--presets lists them)"},
             MEMBER(preset))
        .add({.path = "formats",
              .type = ParamType::choice,
              .list = true,
              .choices = writable_format_names(),
              .option = "-f,--format",
              .placeholder = "LIST",
              .help = "formats to deliver, several at once"},
             MEMBER(formats))
        .add({.path = "sample_rate_hz",
              .type = ParamType::integer,
              .nullable = true,
              .unit = "Hz",
              .minimum = 8000,
              .maximum = 192000,
              .option = "--sample-rate",
              .placeholder = "HZ",
              .help = "sample rate; the source's unless asked"},
             MEMBER(sample_rate_hz))
        .add({.path = "bit_depth",
              .type = ParamType::choice,
              .nullable = true,
              .unit = "bit",
              .choices = choices_of<BitDepth>(),
              .option = "--bit-depth",
              .placeholder = "D",
              .help = "bits for each sample; 24 unless asked (FLAC: 16 where the source has 16 and nothing "
                      "changes it)"},
             MEMBER(bit_depth))
        .add({.path = "mp3.bitrate_kbps",
              .type = ParamType::integer,
              .unit = "kbit/s",
              .minimum = 8,
              .maximum = 320,
              .option = "--bitrate",
              .placeholder = "K",
              .help = "MP3 at a constant bit rate, 8 to 320"},
             MEMBER(mp3.bitrate_kbps))
        .add({.path = "mp3.vbr_quality",
              .type = ParamType::integer,
              .nullable = true,
              .prefix = "V",
              .minimum = 0,
              .maximum = 9,
              .option = "--vbr",
              .placeholder = "Q",
              .help = "MP3 at a variable bit rate, V0 (best) to V9"},
             MEMBER(mp3.vbr_quality))
        .add({.path = "channels",
              .type = ParamType::integer,
              .nullable = true,
              .minimum = 1,
              .maximum = 2,
              .option = "--channels",
              .placeholder = "1|2",
              .help = "fold down to, or up to, so many channels"},
             MEMBER(channels))
        .add({.path = "dither",
              .type = ParamType::choice,
              .choices = choices_of<Dither>(),
              .option = "--dither",
              .placeholder = "KIND",
              .help = "noise that hides the rounding when bits are cut"},
             MEMBER(dither))
        .add({.path = "seed",
              .type = ParamType::integer,
              .minimum = 0,
              .maximum = 9007199254740991.0,
              .option = "--seed",
              .placeholder = "N",
              .help = "where the dither's noise starts"},
             MEMBER(seed));
}

void add_loudness_params(ParamTable<AudioSpec>& table) {
    table
        .add({.path = "loudness.normalize",
              .type = ParamType::boolean,
              .option = "--normalize,!--no-normalize",
              .help = "bring the loudness to the target; off: the level stays to the bit"},
             MEMBER(loudness.normalize))
        .add({.path = "loudness.target_lufs",
              .type = ParamType::number,
              .unit = "LUFS",
              .minimum = -60,
              .maximum = 0,
              .option = "-l,--loudness",
              .placeholder = "LUFS",
              .help = "integrated loudness of what is delivered"},
             MEMBER(loudness.target_lufs))
        .add({.path = "loudness.true_peak_dbtp",
              .type = ParamType::number,
              .unit = "dBTP",
              .minimum = -20,
              .maximum = 0,
              .option = "--true-peak",
              .placeholder = "DBTP",
              .help = "ceiling that no true peak passes"},
             MEMBER(loudness.true_peak_dbtp))
        .add({.path = "loudness.on_peak",
              .type = ParamType::choice,
              .choices = choices_of<OnPeak>(),
              .option = "--on-peak",
              .placeholder = "DO",
              .help = "when the gain would pass the ceiling: limit the peaks, or reduce the gain"},
             MEMBER(loudness.on_peak))
        .add({.path = "loudness.album",
              .type = ParamType::boolean,
              .option = "--album",
              .help = "one gain for all inputs, so that their balance stays"},
             MEMBER(loudness.album))
        .add({.path = "loudness.dual_mono",
              .type = ParamType::boolean,
              .option = "--dual-mono",
              .help = "measure mono as played on two speakers"},
             MEMBER(loudness.dual_mono));
}

void add_edit_params(ParamTable<AudioSpec>& table) {
    table
        .add({.path = "edit.start_seconds",
              .type = ParamType::time,
              .nullable = true,
              .unit = "s",
              .minimum = 0,
              .option = "--start",
              .placeholder = "T",
              .help = "begin here (90, 1:30.5, 500ms)"},
             MEMBER(edit.start_seconds))
        .add({.path = "edit.end_seconds",
              .type = ParamType::time,
              .nullable = true,
              .unit = "s",
              .minimum = 0,
              .option = "--end",
              .placeholder = "T",
              .help = "end here"},
             MEMBER(edit.end_seconds))
        .add({.path = "edit.fade_in_seconds",
              .type = ParamType::time,
              .unit = "s",
              .minimum = 0,
              .maximum = 3600,
              .option = "--fade-in",
              .placeholder = "T",
              .help = "fade in from silence"},
             MEMBER(edit.fade_in_seconds))
        .add({.path = "edit.fade_out_seconds",
              .type = ParamType::time,
              .unit = "s",
              .minimum = 0,
              .maximum = 3600,
              .option = "--fade-out",
              .placeholder = "T",
              .help = "fade out to silence"},
             MEMBER(edit.fade_out_seconds))
        .add({.path = "edit.trim_silence_dbfs",
              .type = ParamType::number,
              .nullable = true,
              .unit = "dBFS",
              .minimum = -120,
              .maximum = -20,
              .option = "--trim-silence",
              .placeholder = "[DB]",
              .help = "cut what is below this level at both ends (-60 when no level is given)"},
             MEMBER(edit.trim_silence_dbfs))
        .add({.path = "split",
              .type = ParamType::text,
              .option = "--split",
              .placeholder = "FILE|markers",
              .help = "one output for each region of a label file, a CUE sheet, or the source's own markers"},
             MEMBER(split));
}

void add_tag_params(ParamTable<AudioSpec>& table) {
    table
        .add({.path = "tags",
              .type = ParamType::text_map,
              .option = "-t,--tag",
              .placeholder = "K=V",
              .help = "set a tag; any name that is not a known one becomes a custom tag"},
             MEMBER(tags))
        .add({.path = "tags_from_name",
              .type = ParamType::boolean,
              .option = "--tags-from-name",
              .help = "read tags from names like \"Artist - Title [128] (House) {Am}\""},
             MEMBER(tags_from_name))
        .add({.path = "tag_template",
              .type = ParamType::text,
              .option = "--template",
              .placeholder = "NAME",
              .help = "start from a set of tags: minimal, full, or a genre"},
             MEMBER(tag_template))
        .add({.path = "cover",
              .type = ParamType::text,
              .option = "--cover",
              .placeholder = "IMG",
              .help = "front cover, JPEG or PNG"},
             MEMBER(cover))
        .add({.path = "clear_tags",
              .type = ParamType::boolean,
              .option = "--clear-tags",
              .help = "do not keep the source's tags"},
             MEMBER(clear_tags))
        .add({.path = "name",
              .type = ParamType::text,
              .option = "--name",
              .placeholder = "TEMPLATE",
              .help = "file names, as \"{artist} - {title} [{bpm}]\" or \"{track:02} {input}\""},
             MEMBER(name));
}

#undef MEMBER

}  // namespace

const ParamTable<AudioSpec>& audio_spec_params() {
    static const ParamTable<AudioSpec> table = [] {
        ParamTable<AudioSpec> made;
        add_sound_params(made);
        add_loudness_params(made);
        add_edit_params(made);
        add_tag_params(made);
        return made;
    }();
    return table;
}

}  // namespace dubplate
