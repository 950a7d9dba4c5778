#include "library/exports.h"

#include <array>

#include "library/events.h"

namespace dubplate {

namespace {

std::optional<std::string> optional_text(const Row& row, std::size_t column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.text(column));
}

}  // namespace

Result<std::int64_t> record_export(Catalog& catalog, const ExportRecord& record) {
    std::int64_t id = 0;
    DUBPLATE_CHECK(catalog.database.in_transaction([&]() -> Status {
        DUBPLATE_TRY(const auto made,
                     catalog.database.find_integer(
                         "INSERT INTO exports (kind, output_path, file_count, total_size_bytes, manifest, "
                         "created_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
                         {record.kind, record.output_path, record.file_count, record.total_size_bytes,
                          record.manifest, catalog.now()}));
        id = made.value_or(0);
        return record_event(catalog, "exported", record.kind + " " + std::to_string(id), record.output_path);
    }));
    return id;
}

std::string exports_sql(bool of_one_kind) {
    return std::string(
               "SELECT id, kind, output_path, file_count, total_size_bytes, manifest, created_at FROM "
               "exports") +
           (of_one_kind ? " WHERE kind = ?" : "") + " ORDER BY created_at DESC, id DESC LIMIT ?";
}

Status list_exports(Catalog& catalog, const std::string& kind, std::int64_t limit,
                    const std::function<Status(const ExportRecord&)>& take) {
    constexpr std::array types{ColumnType::integer, ColumnType::text, ColumnType::text,   ColumnType::integer,
                               ColumnType::integer, ColumnType::text, ColumnType::integer};
    Values values;
    if (!kind.empty()) values.emplace_back(kind);
    values.emplace_back(limit);
    return catalog.database.query(exports_sql(!kind.empty()), values, types, [&](const Row& row) {
        return take({row.integer(0), row.text(1), row.text(2), row.integer(3), row.integer(4), row.text(5),
                     row.integer(6)});
    });
}

Result<std::int64_t> record_sp404_export(Catalog& catalog, const Sp404Export& record,
                                         const std::vector<Sp404Sample>& samples) {
    std::int64_t id = 0;
    DUBPLATE_CHECK(catalog.database.in_transaction([&]() -> Status {
        DUBPLATE_TRY(const auto made, catalog.database.find_integer(
                                          "INSERT INTO sp404_exports (user_id, export_type, sample_count, "
                                          "output_path, organized_by, format, "
                                          "total_size_bytes, export_duration_seconds, created_at) VALUES (?, "
                                          "?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                                          {value_or_null(record.user_id), record.export_type,
                                           static_cast<std::int64_t>(samples.size()), record.output_path,
                                           record.organized_by, record.format, record.total_size_bytes,
                                           record.export_duration_seconds, catalog.now()}));
        id = made.value_or(0);
        for (const Sp404Sample& sample : samples)
            DUBPLATE_CHECK(catalog.database.execute(
                "INSERT INTO sp404_export_samples (export_id, sample_id, output_filename, output_subfolder, "
                "conversion_successful, error_message, file_size_bytes, conversion_time_seconds) VALUES (?, "
                "?, ?, ?, ?, ?, ?, ?)",
                {id, sample.sample_id, sample.output_filename, value_or_null(sample.output_subfolder),
                 std::int64_t{!sample.error_message}, value_or_null(sample.error_message),
                 sample.file_size_bytes, sample.conversion_time_seconds}));
        return record_event(catalog, "exported", "sp404 " + std::to_string(id), record.output_path);
    }));
    return id;
}

std::string sp404_exports_sql(bool of_one_type) {
    return std::string(
               "SELECT id, user_id, export_type, output_path, organized_by, format, total_size_bytes, "
               "export_duration_seconds, sample_count, created_at FROM sp404_exports") +
           (of_one_type ? " WHERE export_type = ?" : "") +
           " ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?";
}

Status list_sp404_exports(Catalog& catalog, const std::string& export_type, std::int64_t limit,
                          std::int64_t offset, const std::function<Status(const Sp404Export&)>& take) {
    constexpr std::array types{ColumnType::integer, ColumnType::text,   ColumnType::text,    ColumnType::text,
                               ColumnType::text,    ColumnType::text,   ColumnType::integer, ColumnType::real,
                               ColumnType::integer, ColumnType::integer};
    Values values;
    if (!export_type.empty()) values.emplace_back(export_type);
    values.insert(values.end(), {limit, offset});
    return catalog.database.query(
        sp404_exports_sql(!export_type.empty()), values, types, [&](const Row& row) {
            return take({row.integer(0), optional_text(row, 1), row.text(2), row.text(3), row.text(4),
                         row.text(5), row.integer(6), row.real(7), row.integer(8), row.integer(9)});
        });
}

std::string sp404_samples_sql() {
    return "SELECT sample_id, output_filename, output_subfolder, error_message, file_size_bytes, "
           "conversion_time_seconds "
           "FROM sp404_export_samples WHERE export_id = ? ORDER BY id";
}

Result<std::vector<Sp404Sample>> list_sp404_samples(Catalog& catalog, std::int64_t export_id) {
    std::vector<Sp404Sample> samples;
    constexpr std::array types{ColumnType::text, ColumnType::text,    ColumnType::text,
                               ColumnType::text, ColumnType::integer, ColumnType::real};
    DUBPLATE_CHECK(
        catalog.database.query(sp404_samples_sql(), {export_id}, types, [&](const Row& row) -> Status {
            samples.push_back({row.text(0), row.text(1), optional_text(row, 2), optional_text(row, 3),
                               row.integer(4), row.real(5)});
            return {};
        }));
    return samples;
}

Result<Sp404Preferences> read_preferences(Catalog& catalog) {
    Sp404Preferences preferences;
    constexpr std::array types{ColumnType::text, ColumnType::text, ColumnType::integer, ColumnType::integer,
                               ColumnType::text};
    DUBPLATE_CHECK(
        catalog.database.query("SELECT sp404_export_format, sp404_default_organization, "
                               "sp404_sanitize_filenames, sp404_include_metadata, "
                               "sp404_export_base_path FROM preferences WHERE id = 1",
                               {}, types, [&](const Row& row) -> Status {
                                   preferences = {row.text(0), row.text(1), row.integer(2) != 0,
                                                  row.integer(3) != 0, optional_text(row, 4)};
                                   return {};
                               }));
    return preferences;
}

Status store_preferences(Catalog& catalog, const Sp404Preferences& preferences) {
    return catalog.database.in_transaction([&]() -> Status {
        DUBPLATE_CHECK(catalog.database.execute("DELETE FROM preferences"));
        DUBPLATE_CHECK(catalog.database.execute(
            "INSERT INTO preferences (id, sp404_export_format, sp404_default_organization, "
            "sp404_sanitize_filenames, "
            "sp404_include_metadata, sp404_export_base_path) VALUES (1, ?, ?, ?, ?, ?)",
            {preferences.export_format, preferences.default_organization,
             std::int64_t{preferences.sanitize_filenames}, std::int64_t{preferences.include_metadata},
             value_or_null(preferences.export_base_path)}));
        return {};
    });
}

}  // namespace dubplate
