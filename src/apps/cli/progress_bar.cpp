#include "apps/cli/progress_bar.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

#include "core/text.h"

namespace dubplate::cli {

namespace {

constexpr int bar_width = 8;
constexpr int bar_columns = bar_width + 4;  // with the brackets, the tip and a blank
constexpr int least_name_columns = 8;

int terminal_width() {
    winsize size{};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string time_left(double seconds) {
    const int whole = static_cast<int>(seconds + 0.5);
    return fmt::format("{}:{:02} left", whole / 60, whole % 60);
}

std::string bar(double fraction) {
    const int filled = static_cast<int>(fraction * bar_width);
    return fmt::format("[{:=>{}}>{:{}}] ", "", filled, "", bar_width - filled);
}

// What must be seen comes first: the bar and the name share the room that is left.
std::string progress_line(const ProgressReport& report, int columns) {
    const std::string done = fmt::format("{:3.0f} %  {} ", report.fraction * 100, report.stage);
    std::string pace;
    if (report.speed > 0) pace += fmt::format("   {:.0f} x real time", report.speed);
    if (report.remaining_seconds) pace += "   " + time_left(*report.remaining_seconds);
    const int room = columns - display_width(done) - display_width(pace);
    const std::string drawn = room >= bar_columns + least_name_columns ? bar(report.fraction) : "";
    const std::string name = shorten_to_width(escape_control(report.item), room - display_width(drawn));
    return truncate_to_width(drawn + done + name + pace, columns);
}

}  // namespace

ProgressBar::ProgressBar(bool quiet) : visible_(!quiet && ::isatty(STDERR_FILENO) == 1) {}

ProgressListener ProgressBar::listener() {
    if (!visible_) return {};
    return [this](const ProgressReport& report) {
        shown_ = true;
        show(report);
    };
}

void ProgressBar::show(const ProgressReport& report) const {
    std::fputs(("\r" + progress_line(report, terminal_width() - 1) + "\x1b[K").c_str(), stderr);
    std::fflush(stderr);
}

void ProgressBar::clear() {
    if (shown_) std::fputs("\r\x1b[K", stderr);
    shown_ = false;
}

}  // namespace dubplate::cli
