// Every fuzz harness over its corpus, what a fuzzer once found among it, without libFuzzer: each input whole, and cut
// off at many places. A harness that sees a rule broken ends the program; the last line tells the input.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "support/repository.h"

// harnesses.inc has HARNESS(name) for each fuzz/<name>_fuzz.cpp, whose entry point the build calls replay_<name>.
#define HARNESS(name) extern "C" int replay_##name(const std::uint8_t* data, std::size_t size);
#include "harnesses.inc"
#undef HARNESS

namespace dubplate {

namespace {

constexpr std::size_t cuts = 500;

struct Harness {
    const char* name;
    int (*run)(const std::uint8_t* data, std::size_t size);
};

class Corpus : public testing::TestWithParam<Harness> {};

TEST_P(Corpus, IsTakenWholeAndCutOffAnywhere) {
    const Harness& harness = GetParam();
    int files = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(test::repository() / "fuzz/corpus" / harness.name)) {
        std::ifstream file(entry.path(), std::ios::binary);
        const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
        const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
        std::fprintf(stderr, "%s\n", entry.path().c_str());
        harness.run(data, bytes.size());
        const std::size_t step = std::max<std::size_t>(1, bytes.size() / cuts);
        for (std::size_t size = 0; size < bytes.size(); size += step) {
            // A copy of its own: the sanitizer sees what reads past its end.
            const std::vector<std::uint8_t> part(data, data + size);
            harness.run(part.data(), part.size());
        }
        ++files;
    }
    EXPECT_GT(files, 1);
}

#define HARNESS(name) Harness{#name, replay_##name},
constexpr Harness harnesses[] = {
#include "harnesses.inc"
};
#undef HARNESS

INSTANTIATE_TEST_SUITE_P(Fuzz, Corpus, testing::ValuesIn(harnesses),
                         [](const auto& test) { return test.param.name; });

}  // namespace

}  // namespace dubplate
