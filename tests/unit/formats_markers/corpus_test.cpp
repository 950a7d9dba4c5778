// The inputs of the fuzz harnesses, those that a fuzzer once found among them, without libFuzzer.

#include "formats/markers/cue_sheet.h"
#include "formats/markers/label_file.h"
#include "fuzz/region_bytes.h"
#include "support/repository.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <span>
#include <sstream>
#include <string>

namespace dubplate {
namespace {

struct Parser {
    std::string corpus;
    Result<MarkedRegions> (*parse)(std::span<const std::byte> data, int sample_rate_hz);
};

class RegionCorpus : public testing::TestWithParam<Parser> {};

TEST_P(RegionCorpus, GivesOrderedRegionsOrAnError) {
    int taken = 0;
    int refused = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(test::repository() / "fuzz/corpus" / GetParam().corpus)) {
        std::ifstream file(entry.path(), std::ios::binary);
        std::ostringstream content;
        content << file.rdbuf();
        const std::string bytes = content.str();
        const auto parsed = GetParam().parse(std::as_bytes(std::span(bytes)), 44100);
        check_regions(parsed);
        ++(parsed ? taken : refused);
    }
    EXPECT_GT(taken, 1);
    EXPECT_GT(refused, 0);
}

INSTANTIATE_TEST_SUITE_P(Markers, RegionCorpus,
                         testing::Values(Parser{"label_file", parse_label_file},
                                         Parser{"cue_sheet", parse_cue_sheet}),
                         [](const auto& test) { return test.param.corpus; });

}  // namespace
}  // namespace dubplate
