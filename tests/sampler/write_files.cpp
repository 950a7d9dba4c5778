// Writes the files of an SP-404SX card, and what they say as JSON, for parsers that others have written.
// Usage: write_sampler_files FOLDER
#include <fstream>
#include <nlohmann/json.hpp>

#include "formats/sampler/device.h"

namespace dubplate {

namespace {

bool write(const std::filesystem::path& path, std::span<const std::byte> bytes) {
    std::ofstream file(path, std::ios::binary);
    for (const std::byte b : bytes) file.put(static_cast<char>(b));
    return file.good();
}

SamplerPad pad_at(PadPlace place, int number) {
    SamplerPad pad{.place = place, .channels = 1 + number % 2, .frames = 5000 + number};
    pad.begin_frame = 10 * number;
    pad.end_frame = 4900;
    pad.loop_frame = pad.begin_frame;
    pad.settings.level = number;
    pad.settings.gate = number % 3 != 0;
    pad.settings.loop = number % 4 == 0;
    pad.settings.reverse = number % 5 == 0;
    pad.settings.bpm_sync = number % 6 == 0;
    pad.settings.bpm = 60 + number / 2.0;
    return pad;
}

nlohmann::json facts(const SamplerPad& pad) {
    const PadSettings& settings = pad.settings;
    return {{"channels", pad.channels},   {"frames", pad.frames},        {"begin_frame", pad.begin_frame},
            {"end_frame", pad.end_frame}, {"level", settings.level},     {"gate", settings.gate},
            {"loop", settings.loop},      {"reverse", settings.reverse}, {"bpm_sync", settings.bpm_sync},
            {"bpm", *settings.bpm}};
}

// Every pad but each seventh; a sample of its own for each of the first.
bool write_card(const std::filesystem::path& folder) {
    const SamplerDevice& device = *find_sampler_device("sp404sx");
    SamplerProject project{.name = "", .bpm = device.default_bpm, .pads = {}};
    nlohmann::json pads = nlohmann::json::array();
    bool good = true;
    for (int i = 0; i < device.pads(); ++i) {
        const PadPlace place = device.place_at(static_cast<std::size_t>(i));
        if (i % 7 == 6) {
            pads.push_back(nullptr);
            continue;
        }
        const SamplerPad pad = pad_at(place, i);
        project.pads.push_back(pad);
        nlohmann::json json = facts(pad);
        json["file"] = device.sample_path(place).string();
        pads.push_back(std::move(json));
        Bytes sample =
            device.project_file->write_header({device.sample_rate_hz, pad.channels, pad.frames}, place);
        sample.resize(sample.size() + static_cast<std::size_t>(pad.frames * pad.channels * 2));
        good = good && write(folder / device.sample_path(place), sample);
    }
    std::ofstream(folder / "pads.json") << pads.dump(1);
    return good && write(folder / device.table_path, device.write_table(project));
}

}  // namespace

}  // namespace dubplate

int main(int argc, char** argv) {
    return argc == 2 && dubplate::write_card(argv[1]) ? 0 : 1;
}
