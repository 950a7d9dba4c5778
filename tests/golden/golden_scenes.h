// golden_scenes.h: one picture for each synth, each effect and each scene that is ready for a song.
//
// What     a short piece of music that needs no file: a kick on each beat, a snare on every second, a bass and a melody over them.
// Shape    in the order of the catalogs; the effects begin with what they change, without one.
// Threads  plain functions.
// Errors   test failures.
#pragma once

#include <string>
#include <vector>

#include "video/scene.h"

namespace dubplate::test {

struct GoldenScene {
    std::string name;
    Scene scene;
};

std::vector<GoldenScene> synth_scenes();
std::vector<GoldenScene> effect_scenes();
std::vector<GoldenScene> ready_scenes();  // three moments of each

}  // namespace dubplate::test
