#include "core/memory_monitor.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace dubplate {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr std::uint64_t mebi = 1024 * 1024;

// A made-up machine of 1000 MiB.
class MemoryMonitorTest : public ::testing::Test {
  protected:
    MemoryMonitorTest() {
        write("proc/meminfo", "MemTotal:        1024000 kB\nMemFree:  1 kB\nMemAvailable:     512000 kB\n");
        use(100, 100);
    }

    void write(const fs::path& name, const std::string& text) {
        fs::create_directories((folder_ / name).parent_path());
        folder_.write(name, text);
    }
    void use(std::uint64_t now_mebi, std::uint64_t peak_mebi) {
        write("proc/self/status", "Name:\ttest\nVmHWM:\t  " + std::to_string(peak_mebi * 1024) +
                                      " kB\nVmRSS:\t  " + std::to_string(now_mebi * 1024) + " kB\n");
    }
    MemoryMonitorOptions options() {
        return {.proc = folder_ / "proc", .cgroup = folder_ / "cgroup", .clock = &clock_};
    }

    TempFolder folder_;
    ManualClock clock_;
};

TEST_F(MemoryMonitorTest, TakesAProfile) {
    clock_.advance(3s);
    auto with_gpu = options();
    with_gpu.gpu = [] { return GpuMemory{.total_bytes = 8, .used_bytes = 3, .free_bytes = 5}; };
    MemoryMonitor monitor(with_gpu);

    const auto profile = monitor.snapshot();

    ASSERT_TRUE(profile) << profile.error().to_string();
    EXPECT_EQ(profile->time, 3s);
    EXPECT_EQ(profile->total_bytes, 1000 * mebi);
    EXPECT_EQ(profile->available_bytes, 500 * mebi);
    EXPECT_EQ(profile->process_bytes, 100 * mebi);
    EXPECT_EQ(profile->process_peak_bytes, 100 * mebi);
    EXPECT_EQ(profile->gpu->used_bytes, 3U);
    EXPECT_EQ(MemoryMonitor(options()).snapshot()->gpu, std::nullopt);
}

TEST_F(MemoryMonitorTest, WithoutGroupsIsLimitedByTheMachine) {
    EXPECT_EQ(*MemoryMonitor(options()).limit(), 1000 * mebi);

    write("proc/self/cgroup", "0::/\n");
    EXPECT_EQ(*MemoryMonitor(options()).limit(), 1000 * mebi);
}

TEST_F(MemoryMonitorTest, HonorsTheSmallestVersion2LimitOnTheWayUp) {
    write("proc/self/cgroup", "0::/outer/inner\n");
    write("cgroup/outer/inner/memory.max", "max\n");
    write("cgroup/outer/memory.max", std::to_string(256 * mebi) + "\n");
    write("cgroup/memory.max", std::to_string(512 * mebi) + "\n");
    EXPECT_EQ(*MemoryMonitor(options()).limit(), 256 * mebi);

    write("cgroup/outer/inner/memory.max", std::to_string(64 * mebi) + "\n");
    EXPECT_EQ(*MemoryMonitor(options()).limit(), 64 * mebi);
}

TEST_F(MemoryMonitorTest, LooksAtTheRootWhereTheContainerHidesItsPath) {
    write("proc/self/cgroup", "0::/../../docker:x/abc\n");
    write("cgroup/memory.max", std::to_string(128 * mebi) + "\n");

    EXPECT_EQ(*MemoryMonitor(options()).limit(), 128 * mebi);
}

TEST_F(MemoryMonitorTest, HonorsVersion1Limits) {
    write("proc/self/cgroup",
          "5:cpu,cpuacct:/elsewhere\n4:memory,blkio:/docker/abc\n1:name=systemd:/\n0::/x\n");
    write("cgroup/memory/docker/memory.limit_in_bytes", std::to_string(300 * mebi) + "\n");
    write("cgroup/memory/docker/abc/memory.limit_in_bytes", "9223372036854771712\n");

    EXPECT_EQ(*MemoryMonitor(options()).limit(), 300 * mebi);
}

TEST_F(MemoryMonitorTest, IgnoresLimitsAboveTheMachineAndUnreadableOnes) {
    write("proc/self/cgroup", "0::/a\nnonsense\n");
    write("cgroup/a/memory.max", "9223372036854771712\n");
    EXPECT_EQ(*MemoryMonitor(options()).limit(), 1000 * mebi);

    write("cgroup/a/memory.max", "many\n");
    EXPECT_EQ(*MemoryMonitor(options()).limit(), 1000 * mebi);
}

TEST_F(MemoryMonitorTest, CountsCacheThatCanGoAsAvailableInAGroup) {
    write("proc/self/cgroup", "0::/a\n");
    write("cgroup/a/memory.max", std::to_string(256 * mebi));
    write("cgroup/a/memory.current", std::to_string(200 * mebi));
    write("cgroup/a/memory.stat", "anon 1\ninactive_file " + std::to_string(50 * mebi) + "\nactive_file 3\n");
    EXPECT_EQ(MemoryMonitor(options()).snapshot()->available_bytes, 106 * mebi);

    write("cgroup/a/memory.current", std::to_string(400 * mebi));
    EXPECT_EQ(MemoryMonitor(options()).snapshot()->available_bytes, 0U);
}

TEST_F(MemoryMonitorTest, ReportsAProcThatCannotBeRead) {
    auto nowhere = options();
    nowhere.proc = folder_ / "none";
    EXPECT_EQ(MemoryMonitor(nowhere).snapshot().error().code, ErrorCode::io);

    write("proc/self/status", "Name: test\n");
    EXPECT_EQ(MemoryMonitor(options()).snapshot().error().code, ErrorCode::corrupt);
}

TEST_F(MemoryMonitorTest, TracksALabelFromStartToEndWithItsPeak) {
    MemoryMonitor monitor(options());
    use(100, 900);
    ASSERT_TRUE(monitor.start_tracking("encode"));
    clock_.advance(2s);
    use(400, 900);
    ASSERT_TRUE(monitor.snapshot());
    clock_.advance(3s);
    use(150, 900);

    const auto tracked = monitor.end_tracking("encode");

    ASSERT_TRUE(tracked);
    EXPECT_EQ(tracked->duration, 5s);
    EXPECT_EQ(tracked->start.process_bytes, 100 * mebi);
    EXPECT_EQ(tracked->peak.process_bytes, 400 * mebi);
    EXPECT_EQ(tracked->peak.time, 2s);
    EXPECT_EQ(tracked->end.process_bytes, 150 * mebi);
}

TEST_F(MemoryMonitorTest, SeesAPeakBetweenTwoProfilesByTheKernelsMark) {
    MemoryMonitor monitor(options());
    ASSERT_TRUE(monitor.start_tracking("encode"));
    use(120, 700);

    EXPECT_EQ(monitor.end_tracking("encode")->peak.process_bytes, 700 * mebi);
}

TEST_F(MemoryMonitorTest, KeepsLabelsThatOverlapApart) {
    MemoryMonitor monitor(options());
    use(100, 900);
    ASSERT_TRUE(monitor.start_tracking("first"));
    use(300, 900);
    ASSERT_TRUE(monitor.start_tracking("second"));
    use(200, 900);
    const auto first = monitor.end_tracking("first");
    use(250, 900);
    const auto second = monitor.end_tracking("second");

    EXPECT_EQ(first->start.process_bytes, 100 * mebi);
    EXPECT_EQ(first->peak.process_bytes, 300 * mebi);
    EXPECT_EQ(second->start.process_bytes, 300 * mebi);
    EXPECT_EQ(second->end.process_bytes, 250 * mebi);
}

TEST_F(MemoryMonitorTest, RefusesLabelsThatAreTakenOrUnknown) {
    MemoryMonitor monitor(options());
    ASSERT_TRUE(monitor.start_tracking("encode"));

    EXPECT_EQ(monitor.start_tracking("encode").error().code, ErrorCode::already_exists);
    EXPECT_EQ(monitor.end_tracking("decode").error().code, ErrorCode::not_found);
    EXPECT_TRUE(monitor.end_tracking("encode"));
    EXPECT_TRUE(monitor.start_tracking("encode"));
}

TEST_F(MemoryMonitorTest, AveragesOverAWindowOfTime) {
    MemoryMonitor monitor(options());
    EXPECT_EQ(monitor.average_usage(10s), 0.0);
    ASSERT_TRUE(monitor.snapshot());  // 100 MiB at 0 s
    EXPECT_EQ(monitor.average_usage(10s), 100.0 * mebi);
    clock_.advance(8s);
    use(200, 200);
    ASSERT_TRUE(monitor.snapshot());  // 200 MiB at 8 s
    clock_.advance(2s);

    EXPECT_DOUBLE_EQ(monitor.average_usage(10s), (8 * 100.0 + 2 * 200.0) / 10 * mebi);
    EXPECT_DOUBLE_EQ(monitor.average_usage(5s), 200.0 * mebi);
    EXPECT_EQ(monitor.average_usage(1s), 0.0);
}

TEST_F(MemoryMonitorTest, CallsOnceOnTheWayUpThroughEachThreshold) {
    MemoryMonitor monitor(options());
    std::vector<MemoryLevel> levels;
    monitor.set_listener([&](MemoryLevel level, const MemoryProfile&) {
        levels.push_back(level);
        EXPECT_TRUE(monitor.limit()) << "the listener may use the monitor";
    });
    for (const std::uint64_t use_mebi : {799U, 800U, 850U, 900U, 950U, 850U, 100U, 950U}) {
        use(use_mebi, 950);
        ASSERT_TRUE(monitor.snapshot());
    }

    EXPECT_EQ(levels, (std::vector{MemoryLevel::warning, MemoryLevel::error, MemoryLevel::error}));
}

TEST_F(MemoryMonitorTest, TakesOtherThresholds) {
    MemoryMonitor monitor(options());
    monitor.set_warning_threshold(0.05);
    monitor.set_error_threshold(0.10);
    std::vector<MemoryLevel> levels;
    monitor.set_listener([&](MemoryLevel level, const MemoryProfile&) { levels.push_back(level); });
    ASSERT_TRUE(monitor.snapshot());

    EXPECT_EQ(levels, (std::vector{MemoryLevel::error}));
}

TEST_F(MemoryMonitorTest, MeasuresThresholdsAgainstTheContainersLimit) {
    write("proc/self/cgroup", "0::/\n");
    write("cgroup/memory.max", std::to_string(110 * mebi));
    MemoryMonitor monitor(options());
    std::vector<MemoryLevel> levels;
    monitor.set_listener([&](MemoryLevel level, const MemoryProfile&) { levels.push_back(level); });

    ASSERT_TRUE(monitor.snapshot());

    EXPECT_EQ(levels, (std::vector{MemoryLevel::error}));
}

TEST_F(MemoryMonitorTest, WatchesByItselfAndEndsAtOnce) {
    use(950, 950);
    std::mutex mutex;
    std::condition_variable called;
    bool is_called = false;
    {
        MemoryMonitor monitor(options());
        monitor.set_listener([&](MemoryLevel, const MemoryProfile&) {
            const std::lock_guard lock(mutex);
            is_called = true;
            called.notify_all();
        });
        monitor.watch(1h);
        std::unique_lock lock(mutex);
        called.wait(lock, [&] { return is_called; });
    }

    EXPECT_TRUE(is_called);
}

TEST_F(MemoryMonitorTest, ServesManyThreads) {
    MemoryMonitor monitor(options());
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&, i] {
                const std::string label = std::to_string(i);
                for (int round = 0; round < 20; ++round) {
                    EXPECT_TRUE(monitor.start_tracking(label));
                    EXPECT_TRUE(monitor.end_tracking(label));
                    EXPECT_GT(monitor.average_usage(1s), 0.0);
                }
            });
    }
    EXPECT_TRUE(monitor.snapshot());
}

TEST(MemoryMonitorOfThisMachine, SeesWhatAProgramTakes) {
    MemoryMonitor monitor;
    ASSERT_TRUE(monitor.start_tracking("allocate"));
    std::vector<char> memory(64 * mebi, 1);
    ASSERT_TRUE(monitor.snapshot());
    EXPECT_EQ(memory.back(), 1);
    memory = {};

    const auto tracked = monitor.end_tracking("allocate");

    ASSERT_TRUE(tracked) << tracked.error().to_string();
    EXPECT_GE(tracked->peak.process_bytes, tracked->start.process_bytes + 60 * mebi);
    EXPECT_GT(tracked->end.total_bytes, 0U);
    EXPECT_LE(tracked->end.available_bytes, tracked->end.total_bytes);
}

}  // namespace
}  // namespace dubplate
