// Exports audio that a program holds in memory, straight to bytes in memory: no file is read or written.
#include <cmath>
#include <cstdio>
#include <numbers>
#include <vector>

#include "exports/audio/export.h"

using namespace dubplate;

int main() {
    constexpr int rate_hz = 44100;
    std::vector<float> tone(5 * rate_hz);
    for (std::size_t i = 0; i < tone.size(); ++i)
        tone[i] = 0.25F * std::sin(2 * std::numbers::pi_v<float> * 440 * static_cast<float>(i) / rate_hz);
    const AudioView view =
        AudioView::interleaved(tone.data(), static_cast<std::int64_t>(tone.size()), 1, rate_hz);

    AudioSpec spec;
    spec.formats = {"flac"};
    const auto done = export_from_memory(spec, view, "tone");
    if (!done) return std::printf("%s\n", done.error().to_string().c_str()), 1;
    for (const auto& [name, bytes] : done->files) std::printf("%s: %zu bytes\n", name.c_str(), bytes.size());
    return done->files.size() == 1 ? 0 : 1;
}
