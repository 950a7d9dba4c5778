#include "library/analyzer.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/store.h"
#include "exports/analysis/analyze.h"

namespace dubplate {

namespace {

std::optional<double> finite(double value) {
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

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

// The tags' tempo is among the evidence that the analysis weighed; their key is taken where it heard none.
Found found_of(const Analysis& analysis) {
    Found found{.facts = facts_of(analysis.source)};
    Asset& facts = found.facts;
    if (analysis.tempo) {
        facts.bpm = analysis.tempo->bpm;
        if (facts.bpm) facts.bpm_confidence = analysis.tempo->confidence;
    }
    if (analysis.key && analysis.key->key) {
        const std::string name = analysis.key->key->name();
        facts.key = spell_key(name).value_or(name);
        facts.key_confidence = analysis.key->confidence;
    }
    if (analysis.loudness) {
        facts.loudness_lufs = finite(analysis.loudness->integrated_lufs);
        facts.true_peak_dbtp = finite(analysis.loudness->true_peak_dbtp);
    }
    if (analysis.features) found.vector = analysis.features->vector;
    found.document = to_json(analysis).dump();
    return found;
}

}  // namespace

Analyzer facts_analyzer() {
    return {"facts 1",
            [](const std::filesystem::path& path, const std::stop_token&) -> Result<Found> {
                FileStore store;
                DUBPLATE_TRY(const Analysis analysis, read_facts(store, path));
                return found_of(analysis);
            },
            true};
}

Analyzer full_analyzer() {
    // One content may have several names, and what is found is kept by content: no name may speak for it.
    return {"content " + std::to_string(analyzer_version),
            [](const std::filesystem::path& path, const std::stop_token& stop) -> Result<Found> {
                FileStore store;
                DUBPLATE_TRY(const Analysis analysis,
                             analyze_file(store, path, {.name_is_evidence = false}, stop));
                return found_of(analysis);
            }};
}

}  // namespace dubplate
