#include "exports/analysis/spec.h"

#include <filesystem>

#include "core/text.h"

namespace dubplate {

namespace {

#define MEMBER(access)     \
    [](auto& s) -> auto& { \
        return s.access;   \
    }

ParamTable<AnalysisSpec> make_table() {
    ParamTable<AnalysisSpec> table;
    table
        .add({.path = "inputs",
              .type = ParamType::text,
              .list = true,
              .help = "files, folders, globs, or - for standard input"},
             MEMBER(inputs))
        .add({.path = "facts_only",
              .type = ParamType::boolean,
              .option = "--facts",
              .help = "only what the files say of themselves; no audio is decoded"},
             MEMBER(facts_only))
        .add({.path = "tempo",
              .type = ParamType::boolean,
              .option = "--tempo,!--no-tempo",
              .help = "tempo, beats and downbeats (on unless --no-tempo)"},
             MEMBER(tempo))
        .add({.path = "min_bpm",
              .type = ParamType::number,
              .nullable = true,
              .unit = "bpm",
              .minimum = 20,
              .maximum = 200,
              .option = "--min-bpm",
              .placeholder = "BPM",
              .help = "with --max-bpm: tell the tempo within this range, by halves and doubles"},
             MEMBER(min_bpm))
        .add({.path = "max_bpm",
              .type = ParamType::number,
              .nullable = true,
              .unit = "bpm",
              .minimum = 40,
              .maximum = 400,
              .option = "--max-bpm",
              .placeholder = "BPM",
              .help = "at least double of --min-bpm"},
             MEMBER(max_bpm))
        .add({.path = "key",
              .type = ParamType::boolean,
              .option = "--key,!--no-key",
              .help = "the musical key"},
             MEMBER(key))
        .add({.path = "structure",
              .type = ParamType::boolean,
              .option = "--structure,!--no-structure",
              .help = "onsets, timbre, parts and loops (on unless --no-structure)"},
             MEMBER(structure))
        .add({.path = "write_tags",
              .type = ParamType::boolean,
              .option = "--write-tags",
              .help = "write tempo and key into the files' tags; the audio stays bit for bit"},
             MEMBER(write_tags))
        .add({.path = "min_confidence",
              .type = ParamType::number,
              .minimum = 0,
              .maximum = 1,
              .option = "--min-confidence",
              .placeholder = "C",
              .help = "how sure a tempo or key must be to be written"},
             MEMBER(min_confidence))
        .add({.path = "picture",
              .type = ParamType::text,
              .option = "--picture",
              .placeholder = "FILE.svg|.png",
              .help = "draw waveform, loudness, beats, parts and spectrogram; {input} stands for the input's "
                      "name"},
             MEMBER(picture));
    return table;
}

#undef MEMBER

Status contradiction(const char* what, const char* hint) {
    return fail(ErrorCode::invalid_argument, std::string("facts_only and ") + what + " contradict each other",
                hint);
}

}  // namespace

const ParamTable<AnalysisSpec>& analysis_spec_params() {
    static const ParamTable<AnalysisSpec> table = make_table();
    return table;
}

Result<AnalysisSpec> read_analysis_spec(const Json& json) {
    if (!json.is_object()) return fail(ErrorCode::invalid_argument, "the spec must be a JSON object");
    DUBPLATE_TRY(AnalysisSpec spec, analysis_spec_params().read(json));
    DUBPLATE_CHECK(validate(spec));
    return spec;
}

Json write_analysis_spec(const AnalysisSpec& spec) {
    return analysis_spec_params().write(spec);
}

Json analysis_spec_schema() {
    return make_schema(analysis_spec_params().params(), "Dubplate analysis");
}

Status validate(const AnalysisSpec& spec) {
    if (spec.facts_only && spec.write_tags)
        return contradiction("write_tags", "leave --facts out: what is written must be measured first");
    if (spec.facts_only && !spec.picture.empty())
        return contradiction("picture", "leave --facts out: what is drawn must be decoded");
    if (spec.write_tags && !spec.tempo && !spec.key)
        return fail(ErrorCode::invalid_argument,
                    "write_tags: there is nothing to write without tempo and key",
                    "ask for --tempo or --key");
    if (spec.min_bpm.has_value() != spec.max_bpm.has_value())
        return fail(ErrorCode::invalid_argument, "min_bpm and max_bpm go together",
                    "give both, as in 70 and 140");
    if (spec.min_bpm && *spec.max_bpm < 2 * *spec.min_bpm)
        return fail(
            ErrorCode::invalid_argument,
            "max_bpm: " + format_number(*spec.max_bpm) + " is less than double of " +
                format_number(*spec.min_bpm),
            "every tempo has its half or double only within a range that reaches from one to its double");
    const std::string extension = to_lower_ascii(std::filesystem::path(spec.picture).extension().string());
    if (!spec.picture.empty() && extension != ".svg" && extension != ".png")
        return fail(ErrorCode::invalid_argument,
                    "picture: " + escape_control(spec.picture) + " is neither .svg nor .png",
                    "end the name with .svg or .png");
    return {};
}

}  // namespace dubplate
