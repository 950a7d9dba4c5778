#include "library/generations.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "library/events.h"

namespace dubplate {

namespace {

constexpr std::size_t shortest_prompt = 3;
constexpr std::size_t longest_prompt = 500;
// In the order in which a generation goes through them; the last three are ends.
constexpr std::array<std::string_view, 5> states{"pending", "processing", "completed", "failed", "canceled"};
constexpr std::size_t first_end = 2;

constexpr std::string_view columns =
    "g.id, p.text, g.model_name, g.model_version, g.duration_seconds, g.sample_rate, g.channels, "
    "g.file_path, g.file_size_bytes, "
    "g.status, g.created_at, g.completed_at, g.generation_time_seconds, g.error_message, g.details FROM "
    "generations g JOIN "
    "prompts p ON p.id = g.prompt_id";
constexpr std::array types{ColumnType::text,    ColumnType::text,    ColumnType::text,    ColumnType::text,
                           ColumnType::real,    ColumnType::integer, ColumnType::integer, ColumnType::text,
                           ColumnType::integer, ColumnType::text,    ColumnType::integer, ColumnType::integer,
                           ColumnType::real,    ColumnType::text,    ColumnType::text};

std::optional<std::string> optional_text(const Row& row, std::size_t column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.text(column));
}

Generation generation_of(const Row& row) {
    return {row.text(0),
            row.text(1),
            row.text(2),
            row.text(3),
            row.real(4),
            row.optional_integer(5),
            row.optional_integer(6),
            optional_text(row, 7),
            row.optional_integer(8),
            row.text(9),
            row.integer(10),
            row.optional_integer(11),
            row.optional_real(12),
            optional_text(row, 13),
            row.text(14)};
}

Result<std::size_t> state_of_name(const std::string& status) {
    const auto found = std::ranges::find(states, status);
    if (found == states.end())
        return fail(ErrorCode::invalid_argument,
                    fmt::format("\"{}\" is none of {}", escape_control(status), fmt::join(states, ", ")));
    return static_cast<std::size_t>(found - states.begin());
}

Result<std::int64_t> use_prompt(Catalog& catalog, const std::string& text) {
    const auto characters =
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    const auto count = static_cast<std::size_t>(characters);
    if (count < shortest_prompt || count > longest_prompt || !is_valid_utf8(text))
        return fail(ErrorCode::invalid_argument, fmt::format("a prompt of {} characters is outside {} to {}",
                                                             count, shortest_prompt, longest_prompt));
    const std::int64_t now = catalog.now();
    DUBPLATE_TRY(
        const auto id,
        catalog.database.find_integer(
            "INSERT INTO prompts (text, used_count, first_used_at, last_used_at) VALUES (?, 1, ?, ?) ON "
            "CONFLICT (text) DO UPDATE SET used_count = prompts.used_count + 1, last_used_at = "
            "excluded.last_used_at RETURNING id",
            {text, now, now}));
    return id.value_or(0);
}

}  // namespace

Status create_generation(Catalog& catalog, const Generation& generation) {
    DUBPLATE_CHECK(state_of_name(generation.status));
    return catalog.database.in_transaction([&]() -> Status {
        DUBPLATE_TRY(const std::int64_t prompt, use_prompt(catalog, generation.prompt));
        DUBPLATE_CHECK(
            catalog.database.execute("INSERT INTO generations (id, prompt_id, model_name, model_version, "
                                     "duration_seconds, sample_rate, channels, "
                                     "file_path, file_size_bytes, status, created_at, details) VALUES (?, ?, "
                                     "?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                     {generation.id, prompt, generation.model_name, generation.model_version,
                                      generation.duration_seconds, value_or_null(generation.sample_rate),
                                      value_or_null(generation.channels), value_or_null(generation.file_path),
                                      value_or_null(generation.file_size_bytes), generation.status,
                                      catalog.now(), generation.details}));
        return record_event(catalog, "generated", generation.id, generation.status);
    });
}

Status update_generation(Catalog& catalog, const Generation& generation) {
    DUBPLATE_TRY(const std::size_t state, state_of_name(generation.status));
    return catalog.database.in_transaction([&]() -> Status {
        DUBPLATE_TRY(const Generation before, find_generation(catalog, generation.id));
        DUBPLATE_TRY(const std::size_t was, state_of_name(before.status));
        if (was >= first_end || state < was)
            return fail(ErrorCode::invalid_argument,
                        fmt::format("generation {} is {} and cannot become {}", generation.id, before.status,
                                    generation.status));
        const auto completed = state >= first_end ? std::optional(catalog.now()) : std::nullopt;
        DUBPLATE_CHECK(catalog.database.execute(
            "UPDATE generations SET sample_rate = ?, channels = ?, file_path = ?, file_size_bytes = ?, "
            "status = ?, completed_at = "
            "?, generation_time_seconds = ?, error_message = ?, details = ? WHERE id = ?",
            {value_or_null(generation.sample_rate), value_or_null(generation.channels),
             value_or_null(generation.file_path), value_or_null(generation.file_size_bytes),
             generation.status, value_or_null(completed), value_or_null(generation.generation_time_seconds),
             value_or_null(generation.error_message), generation.details, generation.id}));
        return record_event(catalog, "generated", generation.id, generation.status);
    });
}

Result<Generation> find_generation(Catalog& catalog, const std::string& id) {
    std::optional<Generation> found;
    DUBPLATE_CHECK(catalog.database.query(fmt::format("SELECT {} WHERE g.id = ?", columns), {id}, types,
                                          [&](const Row& row) -> Status {
                                              found = generation_of(row);
                                              return {};
                                          }));
    if (!found)
        return fail(ErrorCode::not_found, fmt::format("there is no generation {}", escape_control(id)));
    return *std::move(found);
}

std::string generations_sql(bool of_one_status) {
    return fmt::format("SELECT {}{} ORDER BY g.created_at DESC, g.id DESC LIMIT ?", columns,
                       of_one_status ? " WHERE g.status = ?" : "");
}

Status list_generations(Catalog& catalog, const std::string& status, std::int64_t limit,
                        const std::function<Status(const Generation&)>& take) {
    Values values;
    if (!status.empty()) values.emplace_back(status);
    values.emplace_back(limit);
    return catalog.database.query(generations_sql(!status.empty()), values, types,
                                  [&](const Row& row) { return take(generation_of(row)); });
}

Result<std::map<std::string, std::int64_t>> count_generations(Catalog& catalog) {
    std::map<std::string, std::int64_t> counts;
    constexpr std::array pair{ColumnType::text, ColumnType::integer};
    DUBPLATE_CHECK(catalog.database.query("SELECT status, count(*) FROM generations GROUP BY status", {},
                                          pair, [&](const Row& row) -> Status {
                                              counts.emplace(row.text(0), row.integer(1));
                                              return {};
                                          }));
    return counts;
}

std::string prompts_sql() {
    return "SELECT id, text, used_count, first_used_at, last_used_at FROM prompts ORDER BY last_used_at "
           "DESC, id DESC "
           "LIMIT ?";
}

Status list_prompts(Catalog& catalog, std::int64_t limit, const std::function<Status(const Prompt&)>& take) {
    constexpr std::array five{ColumnType::integer, ColumnType::text, ColumnType::integer, ColumnType::integer,
                              ColumnType::integer};
    return catalog.database.query(prompts_sql(), {limit}, five, [&](const Row& row) {
        return take({row.integer(0), row.text(1), row.integer(2), row.integer(3), row.integer(4)});
    });
}

}  // namespace dubplate
