// The parameters of a multitrack delivery, each described once.
#include "exports/stems/spec_params.h"

#include "formats/daw/format.h"
#include "score/tempo_map.h"

namespace dubplate {

namespace {

#define MEMBER(access)     \
    [](auto& s) -> auto& { \
        return s.access;   \
    }

std::vector<std::string> daw_names() {
    std::vector<std::string> names;
    for (const DawFormat* format : daw_formats()) names.emplace_back(format->name);
    return names;
}

void add_session_params(ParamTable<StemsSpec>& table) {
    table
        .add({.path = "inputs",
              .type = ParamType::text,
              .list = true,
              .help = "files, folders, globs, or one session"},
             MEMBER(inputs))
        .add({.path = "bpm",
              .type = ParamType::number,
              .nullable = true,
              .unit = "bpm",
              .minimum = slowest_bpm,
              .maximum = fastest_bpm,
              .option = "--bpm",
              .placeholder = "BPM",
              .help = "tempo of the project, in quarter notes a minute; 120 and no tag unless given"},
             MEMBER(bpm))
        .add({.path = "time_signature",
              .type = ParamType::text,
              .option = "--time-signature",
              .placeholder = "N/D",
              .help = "time signature of the project"},
             MEMBER(time_signature))
        .add(
            {.path = "markers_file",
             .type = ParamType::text,
             .option = "--markers",
             .placeholder = "FILE",
             .help = "markers and regions from a label file, a CUE sheet, or a MIDI file with its tempo map"},
            MEMBER(markers_file))
        .add({.path = "mix",
              .type = ParamType::text,
              .option = "--mix",
              .placeholder = "FILE",
              .help = "the mix that the stems are to sum to; without one, their sum is delivered as the mix"},
             MEMBER(mix))
        .add({.path = "tail_seconds",
              .type = ParamType::time,
              .unit = "s",
              .minimum = 0,
              .maximum = 600,
              .option = "--tail",
              .placeholder = "T",
              .help = "silence behind the end of the longest track"},
             MEMBER(tail_seconds))
        .add({.path = "target_lufs",
              .type = ParamType::number,
              .nullable = true,
              .unit = "LUFS",
              .minimum = -60,
              .maximum = 0,
              .option = "-l,--loudness",
              .placeholder = "LUFS",
              .help = "one gain for all stems, so that the mix has this loudness; their level is kept unless "
                      "asked"},
             MEMBER(target_lufs))
        .add({.path = "true_peak_dbtp",
              .type = ParamType::number,
              .unit = "dBTP",
              .minimum = -20,
              .maximum = 0,
              .option = "--true-peak",
              .placeholder = "DBTP",
              .help = "what the mix's true peak may reach with that gain"},
             MEMBER(true_peak_dbtp));
}

void add_delivery_params(ParamTable<StemsSpec>& table) {
    table
        .add({.path = "project",
              .type = ParamType::text,
              .option = "--project",
              .placeholder = "NAME",
              .help = "name of the project files"},
             MEMBER(project))
        .add({.path = "folder",
              .type = ParamType::text,
              .option = "--folder",
              .placeholder = "NAME",
              .help = "folder of the delivery, below --output"},
             MEMBER(folder))
        .add({.path = "subfolders",
              .type = ParamType::boolean,
              .option = "--subfolders",
              .help = "put the audio into audio/"},
             MEMBER(subfolders))
        .add({.path = "metadata",
              .type = ParamType::boolean,
              .option = "--metadata",
              .help = "add a JSON and a text sheet of the project and its tracks"},
             MEMBER(metadata))
        .add({.path = "daw",
              .type = ParamType::choice,
              .list = true,
              .choices = daw_names(),
              .option = "--daw",
              .placeholder = "LIST",
              .help = "projects to make, several at once"},
             MEMBER(daw))
        .add({.path = "template",
              .type = ParamType::text,
              .option = "--template",
              .placeholder = "FILE.rpp",
              .help = "REAPER project or track template that the tracks go into"},
             MEMBER(reaper_template))
        .add({.path = "zip",
              .type = ParamType::boolean,
              .option = "--zip",
              .help = "pack the delivery into one ZIP, too"},
             MEMBER(zip));
}

}  // namespace

const ParamTable<StemsSpec>& stems_spec_params() {
    static const ParamTable<StemsSpec> table = [] {
        ParamTable<StemsSpec> made;
        made.add_all(
            audio_spec_params(), MEMBER(audio),
            {"inputs", "preset", "loudness.normalize", "loudness.target_lufs", "loudness.true_peak_dbtp",
             "loudness.on_peak", "loudness.album", "loudness.dual_mono", "edit.start_seconds",
             "edit.end_seconds", "edit.fade_in_seconds", "edit.fade_out_seconds", "edit.trim_silence_dbfs",
             "split", "tag_template", "tags_from_name"});
        add_session_params(made);
        add_delivery_params(made);
        return made;
    }();
    return table;
}

const ParamTable<StemTrack>& stem_track_params() {
    static const ParamTable<StemTrack> table = [] {
        ParamTable<StemTrack> made;
        made.add({.path = "name", .help = "as it is shown; the file's unless given"}, MEMBER(name))
            .add({.path = "file", .help = "path of its audio, relative to the session"}, MEMBER(file))
            .add({.path = "color", .help = "as #rrggbb"}, MEMBER(color))
            .add({.path = "gain_db",
                  .type = ParamType::number,
                  .unit = "dB",
                  .minimum = -150,
                  .maximum = 24,
                  .help = "of its fader"},
                 MEMBER(gain_db))
            .add({.path = "pan",
                  .type = ParamType::number,
                  .minimum = -1,
                  .maximum = 1,
                  .help = "left to right"},
                 MEMBER(pan))
            .add({.path = "mute", .type = ParamType::boolean, .help = "silent in the project"}, MEMBER(mute))
            .add({.path = "solo", .type = ParamType::boolean, .help = "alone in the project"}, MEMBER(solo))
            .add({.path = "group", .help = "folder that it is in, with its neighbors of the same group"},
                 MEMBER(group))
            .add({.path = "start_seconds",
                  .type = ParamType::time,
                  .unit = "s",
                  .minimum = 0,
                  .maximum = 86'400,
                  .help = "where its audio begins"},
                 MEMBER(start_seconds));
        return made;
    }();
    return table;
}

namespace {

constexpr double last_beat = 1e6;

Param beat_param() {
    return {.path = "beat",
            .type = ParamType::number,
            .unit = "quarter notes",
            .minimum = 0,
            .maximum = last_beat,
            .help = "where it begins"};
}

}  // namespace

const ParamTable<StemTempo>& stem_tempo_params() {
    static const ParamTable<StemTempo> table = [] {
        ParamTable<StemTempo> made;
        made.add(beat_param(), MEMBER(beat))
            .add({.path = "bpm",
                  .type = ParamType::number,
                  .unit = "bpm",
                  .minimum = slowest_bpm,
                  .maximum = fastest_bpm,
                  .help = "from there on"},
                 MEMBER(bpm));
        return made;
    }();
    return table;
}

const ParamTable<StemTimeSignature>& stem_time_signature_params() {
    static const ParamTable<StemTimeSignature> table = [] {
        ParamTable<StemTimeSignature> made;
        made.add(beat_param(), MEMBER(beat)).add({.path = "signature", .help = "as 7/8"}, MEMBER(signature));
        return made;
    }();
    return table;
}

const ParamTable<StemMarker>& stem_marker_params() {
    static const ParamTable<StemMarker> table = [] {
        ParamTable<StemMarker> made;
        made.add({.path = "seconds",
                  .type = ParamType::time,
                  .unit = "s",
                  .minimum = 0,
                  .help = "where it is"},
                 MEMBER(seconds))
            .add({.path = "length_seconds",
                  .type = ParamType::time,
                  .unit = "s",
                  .minimum = 0,
                  .help = "of a region; 0 for a point"},
                 MEMBER(length_seconds))
            .add({.path = "label", .help = "what is there"}, MEMBER(label));
        return made;
    }();
    return table;
}

#undef MEMBER

}  // namespace dubplate
