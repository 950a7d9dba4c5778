// temp_folder.h: a folder for one test, gone with it.
//
// What     TempFolder makes it; names() lists what lies in it, hidden files too, so that a test can say
//          "nothing is left behind".
// Threads  thread-compatible.
#pragma once

#include <gtest/gtest.h>

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace dubplate {

class TempFolder {
  public:
    TempFolder() {
        std::string name = ::testing::TempDir() + "dubplate-test-XXXXXX";
        if (::mkdtemp(name.data())) path_ = name;
        EXPECT_FALSE(path_.empty()) << "no temporary folder could be made as " << name;
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

    // Everything in it, relative to it, sorted.
    std::vector<std::string> names() const {
        std::vector<std::string> found;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path_))
            found.push_back(entry.path().lexically_relative(path_).string());
        std::sort(found.begin(), found.end());
        return found;
    }

    std::filesystem::path write(const std::filesystem::path& name, std::string_view content) const {
        const std::filesystem::path path = path_ / name;
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }
    std::string read(const std::filesystem::path& name) const {
        std::ostringstream text;
        text << std::ifstream(path_ / name, std::ios::binary).rdbuf();
        return text.str();
    }

  private:
    std::filesystem::path path_;
};

}  // namespace dubplate
