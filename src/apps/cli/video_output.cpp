#include "apps/cli/video_output.h"

#include <fmt/format.h>

#include "apps/cli/table.h"
#include "core/text.h"

namespace dubplate::cli {

namespace {

std::string facts_text(const VideoPlan& plan) {
    return fmt::format("{}x{}, {:.6g} fps, {} frames, {}", plan.settings.width, plan.settings.height,
                       plan.settings.rate.hz(), plan.frames, format_duration(plan.seconds()));
}

std::string warnings_text(const std::vector<std::string>& warnings) {
    std::string text;
    for (const std::string& warning : warnings) text += "  warning: " + escape_control(warning) + "\n";
    return text;
}

}  // namespace

std::string plan_text(const VideoPlan& plan) {
    const Project& project = plan.stage->project();
    std::string text = fmt::format("{}\n", facts_text(plan));
    text += fmt::format("{}: {}, {} tracks{}\n", plan.kind, escape_control(project.name),
                        project.tracks.size(), plan.bpm ? fmt::format(", {:.1f} bpm", *plan.bpm) : "");
    text += plan.sound ? fmt::format("sound: {}, {} Hz, {} channels, AAC {} kbit/s\n",
                                     escape_control(plan.sound->name), plan.sound_format.sample_rate_hz,
                                     plan.sound_format.channels, plan.spec.audio_bitrate_kbps)
                       : "sound: none\n";
    return text +
           fmt::format("renderer: {}\nencoder: {}\n", escape_control(plan.renderer.name),
                       encoder_text(plan.settings)) +
           warnings_text(plan.warnings) +
           fmt::format("\nabout {} in {}; nothing was written\n", format_bytes(plan.estimated_bytes),
                       escape_control(plan.file.string()));
}

std::string report_text(const VideoReport& report, const VideoPlan& plan) {
    std::string text = facts_text(plan) + "\n\n";
    Table table({Align::left, Align::left, Align::left, Align::left});
    table.row({"proof", "found", "wanted", ""});
    for (const ProofCheck& check : report.checks)
        table.row({check.name, check.found, check.wanted, check.passed ? "ok" : "FAILED"});
    const double seconds = report.render_seconds + report.prove_seconds;
    return text + table.text() + warnings_text(report.warnings) +
           fmt::format("\n{}   {}   {:.1f} s, {:.0f} frames a second, {:.1f} x real time\n",
                       escape_control(report.path), format_bytes(report.bytes), seconds,
                       static_cast<double>(plan.frames) / report.render_seconds, plan.seconds() / seconds);
}

std::string still_text(const VideoPlan& plan, const std::string& file, double seconds) {
    return fmt::format("{}   {}x{}, at {}\n", escape_control(file), plan.settings.width, plan.settings.height,
                       format_duration(seconds));
}

std::string frames_text(const VideoPlan& plan, const std::string& folder) {
    return fmt::format("{}   {} pictures, {}x{}\n", escape_control(folder), plan.frames, plan.settings.width,
                       plan.settings.height);
}

Json frames_json(const VideoPlan& plan, const std::string& folder) {
    return {{"items",
             {{{"input", plan.spec.input},
               {"status", "done"},
               {"error", nullptr},
               {"folder", folder},
               {"frames", plan.frames},
               {"width", plan.settings.width},
               {"height", plan.settings.height}}}},
            {"summary", {{"kind", "frames"}, {"inputs", 1}, {"done", 1}, {"failed", 0}}}};
}

Json still_json(const VideoPlan& plan, const std::string& file, double seconds) {
    return {{"items",
             {{{"input", plan.spec.input},
               {"status", "done"},
               {"error", nullptr},
               {"files",
                {{{"path", file},
                  {"format", "png"},
                  {"width", plan.settings.width},
                  {"height", plan.settings.height},
                  {"seconds", seconds}}}}}}},
            {"summary", {{"kind", "still"}, {"inputs", 1}, {"done", 1}, {"failed", 0}}}};
}

}  // namespace dubplate::cli
