// The inputs of the fuzz harness, those that a fuzzer once found among them, without libFuzzer.

#include "fuzz/name_bytes.h"
#include "support/repository.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace dubplate {
namespace {

TEST(NameTemplateCorpus, MakesSafeNames) {
    int made = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(test::repository() / "fuzz/corpus/name_template")) {
        std::ifstream file(entry.path(), std::ios::binary);
        std::ostringstream bytes;
        bytes << file.rdbuf();
        made += check_names(bytes.str());
    }
    EXPECT_GT(made, 4);
}

}  // namespace
}  // namespace dubplate
