#include "analysis/decimator.h"
#include "unit/analysis/rhythms.h"

#include <gtest/gtest.h>

namespace dubplate::test {

namespace {

class Spectra final : public FrameListener {
  public:
    void begin(const FrameGrid& grid) override { grid_ = grid; }
    void frame(std::span<const float> magnitudes) override {
        frames_.emplace_back(magnitudes.begin(), magnitudes.end());
    }
    const FrameGrid& grid() const { return grid_; }
    const std::vector<std::vector<float>>& frames() const { return frames_; }

  private:
    FrameGrid grid_;
    std::vector<std::vector<float>> frames_;
};

}  // namespace

TEST(Frames, ReadASineAtItsBinWithItsAmplitude) {
    for (const int rate_hz : {8000, 44100, 48000, 192000}) {
        FrameStream stream;
        Spectra spectra;
        stream.add_short(spectra);
        drive<float>(stream, sine(rate_hz, 2, 2, 1000, -6.0206));

        const std::vector<float>& middle = spectra.frames()[spectra.frames().size() / 2];
        const auto peak = std::max_element(middle.begin(), middle.end());
        const double peak_hz = static_cast<double>(peak - middle.begin()) * spectra.grid().bin_width_hz;
        EXPECT_NEAR(peak_hz, 1000, spectra.grid().bin_width_hz) << rate_hz;
        // Between two bins a Hann window reads up to 1.42 dB less.
        EXPECT_LE(*peak, 0.505f) << rate_hz;
        EXPECT_GE(*peak, 0.42f) << rate_hz;
    }
}

TEST(Frames, LieOnAGridThatCoversTheStream) {
    for (const int rate_hz : {8000, 22050, 37800, 44100, 48000, 96000}) {
        FrameStream stream;
        Spectra spectra;
        Spectra slow;
        stream.add_short(spectra);
        stream.add_long(slow);
        drive<float>(stream, noise(rhythm_rate_hz == rate_hz ? rhythm_rate_hz : rate_hz, 1, 3.217, 0.5));

        EXPECT_NEAR(spectra.grid().hop_s, 0.010, 0.0002) << rate_hz;
        EXPECT_NEAR(slow.grid().hop_s, 0.186, 0.004) << rate_hz;
        const double end_s = spectra.grid().time_s(static_cast<double>(spectra.frames().size()));
        EXPECT_NEAR(end_s, 3.217, spectra.grid().hop_s * 1.01) << rate_hz;
    }
}

TEST(Frames, PutAnImpulseInItsPlace) {
    FrameStream stream;
    Spectra spectra;
    stream.add_short(spectra);
    drive<float>(stream, impulse(44100, 1, 44100, 22050));

    std::vector<double> energy;
    for (const auto& frame : spectra.frames()) {
        double sum = 0;
        for (const float bin : frame) sum += static_cast<double>(bin);
        energy.push_back(sum);
    }
    const auto loudest = std::max_element(energy.begin(), energy.end()) - energy.begin();
    EXPECT_NEAR(spectra.grid().time_s(static_cast<double>(loudest)), 0.5, spectra.grid().hop_s);
}

TEST(Frames, CountWhatIsNotFiniteAsSilence) {
    Audio audio = click_track(120, 8);
    audio.at(0, 1000) = std::numeric_limits<float>::quiet_NaN();
    audio.at(0, 2000) = std::numeric_limits<float>::infinity();

    const Tempo tempo = music_of(audio).tempo;

    EXPECT_NEAR(tempo.bpm.value_or(0), 120, 0.3);
}

TEST(Decimator, KeepsWhatLiesBelowAndStopsWhatLiesAbove) {
    for (const int factor : {2, 3, 8}) {
        for (const double share : {0.1, 0.4, 0.65, 0.9}) {  // of the new rate
            const Audio tone = sine(48000, 1, 1, share * 48000 / factor, 0);
            Decimator decimator(factor);
            std::vector<float> output;
            decimator.process(tone.channels[0], output);
            decimator.finish(output);

            ASSERT_EQ(output.size(),
                      (48000U + static_cast<unsigned>(factor) - 1) / static_cast<unsigned>(factor));
            double squares = 0;
            const std::span<const float> middle(output.data() + 200, 5000);
            for (const float sample : middle)
                squares += static_cast<double>(sample) * static_cast<double>(sample);
            const double amplitude = std::sqrt(2 * squares / 5000);
            if (share < 0.5)
                EXPECT_NEAR(amplitude, 1, 0.01) << factor << " " << share;
            else
                EXPECT_LT(amplitude, 0.0015) << factor << " " << share;
        }
    }
}

}  // namespace dubplate::test
