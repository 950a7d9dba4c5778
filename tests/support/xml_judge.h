// xml_judge.h: xmllint as the judge of what is written as XML.
//
// What     xml_faults() is empty where the text is well formed, and else what xmllint says. Where it is not
//          installed, DUBPLATE_NEEDS_XMLLINT() skips the test and says so.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include "support/temp_folder.h"

#define DUBPLATE_NEEDS_XMLLINT()                                 \
    if (std::system("command -v xmllint > /dev/null 2>&1") != 0) \
    GTEST_SKIP() << "xmllint is not installed: nothing was judged"

namespace dubplate {

inline std::string xml_faults(const std::string& xml) {
    const TempFolder folder;
    std::ofstream(folder / "page.xml", std::ios::binary) << xml;
    const std::string command = "xmllint --noout --nonet '" + (folder / "page.xml").string() + "' 2>&1";
    const auto close = [](std::FILE* pipe) { ::pclose(pipe); };
    const std::unique_ptr<std::FILE, decltype(close)> pipe(::popen(command.c_str(), "r"), close);
    if (!pipe) return "xmllint could not be started";
    std::string said;
    for (int c = std::fgetc(pipe.get()); c != EOF; c = std::fgetc(pipe.get())) said += static_cast<char>(c);
    return said;
}

}  // namespace dubplate
