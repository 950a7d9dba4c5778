#include "exports/analysis/analyze.h"

#include "exports/analysis/examine.h"

namespace dubplate {

namespace {

Result<OpenedAudio> open_path(Store& store, const std::filesystem::path& path) {
    DUBPLATE_TRY(std::shared_ptr<const ByteSource> bytes, store.open(path));
    auto reader = open_audio(*bytes);
    if (!reader) return std::move(reader).error().in_context(path.string());
    return OpenedAudio{std::move(bytes), *std::move(reader)};
}

}  // namespace

Result<Analysis> read_facts(Store& store, const std::filesystem::path& path) {
    DUBPLATE_TRY(const OpenedAudio opened, open_path(store, path));
    return facts_of(opened);
}

Result<Analysis> analyze_file(Store& store, const std::filesystem::path& path, const AnalyzeOptions& options,
                              std::stop_token stop, Progress::Part progress) {
    DUBPLATE_TRY(const OpenedAudio opened, open_path(store, path));
    auto examined =
        examine(opened, path.stem().string(), {.analyze = options}, std::move(progress), std::move(stop));
    if (!examined) return std::move(examined).error().in_context(path.string());
    return std::move(examined->analysis);
}

Result<Analysis> analyze(AudioView audio, const AnalyzeOptions& options, const std::string& name,
                         std::stop_token stop) {
    DUBPLATE_TRY(const OpenedAudio opened, memory_input(audio, name).open());
    DUBPLATE_TRY(Examined examined, examine(opened, name, {.analyze = options}, {}, std::move(stop)));
    return std::move(examined.analysis);
}

}  // namespace dubplate
