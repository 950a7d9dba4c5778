#include "apps/cli/commands/pack_history.h"

#include <filesystem>

#include "apps/cli/command.h"
#include "core/json.h"
#include "library/exports.h"

namespace dubplate::cli {

namespace {

bool is_there(const std::string& url) {
    std::error_code error;
    return url.find("://") != std::string::npos || std::filesystem::exists(url, error);
}

Json defaults_of(const Sp404Preferences& stored) {
    return {{"format", stored.export_format},
            {"organize", stored.default_organization},
            {"sanitize", stored.sanitize_filenames},
            {"metadata", stored.include_metadata}};
}

Sp404Export record_of(const PackManifest& manifest) {
    Sp404Export record{.output_path = manifest.output,
                       .organized_by = manifest.organized_by,
                       .format = manifest.format,
                       .total_size_bytes = static_cast<std::int64_t>(manifest.total_bytes()),
                       .export_duration_seconds = manifest.wall_seconds};
    record.export_type = !manifest.kit.empty() ? "kit" : manifest.items.size() > 1 ? "batch" : "single";
    return record;
}

std::vector<Sp404Sample> samples_of(const PackManifest& manifest) {
    std::vector<Sp404Sample> samples;
    for (const PackItem& item : manifest.items) {
        if (item.error) samples.push_back({.sample_id = item.input, .error_message = item.error->message});
        for (const PackSample& sample : item.samples) {
            Sp404Sample row{.sample_id = item.input, .conversion_time_seconds = sample.seconds};
            if (sample.error) row.error_message = sample.error->message;
            if (!sample.files.empty()) {
                const std::filesystem::path path = sample.files.front().path;
                row.output_filename = path.filename().string();
                if (path.has_parent_path()) row.output_subfolder = path.parent_path().generic_string();
                row.file_size_bytes = static_cast<std::int64_t>(sample.files.front().bytes);
            }
            samples.push_back(std::move(row));
        }
    }
    return samples;
}

}  // namespace

Result<Preferences> read_pack_preferences(const std::string& catalog) {
    Preferences preferences{.catalog = catalog.empty() ? default_catalog_url() : catalog};
    if (catalog.empty() && !is_there(preferences.catalog)) return Preferences{};
    Result<Catalog> opened = open_catalog(preferences.catalog, {.create = !catalog.empty()});
    if (!opened && catalog.empty()) {
        print_message("the library cannot be opened, and will not remember this pack: " +
                      opened.error().to_string());
        return Preferences{};
    }
    if (!opened) return opened.error();
    DUBPLATE_TRY(const Sp404Preferences stored, read_preferences(*opened));
    preferences.defaults = defaults_of(stored);
    preferences.output = stored.export_base_path;
    return preferences;
}

Status record_pack(const Preferences& preferences, const PackPlan& plan, const PackManifest& manifest) {
    if (preferences.catalog.empty()) return {};
    DUBPLATE_TRY(Catalog catalog, open_catalog(preferences.catalog));
    const Sp404Export record = record_of(manifest);
    if (plan.device->name == "sp404mk2")
        DUBPLATE_CHECK(record_sp404_export(catalog, record, samples_of(manifest)));
    return record_export(catalog, {.kind = "pack",
                                   .output_path = record.output_path,
                                   .file_count = static_cast<std::int64_t>(manifest.sample_count()),
                                   .total_size_bytes = record.total_size_bytes,
                                   .manifest = dump_json(to_json(manifest))})
        .map([](std::int64_t) {});
}

}  // namespace dubplate::cli
