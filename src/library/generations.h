// generations.h: prompts, and what was generated from them.
//
// States   pending, processing, completed, failed, canceled (requirements R5 D 10). A generation moves forward only.
// Errors   not_found, already_exists (the id), invalid_argument (a prompt of 3 to 500 characters; a step back), those of the database.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "library/catalog.h"

namespace dubplate {

struct Generation {
    std::string id{};  // the job's
    std::string prompt{};
    std::string model_name{};
    std::string model_version{};
    double duration_seconds = 0;
    std::optional<std::int64_t> sample_rate{};
    std::optional<std::int64_t> channels{};
    std::optional<std::string> file_path{};
    std::optional<std::int64_t> file_size_bytes{};
    std::string status = "pending";
    std::int64_t created_at = 0;
    std::optional<std::int64_t> completed_at{};
    std::optional<double> generation_time_seconds{};
    std::optional<std::string> error_message{};
    std::string details = "{}";  // JSON
};

struct Prompt {
    std::int64_t id = 0;
    std::string text{};
    std::int64_t used_count = 0;
    std::int64_t first_used_at = 0;
    std::int64_t last_used_at = 0;
};

// Its prompt is counted as used.
Status create_generation(Catalog& catalog, const Generation& generation);
// Status and what is known with it: file, times, error, details.
Status update_generation(Catalog& catalog, const Generation& generation);
Result<Generation> find_generation(Catalog& catalog, const std::string& id);
// The newest first. status: "" for all.
Status list_generations(Catalog& catalog, const std::string& status, std::int64_t limit,
                        const std::function<Status(const Generation&)>& take);
// What the list asks the database, for the test of its plan.
std::string generations_sql(bool of_one_status);
Result<std::map<std::string, std::int64_t>> count_generations(Catalog& catalog);  // by status
// The last used first.
Status list_prompts(Catalog& catalog, std::int64_t limit, const std::function<Status(const Prompt&)>& take);
std::string prompts_sql();

}  // namespace dubplate
