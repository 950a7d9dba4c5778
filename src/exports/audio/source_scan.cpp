#include "exports/audio/source_scan.h"

#include <fmt/format.h>

#include <limits>

#include "audio/nodes/pictures.h"
#include "audio/nodes/shape.h"
#include "core/hash.h"
#include "exports/audio/pass.h"
#include "exports/audio/plan.h"
#include "exports/audio/prove.h"

namespace dubplate {

namespace {

// What the pass looks at: all of the source, and the silence of the part that is wanted.
class SourceEars final : public Sink<float> {
  public:
    SourceEars(const PlannedItem& item, const ScanOptions& options)
        : meter_(std::make_shared<LoudnessMeter>(
              LoudnessMeterOptions{.dual_mono = options.dual_mono, .threads = options.threads})),
          region_(item.begin_frame, item.end_frame.value_or(std::numeric_limits<std::int64_t>::max())),
          pictures_(options.pictures) {
        if (!options.silence_dbfs) return;
        silence_.emplace(*options.silence_dbfs);
        region_.add_output(*silence_);
    }

    Status start(const StreamFormat& format) override {
        rate_hz_ = format.sample_rate_hz;
        return each([&](Sink<float>& sink) { return sink.start(format); });
    }
    Status process(BlockView<const float> block) override {
        return each([&](Sink<float>& sink) { return sink.process(block); });
    }
    Status finish() override {
        return each([](Sink<float>& sink) { return sink.finish(); });
    }

    SourceScan heard() const {
        SourceScan scan;
        scan.meter = meter_;
        if (silence_) scan.audible = {silence_->begin_frame(), silence_->end_frame()};
        if (pictures_) scan.pictures = make_pictures(waveform_, spectrum_, meter_->result(), rate_hz_);
        return scan;
    }

  private:
    template <class Call>
    Status each(Call call) {
        DUBPLATE_CHECK(call(*meter_));
        if (silence_) DUBPLATE_CHECK(call(region_));
        if (!pictures_) return {};
        DUBPLATE_CHECK(call(waveform_));
        return call(spectrum_);
    }

    std::shared_ptr<LoudnessMeter> meter_;
    Region region_;
    std::optional<SilenceFinder> silence_;
    WaveformPicture waveform_;
    SpectrumPicture spectrum_;
    bool pictures_;
    int rate_hz_ = 0;
};

Result<SourceScan> listen(const PlannedItem& item, AudioReader& reader, const ScanOptions& options,
                          Progress::Part progress, std::stop_token stop) {
    SourceEars ears(item, options);
    DUBPLATE_TRY(const std::int64_t frames,
                 run_pass(reader, ears, item.source.frames, progress, std::move(stop)));
    if (frames == 0) return fail(ErrorCode::corrupt, "holds no audio, 0 frames");
    SourceScan scan = ears.heard();
    scan.frames = frames;
    scan.warnings = reader.info().warnings;
    return scan;
}

}  // namespace

ScanCache::ScanCache(std::span<const PlannedItem> items) {
    for (const PlannedItem& item : items)
        if (!item.error) ++lengths_[length_of(item)];
}

ScanCache::Length ScanCache::length_of(const PlannedItem& item) {
    const SourceInfo& source = item.source;
    return {source.frames, source.stream.sample_rate_hz, source.stream.channels};
}

Result<SharedScan> ScanCache::once(const std::string& key, const std::function<Result<SharedScan>()>& make) {
    std::promise<Result<SharedScan>> promise;
    std::shared_future<Result<SharedScan>> known;
    {
        const std::scoped_lock lock(mutex_);
        const auto [entry, is_new] = scans_.try_emplace(key);
        if (is_new) {
            entry->second = promise.get_future().share();
            order_.push_back(key);
        } else {
            known = entry->second;
        }
        if (order_.size() > most_kept_scans) {  // who waits for it has it
            scans_.erase(order_.front());
            order_.pop_front();
        }
    }
    if (known.valid()) return known.get();
    Result<SharedScan> made = make();
    promise.set_value(made);
    return made;
}

Result<SharedScan> ScanCache::scan(const PlannedItem& item, const OpenedAudio& audio,
                                   const ScanOptions& options, Progress::Part progress,
                                   std::stop_token stop) {
    const auto make = [&](std::future<Result<std::string>> sha256) -> Result<SharedScan> {
        DUBPLATE_TRY(SourceScan made, listen(item, *audio.reader, options, progress, stop));
        if (sha256.valid()) {
            DUBPLATE_TRY(made.sha256, sha256.get());
        }
        return std::make_shared<const SourceScan>(std::move(made));
    };
    if (!audio.bytes) return make({});
    const auto hash = [&](std::launch when) {
        return std::async(when, [&] { return sha256_of(*audio.bytes, stop); });
    };
    if (lengths_.at(length_of(item)) < 2) return make(hash(std::launch::async));
    DUBPLATE_TRY(const std::string sha256, hash(std::launch::deferred).get());
    // The silence is that of the item's own part.
    const std::string part =
        options.silence_dbfs ? fmt::format(" {} {}", item.begin_frame, item.end_frame.value_or(-1)) : "";
    return once(sha256 + part, [&] {
        std::promise<Result<std::string>> known;
        known.set_value(sha256);
        return make(known.get_future());
    });
}

}  // namespace dubplate
