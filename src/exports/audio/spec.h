// spec.h: what a user asks of an audio export, as plain data with its defaults in place.
//
// JSON     one canonical form for the command line, presets, configuration files, the server and the manifest; every
//          parameter is described once, in audio_spec_params(). Unknown keys are refused with their path.
// Presets  a "preset" in the JSON is merged under the values beside it, so what is said explicitly wins.
// Units    in the names.
// Errors   invalid_argument with the path, the value and what is allowed; contradictions name both sides.
// Threads  plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audio/nodes/quantizer.h"
#include "core/params.h"
#include "formats/audio/format.h"

namespace dubplate {

enum class OnPeak {
    limit,   // the limiter holds the ceiling and the target stays
    reduce,  // less gain, no limiter: the target may not be reached
};

struct LoudnessSpec {
    bool normalize = true;  // off: the audio keeps its level to the bit; the fields below are then not used
    double target_lufs = -16;
    double true_peak_dbtp = -1;
    OnPeak on_peak = OnPeak::limit;
    bool album = false;      // one gain for all inputs
    bool dual_mono = false;  // mono is measured as played on two speakers
    bool operator==(const LoudnessSpec&) const = default;
};

struct EditSpec {
    std::optional<double> start_seconds{};
    std::optional<double> end_seconds{};
    double fade_in_seconds = 0;
    double fade_out_seconds = 0;
    std::optional<double> trim_silence_dbfs{};  // cut both ends below this level
    bool operator==(const EditSpec&) const = default;
};

struct AudioSpec {
    std::vector<std::string> inputs;
    std::string preset;  // already merged in; kept to say where the values came from
    std::vector<std::string> formats{"wav"};
    std::optional<int> sample_rate_hz;  // none: the source's
    std::optional<BitDepth> bit_depth;  // none: each format's default
    Mp3Settings mp3;
    LoudnessSpec loudness;
    Dither dither = Dither::tpdf;
    std::int64_t seed = 0;
    std::optional<int> channels;  // 1 or 2; none: the source's
    EditSpec edit;
    std::string split;  // "", "markers", or the path of a label file or CUE sheet
    std::map<std::string, std::string> tags;
    bool tags_from_name = false;
    std::string tag_template;
    std::string cover;  // path of a picture
    bool clear_tags = false;
    std::string name = "{input}";

    bool operator==(const AudioSpec&) const = default;
};

// Every parameter of the spec, in the order in which the help shows them.
const ParamTable<AudioSpec>& audio_spec_params();

// Merges defaults, the preset and the JSON; refuses unknown keys, wrong types, values out of range and contradictions.
// user_presets: by name, what load_user_presets() gave.
Result<AudioSpec> read_audio_spec(const Json& json, const std::map<std::string, Json>& user_presets = {});
Json write_audio_spec(const AudioSpec& spec);
Json audio_spec_schema();

// What contradicts itself or cannot be done whatever the input.
Status validate(const AudioSpec& spec);

// Values that were asked for and that the spec made of them would not use: a bit rate without MP3, a target where nothing
// is normalized. `asked` is what the user said now (a command line, a request), without presets and defaults: those may
// well hold values that are not needed.
Status check_asked(const Json& asked, const AudioSpec& spec);

}  // namespace dubplate
