#include "apps/cli/report_files.h"

#include <filesystem>
#include <span>

#include "core/store.h"
#include "core/text.h"

namespace dubplate::cli {

namespace {

std::string extension_of(const std::string& path) {
    return to_lower_ascii(std::filesystem::path(path).extension().string());
}

}  // namespace

void add_report_option(CLI::App& command, std::vector<std::string>& reports) {
    command.add_option("--report", reports, "the proof with pictures; may be given twice")
        ->type_name("FILE.html|FILE.json")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

Status check_reports(const std::vector<std::string>& reports, bool overwrite) {
    for (const std::string& path : reports) {
        const std::string extension = extension_of(path);
        if (extension != ".html" && extension != ".htm" && extension != ".json")
            return fail(ErrorCode::invalid_argument,
                        "--report " + path + ": the extension must be .html or .json");
        if (!overwrite && std::filesystem::exists(path))
            return fail(ErrorCode::already_exists, path + " exists already", "use --overwrite to replace it");
    }
    return {};
}

Status write_reports(const std::vector<std::string>& reports, bool overwrite,
                     const std::function<std::string(bool html)>& render) {
    FileStore store;
    for (const std::string& path : reports) {
        const std::string text = render(extension_of(path) != ".json");
        DUBPLATE_TRY(const auto file, store.create(path, {.overwrite = overwrite}));
        DUBPLATE_CHECK(file->append(std::as_bytes(std::span(text))));
        DUBPLATE_CHECK(file->publish());
    }
    return {};
}

}  // namespace dubplate::cli
