#include <fmt/format.h>
#include <malloc.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <span>
#include <stop_token>
#include <string_view>
#include <thread>

#include "apps/cli/command.h"
#include "core/text.h"
#include "core/version.h"
#include "core/worker_pool.h"

namespace {

// Waits for Ctrl-C, SIGTERM and the end of the terminal on a thread of its own, so that no handler runs inside other code. A
// second Ctrl-C ends the program at once.
class StopOnSignal {
  public:
    StopOnSignal() {
        // A closed pipe and a file past the shell's limit are errors of the write, not the end.
        std::signal(SIGPIPE, SIG_IGN);
        std::signal(SIGXFSZ, SIG_IGN);
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGINT);
        sigaddset(&signals_, SIGTERM);
        if (!is_ignored(SIGHUP)) sigaddset(&signals_, SIGHUP);  // nohup lets the work go on
        sigaddset(&signals_, wake_up);
        pthread_sigmask(SIG_BLOCK, &signals_, nullptr);  // before any thread is made: all inherit it
        thread_ = std::jthread([this](std::stop_token done) { wait(done); });
    }
    ~StopOnSignal() {
        thread_.request_stop();
        pthread_kill(thread_.native_handle(), wake_up);
    }
    std::stop_token token() const { return stop_.get_token(); }

  private:
    static constexpr int wake_up = SIGUSR1;

    static bool is_ignored(int signal) {
        struct sigaction action {};
        return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
    }

    void wait(const std::stop_token& done) {
        while (!done.stop_requested()) {
            int signal = 0;
            sigwait(&signals_, &signal);
            if (signal == wake_up) continue;
            // The system and the shell both tell that the terminal is gone: the second time asks for nothing more.
            const bool again = stop_.stop_requested() && signal != SIGHUP;
            if (again) std::_Exit(dubplate::info(dubplate::ErrorCode::canceled).exit_status);
            stop_.request_stop();
        }
    }

    sigset_t signals_{};
    std::stop_source stop_;
    std::jthread thread_;
};

// Whoever read it has had enough, as head has after ten lines: that is no fault.
bool reader_is_gone() {
    pollfd output{STDOUT_FILENO, 0, 0};
    return ::poll(&output, 1, 0) > 0 && (output.revents & POLLERR) != 0;
}

// What was printed counts as delivered only when the system has taken it: a full disk shows itself here at the latest.
int with_output_checked(int exit_status) {
    errno = 0;
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_status;
    const int said = errno;
    if (reader_is_gone()) return exit_status;
    const std::string reason = said == 0 ? "" : fmt::format(": {}", std::strerror(said));
    const int failed = dubplate::cli::report_error(
        dubplate::fail(dubplate::ErrorCode::io, "cannot write all of standard output" + reason,
                       "see where it is sent; files that were delivered are whole"),
        false);
    return exit_status == 0 ? failed : exit_status;
}

// CLI11 would say no more than that a command is missing. `before`: the commands that `parent` is reached by, "library ".
dubplate::Status check_command(const CLI::App& parent, std::span<char*> given,
                               const std::string& before = {}) {
    std::vector<std::string> names;
    const auto commands = parent.get_subcommands([](const CLI::App*) { return true; });
    if (commands.empty()) return {};
    for (const CLI::App* command : commands) names.push_back(command->get_name());
    const std::string list = fmt::format("the commands are: {}", fmt::join(names, ", "));
    if (given.empty())
        return dubplate::fail(dubplate::ErrorCode::invalid_argument,
                              before.empty()
                                  ? "no command is given"
                                  : "no command is given after " + before.substr(0, before.size() - 1),
                              list);
    const std::string name = given.front();
    if (name.starts_with("-")) return {};
    if (const auto found = std::ranges::find(names, name); found != names.end())
        return check_command(*commands[static_cast<std::size_t>(found - names.begin())], given.subspan(1),
                             before + name + " ");
    const auto nearest = dubplate::nearest_name(name, names);
    return dubplate::fail(dubplate::ErrorCode::invalid_argument,
                          fmt::format("there is no command \"{}{}\"", before, dubplate::escape_control(name)),
                          nearest ? fmt::format("did you mean {}?", *nearest) : list);
}

// Names of options as they are typed: CLI11 adds the value that a negated flag sets.
class HelpFormatter : public CLI::Formatter {
    std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
        std::string names = CLI::Formatter::make_option_name(option, is_positional);
        constexpr std::string_view set_value = "{false}";
        if (const auto at = names.find(set_value); at != std::string::npos) names.erase(at, set_value.size());
        return names;
    }
};

int run(int argc, char** argv, std::stop_token stop) {
    CLI::App program("Turns music into finished deliverables, and proves each one.", "dubplate");
    program.set_version_flag("--version", std::string(dubplate::version()));
    program.require_subcommand(1);
    program.formatter(std::make_shared<HelpFormatter>());
    program.get_formatter()->column_width(34);
    int exit_status = 0;
    dubplate::cli::add_export_command(program, stop, exit_status);
    dubplate::cli::add_stems_command(program, stop, exit_status);
    dubplate::cli::add_pack_command(program, stop, exit_status);
    dubplate::cli::add_analyze_command(program, stop, exit_status);
    dubplate::cli::add_video_command(program, stop, exit_status);
    dubplate::cli::add_library_command(program, stop, exit_status);
    const bool json =
        std::any_of(argv, argv + argc, [](std::string_view given) { return given == "--json"; });
    if (const auto known =
            check_command(program, std::span(argv, static_cast<std::size_t>(argc)).subspan(argc > 0 ? 1 : 0));
        !known)
        return dubplate::cli::report_error(known.error(), json);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return program.exit(error);  // --help, --version
        return dubplate::cli::report_error(dubplate::fail(dubplate::ErrorCode::invalid_argument, error.what(),
                                                          "--help tells what can be given"),
                                           json);
    }
    return exit_status;
}

}  // namespace

int main(int argc, char** argv) {
    // Threads come and go with the pieces of work. In as many arenas as the allocator likes (eight for each core), what
    // they freed lies scattered, and memory grows with the number of files.
    mallopt(M_ARENA_MAX, dubplate::core_count());
    try {
        // On the heap: g++ 12 wrongly calls a stop_source on the stack of main() uninitialized.
        const auto stop = std::make_unique<StopOnSignal>();
        return with_output_checked(run(argc, argv, stop->token()));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "dubplate: internal: %s; please report this\n", error.what());
        return dubplate::info(dubplate::ErrorCode::internal).exit_status;
    }
}
