// preview.h: each pad as the unit would play it: from start to end, backwards, round its loop, with its pitch, level and pan.
//
// Length   a loop plays three times. Tempo sync and effects are not rendered.
// Level    the fader and the pan are taken as linear: at 127 and in the middle the sample sounds as it is.
// Files    preview/A01_kick.wav, 16 bits, stereo; bank_A.svg beside them shows a bank's pads, as they lie on the unit.
// Threads  re-entrant.
// Errors   those of the files; canceled.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "exports/pack/convert.h"
#include "exports/pack/made_sample.h"

namespace dubplate {

// The pads of a sample whose length and rates are known: times of the kit as frames of the sample.
void place_pads(MadeSample& made, const SamplerDevice& device, const PackSource& source);

// Adds a preview of each of its pads to its files.
Status add_previews(MadeSample& made, const CreateFile& create, const std::stop_token& stop);

// What a contact sheet shows of a pad.
struct SheetPad {
    SamplerPad pad{};
    std::vector<WaveformColumn> waveform{};
};

std::filesystem::path contact_sheet_path(int bank);
// The pads of one bank, in rows of four; empty pads stay empty.
std::string contact_sheet(const SamplerDevice& device, const std::string& kit, int bank,
                          const std::vector<SheetPad>& pads);

}  // namespace dubplate
