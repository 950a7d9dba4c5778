#include "audio/kernels/columns.h"
#include "support/dispatch.h"
#include "support/signals.h"

#include <array>

namespace dubplate {
namespace {

using namespace test;

// Lengths that fill blocks of four frames, and that do not.
constexpr std::int64_t lengths[] = {1, 3, 4, 7, 64, 101};

struct Stretches {
    std::vector<float> samples;
    std::array<const float*, row_columns> pointers{};

    explicit Stretches(std::int64_t frames)
        : samples(noise(1000, 1, static_cast<double>(frames) * row_columns / 1000, 1).channels[0]) {
        for (std::size_t j = 0; j < row_columns; ++j)
            pointers[j] = samples.data() + static_cast<std::int64_t>(j) * frames;
    }
};

TEST(Columns, HoldTheSameFrameOfEveryStretchInARow) {
    for (const std::int64_t frames : lengths) {
        const Stretches stretches(frames);
        std::vector<Row> rows(static_cast<std::size_t>(frames));

        to_columns(stretches.pointers, frames, rows.data());

        for (std::size_t i = 0; i < rows.size(); ++i)
            for (std::size_t j = 0; j < row_columns; ++j)
                ASSERT_EQ(rows[i].columns[j], stretches.pointers[j][i])
                    << "frame " << i << " of stretch " << j;
    }
}

TEST(Columns, BecomeTheStretchesAgainOnEveryKindOfProcessor) {
    for (const std::int64_t frames : lengths) {
        const Stretches stretches(frames);
        expect_same_on_all_targets([&] {
            std::vector<Row> rows(static_cast<std::size_t>(frames));
            std::vector<float> back(stretches.samples.size());
            std::array<float*, row_columns> pointers{};
            for (std::size_t j = 0; j < row_columns; ++j)
                pointers[j] = back.data() + static_cast<std::int64_t>(j) * frames;
            to_columns(stretches.pointers, frames, rows.data());
            from_columns(rows.data(), frames, pointers);
            EXPECT_TRUE(same_bytes(back, stretches.samples));
            return back;
        });
    }
}

}  // namespace
}  // namespace dubplate
