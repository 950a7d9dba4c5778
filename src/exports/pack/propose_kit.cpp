#include "exports/pack/propose_kit.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/worker_pool.h"
#include "exports/analysis/analyze.h"
#include "exports/audio/input.h"
#include "exports/pack/drum_names.h"

namespace dubplate {

namespace {

namespace fs = std::filesystem;

constexpr double longest_hit_s = 1.5;
constexpr double dark_hz = 400;
constexpr double bright_hz = 5000;

SampleKind kind_by_sound(const Analysis& analysis) {
    const bool is_loop = analysis.tempo && analysis.tempo->material == Material::loop;
    if (is_loop || (analysis.source.acid && !analysis.source.acid->one_shot)) return SampleKind::loop;
    if (analysis.seconds() > longest_hit_s || !analysis.features) return SampleKind::other;
    if (analysis.key && analysis.key->key) return SampleKind::other;
    const double brightness = analysis.features->shape.centroid_hz.mean;
    if (brightness < dark_hz) return SampleKind::kick;
    return brightness > bright_hz ? SampleKind::closed_hat : SampleKind::snare;
}

struct Heard {
    std::string path{};  // relative to the folder
    SampleKind kind = SampleKind::other;
    std::optional<double> bpm{};
    std::optional<Error> error{};
};

Heard listen(const AudioInput& input, const fs::path& folder, const std::stop_token& stop) {
    Heard heard{.path = input.path.lexically_relative(folder).generic_string()};
    FileStore store;
    const std::optional<SampleKind> named = kind_by_name(input.path.stem().string());
    const bool facts_are_enough = named && *named != SampleKind::loop;
    const Result<Analysis> analysis =
        facts_are_enough ? read_facts(store, input.path) : analyze_file(store, input.path, {}, stop);
    if (!analysis) {
        heard.error = analysis.error();
        return heard;
    }
    heard.kind = named ? *named : kind_by_sound(*analysis);
    heard.bpm = analysis->source.metadata.bpm;
    if (heard.kind == SampleKind::loop && analysis->tempo && analysis->tempo->bpm)
        heard.bpm = analysis->tempo->bpm;
    return heard;
}

constexpr int hat_mute_group = 1;

PackPad pad_of(const Heard& heard, PadPlace place, const SamplerDevice& device) {
    PackPad pad{.pad = place.to_string(), .sample = heard.path};
    pad.settings.loop = heard.kind == SampleKind::loop;
    pad.settings.gate = pad.settings.loop;
    if (heard.kind == SampleKind::open_hat || heard.kind == SampleKind::closed_hat)
        pad.settings.mute_group = hat_mute_group;
    if (pad.settings.loop && heard.bpm && *heard.bpm >= device.min_bpm && *heard.bpm <= device.max_bpm) {
        pad.settings.bpm = heard.bpm;
        pad.settings.bpm_sync = true;
    }
    return pad;
}

// Drums, loops and the rest each begin a bank.
int group_of(SampleKind kind) {
    if (kind == SampleKind::loop) return 1;
    return kind == SampleKind::other ? 2 : 0;
}

void lay_out(const std::vector<Heard>& heard, const SamplerDevice& device, ProposedKit& kit) {
    int next = 0;
    int group = -1;
    for (const Heard& sample : heard) {
        if (group_of(sample.kind) != group && next % device.pads_per_bank != 0)
            next += device.pads_per_bank - next % device.pads_per_bank;
        group = group_of(sample.kind);
        if (next >= device.pads()) {
            kit.left_out.push_back(fmt::format("{}: there is no pad left", sample.path));
            continue;
        }
        const PadPlace place{next / device.pads_per_bank, next % device.pads_per_bank + 1};
        kit.spec.pads.push_back(pad_of(sample, place, device));
        ++next;
    }
}

}  // namespace

Result<ProposedKit> propose_kit(const fs::path& folder, const SamplerDevice& device, std::stop_token stop) {
    std::error_code error;
    if (!fs::is_directory(folder, error))
        return fail(ErrorCode::not_found, folder.string() + ": is no folder", "name a folder of samples");
    const std::vector<ExpandedInput> inputs = expand_inputs({folder.string()}, stop);
    std::vector<Heard> heard(inputs.size());
    run_each(
        inputs.size(), core_count(),
        [&](std::size_t i, const std::stop_token& each) -> Status {
            if (inputs[i].input) {
                heard[i] = listen(*inputs[i].input, folder, each);
            } else {
                heard[i] = {.path = inputs[i].name, .error = inputs[i].input.error()};
            }
            return {};
        },
        stop);
    if (stop.stop_requested()) return fail(ErrorCode::canceled, "canceled");
    ProposedKit kit;
    kit.spec.device = device.name;
    const fs::path name = fs::absolute(folder).lexically_normal();
    kit.spec.kit = (name.has_filename() ? name : name.parent_path()).filename().string();
    for (const Heard& sample : heard)
        if (sample.error)
            kit.left_out.push_back(fmt::format("{}: {}", sample.path, sample.error->to_string()));
    std::erase_if(heard, [](const Heard& sample) { return sample.error.has_value(); });
    if (heard.empty())
        return fail(ErrorCode::not_found, folder.string() + ": holds no audio that could be read",
                    kit.left_out.empty() ? "" : kit.left_out.front());
    std::ranges::stable_sort(heard, {}, &Heard::kind);
    lay_out(heard, device, kit);
    return kit;
}

}  // namespace dubplate
