// spec.h: what a user asks of a sampler pack, as plain data with its defaults in place. A kit file is this spec, written into a
// file: which sample lies on which pad and how it plays, and how to deliver it.
//
// JSON     flat, and a list of objects for the pads. Unknown keys are refused with their path: "pads[2].pann".
// Kits     with pads, the pack is a kit: its folders are banks, and each pad names its sample. Without, each input is a sample;
//          `organize` "kit" lays them on the pads in their order.
// Units    in the names. Levels, pans and groups as the unit shows them.
// Errors   invalid_argument with the path, the value and what is allowed.
// Threads  plain values.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/params.h"
#include "formats/sampler/device.h"

namespace dubplate {

enum class Organize { flat, genre, bpm, key, kit };
enum class PackNormalize { off, peak, loudness };

// One pad of a kit. Times are in seconds of the source.
struct PackPad {
    std::string pad{};                    // "A1"
    std::string sample{};                 // path of its audio, relative to the kit's file
    std::string name{};                   // as the unit shows it; empty: the sample's
    PadSettings settings{.gate = false};  // a hit plays to its end
    double start_seconds = 0;
    std::optional<double> end_seconds{};   // none: to the end
    std::optional<double> loop_seconds{};  // where the loop begins again; none: at the start
    std::vector<double> chop_seconds{};
    bool operator==(const PackPad&) const = default;
};

struct PackSpec {
    std::vector<std::string> inputs{};
    std::vector<PackPad> pads{};
    std::string device = "sp404mk2";
    std::optional<std::string> format{};  // "wav" or "aiff"; none: the device's first
    Organize organize = Organize::flat;
    std::vector<double> bpm_ranges{70, 90, 110, 130, 150};  // where the folders by tempo begin
    bool sanitize = true;                                   // names of letters, digits, "_" and "-" alone
    std::string name = "{title|{input}}";
    bool metadata = false;  // a text sheet beside each sample
    bool pad_short = false;
    std::optional<double> trim_silence_dbfs{};
    PackNormalize normalize = PackNormalize::off;
    double target_lufs = -16;
    double true_peak_dbtp = -1;
    bool mono = false;
    std::int64_t seed = 0;
    std::string slice{};                      // "", "beats", "onsets", or how many equal parts
    std::string slices{};                     // which of them: "17-32", "5"; empty: all
    std::string kit = "kit";                  // the name of the kit, its folder and its project
    std::optional<double> bpm{};              // of the project; none: the device's
    bool write_project = true;                // where there are pads
    int project = 1;                          // its number on the unit
    bool preview = false;                     // each pad as the unit plays it, and a sheet for each bank
    std::vector<std::string> startup{};       // pictures that the unit shows when it starts
    std::vector<std::string> screen_saver{};  // and when it rests
    std::string rename_table{};               // path of a CSV: what became of which name
    bool operator==(const PackSpec&) const = default;

    // Are there pads?
    bool is_kit() const { return !pads.empty() || organize == Organize::kit || !slice.empty(); }
    bool has_project() const { return is_kit() && write_project; }
};

const ParamTable<PackSpec>& pack_spec_params();  // all but the pads
const ParamTable<PackPad>& pack_pad_params();

// base: what relative files of pads are relative to; empty: the working folder.
Result<PackSpec> read_pack_spec(const Json& json, const std::filesystem::path& base = {});
Json write_pack_spec(const PackSpec& spec);
Json pack_spec_schema();

// What contradicts itself or cannot be done whatever the samples.
Status validate(const PackSpec& spec);
// What the user said now and the spec made of it would not use.
Status check_asked(const Json& asked, const PackSpec& spec);

const SamplerDevice& device_of(const PackSpec& spec);      // of a valid spec
const SampleFileKind& file_kind_of(const PackSpec& spec);  // likewise
inline constexpr std::pair<int, int> every_slice{1, std::numeric_limits<int>::max()};
std::optional<std::pair<int, int>> slice_range(const std::string& slices);  // from 1; none: not a range
std::optional<int> slice_count(const std::string& slice);  // none: not a number from 1 to 160

}  // namespace dubplate
