#include "exports/stems/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "audio/nodes/loudness_meter.h"
#include "core/units.h"
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

int core_count() {
    return std::max(static_cast<int>(std::thread::hardware_concurrency()), 1);
}

// Two steps of what it was stored with; 0 for floats.
double two_steps(const SourceInfo& info) {
    return info.is_float || info.bits == 0 ? 0 : 2 * std::ldexp(1.0, 1 - info.bits);
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
        progress_.set_audio_seconds(frames_to_seconds(plan_.frames, plan_.sample_rate_hz) *
                                    static_cast<double>(plan_.stems.size()));
        DUBPLATE_CHECK(find_gain());
        DUBPLATE_TRY(result_.audio,
                     run_audio(plan_.audio, options_, whole_.part(measured_at, stems_at), stop_));
        result_.audio.kind = "stems";
        DUBPLATE_CHECK(check_stop());
        if (has_heard_files()) {
            DUBPLATE_CHECK(deliver_mix());
            DUBPLATE_CHECK(check_stop());
            note_null_test();
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

    // ---- the gain ----

    Status find_gain() {
        if (!plan_.spec.target_lufs) return {};
        Progress::Part part = whole_.part(0, measured_at);
        part.stage("measuring", plan_.mix_is_given ? plan_.spec.mix : "the sum of the tracks");
        DUBPLATE_TRY(const LoudnessResult loudness,
                     plan_.mix_is_given ? measure_mix(part) : measure_sum(part));
        if (!std::isfinite(loudness.integrated_lufs)) {
            result_.warnings.push_back("the mix is silent: its level is kept");
            return {};
        }
        const double wanted = *plan_.spec.target_lufs - loudness.integrated_lufs;
        const double room = plan_.spec.true_peak_dbtp - loudness.true_peak.dbtp;
        *plan_.gain_db = result_.gain_db = std::min(wanted, room);
        if (room < wanted)
            result_.warnings.push_back(fmt::format(
                "{:.1f} LUFS would lift the mix's true peak to {:.1f} dBTP; stems are not limited, so the "
                "mix "
                "is at {:.1f} LUFS",
                *plan_.spec.target_lufs, loudness.true_peak.dbtp + wanted, loudness.integrated_lufs + room));
        return {};
    }

    Result<LoudnessResult> measure(AudioReader& reader, const Progress::Part& part) const {
        LoudnessMeter meter;
        DUBPLATE_CHECK(run_pass(reader, meter, plan_.frames, part, stop_));
        return meter.result();
    }
    Result<LoudnessResult> measure_mix(const Progress::Part& part) const {
        DUBPLATE_TRY(const OpenedAudio opened, plan_.mix.items.front().input.open());
        return measure(*opened.reader, part);
    }
    Result<LoudnessResult> measure_sum(const Progress::Part& part) const {
        DUBPLATE_TRY(const auto sum, open_sum(plan_, core_count()));
        return measure(*sum, part);
    }

    // ---- the mix ----

    // The first lossless file of a stem, else its first; null: it was not delivered.
    const ManifestFile* heard_file(std::size_t stem) const {
        if (!plan_.is_heard(plan_.stems[stem])) return nullptr;
        const ManifestFile* found = nullptr;
        for (const ManifestFile& file : result_.audio.items[stem].files) {
            if (file.error) continue;
            const bool is_lossless = find_audio_format(file.format)->lossless;
            if (found == nullptr || (is_lossless && !find_audio_format(found->format)->lossless))
                found = &file;
        }
        return found;
    }

    bool has_heard_files() const {
        for (std::size_t i = 0; i < plan_.stems.size(); ++i)
            if (heard_file(i) != nullptr) return true;
        return false;
    }

    // The stems as they were delivered, decoded by the decoder of the proof. `sources` are to outlive the reader.
    Result<std::unique_ptr<MixReader>> open_delivered(std::vector<std::unique_ptr<ByteSource>>& sources,
                                                      double gain_db) const {
        std::vector<MixTrack> tracks;
        for (std::size_t i = 0; i < plan_.stems.size(); ++i) {
            const ManifestFile* file = heard_file(i);
            if (file == nullptr) continue;
            const PlannedStem& stem = plan_.stems[i];
            DUBPLATE_TRY(auto source, plan_.target.store->open(file->path));
            DUBPLATE_TRY(auto reader, open_for_proof(*source, 1));
            sources.push_back(std::move(source));
            tracks.push_back({stem.name, std::move(reader), stem.track.gain_db, stem.track.pan});
        }
        return std::make_unique<MixReader>(std::move(tracks), gain_db, core_count());
    }

    // A mix of our own must not clip where its samples are integers.
    Status find_mix_gain(const Progress::Part& part) {
        const PlannedFile& file = plan_.mix.items.front().files.front();
        if (!file.format->lossless || !file.format->takes_integers(file.settings.depth)) return {};
        std::vector<std::unique_ptr<ByteSource>> sources;
        DUBPLATE_TRY(const auto sum, open_delivered(sources, 0));
        DUBPLATE_TRY(const LoudnessResult loudness, measure(*sum, part));
        if (loudness.sample_peak <= 1.0) return {};
        result_.mix_gain_db =
            plan_.spec.true_peak_dbtp - std::max(loudness.true_peak.dbtp, gain_to_db(loudness.sample_peak));
        result_.warnings.push_back(
            fmt::format("the stems sum to {:.1f} dBFS; the mix that is delivered is {:.1f} dB lower",
                        gain_to_db(loudness.sample_peak), -result_.mix_gain_db));
        return {};
    }

    Status deliver_mix() {
        const Progress::Part part = whole_.part(stems_at, mix_at);
        AudioPlan plan = plan_.mix;
        if (!plan_.mix_is_given) {
            DUBPLATE_CHECK(find_mix_gain(part.part(0, 0.4)));
            plan.items.front().input.open = [this]() -> Result<OpenedAudio> {
                struct Sum final : AudioReader {  // with the files that it reads
                    std::vector<std::unique_ptr<ByteSource>> sources;
                    std::unique_ptr<MixReader> reader;
                    const SourceInfo& info() const override { return reader->info(); }
                    Result<std::int64_t> read(BlockView<float> target) override {
                        return reader->read(target);
                    }
                    Status rewind() override { return reader->rewind(); }
                };
                auto sum = std::make_unique<Sum>();
                DUBPLATE_TRY(sum->reader, open_delivered(sum->sources, result_.mix_gain_db));
                return OpenedAudio{nullptr, std::move(sum)};
            };
        }
        DUBPLATE_TRY(Manifest mix, run_audio(plan, options_, part.part(0.4, 1), stop_));
        result_.audio.items.push_back(std::move(mix.items.front()));
        result_.audio.audio_seconds += mix.audio_seconds;
        result_.audio.wall_seconds += mix.wall_seconds;
        return {};
    }

    // ---- the null test ----

    // What rounding may leave of each stem, and of the mix.
    Result<double> limit_peak(const SourceInfo& mix) const {
        double limit = two_steps(mix) + 1e-6;
        for (std::size_t i = 0; i < plan_.stems.size(); ++i) {
            const ManifestFile* file = heard_file(i);
            if (file == nullptr) continue;
            if (!find_audio_format(file->format)->lossless) return std::numeric_limits<double>::infinity();
            const int bits = file->bit_depth == "float" ? 0 : std::stoi(file->bit_depth);
            limit += bits == 0 ? 0 : db_to_gain(plan_.stems[i].track.gain_db) * 2 * std::ldexp(1.0, 1 - bits);
        }
        return limit;
    }

    Result<NullTest> make_null_test() {
        std::vector<std::unique_ptr<ByteSource>> sources;
        DUBPLATE_TRY(const auto sum, open_delivered(sources, result_.mix_gain_db));
        OpenedAudio mix;
        std::unique_ptr<ByteSource> bytes;
        NullTest test;
        if (plan_.mix_is_given) {
            DUBPLATE_TRY(mix, plan_.mix.items.front().input.open());
            test.against = plan_.spec.mix;
        } else {
            const ManifestItem& item = result_.audio.items.back();
            if (item.files.empty() || item.files.front().error)
                return fail(ErrorCode::not_found, "there is no mix to compare the stems with");
            test.against = item.files.front().path;
            DUBPLATE_TRY(bytes, plan_.target.store->open(test.against));
            DUBPLATE_TRY(mix.reader, open_for_proof(*bytes, 1));
        }
        DUBPLATE_TRY(const double limit, limit_peak(mix.reader->info()));
        std::string against = std::move(test.against);
        DUBPLATE_TRY(test, null_test(*sum, *mix.reader, limit, whole_.part(mix_at, null_test_at), stop_));
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
};

}  // namespace

Result<StemsManifest> run_stems(const StemsPlan& plan, const RunOptions& options, Progress& progress,
                                std::stop_token stop) {
    return Run(plan, options, progress, std::move(stop)).all();
}

}  // namespace dubplate
