// analyze.h: one piece of audio analyzed, from a file or from a program's memory.
//
// What     the samples pass once through every meter and analyzer that was asked for; nothing is kept but results.
//          read_facts() reads what the file says of itself and decodes nothing.
// Memory   flat in the length of the audio but for what is told for each beat and each 100 ms.
// Stop     looked at for every block.
// Threads  concurrent calls are safe; nothing is kept from one call to the next.
// Errors   those of the store and of open_audio(), with the path in front; corrupt: no audio in it, or damaged;
//          unavailable: it was changed while it was read; canceled.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include "audio/audio_view.h"
#include "core/progress.h"
#include "core/store.h"
#include "exports/analysis/analysis.h"

namespace dubplate {

struct AnalyzeOptions {
    bool tempo = true;
    bool key = true;
    bool structure = true;
    // Where both are given, the tempo is told within them, as half or double of what was found.
    std::optional<double> min_bpm{};
    std::optional<double> max_bpm{};
    bool name_is_evidence = true;  // false: a number in the name says nothing; the content alone decides
};

Result<Analysis> read_facts(Store& store, const std::filesystem::path& path);

Result<Analysis> analyze_file(Store& store, const std::filesystem::path& path,
                              const AnalyzeOptions& options = {}, std::stop_token stop = {},
                              Progress::Part progress = {});

// `audio` is borrowed for the length of the call. name: a number in it is evidence for the tempo, as in a file's name.
Result<Analysis> analyze(AudioView audio, const AnalyzeOptions& options = {}, const std::string& name = {},
                         std::stop_token stop = {});

}  // namespace dubplate
