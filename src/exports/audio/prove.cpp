#include "exports/audio/prove.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <future>

#include "audio/nodes/pictures.h"
#include "core/hash.h"
#include "core/text.h"
#include "exports/audio/graph.h"
#include "exports/audio/pass.h"

namespace dubplate {

namespace {

// Measured values are compared after the rounding of a last printed digit: -1.0000001 is not over -1.
constexpr double rounding_db = 0.005;

// All that listens to one decoded file.
class Ears final : public Sink<float> {
  public:
    Ears(const Expectation& wanted, const ProveOptions& options)
        : meter_({.dual_mono = wanted.dual_mono, .threads = options.threads}),
          digest_(wanted.sample_digest.has_value()),
          pictures_(options.pictures) {}

    Status start(const StreamFormat& format) override {
        sample_rate_hz_ = format.sample_rate_hz;
        if (digest_) hash_.start(format.channels);
        DUBPLATE_CHECK(meter_.start(format));
        if (!pictures_) return {};
        DUBPLATE_CHECK(waveform_.start(format));
        return spectrum_.start(format);
    }
    Status process(BlockView<const float> block) override {
        if (digest_) hash_.update(block);
        DUBPLATE_CHECK(meter_.process(block));
        if (!pictures_) return {};
        DUBPLATE_CHECK(waveform_.process(block));
        return spectrum_.process(block);
    }
    Status finish() override {
        DUBPLATE_CHECK(meter_.finish());
        if (!pictures_) return {};
        DUBPLATE_CHECK(waveform_.finish());
        return spectrum_.finish();
    }

    const LoudnessResult& loudness() const { return meter_.result(); }
    std::string digest() { return hash_.finish(); }
    ManifestPictures pictures() const {
        return make_pictures(waveform_, spectrum_, loudness(), sample_rate_hz_);
    }

  private:
    LoudnessMeter meter_;
    SampleDigest hash_;
    WaveformPicture waveform_;
    SpectrumPicture spectrum_;
    bool digest_;
    bool pictures_;
    int sample_rate_hz_ = 0;
};

std::string depth_text(const SourceInfo& info) {
    if (info.lossy) return "";
    return info.is_float ? "float" : std::to_string(info.bits);
}

void check_stream(const Expectation& wanted, const SourceInfo& found, std::int64_t frames,
                  std::vector<ProofCheck>& checks) {
    const auto add = [&](std::string name, std::string want, std::string have) {
        const bool passed = want == have;
        checks.push_back({std::move(name), std::move(want), std::move(have), passed});
    };
    add("sample rate", fmt::format("{} Hz", wanted.stream.sample_rate_hz),
        fmt::format("{} Hz", found.stream.sample_rate_hz));
    add("channels", std::to_string(wanted.stream.channels), std::to_string(found.stream.channels));
    if (wanted.depth) add("bit depth", std::string(name_of(*wanted.depth)), depth_text(found));
    add("frames", std::to_string(wanted.frames), std::to_string(frames));
}

void check_level(const Expectation& wanted, const LoudnessResult& found, std::vector<ProofCheck>& checks) {
    if (wanted.loudness_lufs) {
        const bool passed =
            std::abs(found.integrated_lufs - *wanted.loudness_lufs) <= loudness_tolerance_lu + rounding_db;
        checks.push_back(
            {"loudness",
             fmt::format("{:.2f} LUFS within {:.1f} LU", *wanted.loudness_lufs, loudness_tolerance_lu),
             fmt::format("{:.2f} LUFS", found.integrated_lufs), passed});
    }
    if (wanted.ceiling_dbtp) {
        const bool passed = found.true_peak.dbtp <= *wanted.ceiling_dbtp + rounding_db;
        checks.push_back({"true peak", fmt::format("at most {:.2f} dBTP", *wanted.ceiling_dbtp),
                          fmt::format("{:.2f} dBTP", found.true_peak.dbtp), passed});
    }
}

std::string cover_text(const Metadata& metadata) {
    return metadata.cover ? fmt::format("{}, {} bytes", metadata.cover->mime, metadata.cover->data.size())
                          : "";
}

std::vector<ProvenTag> check_tags(const Metadata& wanted, const Metadata& found) {
    const auto found_fields = fields(found);
    std::vector<ProvenTag> tags;
    for (const auto& [name, want] : fields(wanted)) {
        const auto have = std::ranges::find(found_fields, name, &std::pair<std::string, std::string>::first);
        const std::string text = have == found_fields.end() ? "" : have->second;
        tags.push_back({name, want, text, want == text});
    }
    if (wanted.cover)
        tags.push_back({"cover", cover_text(wanted), cover_text(found), wanted.cover == found.cover});
    return tags;
}

// The tags of the file as any reader of the catalog sees them.
Result<Metadata> read_back_tags(const ByteSource& file) {
    DUBPLATE_TRY(const auto reader, open_audio(file));
    return reader->info().metadata;
}

}  // namespace

bool Proof::passed() const {
    return std::ranges::all_of(checks, &ProofCheck::passed) && std::ranges::all_of(tags, &ProvenTag::passed);
}

std::string Proof::first_failure() const {
    for (const ProofCheck& check : checks)
        if (!check.passed) return check.name + ": found " + check.found + ", wanted " + check.wanted;
    for (const ProvenTag& tag : tags)
        if (!tag.passed)
            return "tag " + tag.name + ": found \"" + tag.found + "\", wanted \"" + tag.wanted + "\"";
    return {};
}

bool Proof::level_alone_failed() const {
    const auto is_level = [](const ProofCheck& check) {
        return check.name == "loudness" || check.name == "true peak";
    };
    return !passed() && std::ranges::all_of(tags, &ProvenTag::passed) &&
           std::ranges::all_of(checks,
                               [&](const ProofCheck& check) { return check.passed || is_level(check); });
}

MeasuredLoudness to_measured(const LoudnessResult& result, int sample_rate_hz) {
    return {.integrated_lufs = result.integrated_lufs,
            .range_lu = result.range_lu,
            .max_momentary_lufs = result.max_momentary_lufs,
            .max_short_term_lufs = result.max_short_term_lufs,
            .true_peak_dbtp = result.true_peak.dbtp,
            .true_peak_seconds = frames_to_seconds(result.true_peak.frame, sample_rate_hz),
            .is_short = result.is_short};
}

ManifestPictures make_pictures(const WaveformPicture& waveform, const SpectrumPicture& spectrum,
                               const LoudnessResult& loudness, int sample_rate_hz) {
    ManifestPictures pictures;
    for (const WaveformColumn& column : waveform.columns())
        pictures.waveform.emplace_back(column.low, column.high);
    for (const SpectrumBand& band : spectrum.bands())
        pictures.spectrum.emplace_back(band.frequency_hz, band.level_db);
    for (const PeakPlace& peak : loudness.peak_places)
        pictures.peaks.emplace_back(frames_to_seconds(peak.frame, sample_rate_hz), peak.dbtp);
    pictures.short_term_lufs = loudness.short_term_lufs;
    pictures.momentary_lufs = loudness.momentary_lufs;
    pictures.seconds = frames_to_seconds(loudness.frames, sample_rate_hz);
    return pictures;
}

Result<Proof> prove_audio(const ByteSource& file, const Expectation& wanted, ProveOptions options,
                          Progress::Part progress, std::stop_token stop) {
    DUBPLATE_TRY(const auto reader, open_for_proof(file, options.threads));
    Ears ears(wanted, options);
    auto sha256 = std::async(std::launch::async, [&] { return sha256_of(file, stop); });
    DUBPLATE_TRY(const std::int64_t frames,
                 run_pass(*reader, ears, wanted.frames, progress.part(0, 0.9), stop));

    Proof proof;
    proof.decoder = fmt::format("{}, {}", proof_decoder_of(reader->info()), reader->info().codec);
    proof.loudness = ears.loudness();
    proof.bytes = file.size();
    check_stream(wanted, reader->info(), frames, proof.checks);
    if (wanted.sample_digest) {
        const bool same = ears.digest() == *wanted.sample_digest;
        proof.checks.push_back(
            {"samples", "as they were written", same ? "as they were written" : "different", same});
    }
    check_level(wanted, proof.loudness, proof.checks);
    DUBPLATE_TRY(const Metadata found, read_back_tags(file));
    proof.tags = check_tags(wanted.metadata, found);
    DUBPLATE_TRY(proof.sha256, sha256.get());
    if (options.pictures) proof.pictures = ears.pictures();
    progress.finish();
    return proof;
}

}  // namespace dubplate
