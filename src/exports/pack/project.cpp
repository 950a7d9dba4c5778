#include "exports/pack/project.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "core/units.h"

namespace dubplate {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_table_bytes = 1U << 20U;
constexpr int deepest_folder = 6;
constexpr std::size_t most_entries = 20'000;

std::string text_of(const SamplerPad& pad) {
    const PadSettings& s = pad.settings;
    std::string text =
        fmt::format("{} \"{}\" {} channels, {} frames, {} to {}, loop at {}, level {}, pan {}, pitch {:.2f}",
                    pad.place.to_string(), pad.name, pad.channels, pad.frames, pad.begin_frame, pad.end_frame,
                    pad.loop_frame, s.level, s.pan, s.pitch);
    for (const auto& [is_on, name] : {std::pair(s.gate, "gate"), std::pair(s.loop, "loop"),
                                      std::pair(s.reverse, "reverse"), std::pair(s.bpm_sync, "sync")})
        if (is_on) text += fmt::format(", {}", name);
    text += fmt::format(", mute group {}, bus {}, bpm {}", s.mute_group, static_cast<int>(s.bus),
                        s.bpm ? format_number(*s.bpm) : "default");
    for (const std::int64_t chop : pad.chop_frames) text += fmt::format(", chop {}", chop);
    return text;
}

ProofCheck check(std::string name, std::string wanted, std::string found) {
    const bool passed = wanted == found;
    return {std::move(name), std::move(wanted), std::move(found), passed};
}

// The table of a project below the folder, and whose it is.
struct FoundTable {
    const SamplerDevice* device = nullptr;
    fs::path path{};
};

const SamplerDevice* device_with_table(const fs::path& name) {
    for (const SamplerDevice* device : sampler_devices())
        if (device->table_path == name) return device;
    return nullptr;
}

Result<FoundTable> find_table(const fs::path& folder) {
    std::error_code ignored;
    if (fs::is_regular_file(folder, ignored))
        return fail(ErrorCode::invalid_argument, folder.string() + ": is a file, not a folder",
                    "unpack the archive, and name the folder");
    std::vector<fs::path> found;
    std::error_code error;
    std::size_t entries = 0;
    for (fs::recursive_directory_iterator entry(folder, error), end;
         !error && entry != end && ++entries < most_entries; entry.increment(error)) {
        if (entry.depth() >= deepest_folder) entry.disable_recursion_pending();
        if (entry->is_regular_file(error) && device_with_table(entry->path().filename()) != nullptr)
            found.push_back(entry->path());
    }
    if (error) return fail(ErrorCode::not_found, fmt::format("{}: {}", folder.string(), error.message()));
    if (found.empty())
        return fail(ErrorCode::not_found, folder.string() + ": holds no project",
                    "name the folder with PADCONF.BIN or PAD_INFO.BIN in it");
    std::ranges::sort(found);
    return FoundTable{device_with_table(found.front().filename()), found.front()};
}

// The layout of a pad's sample, or why there is none.
Result<SampleLayout> read_layout(Store& store, const SamplerDevice& device, const fs::path& path) {
    DUBPLATE_TRY(const auto file, store.open(path));
    Bytes header(device.project_file->header_bytes);
    DUBPLATE_TRY(const std::size_t got, file->read_at(0, header));
    header.resize(got);
    return device.project_file->read_header(header, file->size());
}

}  // namespace

std::vector<ProofCheck> compare_project(const SamplerDevice& device, const SamplerProject& wanted,
                                        std::span<const std::byte> table) {
    std::vector<int> channels(static_cast<std::size_t>(device.pads()));
    for (const SamplerPad& pad : wanted.pads) channels[device.index_of(pad.place)] = pad.channels;
    const Result<SamplerProject> found = device.read_table(table, channels);
    if (!found) return {check("project", "readable", found.error().to_string())};
    const SamplerProject held = device.held(wanted);
    std::vector<ProofCheck> checks{
        check("pads", std::to_string(held.pads.size()), std::to_string(found->pads.size())),
        check("name", held.name, found->name),
        check("tempo", format_number(held.bpm), format_number(found->bpm))};
    for (std::size_t i = 0; i < std::min(held.pads.size(), found->pads.size()); ++i)
        checks.push_back(
            check("pad " + held.pads[i].place.to_string(), text_of(held.pads[i]), text_of(found->pads[i])));
    return checks;
}

Result<InspectedProject> inspect_project(Store& store, const fs::path& folder) {
    DUBPLATE_TRY(const FoundTable table, find_table(folder));
    const SamplerDevice& device = *table.device;
    InspectedProject inspected{.device = &device, .folder = table.path.parent_path()};
    std::vector<int> channels;
    std::vector<Result<SampleLayout>> layouts;
    for (std::size_t i = 0; i < static_cast<std::size_t>(device.pads()); ++i) {
        layouts.push_back(
            read_layout(store, device, inspected.folder / device.sample_path(device.place_at(i))));
        channels.push_back(layouts.back() ? layouts.back()->channels : 0);
    }
    DUBPLATE_TRY(const auto file, store.open(table.path));
    DUBPLATE_TRY(const Bytes bytes, read_all(*file, most_table_bytes));
    Result<SamplerProject> project = device.read_table(bytes, channels);
    if (!project) return std::move(project).error().in_context(table.path.string());
    inspected.project = *std::move(project);
    for (const SamplerPad& pad : inspected.project.pads) {
        const Result<SampleLayout>& layout = layouts[device.index_of(pad.place)];
        const std::string status =
            !layout ? layout.error().message
            : layout->frames != pad.frames
                ? fmt::format("the project says {} frames, its sample {}", pad.frames, layout->frames)
                : "ok";
        inspected.pads.push_back({pad, device.sample_path(pad.place).generic_string(), status});
    }
    return inspected;
}

Json to_json(const InspectedProject& inspected) {
    Json items = Json::array();
    for (const InspectedPad& inspected_pad : inspected.pads) {
        const SamplerPad& pad = inspected_pad.pad;
        const PadSettings& s = pad.settings;
        items.push_back({{"pad", pad.place.to_string()},
                         {"name", pad.name},
                         {"file", inspected_pad.file},
                         {"status", inspected_pad.status},
                         {"channels", pad.channels},
                         {"frames", pad.frames},
                         {"begin_frame", pad.begin_frame},
                         {"end_frame", pad.end_frame},
                         {"loop_frame", pad.loop_frame},
                         {"chop_frames", pad.chop_frames},
                         {"level", s.level},
                         {"pan", s.pan},
                         {"pitch", s.pitch},
                         {"gate", s.gate},
                         {"loop", s.loop},
                         {"reverse", s.reverse},
                         {"mute_group", s.mute_group},
                         {"bpm_sync", s.bpm_sync},
                         {"bpm", s.bpm ? Json(*s.bpm) : Json()}});
    }
    return {{"items", std::move(items)},
            {"summary",
             {{"device", inspected.device->name},
              {"folder", inspected.folder.string()},
              {"name", inspected.project.name},
              {"bpm", inspected.project.bpm},
              {"pads", inspected.pads.size()}}}};
}

}  // namespace dubplate
