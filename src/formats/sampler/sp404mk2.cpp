// The entry "sp404mk2". Limits and their sources: docs/formats/sp404mk2.md.
#include <fmt/format.h>

#include <array>

#include "formats/sampler/device.h"
#include "formats/sampler/padconf.h"
#include "formats/sampler/plain_files.h"
#include "formats/sampler/screen_bmp.h"
#include "formats/sampler/smp.h"

namespace dubplate {

namespace {

constexpr std::array<const SampleFileKind*, 2> plain_files{&plain_wav, &plain_aiff};
constexpr std::array pictures{ScreenPicture{"startup", 2}, ScreenPicture{"screen_saver", 4}};
constexpr std::array<const RecordLayout*, 8> layouts{
    &plain_wav_layout,    &plain_aiff_layout,  &smp_layout,           &padconf_layout,
    &padconf_head_layout, &padconf_pad_layout, &padconf_chops_layout, &screen_bmp_layout};

std::filesystem::path project_folder(int project) {
    return fmt::format("PROJECT_{:02}", project);
}

std::filesystem::path sample_path(PadPlace place) {
    return fmt::format("SMPL/BANK{}-{:02}.SMP", place.bank + 1, place.number);
}

}  // namespace

extern const SamplerDevice sp404mk2_device = {
    .name = "sp404mk2",
    .title = "Roland SP-404MKII",
    .sample_rate_hz = 48'000,
    .max_channels = 2,
    .min_milliseconds = 100,
    .padded_milliseconds = 120,
    // 16 minutes. The longest sample seen on a unit has 46,126,464 frames.
    .max_frames = std::int64_t{16} * 60 * 48'000,
    .plain_files = plain_files,
    .banks = sp404mk2_banks,
    .pads_per_bank = sp404mk2_pads_per_bank,
    .projects = 16,
    .max_chops = static_cast<int>(sp404mk2_chops),
    .max_pad_name = sp404mk2_pad_name,
    .max_project_name = sp404mk2_project_name,
    .min_bpm = sp404mk2_min_bpm,
    .max_bpm = sp404mk2_max_bpm,
    .default_bpm = sp404mk2_default_bpm,
    .import_folder = "IMPORT",
    .pictures = pictures,
    .picture_width = 128,
    .picture_height = 64,
    .picture_folder = "PICTURE",
    .project_file = &smp_file,
    .project_folder = project_folder,
    .sample_path = sample_path,
    .table_path = "PADCONF.BIN",
    .holds_project = true,
    .write_table = write_padconf,
    .read_table = read_padconf,
    .held_pad = padconf_held,
    .layouts = layouts,
};

}  // namespace dubplate
