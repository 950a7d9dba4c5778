#include <gtest/gtest.h>

#include <filesystem>

#include "fuzz/read_everything.h"
#include "support/repository.h"

namespace dubplate::test {

namespace {

// The inputs of a fuzz harness, without the fuzzer: each file whole, and cut off after each of its bytes.
int replay(std::string_view format_name) {
    const AudioFormat& format = *find_audio_format(format_name);
    MemoryStore store;
    int files = 0;
    const auto folder = test::repository() / "fuzz/corpus" / (std::string(format_name) + "_reader");
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        SCOPED_TRACE(entry.path().string());
        const auto source = FileStore().open(entry.path());
        const auto bytes = source ? read_all(**source, 1 << 20) : Result<Bytes>(source.error());
        if (!bytes) {
            ADD_FAILURE() << bytes.error().to_string();
            continue;
        }
        read_and_retag(format, store, *bytes);
        for (std::size_t size = 0; size < std::min<std::size_t>(bytes->size(), 4096); ++size)
            read_everything(format, std::span(*bytes).first(size));
        ++files;
    }
    return files;
}

TEST(ChunkCorpus, WavReaderTakesEveryInputAndEveryTruncationOfIt) {
    EXPECT_GE(replay("wav"), 16);
}

TEST(ChunkCorpus, AiffReaderTakesEveryInputAndEveryTruncationOfIt) {
    EXPECT_GE(replay("aiff"), 17);
}

}  // namespace

}  // namespace dubplate::test
