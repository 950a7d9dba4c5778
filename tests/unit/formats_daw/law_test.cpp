// The laws that each format of projects obeys whose file can be written without the audio.
#include <gtest/gtest.h>

#include "support/failing_store.h"
#include "unit/formats_daw/sessions.h"

namespace dubplate::test {

namespace {

std::vector<const DawFormat*> formats_of_text() {
    std::vector<const DawFormat*> formats;
    for (const DawFormat* format : daw_formats())
        if (format->name == "reaper" || format->name == "midi") formats.push_back(format);
    return formats;
}

class DawLaw : public testing::TestWithParam<const DawFormat*> {};

TEST_P(DawLaw, IsFoundByItsName) {
    EXPECT_EQ(find_daw_format(GetParam()->name), GetParam());
    EXPECT_EQ(GetParam()->path_for(small_session()), "Night Drive." + std::string(GetParam()->extension));
}

TEST_P(DawLaw, TakesAnEmptySession) {
    const auto back = read_back(*GetParam(), DawSession{});

    ASSERT_TRUE(back) << back.error().to_string();
    EXPECT_EQ(*back, DawSession{});
    EXPECT_TRUE(GetParam()->losses(DawSession{}).empty());
}

TEST_P(DawLaw, GivesTheSameBytesTwice) {
    EXPECT_EQ(written(*GetParam(), small_session()), written(*GetParam(), small_session()));
}

TEST_P(DawLaw, FailsCleanlyAtEveryWrite) {
    MemoryStore memory;
    FailingStore store(memory);
    const auto write = [&]() -> Status {
        DUBPLATE_TRY(auto file, store.create("x"));
        DUBPLATE_CHECK(GetParam()->write(small_session(), {&store, ""}, *file, {}));
        return file->publish();
    };
    ASSERT_TRUE(write());
    (void)memory.take("x");
    const std::int64_t operations = store.operations();

    for (std::int64_t n = 1; n <= operations; ++n) {
        store.fail_at(n);
        const Status status = write();
        ASSERT_FALSE(status) << n;
        EXPECT_EQ(status.error().code, ErrorCode::io);
        EXPECT_TRUE(memory.list().empty());
    }
}

TEST_P(DawLaw, StopsBeforeItWrites) {
    MemoryStore store;
    const auto file = store.create("x");
    std::stop_source stop;
    stop.request_stop();

    const Status status = GetParam()->write(small_session(), {&store, ""}, **file, stop.get_token());

    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::canceled);
}

TEST_P(DawLaw, ReadsWhatWasCutOffAnywhereWithoutHarm) {
    const Bytes bytes = written(*GetParam(), small_session());

    for (std::size_t size = 0; size < bytes.size(); size += 7) {
        const auto part =
            std::make_shared<const Bytes>(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
        const auto session = GetParam()->read(*make_memory_source(part, "part"));
        EXPECT_TRUE(session || session.error().code == ErrorCode::corrupt) << session.error().to_string();
    }
}

INSTANTIATE_TEST_SUITE_P(Each, DawLaw, testing::ValuesIn(formats_of_text()),
                         [](const auto& test) { return std::string(test.param->name); });

}  // namespace

}  // namespace dubplate::test
