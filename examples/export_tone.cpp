// Exports audio that a program holds in memory, straight to bytes in memory: no file is read or written.
#include <cmath>
#include <cstdio>
#include <numbers>
#include <vector>

#include "exports/audio/run.h"

using namespace dubplate;

static Result<Bytes> encode_tone() {
    constexpr int rate_hz = 44100;
    std::vector<float> tone(5 * rate_hz);
    for (std::size_t i = 0; i < tone.size(); ++i)
        tone[i] = 0.25F * std::sin(2 * std::numbers::pi_v<float> * 440 * static_cast<float>(i) / rate_hz);
    const AudioView view =
        AudioView::interleaved(tone.data(), static_cast<std::int64_t>(tone.size()), 1, rate_hz);

    AudioSpec spec;
    spec.formats = {"flac"};
    MemoryStore memory;
    DUBPLATE_TRY(const AudioPlan plan, plan_audio(spec, {{"tone", memory_input(view, "tone")}},
                                                  {.store = &memory, .output = "/out"}));
    Progress progress;
    DUBPLATE_TRY(const Manifest manifest, run_audio(plan, {}, progress, {}));
    const ManifestItem& item = manifest.items.at(0);
    if (item.error) return *item.error;
    std::printf("%.1f LUFS\n", item.files.at(0).loudness.integrated_lufs);
    return memory.take(item.files.at(0).path);
}

int main() {
    const Result<Bytes> flac = encode_tone();
    std::printf("%s\n", flac ? "encoded" : flac.error().to_string().c_str());
    return flac && flac->size() > 4 ? 0 : 1;
}
