// source_scan.h: what one pass over a source finds: its length, its loudness, its silence, its pictures.
//
// Once     sources with the same content are measured once in a run, be it the parts of one recording or a library with
//          doublets. Which may be the same is told by their length, so that the others are not hashed before they are
//          read: they are hashed beside the pass.
// Memory   the scans that were made last are kept, most_kept_scans of them, however many files there are.
// Owner    a scan is shared and does not change.
// Threads  ScanCache is thread-safe; who asks for a scan that is being made waits for it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <tuple>
#include <vector>

#include "audio/nodes/loudness_meter.h"
#include "core/progress.h"
#include "exports/audio/input.h"
#include "exports/manifest.h"

namespace dubplate {

struct PlannedItem;

// The audible part of what was looked at, [begin, end); begin == end where all is silent.
struct AudiblePart {
    std::int64_t begin = 0;
    std::int64_t end = 0;
};

struct SourceScan {
    std::int64_t frames = 0;
    std::shared_ptr<const LoudnessMeter> meter;  // of all of the source
    std::optional<AudiblePart> audible;          // of the item's region, from its begin on
    ManifestPictures pictures;                   // empty unless asked for
    std::vector<std::string> warnings;           // of the reader, at the end
    std::string sha256;                          // empty for audio in memory
};

struct ScanOptions {
    bool dual_mono = false;
    bool pictures = false;
    std::optional<double> silence_dbfs;
    int threads = 1;  // to measure on
};

using SharedScan = std::shared_ptr<const SourceScan>;

// Some hundred KiB each.
inline constexpr std::size_t most_kept_scans = 64;

class ScanCache {
  public:
    explicit ScanCache(std::span<const PlannedItem> items);

    // The scan of an item whose audio is open.
    Result<SharedScan> scan(const PlannedItem& item, const OpenedAudio& audio, const ScanOptions& options,
                            Progress::Part progress, std::stop_token stop);

  private:
    using Length = std::tuple<std::int64_t, int, int>;  // frames, sample rate, channels

    static Length length_of(const PlannedItem& item);
    Result<SharedScan> once(const std::string& key, const std::function<Result<SharedScan>()>& make);

    std::map<Length, int> lengths_;  // how many items have it
    std::mutex mutex_;
    std::map<std::string, std::shared_future<Result<SharedScan>>> scans_;  // guarded by mutex_
    std::deque<std::string> order_;  // of their keys, the oldest first; guarded by mutex_
};

}  // namespace dubplate
