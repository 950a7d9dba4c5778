#include "exports/pack/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/units.h"

namespace dubplate {

namespace {

Json to_json(const PackFile& file) {
    Json checks = Json::array();
    for (const ProofCheck& check : file.checks)
        checks.push_back({{"name", check.name},
                          {"wanted", check.wanted},
                          {"found", check.found},
                          {"passed", check.passed}});
    return {{"path", file.path},
            {"kind", file.kind},
            {"bytes", file.bytes},
            {"sha256", file.sha256},
            {"checks", std::move(checks)}};
}

Json to_json(const PackSample& sample) {
    Json files = Json::array();
    for (const PackFile& file : sample.files) files.push_back(to_json(file));
    Json losses = Json::array();
    for (const Loss& loss : sample.losses) losses.push_back({{"what", loss.what}, {"why", loss.why}});
    return {{"name", sample.name},
            {"converted_sample_rate", sample.layout.sample_rate_hz},
            {"converted_bit_depth", 16},
            {"channels", sample.layout.channels},
            {"frames", sample.layout.frames},
            {"method", sample.kept ? "kept" : "converted"},
            {"gain_db", sample.gain_db},
            {"clipped_samples", sample.clipped_samples},
            {"conversion_time_seconds", sample.seconds},
            {"pads", sample.pads},
            {"files", std::move(files)},
            {"losses", std::move(losses)},
            {"error", sample.error ? Json(*sample.error) : Json()}};
}

Json to_json(const PackItem& item) {
    Json samples = Json::array();
    for (const PackSample& sample : item.samples) samples.push_back(to_json(sample));
    const SampleValidation& v = item.validation;
    return {{"input", item.input},
            {"status", item.status},
            {"validation",
             {{"valid", v.valid()},
              {"duration_ms", v.duration_ms},
              {"meets_duration_requirement", v.meets_duration_requirement},
              {"format_supported", v.format_supported},
              {"file_readable", v.file_readable},
              {"errors", v.errors}}},
            {"original_format", item.source.format},
            {"original_sample_rate", item.source.stream.sample_rate_hz},
            {"samples", std::move(samples)},
            {"error", item.error ? Json(*item.error) : Json()}};
}

std::vector<const PackFile*> all_files(const PackManifest& manifest) {
    std::vector<const PackFile*> files;
    for (const PackItem& item : manifest.items)
        for (const PackSample& sample : item.samples)
            for (const PackFile& file : sample.files) files.push_back(&file);
    for (const PackFile& file : manifest.extras) files.push_back(&file);
    std::ranges::sort(files, {}, [](const PackFile* file) { return file->path; });
    return files;
}

std::string path_of(const Json& file) {
    return file["path"].get<std::string>();
}

// Keeps the order of paths.
void add_files_before(Json& files, const Json& before) {
    std::set<std::string> now;
    for (const Json& file : files) now.insert(path_of(file));
    for (const Json& file : before)
        if (!now.contains(path_of(file))) files.push_back(file);
    std::ranges::sort(files.get_ref<Json::array_t&>(), {}, path_of);
}

std::string csv(const std::string& text) {
    if (text.find_first_of("\",\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + "\"";
}

}  // namespace

std::size_t PackManifest::sample_count() const {
    std::size_t count = 0;
    for (const PackItem& item : items)
        count += static_cast<std::size_t>(
            std::ranges::count_if(item.samples, [](const PackSample& sample) { return !sample.error; }));
    return count;
}

std::size_t PackManifest::failed_count() const {
    std::size_t count = project_error ? 1 : 0;
    for (const PackItem& item : items) {
        if (item.error) ++count;
        for (const PackSample& sample : item.samples)
            if (sample.error) ++count;
    }
    return count;
}

std::uint64_t PackManifest::total_bytes() const {
    std::uint64_t bytes = 0;
    for (const PackFile* file : all_files(*this)) bytes += file->bytes;
    return bytes;
}

Json to_json(const PackManifest& manifest) {
    Json items = Json::array();
    for (const PackItem& item : manifest.items) items.push_back(to_json(item));
    Json extras = Json::array();
    for (const PackFile& file : manifest.extras) extras.push_back(to_json(file));
    Json project = Json::array();
    for (const ProofCheck& check : manifest.project)
        project.push_back({{"name", check.name}, {"passed", check.passed}});
    return {{"items", std::move(items)},
            {"extras", std::move(extras)},
            {"project", std::move(project)},
            {"project_error", manifest.project_error ? Json(*manifest.project_error) : Json()},
            {"warnings", manifest.warnings},
            {"summary",
             {{"kind", "pack"},
              {"version", manifest.version},
              {"device", manifest.device},
              {"kit", manifest.kit},
              {"organized_by", manifest.organized_by},
              {"format", manifest.format},
              {"output", manifest.output},
              {"samples", manifest.sample_count()},
              {"failed", manifest.failed_count()},
              {"total_size_bytes", manifest.total_bytes()},
              {"wall_seconds", manifest.wall_seconds}}}};
}

Json pack_file_json(const PackManifest& manifest, const Json& before) {
    Json sources = Json::object();
    for (const PackItem& item : manifest.items)
        for (const PackSample& sample : item.samples)
            for (const PackFile& file : sample.files)
                sources[file.path] = {std::filesystem::path(item.input).filename().string(),
                                      sample.layout.frames, sample.layout.channels};
    Json files = Json::array();
    for (const PackFile* file : all_files(manifest)) {
        Json entry{
            {"path", file->path}, {"kind", file->kind}, {"bytes", file->bytes}, {"sha256", file->sha256}};
        if (const auto source = sources.find(file->path); source != sources.end()) {
            entry["source"] = (*source)[0];
            if (file->kind == "sample" || file->kind == "project") {
                entry["frames"] = (*source)[1];
                entry["channels"] = (*source)[2];
            }
        }
        files.push_back(std::move(entry));
    }
    add_files_before(files, before);
    return {
        {"format", "dubplate-pack-1"}, {"dubplate", manifest.version},          {"device", manifest.device},
        {"kit", manifest.kit},         {"organized_by", manifest.organized_by}, {"files", std::move(files)}};
}

std::string rename_table(const PackManifest& manifest) {
    std::string text = "sample,delivered,pads\r\n";
    for (const PackItem& item : manifest.items) {
        for (const PackSample& sample : item.samples) {
            if (sample.files.empty()) continue;
            std::string pads;
            for (const std::string& pad : sample.pads) pads += (pads.empty() ? "" : " ") + pad;
            text += fmt::format("{},{},{}\r\n", csv(item.input), csv(sample.files.front().path), pads);
        }
    }
    return text;
}

}  // namespace dubplate
