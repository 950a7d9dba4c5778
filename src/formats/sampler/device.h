// device.h: what a sampler is to Dubplate: one entry of the catalog.
//
// What     SamplerDevice describes a sampler once: rate, depth, lengths, names, banks, pads, and the files of its projects. The
//          linter, the converter, the folder writer, the command line's choices and the docs' tables all read it.
// Adding   one file here that defines a SamplerDevice, one line in catalog.def, one page in docs/formats.
// Samples  every sample file, a plain one as well as a project's, is a header and 16-bit PCM, interleaved, to the end.
// Proof    read_table() gives held() of what was written, and read_header() the layout: losses() says what held() changes.
// Bytes    the same project gives the same bytes; their places stand in `layouts`, which the docs' tables are made from.
// Safety   files that are read may be hostile: every number is checked against the file's size.
// Errors   corrupt, unsupported (an older version, named), limit_exceeded.
// Threads  constant.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/store.h"
#include "formats/sampler/layout.h"
#include "formats/sampler/pad.h"
#include "tags/metadata.h"

namespace dubplate {

// The PCM of a sample's file, and how it is stored. 16 bits.
struct SampleLayout {
    int sample_rate_hz = 0;
    int channels = 0;
    std::int64_t frames = 0;
    bool operator==(const SampleLayout&) const = default;
};

// How one kind of sample file begins. The header's length does not depend on the layout, so that it can be written last.
struct SampleFileKind {
    std::string_view name;       // "wav", "aiff", "smp", "rlnd"
    std::string_view extension;  // "wav", "aif", "SMP", "WAV"
    std::size_t header_bytes = 0;
    std::endian order = std::endian::little;  // of the PCM
    // `place`: of the pad that a project's sample belongs to; not used by plain files.
    Bytes (*write_header)(const SampleLayout& layout, PadPlace place) = nullptr;
    // header: at least the first header_bytes of the file, where it has them. A file that is cut off or has anything behind
    // its audio is corrupt.
    Result<SampleLayout> (*read_header)(std::span<const std::byte> header,
                                        std::uint64_t file_bytes) = nullptr;
};

// Picture files that a unit shows: one bit for each pixel.
struct ScreenPicture {
    std::string_view name;  // "startup", "screen_saver"
    int count = 0;          // how many there may be
};

struct SamplerDevice {
    std::string_view name;   // "sp404mk2", as on the command line
    std::string_view title;  // "Roland SP-404MKII"
    int sample_rate_hz = 0;
    int max_channels = 2;
    int min_milliseconds = 0;     // shorter samples are refused by the unit
    int padded_milliseconds = 0;  // what short ones are padded to
    std::int64_t max_frames = 0;  // of one sample
    std::span<const SampleFileKind* const>
        plain_files;  // what it imports and we write: wav, aiff; the first is the default
    int banks = 0;
    int pads_per_bank = 0;
    int projects = 0;  // that the unit holds; numbered from 1
    int max_chops = 0;
    std::size_t max_pad_name = 0;
    std::size_t max_project_name = 0;
    double min_bpm = 0, max_bpm = 0, default_bpm = 0;
    std::filesystem::path import_folder;      // on the card: "IMPORT"
    std::span<const ScreenPicture> pictures;  // empty: it shows none
    int picture_width = 0, picture_height = 0;
    std::filesystem::path picture_folder{};  // below the project's folder: "PICTURE"

    // ---- the loadable project ----
    const SampleFileKind* project_file = nullptr;
    std::filesystem::path (*project_folder)(int project) = nullptr;  // "PROJECT_01"
    std::filesystem::path (*sample_path)(PadPlace place) = nullptr;  // below it: "SMPL/BANK1-01.SMP"
    std::filesystem::path table_path;                                // below it: "PADCONF.BIN"
    bool holds_project = true;  // the table has a name and a tempo for the whole project
    // Of every pad, loaded or not. The pads' places are those of the device; what it cannot hold is written as held().
    Bytes (*write_table)(const SamplerProject& project) = nullptr;
    // channels: of each pad's sample, by index_of(), as its own header tells: not every table does. A pad whose number is 0,
    // or missing, has no sample beside the table: it is given with 0 channels and frames.
    Result<SamplerProject> (*read_table)(std::span<const std::byte> table,
                                         std::span<const int> channels) = nullptr;
    SamplerPad (*held_pad)(const SamplerPad& pad) = nullptr;  // as the device holds it
    std::span<const RecordLayout* const> layouts{};           // of all its files, for the docs

    // What comes back from the device's files, and how that differs. A tempo that is the device's own default is none.
    SamplerProject held(const SamplerProject& project) const;
    std::vector<Loss> losses(const SamplerPad& pad) const;
    std::vector<Loss> losses(const SamplerProject& project) const;  // and of all its pads

    int pads() const { return banks * pads_per_bank; }
    bool has(PadPlace place) const;
    std::size_t index_of(PadPlace place) const;  // from 0, bank by bank
    PadPlace place_at(std::size_t index) const;
    std::int64_t min_frames() const;                                          // rounded up
    std::int64_t padded_frames() const;                                       // likewise
    const SampleFileKind* find_plain_file(std::string_view kind_name) const;  // null: none
    // "A1", "b07", "J16" to a place. Errors: invalid_argument with what there is.
    Result<PadPlace> parse_place(std::string_view text) const;
};

std::span<const SamplerDevice* const> sampler_devices();          // in the order of catalog.def
const SamplerDevice* find_sampler_device(std::string_view name);  // null: none

// Plain files: no chunk but those of the format and the audio. (Some readers refuse all else.)
extern const SampleFileKind plain_wav;   // 44 bytes: RIFF, fmt of 16, data
extern const SampleFileKind plain_aiff;  // 54 bytes: FORM, COMM, SSND

}  // namespace dubplate
