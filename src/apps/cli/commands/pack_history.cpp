#include "apps/cli/commands/pack_history.h"

#include <filesystem>

#include "core/json.h"
#include "library/exports.h"

namespace dubplate::cli {

namespace {

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
    Preferences preferences;
    DUBPLATE_TRY(preferences.history, find_history(catalog));
    if (preferences.history.catalog.empty()) return preferences;
    DUBPLATE_TRY(Catalog opened, open_catalog(preferences.history.catalog));
    DUBPLATE_TRY(const Sp404Preferences stored, read_preferences(opened));
    preferences.defaults = defaults_of(stored);
    preferences.output = stored.export_base_path;
    return preferences;
}

Status record_pack(const Preferences& preferences, const PackPlan& plan, const PackManifest& manifest) {
    const Sp404Export record = record_of(manifest);
    if (plan.device->name == "sp404mk2")
        DUBPLATE_CHECK(remember_in(preferences.history, [&](Catalog& catalog) {
            return record_sp404_export(catalog, record, samples_of(manifest)).map([](std::int64_t) {});
        }));
    return remember(preferences.history, [&] {
        return ExportRecord{.kind = "pack",
                            .output_path = record.output_path,
                            .file_count = static_cast<std::int64_t>(manifest.sample_count()),
                            .total_size_bytes = record.total_size_bytes,
                            .manifest = dump_json(to_json(manifest))};
    });
}

}  // namespace dubplate::cli
