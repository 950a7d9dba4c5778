#include "exports/pack/spec.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/json.h"
#include "core/param_lists.h"
#include "core/text.h"
#include "organize/file_name.h"
#include "organize/name_template.h"

namespace dubplate {

namespace {

constexpr double highest_range_bpm = 300;
constexpr int most_slices = 160;

Error wrong(std::string message, std::string hint = {}) {
    return fail(ErrorCode::invalid_argument, std::move(message), std::move(hint));
}

Status validate_times(const PackPad& pad) {
    if (pad.end_seconds && *pad.end_seconds <= pad.start_seconds)
        return wrong("end_seconds: does not lie after start_seconds");
    if (pad.loop_seconds && !pad.settings.loop)
        return wrong("loop_seconds: has no effect: the pad does not loop", "add \"loop\": true");
    if (pad.loop_seconds &&
        (*pad.loop_seconds < pad.start_seconds || (pad.end_seconds && *pad.loop_seconds >= *pad.end_seconds)))
        return wrong("loop_seconds: does not lie between start_seconds and end_seconds");
    if (!std::ranges::is_sorted(pad.chop_seconds, std::less_equal<>()))
        return wrong("chop_seconds: must ascend");
    return {};
}

Status validate_pads(const PackSpec& spec, const SamplerDevice& device) {
    std::vector<PadPlace> taken;
    for (std::size_t i = 0; i < spec.pads.size(); ++i) {
        const PackPad& pad = spec.pads[i];
        const std::string path = fmt::format("pads[{}]", i);
        if (pad.sample.empty()) return wrong(path + ".sample: is not given", "name the pad's audio file");
        const Result<PadPlace> place = device.parse_place(pad.pad);
        if (!place) return Error(place.error()).in_context(path + ".pad");
        if (std::ranges::find(taken, *place) != taken.end())
            return wrong(fmt::format("{}.pad: {} is taken", path, place->to_string()),
                         "a pad holds one sample; a sample may lie on several pads");
        taken.push_back(*place);
        if (Status times = validate_times(pad); !times) return Error(times.error()).in_context(path);
        if (static_cast<int>(pad.chop_seconds.size()) > device.max_chops)
            return wrong(fmt::format("{}.chop_seconds: {} chops; the {} holds {}", path,
                                     pad.chop_seconds.size(), device.title, device.max_chops));
    }
    return {};
}

Status validate_layout(const PackSpec& spec, const SamplerDevice& device) {
    if (spec.format && device.find_plain_file(*spec.format) == nullptr) {
        std::vector<std::string> names;
        for (const SampleFileKind* kind : device.plain_files) names.emplace_back(kind->name);
        return wrong(fmt::format("format: the {} is not given {}", device.title, *spec.format),
                     fmt::format("use {}", fmt::join(names, " or ")));
    }
    for (std::size_t i = 1; i < spec.bpm_ranges.size(); ++i)
        if (spec.bpm_ranges[i] <= spec.bpm_ranges[i - 1]) return wrong("bpm_ranges: must ascend");
    if (spec.bpm_ranges.empty() || spec.bpm_ranges.back() >= highest_range_bpm)
        return wrong("bpm_ranges: must be one or more tempi below 300");
    DUBPLATE_TRY(const NameTemplate name, NameTemplate::parse(spec.name));
    if (name.needs_measurement()) return wrong("name: {lufs} and {tp} are not known of samples");
    if (spec.project > device.projects)
        return wrong(fmt::format("project: {} is outside 1 to {}, those of the {}", spec.project,
                                 device.projects, device.title));
    const auto count_of = [&](std::string_view kind) {
        const auto found = std::ranges::find(device.pictures, kind, &ScreenPicture::name);
        return found == device.pictures.end() ? 0 : found->count;
    };
    for (const auto& [kind, given] :
         {std::pair<std::string_view, std::size_t>{"startup", spec.startup.size()},
          {"screen_saver", spec.screen_saver.size()}})
        if (static_cast<int>(given) > count_of(kind))
            return wrong(
                fmt::format("{}: {} pictures; the {} shows {}", kind, given, device.title, count_of(kind)));
    return {};
}

Status validate_kit(const PackSpec& spec) {
    if (!spec.inputs.empty() && !spec.pads.empty())
        return wrong("inputs and pads contradict each other", "name a kit or audio files, not both");
    if (!spec.pads.empty() && spec.organize != Organize::flat && spec.organize != Organize::kit)
        return wrong("organize: pads are laid out as a kit", "leave it out");
    if (spec.slice.empty()) return {};
    if (!spec.pads.empty())
        return wrong("slice: the pads of a kit name their own places", "give one audio file");
    if (spec.slice != "beats" && spec.slice != "onsets" && !slice_count(spec.slice))
        return wrong(fmt::format("slice: \"{}\" is neither beats nor onsets nor a number from 1 to {}",
                                 escape_control(spec.slice), most_slices));
    if (!spec.slices.empty() && !slice_range(spec.slices))
        return wrong(fmt::format("slices: \"{}\" is no range", escape_control(spec.slices)),
                     "write the first and the last of them, as in 1-16");
    return {};
}

bool is_asked(const Json& asked, std::string_view path) {
    const Json* value = find_at_path(asked, path);
    return value != nullptr && !value->is_null();
}

}  // namespace

std::optional<int> slice_count(const std::string& slice) {
    const auto number = parse_integer(slice);
    if (!number || *number < 1 || *number > most_slices) return std::nullopt;
    return static_cast<int>(*number);
}

std::optional<std::pair<int, int>> slice_range(const std::string& slices) {
    const std::size_t dash = slices.find('-');
    const auto first = parse_integer(slices.substr(0, dash));
    const auto last = dash == std::string::npos ? first : parse_integer(slices.substr(dash + 1));
    if (!first || !last || *first < 1 || *last < *first || *last > every_slice.second) return std::nullopt;
    return std::pair(static_cast<int>(*first), static_cast<int>(*last));
}

const SamplerDevice& device_of(const PackSpec& spec) {
    const SamplerDevice* device = find_sampler_device(spec.device);
    DUBPLATE_ASSERT(device != nullptr);
    return *device;
}

const SampleFileKind& file_kind_of(const PackSpec& spec) {
    const SamplerDevice& device = device_of(spec);
    return spec.format ? *device.find_plain_file(*spec.format) : *device.plain_files.front();
}

Result<PackSpec> read_pack_spec(const Json& json, const std::filesystem::path& base) {
    if (!json.is_object()) return wrong("the kit must be a JSON object");
    Json flat = json;
    flat.erase("pads");
    DUBPLATE_TRY(PackSpec spec, pack_spec_params().read(flat));
    DUBPLATE_CHECK(read_list(json, "pads", pack_pad_params(), spec.pads));
    const auto resolve = [&](std::string& file) {
        if (!base.empty() && !file.empty() && std::filesystem::path(file).is_relative())
            file = (base / file).string();
    };
    for (PackPad& pad : spec.pads) resolve(pad.sample);
    for (std::string& picture : spec.startup) resolve(picture);
    for (std::string& picture : spec.screen_saver) resolve(picture);
    DUBPLATE_CHECK(validate(spec));
    return spec;
}

Json write_pack_spec(const PackSpec& spec) {
    Json json = pack_spec_params().write(spec);
    json["pads"] = write_list(spec.pads, pack_pad_params());
    return json;
}

Json pack_spec_schema() {
    Json schema = make_schema(pack_spec_params().params(), "Dubplate sampler pack");
    schema["properties"]["pads"] = list_schema(pack_pad_params(), "pad");
    return schema;
}

Status validate(const PackSpec& spec) {
    const SamplerDevice& device = device_of(spec);
    DUBPLATE_CHECK(validate_layout(spec, device));
    DUBPLATE_CHECK(validate_kit(spec));
    return validate_pads(spec, device);
}

Status check_asked(const Json& asked, const PackSpec& spec) {
    const auto unused = [](std::string_view path, std::string_view why, std::string hint) {
        return wrong(fmt::format("{}: has no effect: {}", path, why), std::move(hint));
    };
    if (is_asked(asked, "target_lufs") && spec.normalize != PackNormalize::loudness)
        return unused("target_lufs", "no loudness is aimed at", "add --normalize loudness");
    if (is_asked(asked, "true_peak_dbtp") && spec.normalize == PackNormalize::off)
        return unused("true_peak_dbtp", "nothing is normalized", "add --normalize peak");
    if (is_asked(asked, "bpm_ranges") && spec.organize != Organize::bpm)
        return unused("bpm_ranges", "nothing is sorted by tempo", "add --organize bpm");
    if (is_asked(asked, "slices") && spec.slice.empty())
        return unused("slices", "nothing is cut", "add --slice beats, onsets or a number");
    if (is_asked(asked, "organize") && !spec.slice.empty() && spec.organize != Organize::kit)
        return unused("organize", "slices lie on pads, as a kit", "leave it out, or cut without it");
    const bool makes_pads = spec.is_kit();
    for (const std::string_view path : {"project", "bpm", "startup", "screen_saver"})
        if (is_asked(asked, path) && !(makes_pads && spec.write_project))
            return unused(path, "there is no project", "add --organize kit, or give a kit");
    if (is_asked(asked, "preview") && spec.preview && !makes_pads)
        return unused("preview", "there are no pads", "add --organize kit, or give a kit");
    return {};
}

}  // namespace dubplate
