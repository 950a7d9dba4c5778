// names.h: folders and names of a pack's files.
//
// Folders  by genre, tempo or key, of ASCII alone; what is not known goes to unknown_genre, unknown_bpm or unknown_key. Tempi are
//          in half-open ranges: slow, 70-90, ..., fast (requirements R3 C 9); 300 and above are unknown.
// Names    of files: letters, digits, "_" and "-", 255 bytes at most, or as a desktop takes them where that was asked for. Of pads: as
//          many characters as the device stores, where it stores any.
// Threads  pure functions.
#pragma once

#include <string>

#include "exports/pack/plan.h"
#include "organize/file_name.h"

namespace dubplate {

NameProfile profile_of(const PackSpec& spec);
std::string folder_of(const PackSpec& spec, const PackSource& source);  // empty: none
std::string bpm_folder(const std::vector<double>& ranges, std::optional<double> bpm);
std::string bank_folder(int bank);                                   // "bank_A"
std::string pad_file_stem(PadPlace place, const std::string& name);  // "pad_01_kick"
std::string pad_name(const SamplerDevice& device, const std::string& name);

}  // namespace dubplate
