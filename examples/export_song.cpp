// Exports a song as FLAC and MP3 for streaming platforms, and shows what was measured on the files.
//   export_song SONG FOLDER
#include <cstdio>

#include "exports/audio/run.h"

using namespace dubplate;

static Status export_song(const char* song, const char* folder) {
    AudioSpec spec;
    spec.inputs = {song};
    spec.formats = {"flac", "mp3"};
    spec.loudness.target_lufs = -14;
    spec.tags["comment"] = "mastered";

    FileStore store;
    DUBPLATE_TRY(const AudioPlan plan,
                 plan_audio(spec, {.store = &store, .output = folder, .overwrite = true}));
    Progress progress;
    DUBPLATE_TRY(const Manifest manifest, run_audio(plan, {}, progress, {}));
    for (const ManifestItem& item : manifest.items) {
        if (item.error) return *item.error;
        for (const ManifestFile& file : item.files)
            std::printf("%s  %.1f LUFS  %.1f dBTP  %s\n", file.path.c_str(), file.loudness.integrated_lufs,
                        file.loudness.true_peak_dbtp,
                        file.error ? file.error->to_string().c_str() : "proven");
    }
    return {};
}

int main(int argc, char** argv) {
    if (argc != 3) return std::puts("usage: export_song SONG FOLDER"), 2;
    const Status done = export_song(argv[1], argv[2]);
    if (!done) std::printf("%s\n", done.error().to_string().c_str());
    return done ? 0 : 1;
}
