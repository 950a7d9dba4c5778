// ardour.h: the real Ardour 7 as the judge of the sessions that are written for it.
//
// What     ardour_export() renders a session to a WAV file of 24 bits; ardour_missing() names the tracks whose audio it did not
//          find, which Ardour itself only warns of; ardour_resave() lets it save the session under another name.
//          DUBPLATE_NEEDS_ARDOUR() skips a test where it is not installed, and says so.
// Why tries  ardour7-export 7.3 sometimes hangs or crashes at the end of its work, whatever the session: it is started again.
// Threads  one Ardour at a time; each has a home folder of its own.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "support/temp_folder.h"

#define DUBPLATE_NEEDS_ARDOUR()                                                                            \
    if (std::system(                                                                                       \
            "command -v ardour7-lua > /dev/null 2>&1 && command -v ardour7-export > /dev/null 2>&1") != 0) \
    GTEST_SKIP() << "Ardour 7 is not installed: nothing was judged"

namespace dubplate::test {

namespace ardour_detail {

constexpr int tries = 4;

inline std::string quoted(const std::filesystem::path& path) {
    return "'" + path.string() + "'";
}

// What it printed, or nothing where every try failed.
inline std::string run(const std::string& command) {
    for (int i = 0; i < tries; ++i) {
        const TempFolder home;
        const std::string all = "HOME=" + quoted(home.path()) + " timeout -s KILL 40 " + command + " > " +
                                quoted(home / "said") + " 2> /dev/null";
        if (std::system(all.c_str()) != 0) continue;
        std::ifstream said(home / "said");
        return {std::istreambuf_iterator<char>(said), {}};
    }
    return {};
}

// Runs a script with the session loaded as `s`.
inline std::string run_script(const std::filesystem::path& folder, const std::string& name,
                              const std::string& body) {
    const TempFolder scratch;
    const std::string script =
        "AudioEngine:set_backend('None (Dummy)', '', '')\n"
        "local s = load_session(os.getenv('SESSION_FOLDER'), os.getenv('SESSION_NAME'))\n"
        "if not s then os.exit(2) end\n" +
        body + "print('done')\nclose_session()\nquit()\n";
    const auto path = scratch.write("script.lua", script);
    return run("env SESSION_FOLDER=" + quoted(folder) + " SESSION_NAME='" + name + "' ardour7-lua " +
               quoted(path));
}

}  // namespace ardour_detail

// `folder` holds NAME.ardour. False: Ardour failed at every try.
inline bool ardour_export(const std::filesystem::path& folder, const std::string& name,
                          const std::filesystem::path& wav) {
    using namespace ardour_detail;
    const std::string said =
        run("ardour7-export -b 24 -o " + quoted(wav) + " " + quoted(folder) + " '" + name + "'");
    return !said.empty() && std::filesystem::exists(wav);
}

struct ArdourTracks {
    bool loaded = false;
    std::vector<std::string> found;    // with all of their audio
    std::vector<std::string> missing;  // with a source that is silent because its file is not there
    std::vector<std::string> empty;    // without a region
};

inline ArdourTracks ardour_tracks(const std::filesystem::path& folder, const std::string& name) {
    const std::string said = ardour_detail::run_script(
        folder, name,
        "for t in s:get_tracks():iter() do\n"
        "  local state = 'empty'\n"
        "  for r in t:to_track():playlist():region_list():iter() do\n"
        "    local region = r:to_audioregion()\n"
        "    if state == 'empty' then state = 'found' end\n"
        "    for c = 0, region:n_channels() - 1 do\n"
        "      local file = r:source(c):to_filesource()\n"
        "      if file:isnil() or file:path():sub(1, 1) ~= '/' then state = 'missing' end\n"
        "    end\n"
        "  end\n"
        "  print('track:' .. state .. ':' .. t:name())\n"
        "end\n");
    ArdourTracks tracks;
    std::istringstream lines(said);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("done")) tracks.loaded = true;
        if (line.starts_with("track:found:")) tracks.found.push_back(line.substr(12));
        if (line.starts_with("track:missing:")) tracks.missing.push_back(line.substr(14));
        if (line.starts_with("track:empty:")) tracks.empty.push_back(line.substr(12));
    }
    return tracks;
}

inline bool ardour_resave(const std::filesystem::path& folder, const std::string& name,
                          const std::string& as) {
    const std::string said = ardour_detail::run_script(folder, name, "s:save_state('" + as + "')\n");
    return said.find("done") != std::string::npos && std::filesystem::exists(folder / (as + ".ardour"));
}

}  // namespace dubplate::test
