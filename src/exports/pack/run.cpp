#include "exports/pack/run.h"

#include <malloc.h>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <map>
#include <utility>

#include "core/hash.h"
#include "core/ordered_work.h"
#include "core/text.h"
#include "core/version.h"
#include "exports/pack/convert.h"
#include "exports/pack/pack_output.h"
#include "exports/pack/preview.h"
#include "exports/pack/project.h"
#include "exports/pack/prove_sample.h"
#include "exports/pack/sheets.h"

namespace dubplate {

namespace {

constexpr double samples_at = 0.95;  // of the whole
// Enough that waiting for the disk costs each of them little, and few enough for the open files of a process.
constexpr std::size_t most_waiting_files = 64;
// For each thread: so many short samples are made while a long one or the disk is waited for.
constexpr int sources_ahead = 8;

std::span<const std::byte> bytes_of(const std::string& text) {
    return std::as_bytes(std::span(text));
}

class Run {
  public:
    Run(const PackPlan& plan, int jobs, Progress& progress, std::stop_token stop)
        : plan_(plan), jobs_(jobs), progress_(progress), whole_(progress.part(1)), stop_(std::move(stop)) {}

    Result<PackManifest> all() {
        const auto began = std::chrono::steady_clock::now();
        begin_manifest();
        DUBPLATE_CHECK(check_room());
        DUBPLATE_TRY(output_, PackOutput::open(plan_, stop_));
        if (Status added = add_samples(); !added) {
            // What was delivered stays, and its manifest tells what it is. The error that ended the work is the one to tell.
            if (!output_->is_archive() && result_.sample_count() > 0) (void)add_manifest();
            return std::move(added).error();
        }
        if (result_.sample_count() > 0) {
            DUBPLATE_CHECK(add_project());
            DUBPLATE_CHECK(add_contact_sheets());
            DUBPLATE_CHECK(add_manifest());
            DUBPLATE_CHECK(output_->finish());
        }
        result_.wall_seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        progress_.complete();
        return std::move(result_);
    }

  private:
    void begin_manifest() {
        const PackSpec& spec = plan_.spec;
        result_.version = std::string(version());
        result_.device = spec.device;
        result_.kit = spec.is_kit() ? spec.kit : "";
        result_.organized_by = spec.is_kit() ? "kit" : organize_text(spec.organize);
        result_.format = file_kind_of(spec).name;
        result_.output = plan_.target.output.string();
        result_.warnings = plan_.warnings;
        for (const PackSource& source : plan_.sources)
            result_.items.push_back({.input = source.input.name,
                                     .status = source.error ? "failed" : "done",
                                     .validation = source.validation,
                                     .source = source.info,
                                     .error = source.error});
    }

    static std::string organize_text(Organize organize) {
        switch (organize) {
            case Organize::genre:
                return "genre";
            case Organize::bpm:
                return "bpm";
            case Organize::key:
                return "key";
            case Organize::kit:
                return "kit";
            case Organize::flat:
                break;
        }
        return "flat";
    }

    Status check_room() const {
        DUBPLATE_TRY(const std::uint64_t free, plan_.target.store->free_bytes(plan_.target.output));
        if (free >= plan_.estimated_bytes) return {};
        return fail(ErrorCode::io,
                    fmt::format("{}: about {} are needed and {} are free", plan_.target.output.string(),
                                format_bytes(plan_.estimated_bytes), format_bytes(free)),
                    "free some space, or choose another folder with --output");
    }

    // ---- samples ----

    // What one source came to.
    struct Converted {
        std::size_t source = 0;
        std::vector<MadeSample> samples{};
        std::optional<Error> error{};
    };

    Status add_samples() {
        std::map<std::size_t, std::vector<const PlannedSample*>> by_source;
        for (const PlannedSample& sample : plan_.samples) {
            if (plan_.will_make(sample)) by_source[sample.source].push_back(&sample);
            if (sample.error) note_failure(sample, *sample.error);
        }
        OrderedWork<Converted> work(
            jobs_, stop_, [this](Converted converted) { return take(std::move(converted)); },
            sources_ahead * jobs_);
        std::size_t begun = 0;
        for (const auto& [source, samples] : by_source) {
            const double begin =
                samples_at * static_cast<double>(begun) / static_cast<double>(by_source.size());
            const double end =
                samples_at * static_cast<double>(++begun) / static_cast<double>(by_source.size());
            Progress::Part part = whole_.part(begin, end);
            DUBPLATE_CHECK(work.add([this, source = source, samples = samples, part](std::stop_token stop) {
                return convert(source, samples, part, std::move(stop));
            }));
        }
        Status finished = work.finish();
        publish_waiting();
        note_published();
        return finished;
    }

    Result<Converted> convert(std::size_t index, const std::vector<const PlannedSample*>& samples,
                              Progress::Part part, std::stop_token stop) {
        const PackSource& source = plan_.sources[index];
        part.stage("converting", source.input.name);
        Converted converted{.source = index};
        const CreateFile create = [this](const std::filesystem::path& path) { return output_->create(path); };
        Result<std::vector<MadeSample>> made = convert_source(plan_, source, samples, create, part, stop);
        if (!made && (ends_the_pack(made.error()) || stop.stop_requested())) return made.error();
        if (!made) {
            converted.error = std::move(made).error().in_context(source.input.name);
            return converted;
        }
        converted.samples = *std::move(made);
        for (MadeSample& sample : converted.samples) {
            finish(source, sample);
            if (sample.error && ends_the_pack(*sample.error)) return *sample.error;
        }
        return converted;
    }

    // A disk that is full or gone is no matter of one sample: the next would fail, too. (Sources were opened by the plan.)
    static bool ends_the_pack(const Error& error) {
        return error.code == ErrorCode::canceled || error.code == ErrorCode::io;
    }

    void finish(const PackSource& source, MadeSample& sample) {
        if (sample.error) {
            sample.error = std::move(*sample.error).in_context(source.input.name);
            return;
        }
        if (Status added = add_sheets(source, sample); !added) give_up(sample, std::move(added).error());
    }

    void give_up(MadeSample& sample, Error error) const {
        sample.error = std::move(error).in_context(plan_.sources[sample.planned->source].input.name);
        sample.files.clear();
    }

    Status add_sheets(const PackSource& source, MadeSample& sample) const {
        for (const SampleFile& planned : sample.planned->files) {
            if (planned.sheet.empty()) continue;
            const std::string text = sample_sheet(source, sample);
            DUBPLATE_TRY(auto file, output_->create(planned.sheet));
            DUBPLATE_CHECK(file->append(bytes_of(text)));
            sample.files.push_back({.path = planned.sheet,
                                    .file = std::move(file),
                                    .bytes = text.size(),
                                    .sha256 = sha256_of(bytes_of(text))});
        }
        return {};
    }

    // One source after the other, in the order of the plan. In a folder, files appear some at a time, while the next are made.
    Status take(Converted converted) {
        if (converted.error) {
            PackItem& item = result_.items[converted.source];
            item.status = "failed";
            item.error = std::move(converted.error);
            return {};
        }
        for (MadeSample& sample : converted.samples) {
            if (output_->is_archive()) {
                DUBPLATE_CHECK(put_into_archive(sample));
                note(sample);
                continue;
            }
            waiting_files_ += sample.files.size();
            waiting_.push_back(std::move(sample));
        }
        if (waiting_files_ >= most_waiting_files) publish_waiting();
        return {};
    }

    Status put_into_archive(MadeSample& sample) {
        for (MadeFile& file : sample.files) {
            DUBPLATE_CHECK(output_->deliver(file.path, *file.file));
            file.file.reset();
        }
        return {};
    }

    // Waits for those that are under way, and sends the next off.
    void publish_waiting() {
        note_published();
        waiting_files_ = 0;
        if (waiting_.empty()) return;
        publishing_ = std::async(std::launch::async, [this, samples = std::exchange(waiting_, {})]() mutable {
            publish(samples);
            // What each sample leaves in the manifest lies between the buffers of many: without this, they stay with the program.
            malloc_trim(0);
            return std::move(samples);
        });
    }

    void note_published() {
        if (!publishing_.valid()) return;
        for (MadeSample& sample : publishing_.get()) note(sample);
    }

    void publish(std::vector<MadeSample>& samples) {
        std::vector<PendingFile*> files;
        for (MadeSample& sample : samples)
            for (MadeFile& file : sample.files) files.push_back(file.file.get());
        std::vector<Status> statuses = output_->deliver_all(files);
        auto status = statuses.begin();
        for (MadeSample& sample : samples) {
            const auto end = status + static_cast<std::ptrdiff_t>(sample.files.size());
            const auto failed = std::find_if(status, end, [](const Status& each) { return !each; });
            if (failed != end) give_up(sample, std::move(*failed).error());
            for (MadeFile& file : sample.files) file.file.reset();
            status = end;
        }
    }

    void note_failure(const PlannedSample& sample, const Error& error) {
        PackItem& item = result_.items[sample.source];
        item.status = "failed";
        PackSample failed{.name = sample.name, .error = error};
        for (const PlannedPad& pad : sample.pads) failed.pads.push_back(pad.place.to_string());
        item.samples.push_back(std::move(failed));
    }

    void note(MadeSample& made) {
        const PlannedSample& planned = *made.planned;
        if (made.error) return note_failure(planned, *made.error);
        PackItem& item = result_.items[planned.source];
        PackSample sample{.name = planned.name,
                          .layout = made.layout,
                          .kept = planned.keeps_samples && made.gain_db == 0,
                          .gain_db = made.gain_db,
                          .clipped_samples = made.clipped_samples,
                          .seconds = made.seconds,
                          .losses = planned.losses};
        for (MadeFile& file : made.files)
            sample.files.push_back({file.path.generic_string(), kind_of(planned, file.path), file.bytes,
                                    file.sha256, std::move(file.checks)});
        for (SamplerPad& pad : made.pads) {
            sample.pads.push_back(pad.place.to_string());
            pads_.push_back({std::move(pad), made.waveform});
        }
        if (made.bad_samples > 0)
            result_.warnings.push_back(
                fmt::format("{}: {} of its samples are no numbers, or infinite; silence or full "
                            "scale stands in their place",
                            planned.name, made.bad_samples));
        if (made.clipped_samples > 0)
            result_.warnings.push_back(fmt::format(
                "{}: {} above full scale after its change of rate and clipped; --normalize peak avoids that",
                planned.name,
                made.clipped_samples == 1 ? "one sample was"
                                          : fmt::format("{} samples were", made.clipped_samples)));
        item.samples.push_back(std::move(sample));
    }

    std::string kind_of(const PlannedSample& planned, const std::filesystem::path& path) const {
        for (const SampleFile& file : planned.files) {
            if (path == file.sheet) return "sheet";
            if (path == file.path) return file.kind == plan_.device->project_file ? "project" : "sample";
        }
        return "preview";
    }

    // ---- what is made of all of them ----

    Status add_project() {
        if (!plan_.spec.has_project()) return {};
        std::ranges::sort(pads_, {}, [](const SheetPad& pad) { return pad.pad.place; });
        SamplerProject project{.name = plan_.spec.kit, .bpm = plan_.project_bpm};
        for (const SheetPad& pad : pads_) project.pads.push_back(pad.pad);
        const std::filesystem::path path = plan_.project_folder() / plan_.device->table_path;
        DUBPLATE_TRY(const Bytes back, output_->deliver(path, plan_.device->write_table(project)));
        result_.project = compare_project(*plan_.device, project, back);
        result_.extras.push_back(
            {path.generic_string(), "project", back.size(), sha256_of(back), result_.project});
        if (Status same = first_failure(result_.project); !same)
            result_.project_error = std::move(same).error();
        return add_pictures();
    }

    Status add_pictures() {
        for (const PlannedPicture& picture : plan_.pictures) {
            DUBPLATE_TRY(const Bytes back, output_->deliver(picture.path, picture.content));
            result_.extras.push_back(
                {picture.path.generic_string(), "picture", back.size(), sha256_of(back), {}});
        }
        return {};
    }

    Status add_contact_sheets() {
        if (!plan_.spec.preview) return {};
        for (int bank = 0; bank < plan_.device->banks; ++bank) {
            if (std::ranges::find(pads_, bank, [](const SheetPad& pad) { return pad.pad.place.bank; }) ==
                pads_.end())
                continue;
            const std::string svg = contact_sheet(*plan_.device, plan_.spec.kit, bank, pads_);
            const std::filesystem::path path = contact_sheet_path(bank);
            DUBPLATE_TRY(const Bytes back, output_->deliver(path, bytes_of(svg)));
            result_.extras.push_back({path.generic_string(), "preview", back.size(), sha256_of(back), {}});
        }
        return {};
    }

    Status add_manifest() {
        return output_->deliver_manifest(bytes_of(dump_json(pack_file_json(result_, plan_.files_before))));
    }

    const PackPlan& plan_;
    int jobs_;
    Progress& progress_;
    Progress::Part whole_;
    std::stop_token stop_;
    std::unique_ptr<PackOutput> output_;
    PackManifest result_;
    std::vector<MadeSample> waiting_;  // to appear in the folder
    std::size_t waiting_files_ = 0;
    std::vector<SheetPad> pads_;                       // that were delivered
    std::future<std::vector<MadeSample>> publishing_;  // last: it waits for its thread before the rest goes
};

}  // namespace

Result<PackManifest> run_pack(const PackPlan& plan, int jobs, Progress& progress, std::stop_token stop) {
    return Run(plan, jobs, progress, std::move(stop)).all();
}

}  // namespace dubplate
