#include "score/project.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/text.h"

namespace dubplate {

namespace {

constexpr double beats_per_measure = 4;
constexpr double full_velocity = 127;

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

// Every key in snake_case, at every level.
Json with_snake_keys(const Json& json) {
    if (json.is_array()) {
        Json list = Json::array();
        for (const Json& item : json) list.push_back(with_snake_keys(item));
        return list;
    }
    if (!json.is_object()) return json;
    Json object = Json::object();
    for (const auto& [key, value] : json.items()) object[snake_case(key)] = with_snake_keys(value);
    return object;
}

Error wrong(const std::string& path, std::string_view what) {
    return fail(ErrorCode::invalid_argument, fmt::format("{}: {}", path, what));
}

// A value of an object by one of its names. Null where there is none.
const Json* find(const Json& object, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (const auto found = object.find(name); found != object.end() && !found->is_null()) return &*found;
    return nullptr;
}

Result<double> read_number(const Json& object, std::initializer_list<const char*> names, double fallback,
                           double low, double high, const std::string& path) {
    const Json* value = find(object, names);
    if (value == nullptr) return fallback;
    const std::string place = path + "." + *names.begin();
    if (!value->is_number()) return wrong(place, "must be a number");
    const double number = value->get<double>();
    if (!(number >= low && number <= high))
        return wrong(place, fmt::format("{} is outside {} to {}", format_number(number), format_number(low),
                                        format_number(high)));
    return number;
}

std::string read_text(const Json& object, std::initializer_list<const char*> names) {
    const Json* value = find(object, names);
    if (value == nullptr) return {};
    return value->is_string() ? value->get<std::string>() : value->is_number() ? value->dump() : "";
}

bool read_flag(const Json& object, const char* name) {
    const Json* value = find(object, {name});
    return value != nullptr && value->is_boolean() && value->get<bool>();
}

// Empty where there is none; an error where it is no list.
Result<const Json*> read_list(const Json& object, std::initializer_list<const char*> names,
                              const std::string& path) {
    static const Json none = Json::array();
    const Json* value = find(object, names);
    if (value == nullptr) return &none;
    if (!value->is_array()) return wrong(path + *names.begin(), "must be a list");
    return value;
}

Result<Instrument> read_instrument(const Json& json, const std::string& path) {
    if (json.is_string()) return Instrument{instrument_name(json.get<std::string>())};
    if (!json.is_object()) return wrong(path, "must be an object with a type");
    Instrument instrument{instrument_name(read_text(json, {"type"}))};
    if (instrument.type.empty()) return wrong(path, "has no type");
    if (const Json* settings = find(json, {"settings"})) {
        if (!settings->is_object()) return wrong(path + ".settings", "must be an object");
        instrument.settings = *settings;
    }
    return instrument;
}

Result<Note> read_note(const Json& json, double block_start, const std::string& path) {
    if (!json.is_object()) return wrong(path, "must be an object");
    Note note;
    DUBPLATE_TRY(const double start,
                 read_number(json, {"start_beat"}, 0, -max_project_beats, max_project_beats, path));
    note.start_beat = block_start + start;
    DUBPLATE_TRY(note.duration_beats, read_number(json, {"duration"}, 1, 0, max_project_beats, path));
    DUBPLATE_TRY(const double pitch, read_number(json, {"pitch"}, 60, 0, 127, path));
    note.pitch = static_cast<int>(std::lround(pitch));
    DUBPLATE_TRY(note.velocity, read_number(json, {"velocity"}, 100, 0, full_velocity, path));
    return note;
}

class Reader {
  public:
    explicit Reader(const Json& json) : json_(with_snake_keys(json)) {}

    Result<Project> read() {
        // The body of R2 D may hold all of it one level deeper.
        const Json* inner = find(json_, {"project_data"});
        const Json& root = inner != nullptr && inner->is_object() ? *inner : json_;
        if (const Json* project = find(root, {"project"}); project != nullptr && project->is_object())
            project_.name = read_text(*project, {"name"});
        if (project_.name.empty()) project_.name = read_text(root, {"name"});
        project_.audio = read_text(root, {"audio"});
        if (const Json* stage = find(root, {"stage"})) {
            if (!stage->is_object()) return wrong("stage", "must be an object");
            project_.stage = *stage;
        }
        DUBPLATE_CHECK(read_tempo(root));
        DUBPLATE_CHECK(read_tracks(root));
        DUBPLATE_CHECK(join_lists(root));
        for (ProjectTrack& track : project_.tracks)
            std::ranges::stable_sort(track.notes, {}, &Note::start_beat);
        scale_velocities();
        return std::move(project_);
    }

  private:
    Status read_tempo(const Json& root) {
        const Json* given = find(root, {"settings"});
        const Json& settings = given != nullptr && given->is_object() ? *given : root;
        DUBPLATE_TRY(const double bpm,
                     read_number(settings, {"bpm"}, 120, slowest_bpm, fastest_bpm, "settings"));
        DUBPLATE_TRY(project_.tempo, TempoMap::make({{0, bpm}}, {}));
        DUBPLATE_TRY(const double measures, read_number(settings, {"num_measures"}, 0, 0,
                                                        max_project_beats / beats_per_measure, "settings"));
        if (measures > 0) project_.length_beats = measures * beats_per_measure;
        return {};
    }

    Status read_tracks(const Json& root) {
        DUBPLATE_TRY(const Json* list, read_list(root, {"tracks"}, ""));
        if (list->size() > max_project_tracks)
            return fail(ErrorCode::limit_exceeded,
                        fmt::format("{} tracks are more than {}", list->size(), max_project_tracks));
        std::vector<std::pair<double, ProjectTrack>> ordered;
        for (std::size_t i = 0; i < list->size(); ++i) {
            const std::string path = fmt::format("tracks[{}]", i);
            const Json& json = (*list)[i];
            if (!json.is_object()) return wrong(path, "must be an object");
            DUBPLATE_TRY(ProjectTrack track, read_track(json, path));
            DUBPLATE_TRY(const double order,
                         read_number(json, {"order"}, static_cast<double>(i), -1e9, 1e9, path));
            ordered.emplace_back(order, std::move(track));
        }
        std::ranges::stable_sort(ordered, {}, [](const auto& pair) { return pair.first; });
        for (auto& [order, track] : ordered) {
            if (!index_.try_emplace(track.id, project_.tracks.size()).second)
                return wrong("tracks", fmt::format("two have the id {}", escape_control(track.id)));
            project_.tracks.push_back(std::move(track));
        }
        return {};
    }

    Result<ProjectTrack> read_track(const Json& json, const std::string& path) {
        ProjectTrack track;
        track.id = read_text(json, {"id"});
        if (track.id.empty()) track.id = path;
        track.name = read_text(json, {"name"});
        track.is_muted = read_flag(json, "is_muted");
        track.is_soloed = read_flag(json, "is_soloed");
        if (const Json* synth = find(json, {"synthesizer", "synth"})) {
            DUBPLATE_TRY(track.synth, read_instrument(*synth, path + ".synthesizer"));
        }
        DUBPLATE_TRY(const Json* effects, read_list(json, {"effects"}, path + "."));
        for (std::size_t i = 0; i < effects->size(); ++i) {
            DUBPLATE_TRY(Instrument effect,
                         read_instrument((*effects)[i], fmt::format("{}.effects[{}]", path, i)));
            track.effects.push_back(std::move(effect));
        }
        DUBPLATE_TRY(const Json* blocks, read_list(json, {"midi_blocks", "blocks"}, path + "."));
        for (std::size_t i = 0; i < blocks->size(); ++i)
            DUBPLATE_CHECK(add_block(track, (*blocks)[i], fmt::format("{}.midi_blocks[{}]", path, i)));
        return track;
    }

    Status add_block(ProjectTrack& track, const Json& json, const std::string& path) {
        if (!json.is_object()) return wrong(path, "must be an object");
        DUBPLATE_TRY(const double start, read_number(json, {"start_beat"}, 0, 0, max_project_beats, path));
        DUBPLATE_TRY(const Json* notes, read_list(json, {"notes"}, path + "."));
        count_ += notes->size();
        if (count_ > max_project_notes)
            return fail(ErrorCode::limit_exceeded, fmt::format("more than {} notes", max_project_notes));
        for (std::size_t i = 0; i < notes->size(); ++i) {
            DUBPLATE_TRY(const Note note,
                         read_note((*notes)[i], start, fmt::format("{}.notes[{}]", path, i)));
            track.notes.push_back(note);
        }
        return {};
    }

    // Lists beside the tracks, as they are saved: each item names its track.
    Status join_lists(const Json& root) {
        const auto each = [&](std::initializer_list<const char*> names, auto take) -> Status {
            DUBPLATE_TRY(const Json* list, read_list(root, names, ""));
            std::vector<const Json*> items;
            for (const Json& item : *list) items.push_back(&item);
            std::ranges::stable_sort(items, {}, [](const Json* item) {
                const Json* order = item->is_object() ? find(*item, {"order"}) : nullptr;
                return order != nullptr && order->is_number() ? order->get<double>() : 0.0;
            });
            for (std::size_t i = 0; i < items.size(); ++i) {
                const std::string path = fmt::format("{}[{}]", *names.begin(), i);
                if (!items[i]->is_object()) return wrong(path, "must be an object");
                const std::string id = read_text(*items[i], {"track_id"});
                const auto found = index_.find(id);
                if (found == index_.end())
                    return wrong(path, fmt::format("there is no track {}", escape_control(id)));
                DUBPLATE_CHECK(take(project_.tracks[found->second], *items[i], path));
            }
            return {};
        };
        DUBPLATE_CHECK(each({"synths", "synthesizers"},
                            [](ProjectTrack& track, const Json& item, const std::string& path) -> Status {
                                DUBPLATE_TRY(track.synth, read_instrument(item, path));
                                return {};
                            }));
        DUBPLATE_CHECK(
            each({"effects"}, [](ProjectTrack& track, const Json& item, const std::string& path) -> Status {
                DUBPLATE_TRY(Instrument effect, read_instrument(item, path));
                track.effects.push_back(std::move(effect));
                return {};
            }));
        return each({"blocks", "midi_blocks"},
                    [&](ProjectTrack& track, const Json& item, const std::string& path) {
                        return add_block(track, item, path);
                    });
    }

    // Imported files have velocities from 0 to 1, editors those of MIDI.
    void scale_velocities() {
        double loudest = 0;
        for (const ProjectTrack& track : project_.tracks)
            for (const Note& note : track.notes) loudest = std::max(loudest, note.velocity);
        if (loudest > 1) return;
        for (ProjectTrack& track : project_.tracks)
            for (Note& note : track.notes) note.velocity *= full_velocity;
    }

    Json json_;
    Project project_;
    std::map<std::string, std::size_t> index_;
    std::size_t count_ = 0;
};

}  // namespace

double Project::end_beat() const {
    if (length_beats) return *length_beats;
    double end = 0;
    for (const ProjectTrack& track : tracks)
        for (const Note& note : track.notes) end = std::max(end, note.start_beat + note.duration_beats);
    return end;
}

bool Project::is_heard(const ProjectTrack& track) const {
    const bool any_solo = std::ranges::any_of(tracks, &ProjectTrack::is_soloed);
    return any_solo ? track.is_soloed : !track.is_muted;
}

Result<Project> read_project(const Json& json) {
    if (!json.is_object()) return fail(ErrorCode::invalid_argument, "a project must be a JSON object");
    return Reader(json).read();
}

std::string snake_case(std::string_view name) {
    std::string snake;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        // "Rotate3DEffect": a capital begins a word, but not behind another or a digit.
        const bool begins = is_upper(c) && i > 0 && name[i - 1] >= 'a' && name[i - 1] <= 'z';
        if (begins) snake += '_';
        snake += is_upper(c) ? static_cast<char>(c | 0x20) : c;
    }
    return snake;
}

std::string instrument_name(std::string_view class_name) {
    for (const std::string_view ending : {"Synthesizer", "Synth", "Effect"})
        if (class_name.size() > ending.size() && class_name.ends_with(ending)) {
            class_name.remove_suffix(ending.size());
            break;
        }
    return snake_case(class_name);
}

}  // namespace dubplate
