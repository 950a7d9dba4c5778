// report_text.h: figures as the report writes them, escaped and ready for HTML.
//
// Signs    a true minus; a plus where a level can stand above full scale or a gain can go both ways.
// Silence  "silent" for loudness without end below.
// Threads  pure functions.
#pragma once

#include "exports/manifest.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace dubplate::report {

std::string lufs(double level);                                 // "−16.0 LUFS"
std::string level(double level);                                // "−16.0": where the unit is plain
std::string dbtp(double level);                                 // "+0.4 dBTP"
std::string lu(double range);                                   // "6.2 LU"
std::string gain_db(double gain);                               // "−6.2 dB"
std::string rate(int sample_rate_hz);                           // "44.1 kHz"
std::string channels(int channels);                             // "stereo"
std::string depth(std::string_view bit_depth);                  // "24 bit", "32 bit float"
std::string grouped(std::int64_t number);                       // "11 134 368", with thin spaces
std::string counted(std::size_t count, std::string_view noun);  // "1 file", "3 files"

// Text from outside: escaped, and set apart from the direction of the text around it.
std::string outside(std::string_view text);

bool is_proven(const ManifestFile& file);  // delivered, and every check and tag as wanted
bool is_canceled(const ManifestFile& file);
std::string encodings(const ManifestFile& file);  // "once", "3 times", "copied"
std::string tag_score(const ManifestFile& file);  // "11/11"
std::string_view base_name(std::string_view path);
double seconds_of(const ManifestFile& file);

}  // namespace dubplate::report
