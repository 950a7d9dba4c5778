// What qm-dsp says of the tempo and key of audio files, as lines of JSON: the peer of analysis_probe.cpp.
#include "analysis_audio.h"

#include <dsp/keydetection/GetKeyMode.h>
#include <dsp/onsets/DetectionFunction.h>
#include <dsp/tempotracking/TempoTrackV2.h>
#include <fmt/format.h>
#include <time.h>

#include <array>
#include <string>

namespace dubplate::bench {

namespace {

double cpu_ms() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

std::vector<double> mono(const LoadedAudio& audio) {
    std::vector<double> samples(static_cast<std::size_t>(audio.frames), 0.0);
    for (int c = 0; c < audio.format.channels; ++c)
        for (std::int64_t i = 0; i < audio.frames; ++i)
            samples[static_cast<std::size_t>(i)] +=
                static_cast<double>(audio.view().at(i, c)) / audio.format.channels;
    return samples;
}

// As the library's own plug-in sets it up; the tempo is that of the mean distance of the beats, its most exact answer.
double tempo_of(const std::vector<double>& samples, int rate_hz) {
    const auto step = static_cast<std::size_t>(rate_hz * 0.01161 + 0.0001);
    DFConfig config{};
    config.stepSize = static_cast<unsigned>(step);
    config.frameLength = static_cast<unsigned>(2 * step);
    config.DFType = DF_COMPLEXSD;
    config.dbRise = 3;
    config.whiteningRelaxCoeff = -1;
    config.whiteningFloor = -1;
    DetectionFunction function(config);
    std::vector<double> rises;
    for (std::size_t at = 0; at + 2 * step <= samples.size(); at += step)
        rises.push_back(function.processTimeDomain(samples.data() + at));
    if (rises.size() < 10) return 0;
    TempoTrackV2 tracker(static_cast<float>(rate_hz), step);
    std::vector<double> used(rises.begin() + 2, rises.end());
    std::vector<double> periods(used.size());
    std::vector<double> tempos;
    tracker.calculateBeatPeriod(used, periods, tempos);
    std::vector<double> beats;
    tracker.calculateBeats(used, periods, beats);
    if (beats.size() < 2) return 0;
    const double gap = (beats.back() - beats.front()) / static_cast<double>(beats.size() - 1);
    return 60.0 * rate_hz / (gap * static_cast<double>(step));
}

std::string key_of(const std::vector<double>& samples, int rate_hz) {
    static constexpr std::array<const char*, 24> names = {
        "C major",  "Db major", "D major",  "Eb major", "E major",  "F major",  "F# major", "G major",
        "Ab major", "A major",  "Bb major", "B major",  "C minor",  "C# minor", "D minor",  "Eb minor",
        "E minor",  "F minor",  "F# minor", "G minor",  "G# minor", "A minor",  "Bb minor", "B minor"};
    GetKeyMode finder(rate_hz, 440, 10, 10);
    std::array<int, 25> votes{};
    std::vector<double> block(finder.getBlockSize());
    for (std::size_t at = 0; at < samples.size(); at += finder.getHopSize()) {
        const std::size_t most = std::min(block.size(), samples.size() - at);
        std::fill(block.begin(), block.end(), 0.0);
        std::copy_n(samples.begin() + static_cast<std::ptrdiff_t>(at), most, block.begin());
        ++votes[static_cast<std::size_t>(std::clamp(finder.process(block.data()), 0, 24))];
    }
    const auto best = std::max_element(votes.begin() + 1, votes.end()) - votes.begin();
    return names[static_cast<std::size_t>(best - 1)];
}

}  // namespace

}  // namespace dubplate::bench

int main(int count, char** arguments) {
    using namespace dubplate::bench;
    for (int i = 1; i < count; ++i) {
        const LoadedAudio audio = load(arguments[i]);
        const double begin = cpu_ms();
        const std::vector<double> samples = mono(audio);
        const double bpm = tempo_of(samples, audio.format.sample_rate_hz);
        const std::string key = key_of(samples, audio.format.sample_rate_hz);
        fmt::print("{{\"file\": \"{}\", \"bpm\": {}, \"key\": \"{}\", \"ms\": {:.3f}}}\n", arguments[i],
                   bpm > 0 ? fmt::format("{}", bpm) : "null", key, cpu_ms() - begin);
    }
}
