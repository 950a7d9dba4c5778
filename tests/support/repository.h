// repository.h: where the repository lies, for tests that read files of it.
//
// The build passes no absolute path to the compiler, so that one clone can use what another has compiled: this looks
// upwards from the folder in which the test runs.
#pragma once

#include <filesystem>

namespace dubplate::test {

inline std::filesystem::path repository() {
    std::filesystem::path folder = std::filesystem::current_path();
    while (!std::filesystem::exists(folder / "CMakePresets.json") && folder.has_relative_path())
        folder = folder.parent_path();
    return folder;
}

}  // namespace dubplate::test
