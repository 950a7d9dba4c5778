// The entry "sp404sx", of the SP-404A too. Limits and their sources: docs/formats/sp404sx.md.
#include <fmt/format.h>

#include <array>

#include "formats/sampler/device.h"
#include "formats/sampler/pad_info.h"
#include "formats/sampler/plain_files.h"
#include "formats/sampler/rlnd.h"

namespace dubplate {

namespace {

constexpr std::array<const SampleFileKind*, 2> plain_files{&plain_wav, &plain_aiff};
constexpr std::array<const RecordLayout*, 2> layouts{&rlnd_layout, &pad_info_layout};

std::filesystem::path project_folder(int /*project*/) {
    return "ROLAND/SP-404SX/SMPL";
}

std::filesystem::path sample_path(PadPlace place) {
    return fmt::format("{}{:07}.WAV", static_cast<char>('A' + place.bank), place.number);
}

}  // namespace

extern const SamplerDevice sp404sx_device = {
    .name = "sp404sx",
    .title = "Roland SP-404SX",
    .sample_rate_hz = 44'100,
    .max_channels = 2,
    .min_milliseconds = 100,
    .padded_milliseconds = 120,
    // What the signed sizes of 32 bits hold in stereo; the card is full before.
    .max_frames = ((std::int64_t{1} << 31) - 1 - 512) / 4,
    .plain_files = plain_files,
    .banks = sp404sx_banks,
    .pads_per_bank = sp404sx_pads_per_bank,
    .projects = 1,  // the card itself
    .max_chops = 0,
    .max_pad_name = 0,
    .max_project_name = 0,
    .min_bpm = sp404sx_min_bpm,
    .max_bpm = sp404sx_max_bpm,
    .default_bpm = sp404sx_default_bpm,
    .import_folder = "ROLAND/IMPORT",
    .pictures = {},
    .picture_width = 0,
    .picture_height = 0,
    .picture_folder = {},
    .project_file = &rlnd_file,
    .project_folder = project_folder,
    .sample_path = sample_path,
    .table_path = "PAD_INFO.BIN",
    .holds_project = false,
    .write_table = write_pad_info,
    .read_table = read_pad_info,
    .held_pad = pad_info_held,
    .layouts = layouts,
};

}  // namespace dubplate
