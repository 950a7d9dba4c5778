// The inputs of the fuzz harnesses, those that a fuzzer once found among them, without libFuzzer.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "support/repository.h"
#include "tags/render.h"
#include "tags/vorbis.h"
#include "unit/tags/samples.h"

namespace dubplate {
namespace {

using Parse = Metadata (*)(const Bytes&, std::vector<Loss>&);

struct Parser {
    std::string corpus;
    Parse parse;
};

Metadata parse_containers(const Bytes& bytes, std::vector<Loss>& losses) {
    Metadata all;
    for (const auto* format : {"mp3", "flac", "ogg", "m4a"}) {
        all = merge(std::move(all), read_tags(*test::source_of(bytes), format, losses).value());
    }
    return all;
}

class Corpus : public testing::TestWithParam<Parser> {};

TEST_P(Corpus, GivesValidMetadataOrNone) {
    const auto folder = test::repository() / "fuzz/corpus" / GetParam().corpus;
    int files = 0;
    int with_tags = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::ostringstream file;
        file << std::ifstream(entry.path(), std::ios::binary).rdbuf();
        const std::string content = file.str();
        std::vector<Loss> losses;
        const auto metadata = GetParam().parse(to_bytes(content), losses);
        EXPECT_THAT(validate(metadata), testing::IsEmpty()) << entry.path();
        ++files;
        with_tags += metadata.empty() ? 0 : 1;
    }
    EXPECT_GT(files, 0);
    EXPECT_GT(with_tags, 0) << "inputs that say nothing test nothing";
}

INSTANTIATE_TEST_SUITE_P(
    Tags, Corpus,
    testing::Values(
        Parser{"riff_info", [](const Bytes& b, std::vector<Loss>& l) { return parse_riff_info(b, l); }},
        Parser{"bext", [](const Bytes& b, std::vector<Loss>& l) { return parse_bext(b, l); }},
        Parser{"id3v2",
               [](const Bytes& b, std::vector<Loss>& l) { return parse_id3v2(b, l).value_or(Metadata{}); }},
        Parser{"vorbis_comment",
               [](const Bytes& b, std::vector<Loss>& l) {
                   return metadata_from_vorbis_comments(split_vorbis_block(b, l), l);
               }},
        Parser{"tag_containers", parse_containers}),
    [](const auto& test) { return test.param.corpus; });

}  // namespace
}  // namespace dubplate
