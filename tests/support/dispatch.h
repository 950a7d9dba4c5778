// dispatch.h: the same work on every kind of processor that this machine can stand in for.
//
// Kinds    those that were compiled and that this processor has, down to the one that needs nothing of it.
// Exact    results are compared by their bytes: -0 is not 0.
// Threads  the choice is one for the whole process: not beside other threads that run kernels.
#pragma once

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <cstring>
#include <vector>

namespace dubplate::test {

// The kind that is chosen by itself comes back with the scope's end.
class ChosenTarget {
  public:
    explicit ChosenTarget(std::int64_t target) { hwy::SetSupportedTargetsForTest(target); }
    ~ChosenTarget() { hwy::SetSupportedTargetsForTest(0); }
    ChosenTarget(const ChosenTarget&) = delete;
    ChosenTarget& operator=(const ChosenTarget&) = delete;
};

template <class T>
bool same_bytes(const std::vector<T>& a, const std::vector<T>& b) {
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

// work(): a vector of numbers.
template <class Work>
void expect_same_on_all_targets(Work work) {
    const auto expected = work();
    for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
        const ChosenTarget chosen(target);
        EXPECT_TRUE(same_bytes(work(), expected)) << "on " << hwy::TargetName(target);
    }
}

}  // namespace dubplate::test
