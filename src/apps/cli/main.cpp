#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <stop_token>
#include <string_view>
#include <thread>

#include "apps/cli/command.h"
#include "core/version.h"

namespace {

// Waits for Ctrl-C and SIGTERM on a thread of its own, so that no handler runs inside other code. A second Ctrl-C ends the
// program at once.
class StopOnSignal {
  public:
    StopOnSignal() {
        // A closed pipe and a file past the shell's limit are errors of the write, not the end.
        std::signal(SIGPIPE, SIG_IGN);
        std::signal(SIGXFSZ, SIG_IGN);
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGINT);
        sigaddset(&signals_, SIGTERM);
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

    void wait(const std::stop_token& done) {
        while (!done.stop_requested()) {
            int signal = 0;
            sigwait(&signals_, &signal);
            if (signal == wake_up) continue;
            if (stop_.stop_requested()) std::_Exit(dubplate::info(dubplate::ErrorCode::canceled).exit_status);
            stop_.request_stop();
        }
    }

    sigset_t signals_{};
    std::stop_source stop_;
    std::jthread thread_;
};

int run(int argc, char** argv, std::stop_token stop) {
    CLI::App program("Turns music into finished deliverables, and proves each one.", "dubplate");
    program.set_version_flag("--version", std::string(dubplate::version()));
    program.require_subcommand(1);
    program.get_formatter()->column_width(34);
    int exit_status = 0;
    dubplate::cli::add_export_command(program, stop, exit_status);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return program.exit(error);  // --help, --version
        const bool json =
            std::any_of(argv + 1, argv + argc, [](std::string_view given) { return given == "--json"; });
        return dubplate::cli::report_error(dubplate::fail(dubplate::ErrorCode::invalid_argument, error.what(),
                                                          "--help tells what can be given"),
                                           json);
    }
    return exit_status;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        // On the heap: g++ 12 wrongly calls a stop_source on the stack of main() uninitialized.
        const auto stop = std::make_unique<StopOnSignal>();
        return run(argc, argv, stop->token());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "dubplate: internal: %s; please report this\n", error.what());
        return dubplate::info(dubplate::ErrorCode::internal).exit_status;
    }
}
