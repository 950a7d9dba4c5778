// visual.h: what synths make and effects change: objects before they become bodies of a scene.
//
// What     Synth and Effect are what an entry of the catalogs in video/synths and video/effects makes out of its settings.
// Units    rotation in degrees about x, y, z; colors in linear light; opacity 0 to 1, held there when it is drawn.
// Pure     draw(), modify() and apply() depend on what they are given alone.
// Threads  constant once made: many threads may draw side by side.
// Errors   make(): invalid_argument, with the nearest known name of a setting.
// Source   requirements R2 F 22 to 26.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/params.h"
#include "video/color.h"
#include "video/moment.h"
#include "video/scene.h"
#include "video/vector.h"

namespace dubplate {

enum class VisualShape { cube, sphere, glow, light };

struct Visual {
    VisualShape shape = VisualShape::cube;
    Vec3 position{};
    Vec3 rotation{};  // degrees
    Vec3 scale{1, 1, 1};
    Color color = white;
    Color emission_color = white;
    double emission = 0;  // times emission_color; of a light, its intensity
    double opacity = 1;
    double distance = 50;  // of a light
    Mat3 turned{};         // applied after rotation: what effects turn
    int note = -1;         // that it comes from, in its track; -1: none
    double note_start_s = 0;
    double velocity = 100;  // of the note
};

// All objects of one track; utility synths change those of others.
struct TrackVisuals {
    const std::string* track_id = nullptr;
    std::vector<Visual> visuals;
};

class Synth {
  public:
    Synth() = default;
    Synth(const Synth&) = delete;
    Synth& operator=(const Synth&) = delete;
    virtual ~Synth() = default;

    // Adds what the notes look like at this moment.
    virtual void draw(const Moment&, const NoteList&, std::vector<Visual>&) const {}
    // Changes what all tracks show, after all were drawn.
    virtual void modify(const Moment&, const NoteList&, std::vector<TrackVisuals>&) const {}
};

struct EffectInput {
    const Moment& moment;
    // What the effect would be given at another moment.
    const std::function<std::vector<Visual>(const Moment&)>& at;
};

class Effect {
  public:
    Effect() = default;
    Effect(const Effect&) = delete;
    Effect& operator=(const Effect&) = delete;
    virtual ~Effect() = default;

    virtual void apply(const EffectInput& input, std::vector<Visual>& visuals) const = 0;
};

// One entry of a catalog. `T` is Synth or Effect.
template <class T>
struct InstrumentType {
    std::string_view name;   // "spiral_galaxy", as in a project
    std::string_view title;  // "Spiral galaxy"
    std::string_view
        category;  // "melodic", "percussive", "background", "utility", "song"; "transform", "time", ...
    const std::vector<Param>& (*params)();
    Result<std::unique_ptr<T>> (*make)(const Json& settings);
};
using SynthType = InstrumentType<Synth>;
using EffectType = InstrumentType<Effect>;

// Makes a Made, which is built from its settings, out of JSON. Made::table() describes them; Made::check(), where there is one, looks
// at them once more.
template <class T, class Made>
Result<std::unique_ptr<T>> make_instrument(const Json& settings) {
    DUBPLATE_TRY(auto read, Made::table().read(settings));
    if constexpr (requires { Made::check(read); }) {
        DUBPLATE_CHECK(Made::check(read));
    }
    return std::unique_ptr<T>(std::make_unique<Made>(std::move(read)));
}
template <class Made>
const std::vector<Param>& params_of() {
    return Made::table().params();
}

// A body, or a light, of a scene.
void add_to_scene(const Visual& visual, Scene& scene);

}  // namespace dubplate
