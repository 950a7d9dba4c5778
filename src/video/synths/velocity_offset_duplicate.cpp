// Other tracks' objects get a copy on the left and one on the right while notes of this one sound, the farther the louder. Copies glide out, and
// back behind the note.
#include <algorithm>

#include "video/note_visuals.h"

namespace dubplate {

namespace {

struct Settings {
    double max_offset = 5;
    double opacity_multiplier = 0.5;
    double glide_speed = 1;
    std::vector<std::string> target_track_ids{};
};

class VelocityOffsetDuplicate final : public Synth {
  public:
    explicit VelocityOffsetDuplicate(Settings settings) : s_(std::move(settings)) {}

    static const ParamTable<Settings>& table() {
        static const ParamTable<Settings> made = [] {
            ParamTable<Settings> t;
            t.add(number_setting("max_offset", 0, 50, "", "of a copy at full velocity"),
                  DUBPLATE_SETTING(max_offset))
                .add(number_setting("opacity_multiplier", 0, 1, "", "of a copy"),
                     DUBPLATE_SETTING(opacity_multiplier))
                .add(number_setting("glide_speed", 0.05, 20, "a second", "of the whole way"),
                     DUBPLATE_SETTING(glide_speed));
            add_targets(t);
            return t;
        }();
        return made;
    }

    void modify(const Moment& moment, const NoteList& notes,
                std::vector<TrackVisuals>& tracks) const override {
        const double glide_s = 1 / s_.glide_speed;
        const Adsr glide{glide_s, 0, 1, glide_s};
        double share = 0;
        for (const PlayedNote& played : notes.around(moment.seconds, 0, 2 * glide_s))
            share = std::max(share, level_of(glide, played, moment.seconds) * played.note.velocity / 127);
        if (share <= 0) return;
        for (TrackVisuals& track : tracks) {
            if (!is_target(s_.target_track_ids, track)) continue;
            const std::size_t count = track.visuals.size();
            for (std::size_t i = 0; i < count; ++i)
                for (const double side : {-1.0, 1.0}) {
                    Visual copy = track.visuals[i];
                    copy.position.x += side * s_.max_offset * share;
                    copy.opacity *= s_.opacity_multiplier;
                    track.visuals.push_back(copy);
                }
        }
    }

  private:
    Settings s_;
};

}  // namespace

extern const SynthType velocity_offset_duplicate_synth{
    "velocity_offset_duplicate", "Velocity offset duplicate", "utility", &params_of<VelocityOffsetDuplicate>,
    &make_instrument<Synth, VelocityOffsetDuplicate>};

}  // namespace dubplate
