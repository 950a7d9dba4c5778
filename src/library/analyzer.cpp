#include "library/analyzer.h"

#include "core/store.h"
#include "formats/audio/format.h"

namespace dubplate {

namespace {

Asset facts_of(const SourceInfo& info) {
    const Metadata& tags = info.metadata;
    Asset facts{.title = tags.title,
                .artist = tags.artist,
                .album = tags.album,
                .genre = tags.genre,
                .comment = tags.comment,
                .format = info.format,
                .bpm = tags.bpm};
    if (const int rate = info.stream.sample_rate_hz; rate > 0)
        facts.duration_seconds = static_cast<double>(info.frames) / rate;
    facts.sample_rate = info.stream.sample_rate_hz;
    facts.channels = info.stream.channels;
    if (info.bits > 0) facts.bit_depth = info.bits;
    facts.key = spell_key(tags.key).value_or("");
    return facts;
}

Result<Found> read_facts_of(const std::filesystem::path& path) {
    FileStore store;
    DUBPLATE_TRY(const auto source, store.open(path));
    const auto reader = open_audio(*source);
    if (!reader) return Error(reader.error()).in_context(path.string());
    return Found{.facts = facts_of((*reader)->info())};
}

}  // namespace

Analyzer facts_analyzer() {
    return {"facts 1",
            [](const std::filesystem::path& path, const std::stop_token&) { return read_facts_of(path); }};
}

}  // namespace dubplate
