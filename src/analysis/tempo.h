// tempo.h: how fast a piece is, how sure that is, and where its beats are.
//
// What     find_tempo() weighs what the audio says (its onset envelope) with what is known from outside (tags, the ACID chunk,
//          the file's name) and names the winner. docs/analysis.md tells the method.
// Units    bpm: quarter notes a minute, 20 to 320; times in seconds from the first sample.
// Honesty  bpm is null where nothing speaks for one, and `reason` says why. confidence is the share of such answers that
//          were right (within 4 %, not half or double) on the benchmark's tuning half.
// Exact    a loop's tempo comes from its length: whole beats in exactly its frames.
// Threads  pure functions; no state survives a call.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/chroma.h"
#include "analysis/onset_envelope.h"

namespace dubplate {

enum class Material { unknown, one_shot, loop, track };
std::string_view name_of(Material material);  // "one_shot"

struct TempoCandidate {
    double bpm = 0;
    double weight = 0;  // 0 to 1; all candidates together with the answer's confidence make 1 at most
    // To the answer: "half", "double", "2:3", "3:2", "3:4", "4:3", "1:3", "3:1", "1:4", "4:1" or "other".
    std::string relation;
};

// What is known besides the sound. All of it may be wrong; it is believed where the sound does not speak against it.
struct TempoEvidence {
    std::optional<double> tag_bpm{};
    std::optional<double> acid_bpm{};
    std::optional<int> acid_beats{};      // of the whole file, as an ACID chunk counts them
    std::optional<bool> acid_one_shot{};  // the chunk's own word on it
    std::optional<double> name_bpm{};     // a number in the file's name
    bool loop_points = false;             // the file has a loop that spans it
};

struct TempoOptions {
    // Where both are given, the answer is folded by octaves into [min_bpm, max_bpm].
    std::optional<double> min_bpm{};
    std::optional<double> max_bpm{};
    TempoEvidence evidence{};
};

struct Tempo {
    std::optional<double> bpm;
    double confidence = 0;                     // 0 to 1
    std::vector<TempoCandidate> alternatives;  // the heaviest first
    std::vector<double> beats_s;
    std::vector<double> downbeats_s;  // a part of beats_s; empty where no bar is heard
    bool steady = true;               // false: the tempo wanders or changes by more than 4 %
    Material material = Material::unknown;
    std::optional<int> loop_beats;  // where material is loop
    std::string source;  // "audio", "loop length", "acid chunk", "tags", "file name"; empty without bpm
    std::string reason;  // why bpm is null
    std::vector<std::string> notes;  // evidence that was not believed: "tags say 93 bpm, the audio 140"
};

// What find_tempo() hears. `duration_s` is exact; `peak` is the largest magnitude of a sample.
struct TempoInput {
    const OnsetEnvelope& onsets;
    double duration_s = 0;
    float peak = 0;
    const Chroma& chroma;  // for the downbeats
};

Tempo find_tempo(const TempoInput& input, const TempoOptions& options = {});

}  // namespace dubplate
