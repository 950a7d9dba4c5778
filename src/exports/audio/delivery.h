// delivery.h: one file on its way from the plan to the disk. Internal to exports/audio.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "exports/audio/item_run.h"
#include "exports/audio/prove.h"

namespace dubplate {

// One deliverable on its way.
struct Delivery {
    const PlannedFile* planned = nullptr;
    FileLevel* level = nullptr;
    WriterSettings settings;
    Dither dither = Dither::none;
    std::unique_ptr<PendingFile> file;
    std::unique_ptr<AudioWriter> writer;  // of a lossy file kept until it is proven, since it may go on
    SampleDigest digest;
    std::optional<std::string> written_samples;
    std::optional<Proof> proof;
    ManifestFile result;
    bool settled = false;  // proven, or given up
};

// It is settled with this error; what was written of it goes.
void give_up(Delivery& delivery, Error error);
// Its tags, with the loudness as it is known by now.
TagSet tags_now(const Delivery& delivery);

// One pass over the source into all of these files side by side. Where a file was encoded before and its level has changed
// in places alone, only these places are encoded again. A file that cannot be begun gives itself up, and no other.
Status encode(std::span<Delivery* const> all, ItemRun& item, RunContext& context, Progress::Part progress);

}  // namespace dubplate
