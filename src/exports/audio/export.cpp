#include "exports/audio/export.h"

namespace dubplate {

Result<Manifest> export_audio(const AudioSpec& spec, const ExportTarget& target, RunOptions options,
                              ProgressListener listener, std::stop_token stop) {
    DUBPLATE_TRY(const AudioPlan plan, plan_audio(spec, target, stop));
    Progress progress(std::move(listener));
    return run_audio(plan, options, progress, stop);
}

Result<MemoryExport> export_from_memory(const AudioSpec& spec, AudioView audio, std::string name,
                                        Metadata metadata, std::stop_token stop) {
    MemoryStore store;
    const ExportTarget target{.store = &store, .output = "/"};
    const std::vector<ExpandedInput> inputs{{name, memory_input(audio, name, std::move(metadata))}};
    DUBPLATE_TRY(const AudioPlan plan, plan_audio(spec, inputs, target, stop));
    Progress progress;
    DUBPLATE_TRY(Manifest manifest, run_audio(plan, {}, progress, stop));
    for (const ManifestItem& item : manifest.items) {
        if (item.error) return *item.error;
        for (const ManifestFile& file : item.files)
            if (file.error) return *file.error;
    }
    MemoryExport result{std::move(manifest), {}};
    for (const auto& path : store.list()) {
        DUBPLATE_TRY(Bytes content, store.take(path));
        result.files.emplace_back(path.filename().string(), std::move(content));
    }
    return result;
}

}  // namespace dubplate
