// prove_sample.h: reads a sample's file back before it is delivered.
//
// Checks   the name's rules, the header, rate, depth, channels and frames as another reader of ours tells them (the plain files'
//          by formats/audio, which did not write them), the file's length, and every byte of the audio.
// Threads  re-entrant.
// Errors   io and corrupt: it could not be read at all. What was read and is not as wanted is a check that did not pass.
#pragma once

#include <string>

#include "exports/pack/made_sample.h"
#include "exports/pack/sample_writer.h"

namespace dubplate {

// Fills bytes, sha256 and checks of the file.
Status prove_sample(MadeFile& file, const SampleFile& planned, const SampleWriter& written,
                    const PackSpec& spec);

// The first check that did not pass, as an error.
Status first_failure(const std::vector<ProofCheck>& checks);

}  // namespace dubplate
