#include "exports/pack/folder_before.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "exports/pack/preview.h"
#include "exports/pack/verify.h"

namespace dubplate {

namespace {

namespace fs = std::filesystem;

Result<Json> read_files(const PackPlan& plan, const fs::path& path) {
    DUBPLATE_TRY(const auto source, plan.target.store->open(path));
    DUBPLATE_TRY(const Bytes bytes, read_all(*source, max_json_bytes));
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const auto in_the_way = [&](std::string_view what) {
        return fail(ErrorCode::already_exists, fmt::format("{} is there already, {}", path.string(), what),
                    "use --overwrite, or another --output");
    };
    const Result<Json> json = parse_json(text);
    if (!json || !json->is_object() || json->value("format", Json()) != "dubplate-pack-1" ||
        !json->contains("files") || !(*json)["files"].is_array())
        return in_the_way("and is no manifest of a pack");
    if (json->value("device", Json()) != plan.spec.device) return in_the_way("of a pack for another device");
    Json files = Json::array();
    for (const Json& file : (*json)["files"])
        if (file.is_object() && file.contains("path") && file["path"].is_string() &&
            stays_inside(file["path"].get<std::string>()))
            files.push_back(file);
    return files;
}

// Of the pack, those that are there already.
std::vector<fs::path> outputs_there(const PackPlan& plan) {
    std::vector<fs::path> found;
    const auto look = [&](const fs::path& path) {
        if (plan.target.store->exists(path)) found.push_back(path);
    };
    if (plan.is_zip) {
        look(plan.target.output);
        return found;
    }
    const fs::path& folder = plan.target.output;
    std::set<int> banks;
    for (const PlannedSample& sample : plan.samples) {
        for (const SampleFile& file : sample.files) look(folder / file.path);
        for (const PlannedPad& pad : sample.pads) banks.insert(pad.place.bank);
    }
    for (const PlannedPicture& picture : plan.pictures) look(folder / picture.path);
    if (plan.spec.has_project()) look(folder / plan.project_folder() / plan.device->table_path);
    if (plan.spec.preview)
        for (const int bank : banks) look(folder / contact_sheet_path(bank));
    return found;
}

Status check_no_input_is_among(const PackPlan& plan, const std::vector<fs::path>& outputs) {
    if (plan.is_zip || outputs.empty()) return {};
    std::set<fs::path> inputs;
    for (const PackSource& source : plan.sources)
        if (!source.input.path.empty()) inputs.insert(fs::weakly_canonical(source.input.path));
    for (const fs::path& output : outputs)
        if (inputs.contains(fs::weakly_canonical(output.parent_path()) / output.filename()))
            return fail(ErrorCode::invalid_argument, output.string() + " is one of the inputs",
                        "choose another folder with --output");
    return {};
}

}  // namespace

Result<Json> files_before(const PackPlan& plan) {
    const fs::path path = plan.target.output / "manifest.json";
    if (plan.is_zip || !plan.target.store->exists(path)) return Json::array();
    Result<Json> files = read_files(plan, path);
    if (!plan.target.overwrite) return files;
    if (!files) return Json::array();
    Json there = Json::array();
    for (Json& file : *files)
        if (plan.target.store->exists(plan.target.output / file["path"].get<std::string>()))
            there.push_back(std::move(file));
    return there;
}

Status check_nothing_in_the_way(const PackPlan& plan) {
    const std::vector<fs::path> outputs = outputs_there(plan);
    DUBPLATE_CHECK(check_no_input_is_among(plan, outputs));
    if (plan.target.overwrite || outputs.empty()) return {};
    return fail(ErrorCode::already_exists, outputs.front().string() + " is there already",
                plan.spec.has_project() ? "use --overwrite, another --kit and --project, or another --output"
                                        : "use --overwrite, or another --output");
}

}  // namespace dubplate
