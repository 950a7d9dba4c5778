// Analyzes audio that a program holds in memory: sixteen seconds of clicks, 120 of them a minute.
#include <cmath>
#include <cstdio>
#include <numbers>
#include <vector>

#include "exports/analysis/analyze.h"

using namespace dubplate;

int main() {
    constexpr int rate_hz = 44100;
    constexpr std::size_t beat_frames = rate_hz / 2;
    std::vector<float> clicks(16 * rate_hz);
    for (std::size_t i = 0; i < clicks.size(); ++i) {
        const auto since_beat = static_cast<float>(i % beat_frames);
        clicks[i] = 0.8F * std::exp(-since_beat / 400) *
                    std::sin(2 * std::numbers::pi_v<float> * 1000 * since_beat / rate_hz);
    }
    const auto found =
        analyze(AudioView::planar(clicks.data(), static_cast<std::int64_t>(clicks.size()), 1, rate_hz));
    if (!found) return std::printf("%s\n", found.error().to_string().c_str()), 1;
    if (!found->tempo || !found->tempo->bpm) return std::printf("no tempo was found\n"), 1;
    std::printf("%.2f bpm, %.0f %% sure, %zu beats, %.1f LUFS\n", *found->tempo->bpm,
                found->tempo->confidence * 100, found->tempo->beats_s.size(),
                found->loudness->integrated_lufs);
    return std::fmod(*found->tempo->bpm + 0.5, 60) < 1 ? 0 : 1;
}
