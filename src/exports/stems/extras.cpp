#include "exports/stems/extras.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/hash.h"
#include "core/units.h"
#include "exports/stems/sheets.h"
#include "formats/daw/reaper_template.h"
#include "zip/read_zip.h"
#include "zip/zip_writer.h"

namespace dubplate {

namespace {

ProofCheck check(std::string name, const std::string& wanted, const std::string& found) {
    return {std::move(name), wanted, found, wanted == found};
}

std::string clip_text(const DawTrack& track) {
    if (track.file.empty()) return "no clip";
    return fmt::format("{} at {}, {} frames", track.file, track.begin_frame, track.frames);
}

std::vector<ProofCheck> compare_tracks(const DawSession& wanted, const DawSession& found) {
    std::vector<ProofCheck> checks;
    checks.push_back(
        check("tracks", std::to_string(wanted.tracks.size()), std::to_string(found.tracks.size())));
    for (std::size_t i = 0; i < std::min(wanted.tracks.size(), found.tracks.size()); ++i)
        checks.push_back(check("clip of " + wanted.tracks[i].name, clip_text(wanted.tracks[i]),
                               clip_text(found.tracks[i])));
    return checks;
}

// A line for each thing that a receiver would miss: tracks, clips, tempo, markers.
std::vector<ProofCheck> compare(const DawFormat& format, const DawSession& wanted, const DawSession& found) {
    std::vector<ProofCheck> checks;
    const auto count = [&](const char* name, std::size_t in_wanted, std::size_t in_found) {
        checks.push_back(check(name, std::to_string(in_wanted), std::to_string(in_found)));
    };
    if (format.holds_clips) {
        checks = compare_tracks(wanted, found);
    } else {
        count("tracks", wanted.tracks.size(), found.tracks.size());
    }
    checks.push_back(
        check("sample rate", std::to_string(wanted.sample_rate_hz), std::to_string(found.sample_rate_hz)));
    count("tempo changes", wanted.tempo.tempos().size(), found.tempo.tempos().size());
    count("markers", wanted.markers.size(), found.markers.size());
    return checks;
}

// Of the tracks of a filled template, those of the session: the user's own stand before, behind or between them.
void keep_tracks_of(const DawSession& session, DawSession& found) {
    std::vector<DawTrack> kept;
    for (DawTrack& track : found.tracks) {
        const std::size_t next = kept.size();
        if (next < session.tracks.size() && track.name == session.tracks[next].name &&
            track.file == session.tracks[next].file)
            kept.push_back(std::move(track));
    }
    found.tracks = std::move(kept);
}

// As a project of another rate tells it.
DawSession at_rate(DawSession session, int sample_rate_hz) {
    for (DawTrack& track : session.tracks) {
        track.begin_frame = resampled_frames(track.begin_frame, session.sample_rate_hz, sample_rate_hz);
        track.frames = resampled_frames(track.frames, session.sample_rate_hz, sample_rate_hz);
    }
    session.sample_rate_hz = sample_rate_hz;
    return session;
}

class Extras {
  public:
    Extras(const StemsPlan& plan, StemsManifest& manifest, std::stop_token stop)
        : plan_(plan), manifest_(manifest), stop_(std::move(stop)) {}

    void add_project(const PlannedProject& project, const DawSession& session) {
        ExtraFile extra{.kind = std::string(project.format->name), .path = project.path.string()};
        for (const Loss& loss : project.losses) extra.losses.push_back({loss.what, loss.why});
        settle(extra, write_project(project, session, extra));
        if (project.format->links != nullptr && !manifest_.extras.back().error)
            add_links(*project.format, session);
    }

    void add_sheet(const Sheet& sheet) {
        ExtraFile extra{.kind = "sheet", .path = (plan_.folder / sheet.path).string()};
        settle(extra, write_sheet(sheet, extra));
    }

    // Everything that was delivered but what holds its audio itself, which is one file already.
    void add_zip() {
        ExtraFile extra{.kind = "zip", .path = plan_.zip.string()};
        settle(extra, write_zip(extra));
    }

  private:
    void settle(ExtraFile& extra, Status status) {
        if (!status) extra.error = std::move(status).error().in_context(extra.path);
        manifest_.extras.push_back(std::move(extra));
    }

    // Without them the project opens all the same.
    void add_links(const DawFormat& format, const DawSession& session) const {
        for (const DawLink& link : format.links(session)) {
            if (const Status status = plan_.target.store->link(plan_.folder / link.path, link.target);
                !status) {
                manifest_.extras.back().losses.push_back({"links to the audio", status.error().to_string()});
                return;
            }
        }
    }

    Status finish(PendingFile& file, ExtraFile& extra) const {
        DUBPLATE_TRY(const auto written, file.read_back());
        extra.bytes = written->size();
        DUBPLATE_TRY(extra.sha256, sha256_of(*written, stop_));
        return file.publish();
    }

    Status write_project(const PlannedProject& project, const DawSession& session, ExtraFile& extra) const {
        DUBPLATE_TRY(const auto file,
                     plan_.target.store->create(project.path, {.overwrite = plan_.target.overwrite}));
        const bool is_filled = project.format->name == "reaper" && !plan_.spec.reaper_template.empty();
        if (is_filled) {
            DUBPLATE_TRY(const std::string text, fill_reaper_template(plan_.template_text, session));
            DUBPLATE_CHECK(file->append(std::as_bytes(std::span(text))));
        } else {
            DUBPLATE_CHECK(project.format->write(session, {plan_.target.store, plan_.folder}, *file, stop_));
        }
        DUBPLATE_TRY(const auto written, file->read_back());
        DUBPLATE_TRY(DawSession found, project.format->read(*written));
        if (is_filled) keep_tracks_of(session, found);
        if (is_filled) add_template_losses(session, found, extra);
        extra.checks = is_filled ? compare_tracks(at_rate(session, found.sample_rate_hz), found)
                                 : compare(*project.format, session, found);
        const auto failed = std::ranges::find(extra.checks, false, &ProofCheck::passed);
        if (failed != extra.checks.end())
            return fail(
                ErrorCode::internal,
                fmt::format("read back, {} is {}, wanted {}", failed->name, failed->found, failed->wanted),
                "report this as a bug");
        return finish(*file, extra);
    }

    // What the template has no placeholder for stays as the user has it.
    void add_template_losses(const DawSession& session, const DawSession& found, ExtraFile& extra) const {
        const auto has = [&](const char* placeholder) {
            return plan_.template_text.find(placeholder) != std::string::npos;
        };
        const bool has_tempo = plan_.session.tempo != TempoMap();
        if (has_tempo && found.tempo != session.tempo)
            extra.losses.push_back({"tempo", has("{{TEMPO}}")
                                                 ? "only the first stands in a line of yours"
                                                 : "the template has no {{TEMPO}}: its own stays"});
        if (!session.markers.empty() && !has("{{MARKERS}}"))
            extra.losses.push_back({"markers", "the template has no {{MARKERS}}"});
        if (found.sample_rate_hz != session.sample_rate_hz)
            extra.losses.push_back({"sample rate", "the template has no {{SAMPLE_RATE}}: its own stays"});
    }

    Status write_sheet(const Sheet& sheet, ExtraFile& extra) const {
        DUBPLATE_TRY(const auto file, plan_.target.store->create(plan_.folder / sheet.path,
                                                                 {.overwrite = plan_.target.overwrite}));
        DUBPLATE_CHECK(file->append(std::as_bytes(std::span(sheet.text))));
        return finish(*file, extra);
    }

    std::vector<std::filesystem::path> delivered_paths() const {
        std::vector<std::filesystem::path> paths;
        for (const ManifestItem& item : manifest_.audio.items)
            for (const ManifestFile& file : item.files)
                if (!file.error) paths.emplace_back(file.path);
        for (const ExtraFile& extra : manifest_.extras) {
            const DawFormat* project = find_daw_format(extra.kind);
            if (!extra.error && (project == nullptr || !project->holds_media)) paths.emplace_back(extra.path);
        }
        return paths;
    }

    Status write_zip(ExtraFile& extra) const {
        DUBPLATE_TRY(const auto file,
                     plan_.target.store->create(plan_.zip, {.overwrite = plan_.target.overwrite}));
        ZipWriter zip(*file);
        std::size_t added = 0;
        for (const std::filesystem::path& path : delivered_paths()) {
            DUBPLATE_TRY(const auto source, plan_.target.store->open(path));
            const std::string name = path.lexically_relative(plan_.folder.parent_path()).generic_string();
            DUBPLATE_CHECK(zip.add(name, *source, ZipMethod::store, stop_));
            ++added;
        }
        DUBPLATE_CHECK(zip.finish());
        DUBPLATE_TRY(const auto written, file->read_back());
        DUBPLATE_TRY(const std::vector<ZipEntry> entries, read_zip(*written));
        extra.checks = {check("entries", std::to_string(added), std::to_string(entries.size()))};
        return finish(*file, extra);
    }

    const StemsPlan& plan_;
    StemsManifest& manifest_;
    std::stop_token stop_;
};

}  // namespace

DawSession delivered_session(const StemsPlan& plan, const StemsManifest& manifest) {
    DawSession session = plan.session;
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        DawTrack& track = session.tracks[i];
        const std::vector<ManifestFile>& files = manifest.audio.items[i].files;
        const ManifestFile* const delivered = best_file(files);
        if (delivered == nullptr) {
            track.file.clear();
            track.frames = 0;
        } else {
            track.file =
                std::filesystem::path(delivered->path).lexically_relative(plan.folder).generic_string();
            track.format = delivered->format;
        }
    }
    return session;
}

void add_extras(const StemsPlan& plan, StemsManifest& manifest, const Progress::Part& progress,
                std::stop_token stop) {
    Progress::Part part = progress;
    Extras extras(plan, manifest, stop);
    const DawSession session = delivered_session(plan, manifest);
    for (const PlannedProject& project : plan.projects) {
        part.stage("project", project.format->title);
        extras.add_project(project, session);
    }
    if (plan.spec.metadata)
        for (const Sheet& sheet : make_sheets(plan, session, manifest)) extras.add_sheet(sheet);
    if (!plan.zip.empty()) {
        part.stage("packing", plan.zip.filename().string());
        extras.add_zip();
    }
    part.finish();
}

}  // namespace dubplate
