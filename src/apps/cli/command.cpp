#include "apps/cli/command.h"

#include <algorithm>
#include <cstdio>

#include "core/json.h"
#include "core/memory_monitor.h"
#include "core/text.h"
#include "core/worker_pool.h"

namespace dubplate::cli {

namespace {

constexpr int most_default_jobs = 4;
constexpr int most_memory_mib = 1 << 24;
constexpr int most_jobs = 256;

// As it is typed.
std::string text_of(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number_float()) return format_number(value.get<double>());
    if (!value.is_array()) return value.dump();
    std::string text;
    for (const Json& entry : value) text += (text.empty() ? "" : ",") + text_of(entry);
    return text;
}

std::string help_of(const Param& param) {
    std::string help = param.help;
    if (!param.choices.empty()) {
        help += ": ";
        for (const std::string& choice : param.choices)
            help += (choice == param.choices.front() ? "" : ", ") + choice;
    }
    const Json& value = param.default_value;
    const bool telling = !value.is_null() && value != "" && value != Json::array() &&
                         value != Json::object() && value != false;
    if (telling && param.type != ParamType::boolean) {
        help += " [" + text_of(value) +
                (param.unit.empty() || param.type == ParamType::time ? "" : " " + param.unit) + "]";
    }
    return help;
}

CLI::Option* add_option(CLI::App& command, const Param& param) {
    if (param.type == ParamType::boolean)
        return command.add_flag(param.option)
            ->description(help_of(param))
            ->multi_option_policy(CLI::MultiOptionPolicy::Throw);
    CLI::Option* option =
        command.add_option(param.option)->description(help_of(param))->type_name(param.placeholder);
    if (param.placeholder.starts_with("[")) return option->expected(0, 1);
    option->expected(1);
    const bool repeats = param.list || param.type == ParamType::text_map;
    return option->multi_option_policy(repeats ? CLI::MultiOptionPolicy::TakeAll
                                               : CLI::MultiOptionPolicy::Throw);
}

Result<Json> tags_from_options(const std::vector<std::string>& texts) {
    Json tags = Json::object();
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            return fail(ErrorCode::invalid_argument, "--tag " + escape_control(text) + ": has no \"=\"",
                        "write it as --tag title=\"Night Drive\"");
        tags[text.substr(0, equals)] = text.substr(equals + 1);
    }
    return tags;
}

// An option whose value may be left out, and was: what follows it is an input, or the end. Which value is then meant is the
// command's to say.
bool stands_alone(const Param& param, const CLI::Option& option) {
    if (!param.placeholder.starts_with("[")) return false;
    const auto texts = option.as<std::vector<std::string>>();
    return texts.empty() || !parse_number(texts.front());
}

Result<Json> value_of(const Param& param, const CLI::Option& option) {
    if (param.type == ParamType::boolean) return Json(option.as<bool>());
    const auto texts = option.as<std::vector<std::string>>();
    if (param.type == ParamType::text_map) return tags_from_options(texts);
    std::string joined;
    for (const std::string& text : texts) joined += (joined.empty() ? "" : ",") + text;
    return parse_value(param, joined);
}

}  // namespace

void add_common_options(CLI::App& command, CommonOptions& options) {
    command.add_flag("--json", options.json, "print one JSON document, and nothing else, on standard output");
    command.add_flag("--quiet,-q", options.quiet, "print errors alone");
    command.add_flag("--dry-run", options.dry_run, "print the plan and write nothing");
    command.add_flag("--overwrite", options.overwrite, "replace files that exist");
    command
        .add_option("--jobs,-j", options.jobs,
                    "how many inputs are worked on side by side [the cores, 4 at most]")
        ->check(CLI::Range(1, most_jobs).description(""))  // else it stands in the help
        ->type_name("N");
}

void add_memory_option(CLI::App& command, CommonOptions& options) {
    command
        .add_option(
            "--memory", options.memory,
            "fewer side by side where more than so many MiB would be needed [a quarter of what there is]")
        ->check(CLI::Range(1, most_memory_mib).description(""))
        ->type_name("MIB");
}

int job_count(const CommonOptions& options) {
    if (options.jobs > 0) return options.jobs;
    return std::min(core_count(), most_default_jobs);
}

int jobs_on_all_cores(const CommonOptions& options) {
    return options.jobs > 0 ? options.jobs : core_count();
}

std::uint64_t memory_bytes(const CommonOptions& options) {
    if (options.memory > 0) return options.memory << 20;
    return MemoryMonitor().limit().value_or(0) / 4;
}

void ParamOptions::add_to(CLI::App& command, const std::vector<Param>& params) {
    for (const Param& param : params)
        if (!param.option.empty()) options_.push_back({&param, add_option(command, param)});
}

Result<Json> ParamOptions::collect() const {
    Json json = Json::object();
    for (const auto& [param, option] : options_) {
        if (option->count() == 0 || stands_alone(*param, *option)) continue;
        DUBPLATE_TRY(Json value, value_of(*param, *option));
        set_at_path(json, param->path, std::move(value));
    }
    return json;
}

Error ParamOptions::as_typed(Error error) const {
    for (const auto& [param, option] : options_) {
        if (option->count() == 0 || !error.message.starts_with(param->path + ":")) continue;
        error.message.replace(0, param->path.size(), option->get_name());
        break;
    }
    return error;
}

int report_error(const Error& error, bool json) {
    if (json) print_json(Json{{"error", error}});
    print_message(error.to_string());
    return info(error.code).exit_status;
}

void print_line(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
}

void print_json(const Json& json) {
    std::fputs(dump_json(json).c_str(), stdout);
}

void print_message(std::string_view text) {
    const std::string line = "dubplate: " + escape_control(text) + "\n";
    std::fputs(line.c_str(), stderr);
}

}  // namespace dubplate::cli
