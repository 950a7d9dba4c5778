// export.h: the audio export for programs: one header, three steps or one call.
//
//   AudioSpec spec;                              what is wanted           spec.h
//   auto plan = plan_audio(spec, target);        what will be done        plan.h
//   auto manifest = run_audio(*plan, ...);       done, and measured       run.h, manifest.h
//   prove_audio(file, expectation, ...)          any file, heard again    prove.h
//
// Memory   audio that a program already holds (AudioView: interleaved or planar float32, any strides) goes in without a
//          file through memory_input(), and comes out without one where the target's store is a MemoryStore.
//          export_from_memory() is both in one call.
// Threads  concurrent calls are safe. Nothing is kept from one call to the next.
// Errors   as in the steps; an item that failed carries its error in the manifest.
#pragma once

#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "audio/audio_view.h"
#include "exports/audio/plan.h"
#include "exports/audio/prove.h"
#include "exports/audio/run.h"
#include "exports/audio/spec.h"
#include "exports/manifest.h"

namespace dubplate {

// plan_audio() and run_audio() from and to files.
Result<Manifest> export_audio(const AudioSpec& spec, const ExportTarget& target, RunOptions options = {},
                              ProgressListener listener = {}, std::stop_token stop = {});

struct MemoryExport {
    Manifest manifest;
    std::vector<std::pair<std::string, Bytes>> files;  // name and content of what was delivered
};

// `audio` is borrowed for the length of the call; `name` stands for {input}. Errors: also that of the one item.
Result<MemoryExport> export_from_memory(const AudioSpec& spec, AudioView audio, std::string name,
                                        Metadata metadata = {}, std::stop_token stop = {});

}  // namespace dubplate
