// exports.h: what was exported: each export with its manifest, those for the SP-404MK2 sample by sample, and its preferences.
//
// Shape    the tables of requirements R3 D 13 to 16; lists give the newest first, `limit` at most, from `offset` on.
// Errors   those of the database.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "library/catalog.h"

namespace dubplate {

struct ExportRecord {
    std::int64_t id = 0;
    std::string kind{};  // "audio", "stems", "pack", "video"
    std::string output_path{};
    std::int64_t file_count = 0;
    std::int64_t total_size_bytes = 0;
    std::string manifest = "{}";  // JSON
    std::int64_t created_at = 0;
};

Result<std::int64_t> record_export(Catalog& catalog, const ExportRecord& record);
Status list_exports(Catalog& catalog, const std::string& kind, std::int64_t limit,
                    const std::function<Status(const ExportRecord&)>& take);  // kind: "" for all
// What the list asks the database, for the test of its plan; so with the others.
std::string exports_sql(bool of_one_kind);

struct Sp404Sample {
    std::string sample_id{};
    std::string output_filename{};
    std::optional<std::string> output_subfolder{};
    std::optional<std::string> error_message{};  // none: it was converted
    std::int64_t file_size_bytes = 0;
    double conversion_time_seconds = 0;
};

struct Sp404Export {
    std::int64_t id = 0;
    std::optional<std::string> user_id{};
    std::string export_type = "single";  // "batch", "kit"
    std::string output_path{};
    std::string organized_by = "flat";
    std::string format = "wav";
    std::int64_t total_size_bytes = 0;
    double export_duration_seconds = 0;
    std::int64_t sample_count = 0;  // as read
    std::int64_t created_at = 0;
};

Result<std::int64_t> record_sp404_export(Catalog& catalog, const Sp404Export& record,
                                         const std::vector<Sp404Sample>& samples);
Status list_sp404_exports(Catalog& catalog, const std::string& export_type, std::int64_t limit,
                          std::int64_t offset, const std::function<Status(const Sp404Export&)>& take);
std::string sp404_exports_sql(bool of_one_type);
Result<std::vector<Sp404Sample>> list_sp404_samples(Catalog& catalog, std::int64_t export_id);
std::string sp404_samples_sql();

struct Sp404Preferences {
    std::string export_format = "wav";
    std::string default_organization = "flat";
    bool sanitize_filenames = true;
    bool include_metadata = true;
    std::optional<std::string> export_base_path{};
    bool operator==(const Sp404Preferences&) const = default;
};

Result<Sp404Preferences> read_preferences(Catalog& catalog);  // the defaults where none were stored
Status store_preferences(Catalog& catalog, const Sp404Preferences& preferences);

}  // namespace dubplate
