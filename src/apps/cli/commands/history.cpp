#include "apps/cli/commands/history.h"

#include <filesystem>
#include <utility>

#include "core/json.h"

namespace dubplate::cli {

namespace {

bool is_there(const std::string& url) {
    std::error_code error;
    return url.find("://") != std::string::npos || std::filesystem::exists(url, error);
}

// Of a catalog that was not named: the export goes on without.
void tell(const Error& error) {
    print_message("the library does not remember this export: " + error.to_string());
}

}  // namespace

void add_catalog_option(CLI::App& command, std::string& catalog) {
    command
        .add_option("--catalog", catalog,
                    "the library that remembers this export [the one in your home, where there is one]")
        ->type_name("PATH|URL");
}

Result<History> find_history(const std::string& catalog) {
    const History history{.catalog = catalog.empty() ? default_catalog_url() : catalog,
                          .named = !catalog.empty()};
    if (!history.named && !is_there(history.catalog)) return History{};
    const Result<Catalog> opened = open_catalog(history.catalog, {.create = history.named});
    if (opened) return history;
    if (history.named) return opened.error();
    tell(opened.error());
    return History{};
}

ExportRecord record_of(std::string kind, std::string output, const Manifest& manifest, const Json& json) {
    ExportRecord record{
        .kind = std::move(kind), .output_path = std::move(output), .manifest = dump_json(json)};
    for (const ManifestItem& item : manifest.items)
        for (const ManifestFile& file : item.files) {
            if (file.error) continue;
            ++record.file_count;
            record.total_size_bytes += static_cast<std::int64_t>(file.bytes);
        }
    return record;
}

Status remember_in(const History& history, const std::function<Status(Catalog&)>& record) {
    if (history.catalog.empty()) return {};
    Result<Catalog> catalog = open_catalog(history.catalog);
    const Status kept = catalog ? record(*catalog) : Status(tl::unexpected(catalog.error()));
    if (kept || history.named) return kept;
    tell(kept.error());
    return {};
}

Status remember(const History& history, const std::function<ExportRecord()>& record) {
    return remember_in(
        history, [&](Catalog& catalog) { return record_export(catalog, record()).map([](std::int64_t) {}); });
}

}  // namespace dubplate::cli
