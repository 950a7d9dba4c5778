#include "library/files/verify.h"

#include <fmt/format.h>

#include <array>
#include <set>

#include "core/hash.h"
#include "core/store.h"
#include "library/add.h"
#include "library/files/disk.h"

namespace dubplate {

namespace {

namespace fs = std::filesystem;

struct Expected {
    std::string path;
    std::string sha256;
    std::int64_t size_bytes = 0;
};

class Verifier {
  public:
    Verifier(Catalog& catalog, bool quick, const std::function<void(const Finding&)>& report,
             std::stop_token stop)
        : catalog_(catalog), quick_(quick), report_(report), stop_(std::move(stop)) {}

    Status check_assets() {
        constexpr std::array types{ColumnType::text, ColumnType::text, ColumnType::integer};
        DUBPLATE_CHECK(
            catalog_.database.query("SELECT f.path, a.sha256, f.size_bytes FROM asset_files f JOIN assets a "
                                    "ON a.id = f.asset_id ORDER BY f.path",
                                    {}, types, [&](const Row& row) {
                                        return check({row.text(0), row.text(1), row.integer(2)});
                                    }));
        constexpr std::array id_and_title{ColumnType::text, ColumnType::text};
        return catalog_.database.query("SELECT id, title FROM assets WHERE path = '' ORDER BY id", {},
                                       id_and_title, [&](const Row& row) -> Status {
                                           find("missing", row.text(1),
                                                "the asset " + row.text(0) + " has no file left");
                                           return {};
                                       });
    }

    Status check_outputs(OutputFiles& outputs) {
        std::set<std::string> known;
        DUBPLATE_CHECK(outputs.list({}, [&](const Output& output) -> Status {
            const std::string path = outputs.full_path(output.path).string();
            known.insert(path);
            return check({path, output.sha256, output.size_bytes});
        }));
        std::error_code error;
        if (!fs::exists(outputs.folder(), error)) return {};
        for (fs::recursive_directory_iterator entry(outputs.folder(), error), end; !error && entry != end;
             entry.increment(error)) {
            if (entry->is_directory(error) || entry->path() == outputs.folder() / lock_name) continue;
            if (!known.contains(entry->path().string()))
                find("stray", entry->path().string(), "the catalog does not know it");
        }
        return error ? Status(system_error(error.value(), outputs.folder().string())) : Status();
    }

    Status check_database() {
        if (catalog_.database.dialect() != Dialect::sqlite) return {};
        DUBPLATE_TRY(const auto said, catalog_.database.find_text("PRAGMA integrity_check"));
        if (said.value_or("") != "ok")
            find("damaged", catalog_.database.name(), said.value_or("the check says nothing"));
        return {};
    }

    const Verified& verified() const { return verified_; }

  private:
    Status check(const Expected& expected) {
        if (stop_.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        ++verified_.files;
        const auto state = state_of(expected.path);
        if (!state) {
            find(state.error().code == ErrorCode::not_found ? "missing" : "unreadable", expected.path,
                 state.error().message);
        } else if (state->size_bytes != expected.size_bytes) {
            find("changed", expected.path,
                 fmt::format("has {} bytes, not {}", state->size_bytes, expected.size_bytes));
        } else if (!quick_) {
            return check_sum(expected);
        }
        return {};
    }

    Status check_sum(const Expected& expected) {
        FileStore store;
        const auto source = store.open(expected.path);
        const Result<std::string> sum = source ? sha256_of(**source, stop_) : source.error();
        if (!sum && sum.error().code == ErrorCode::canceled) return sum.error();
        if (!sum) {
            find("unreadable", expected.path, sum.error().message);
        } else if (*sum != expected.sha256) {
            find("changed", expected.path, "has other content than when it was added");
        }
        return {};
    }

    void find(std::string problem, const std::string& path, std::string detail) {
        ++verified_.findings;
        report_({std::move(problem), path, std::move(detail)});
    }

    Catalog& catalog_;
    const bool quick_;
    const std::function<void(const Finding&)>& report_;
    const std::stop_token stop_;
    Verified verified_;
};

}  // namespace

Result<Verified> verify_library(Catalog& catalog, OutputFiles& outputs, bool quick,
                                const std::function<void(const Finding&)>& report, std::stop_token stop) {
    Verifier verifier(catalog, quick, report, std::move(stop));
    DUBPLATE_CHECK(verifier.check_database());
    DUBPLATE_CHECK(verifier.check_assets());
    DUBPLATE_CHECK(verifier.check_outputs(outputs));
    Verified verified = verifier.verified();
    verified.recovered = outputs.recovered();
    return verified;
}

}  // namespace dubplate
