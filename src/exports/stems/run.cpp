#include "exports/stems/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "audio/nodes/loudness_meter.h"
#include "core/text.h"
#include "core/units.h"
#include "core/worker_pool.h"
#include "exports/audio/pass.h"
#include "exports/stems/extras.h"
#include "formats/audio/format.h"

namespace dubplate {

namespace {

// Of the whole, as far as can be said beforehand.
constexpr double measured_at = 0.1;
constexpr double stems_at = 0.75;
constexpr double mix_at = 0.85;
constexpr double null_test_at = 0.95;

// What rounding to so many bits, with its dither, may be off by.
double two_steps(int bits) {
    return 2 * std::ldexp(1.0, 1 - bits);
}

class Run {
  public:
    Run(const StemsPlan& plan, const RunOptions& options, Progress& progress, std::stop_token stop)
        : plan_(plan),
          options_(options),
          progress_(progress),
          whole_(progress.part(1)),
          stop_(std::move(stop)) {}

    Result<StemsManifest> all() {
        result_.warnings = plan_.warnings;
        result_.seconds = frames_to_seconds(plan_.frames, plan_.sample_rate_hz);
        progress_.set_audio_seconds(result_.seconds * static_cast<double>(plan_.stems.size()));
        DUBPLATE_CHECK(check_room());
        DUBPLATE_CHECK(find_gain());
        DUBPLATE_TRY(result_.audio,
                     run_audio(plan_.audio, options_, whole_.part(measured_at, stems_at), stop_));
        result_.audio.kind = "stems";
        DUBPLATE_CHECK(check_stop());
        find_heard_files();
        const std::vector<bool> there = delivered();
        if (!plan_.mix.items.empty() && std::ranges::find(there, true) != there.end()) {
            DUBPLATE_CHECK(deliver_mix());
            DUBPLATE_CHECK(check_stop());
            note_null_test();
            result_.audio.items.push_back(std::move(mix_));
        }
        DUBPLATE_CHECK(check_stop());
        add_extras(plan_, result_, whole_.part(null_test_at, 1), stop_);
        DUBPLATE_CHECK(check_stop());
        progress_.complete();
        return std::move(result_);
    }

  private:
    Status check_stop() const {
        if (stop_.stop_requested()) return fail(ErrorCode::canceled, "canceled");
        return {};
    }

    Status check_room() const {
        DUBPLATE_TRY(const std::uint64_t free, plan_.target.store->free_bytes(plan_.folder));
        if (free >= plan_.estimated_bytes) return {};
        return fail(ErrorCode::io,
                    fmt::format("{}: about {} are needed and {} are free", plan_.folder.string(),
                                format_bytes(plan_.estimated_bytes), format_bytes(free)),
                    "free some space, or choose another folder with --output");
    }

    // ---- the gain ----

    // Stems are not limited, so one gain has to keep the mix's true peak, and each stem below full scale.
    Status find_gain() {
        const std::vector<bool> heard = plan_.heard();
        if (!plan_.spec.target_lufs || std::ranges::find(heard, true) == heard.end()) return {};
        Progress::Part part = whole_.part(0, measured_at);
        part.stage("measuring", "the sum of the tracks");
        DUBPLATE_TRY(const auto sum, open_sum(plan_, heard, 0, core_count()));
        DUBPLATE_TRY(LoudnessResult loudness, measure(*sum, part.part(0, 0.5)));
        if (plan_.mix_is_given) {
            DUBPLATE_TRY(const OpenedAudio mix, plan_.mix.items.front().input.open());
            DUBPLATE_TRY(loudness, measure(*mix.reader, part.part(0.5, 1)));
        }
        if (!std::isfinite(loudness.integrated_lufs)) {
            result_.warnings.push_back("the mix is silent: its level is kept");
            return {};
        }
        const double wanted = *plan_.spec.target_lufs - loudness.integrated_lufs;
        const double of_mix = plan_.spec.true_peak_dbtp - loudness.true_peak.dbtp;
        const double of_stems = -gain_to_db(sum->peak());
        *plan_.gain_db = result_.gain_db = std::min({wanted, of_mix, of_stems});
        if (result_.gain_db < wanted)
            result_.warnings.push_back(fmt::format(
                "{:.1f} LUFS would lift {}; stems are not limited, so the mix is at {:.1f} LUFS",
                *plan_.spec.target_lufs,
                of_mix < of_stems
                    ? fmt::format("the mix's true peak to {:.1f} dBTP", loudness.true_peak.dbtp + wanted)
                    : fmt::format("a stem to {:.1f} dBFS", wanted - of_stems),
                loudness.integrated_lufs + result_.gain_db));
        return {};
    }

    Result<LoudnessResult> measure(AudioReader& reader, const Progress::Part& part) const {
        LoudnessMeter meter;
        DUBPLATE_CHECK(run_pass(reader, meter, plan_.frames, part, stop_));
        return meter.result();
    }

    // ---- the mix ----

    // Null where a stem was not delivered, or is not heard.
    void find_heard_files() {
        const std::vector<bool> heard = plan_.heard();
        for (std::size_t i = 0; i < heard.size(); ++i)
            heard_files_.push_back(heard[i] ? best_file(result_.audio.items[i].files) : nullptr);
    }
    static bool is_lossless(const ManifestFile& file) { return find_audio_format(file.format)->lossless; }

    std::vector<bool> delivered() const {
        std::vector<bool> delivered;
        for (const ManifestFile* file : heard_files_) delivered.push_back(file != nullptr);
        return delivered;
    }

    // Where the peaks of the delivered stems come to less than full scale, no frame of their sum can pass it.
    bool may_clip() const {
        double peak = 0;
        for (std::size_t i = 0; i < heard_files_.size(); ++i) {
            const ManifestFile* file = heard_files_[i];
            if (file == nullptr) continue;
            if (!is_lossless(*file)) return true;
            peak += db_to_gain(file->loudness.true_peak_dbtp + plan_.stems[i].track.gain_db);
        }
        return peak > 0.999;  // with room for what rounding may have taken from the stems
    }

    // A mix of our own must not clip where its samples are integers.
    Status find_mix_gain(const Progress::Part& part) {
        const std::vector<PlannedFile>& files = plan_.mix.items.front().files;
        const auto clips = [](const PlannedFile& file) {
            return file.format->takes_integers(file.settings.depth);
        };
        if (std::ranges::none_of(files, clips) || !may_clip()) return {};
        DUBPLATE_TRY(const auto sum, open_sum(plan_, delivered(), 0, core_count()));
        DUBPLATE_TRY(const LoudnessResult loudness, measure(*sum, part));
        if (loudness.sample_peak <= 1.0) return {};
        result_.mix_gain_db =
            plan_.spec.true_peak_dbtp - std::max(loudness.true_peak.dbtp, gain_to_db(loudness.sample_peak));
        result_.warnings.push_back(
            fmt::format("the stems sum to {:+.1f} dBFS; the mix that is delivered is {:.1f} dB lower",
                        gain_to_db(loudness.sample_peak), -result_.mix_gain_db));
        return {};
    }

    Status deliver_mix() {
        const Progress::Part part = whole_.part(stems_at, mix_at);
        AudioPlan plan = plan_.mix;
        if (!plan_.mix_is_given) {
            DUBPLATE_CHECK(find_mix_gain(part.part(0, 0.4)));
            plan.items.front().input.open = [this]() -> Result<OpenedAudio> {
                DUBPLATE_TRY(auto sum, open_sum(plan_, delivered(), result_.mix_gain_db, core_count()));
                return OpenedAudio{nullptr, std::move(sum)};
            };
        }
        DUBPLATE_TRY(Manifest mix, run_audio(plan, options_, part.part(0.4, 1), stop_));
        result_.audio.audio_seconds += mix.audio_seconds;
        result_.audio.wall_seconds += mix.wall_seconds;
        mix_ = std::move(mix.items.front());
        return {};
    }

    // ---- the null test ----

    // The stems as they were delivered, by the decoder of the proof. `sources` are to outlive the reader.
    Result<std::unique_ptr<MixReader>> open_delivered(
        std::vector<std::unique_ptr<ByteSource>>& sources) const {
        std::vector<MixTrack> tracks;
        for (std::size_t i = 0; i < heard_files_.size(); ++i) {
            if (heard_files_[i] == nullptr) continue;
            const PlannedStem& stem = plan_.stems[i];
            DUBPLATE_TRY(auto source, plan_.target.store->open(heard_files_[i]->path));
            DUBPLATE_TRY(auto reader, open_for_proof(*source, 1));
            sources.push_back(std::move(source));
            tracks.push_back({stem.name, std::move(reader), stem.track.gain_db, stem.track.pan});
        }
        return std::make_unique<MixReader>(std::move(tracks), result_.mix_gain_db, core_count());
    }

    // What rounding may leave of each stem, and of the mix.
    double limit_peak(const SourceInfo& mix) const {
        double limit = 1e-6;  // of sums in float
        if (!mix.is_float && mix.bits > 0) limit += two_steps(mix.bits);
        for (std::size_t i = 0; i < heard_files_.size(); ++i) {
            const ManifestFile* file = heard_files_[i];
            if (file == nullptr || file->bit_depth == "float") continue;
            if (!is_lossless(*file)) return std::numeric_limits<double>::infinity();
            limit += db_to_gain(plan_.stems[i].track.gain_db) * two_steps(std::stoi(file->bit_depth));
        }
        return limit;
    }

    Result<NullTest> make_null_test() {
        std::vector<std::unique_ptr<ByteSource>> sources;
        DUBPLATE_TRY(const auto sum, open_delivered(sources));
        OpenedAudio mix;
        std::string against = plan_.spec.mix;
        if (plan_.mix_is_given) {
            DUBPLATE_TRY(mix, plan_.mix.items.front().input.open());
        } else {
            const ManifestFile* const file = best_file(mix_.files);
            if (file == nullptr)
                return fail(ErrorCode::not_found, "there is no mix to compare the stems with");
            against = file->path;
            DUBPLATE_TRY(mix.bytes, plan_.target.store->open(against));
            DUBPLATE_TRY(mix.reader, open_for_proof(*mix.bytes, 1));
        }
        DUBPLATE_TRY(NullTest test, null_test(*sum, *mix.reader, limit_peak(mix.reader->info()),
                                              whole_.part(mix_at, null_test_at), stop_));
        test.against = std::move(against);
        return test;
    }

    void note_null_test() {
        Progress::Part part = whole_.part(mix_at, null_test_at);
        part.stage("null test", plan_.mix_is_given ? plan_.spec.mix : "the sum of the stems");
        Result<NullTest> test = make_null_test();
        if (test) {
            result_.null_test = *std::move(test);
        } else {
            result_.null_test_error = std::move(test).error().in_context("null test");
        }
    }

    const StemsPlan& plan_;
    const RunOptions& options_;
    Progress& progress_;
    Progress::Part whole_;
    std::stop_token stop_;
    StemsManifest result_;
    std::vector<const ManifestFile*> heard_files_;  // of each stem
    ManifestItem mix_;  // joins the others when it was compared: heard_files_ points into them
};

}  // namespace

Result<StemsManifest> run_stems(const StemsPlan& plan, const RunOptions& options, Progress& progress,
                                std::stop_token stop) {
    return Run(plan, options, progress, std::move(stop)).all();
}

}  // namespace dubplate
