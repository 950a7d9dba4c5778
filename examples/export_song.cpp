// Exports a song as FLAC and MP3 for streaming platforms, and shows what was measured on the files.
//   export_song SONG FOLDER
#include "exports/audio/export.h"

#include <cstdio>

using namespace dubplate;

int main(int argc, char** argv) {
    if (argc != 3) return std::puts("usage: export_song SONG FOLDER"), 2;
    AudioSpec spec;
    spec.inputs = {argv[1]};
    spec.formats = {"flac", "mp3"};
    spec.loudness.target_lufs = -14;
    spec.tags["comment"] = "mastered";

    FileStore store;
    const auto manifest = export_audio(spec, {.store = &store, .output = argv[2], .overwrite = true});
    if (!manifest) return std::printf("%s\n", manifest.error().to_string().c_str()), 1;
    for (const ManifestItem& item : manifest->items) {
        if (item.error) std::printf("%s\n", item.error->to_string().c_str());
        for (const ManifestFile& file : item.files)
            std::printf("%s  %.1f LUFS  %.1f dBTP  %s\n", file.path.c_str(), file.loudness.integrated_lufs,
                        file.loudness.true_peak_dbtp,
                        file.error ? file.error->to_string().c_str() : "proven");
    }
    return manifest->failed_count() == 0 ? 0 : 1;
}
