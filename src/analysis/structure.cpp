#include "analysis/structure.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/self_similarity.h"

namespace dubplate {

namespace {

constexpr double unit_s = 0.5;
constexpr std::size_t least_units = 4;
constexpr std::size_t least_beats = 8;
// Units to each side of a boundary that are compared: four bars, and more in long pieces.
constexpr std::size_t least_kernel = 4;
constexpr std::size_t usual_kernel = 16;
constexpr std::size_t most_kernel = 32;
constexpr std::size_t kernels_in_piece = 20;
// Repetition reads up to 0.03 in dance music. Music that always changes has but its great changes told.
constexpr double least_novelty = 0.06;
constexpr double least_share_of_newest = 0.25;
constexpr double usual_part_s = 15;
constexpr std::size_t least_parts_told = 8;
// A part comes again where it is nearer to the other than this share of the way from "as any two moments" to "the same".
constexpr double alike_share = 0.5;
constexpr double least_alike = 0.55;
constexpr double most_alike = 0.92;
constexpr std::ptrdiff_t most_offset = 2;  // units by which two parts may begin apart
constexpr std::size_t most_loops = 8;
constexpr double least_loop_score = 0.6;
constexpr std::array<std::size_t, 4> loop_lengths{32, 16, 8, 4};  // in beats

struct Units {
    std::vector<double> edges_s;
    bool are_beats = false;  // each unit is one beat, but for the first and the last
};

Units cut_into_units(const StructureInput& input) {
    Units units;
    const std::vector<double>& beats = input.beats_s;
    units.are_beats = beats.size() >= least_beats && beats.back() - beats.front() >= input.duration_s / 2;
    units.edges_s.push_back(0);
    if (units.are_beats) {
        const double half_beat = (beats.back() - beats.front()) / static_cast<double>(beats.size() - 1) / 2;
        for (const double beat : beats)
            if (beat >= half_beat && beat <= input.duration_s - half_beat) units.edges_s.push_back(beat);
    } else {
        for (std::size_t i = 1; static_cast<double>(i) * unit_s <= input.duration_s - unit_s / 2; ++i)
            units.edges_s.push_back(static_cast<double>(i) * unit_s);
    }
    units.edges_s.push_back(input.duration_s);
    while (units.edges_s.size() > most_units + 1) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i + 1 < units.edges_s.size(); i += 2)
            units.edges_s[kept++] = units.edges_s[i];
        units.edges_s.resize(kept);
        units.edges_s.push_back(input.duration_s);
        units.are_beats = false;
    }
    return units;
}

// ---- boundaries ----

// How new what comes at each unit is against what was before it. Near the ends less is heard of one side, and believed.
std::vector<double> novelty_of(const SelfSimilarity& matrix, std::size_t kernel) {
    std::vector<double> novelty(matrix.size());
    for (std::size_t i = 2; i + 2 <= matrix.size(); ++i) {
        const std::size_t begin = i - std::min(i, kernel);
        const std::size_t end = std::min(i + kernel, matrix.size());
        const double within = (matrix.mean(begin, i, begin, i) + matrix.mean(i, end, i, end)) / 2;
        const auto heard = static_cast<double>(std::min(i - begin, end - i)) / static_cast<double>(kernel);
        novelty[i] = heard * (within - matrix.mean(begin, i, i, end));
    }
    return novelty;
}

// The units at which parts begin, the first and the end among them. The newest are taken first.
std::vector<std::size_t> find_boundaries(const SelfSimilarity& matrix, double duration_s) {
    const std::size_t kernel =
        std::clamp(matrix.size() / kernels_in_piece,
                   std::clamp(matrix.size() / 6, least_kernel, usual_kernel), most_kernel);
    const std::size_t apart = std::max(kernel / 2, std::size_t{2});
    const std::vector<double> novelty = novelty_of(matrix, kernel);
    const double wanted = std::max(least_novelty, least_share_of_newest * *std::ranges::max_element(novelty));
    const auto most = std::max(least_parts_told, static_cast<std::size_t>(duration_s / usual_part_s));
    std::vector<std::size_t> order;
    for (std::size_t i = apart; i + apart <= novelty.size(); ++i)
        if (novelty[i] >= wanted) order.push_back(i);
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return novelty[a] > novelty[b]; });
    std::vector<std::size_t> boundaries{0, matrix.size()};
    for (const std::size_t candidate : order) {
        const bool is_free = std::ranges::all_of(boundaries, [&](std::size_t taken) {
            return std::max(candidate, taken) - std::min(candidate, taken) >= apart;
        });
        const bool is_peak =
            novelty[candidate] >= novelty[candidate - 1] &&
            (candidate + 1 >= novelty.size() || novelty[candidate] >= novelty[candidate + 1]);
        if (boundaries.size() > most) break;
        if (is_free && is_peak) boundaries.push_back(candidate);
    }
    std::ranges::sort(boundaries);
    return boundaries;
}

// ---- letters ----

struct Part {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t letter = 0;
    std::size_t units() const { return end - begin; }
};

// The best of all ways to lay one part along the other, a little apart.
double likeness(const SelfSimilarity& matrix, const Part& a, const Part& b) {
    const std::size_t length = std::min(a.units(), b.units());
    double best = 0;
    for (std::ptrdiff_t offset = -most_offset; offset <= most_offset; ++offset) {
        const std::size_t skip_a = offset < 0 ? static_cast<std::size_t>(-offset) : 0;
        const std::size_t skip_b = offset > 0 ? static_cast<std::size_t>(offset) : 0;
        if (length <= skip_a + skip_b + 1) continue;
        best = std::max(best, matrix.along(a.begin + skip_a, b.begin + skip_b, length - skip_a - skip_b));
    }
    return best;
}

// Every part gets the letter of the first part that it is like, or a new one. Neighbors of one letter become one part.
std::vector<Part> name_parts(const SelfSimilarity& matrix, const std::vector<std::size_t>& boundaries) {
    const double any_two = matrix.mean(0, matrix.size(), 0, matrix.size());
    const double wanted = std::clamp(any_two + alike_share * (1 - any_two), least_alike, most_alike);
    std::vector<Part> parts;
    std::vector<Part> firsts;  // of each letter
    for (std::size_t i = 0; i + 1 < boundaries.size(); ++i) {
        Part part{boundaries[i], boundaries[i + 1], firsts.size()};
        double best = wanted;
        for (const Part& first : firsts) {
            const double found = likeness(matrix, first, part);
            if (found < best) continue;
            best = found;
            part.letter = first.letter;
        }
        if (part.letter == firsts.size()) firsts.push_back(part);
        if (!parts.empty() && parts.back().letter == part.letter) {
            parts.back().end = part.end;
        } else {
            parts.push_back(part);
        }
    }
    return parts;
}

std::string letter_name(std::size_t letter) {
    constexpr std::size_t letters = 26;
    return std::string(letter / letters + 1, static_cast<char>('A' + letter % letters));
}

// ---- loops ----

bool begins_a_bar(double time_s, const std::vector<double>& downbeats_s) {
    constexpr double tolerance_s = 0.002;
    const auto next = std::ranges::lower_bound(downbeats_s, time_s - tolerance_s);
    return next != downbeats_s.end() && *next <= time_s + tolerance_s;
}

// Of each length the best begin that leaves room to hear the stretch twice.
std::vector<LoopCandidate> find_loops(const SelfSimilarity& matrix, const Units& units,
                                      const std::vector<double>& downbeats_s) {
    std::vector<LoopCandidate> loops;
    for (const std::size_t length : loop_lengths) {
        std::size_t free_from = 0;
        for (std::size_t begin = 0; begin + 2 * length <= matrix.size(); ++begin) {
            if (begin < free_from) continue;
            if (!downbeats_s.empty() && !begins_a_bar(units.edges_s[begin], downbeats_s)) continue;
            const double score = matrix.along(begin, begin + length, length);
            if (score < least_loop_score) continue;
            loops.push_back(
                {units.edges_s[begin], units.edges_s[begin + length], static_cast<int>(length), score});
            free_from = begin + length;
        }
    }
    // Longer ones come first where they are as good: they were found first.
    std::ranges::stable_sort(loops, [](const LoopCandidate& a, const LoopCandidate& b) {
        return std::round(a.score * 50) > std::round(b.score * 50);
    });
    if (loops.size() > most_loops) loops.resize(most_loops);
    return loops;
}

}  // namespace

Structure find_structure(const StructureInput& input) {
    Structure structure;
    if (input.duration_s <= 0 || input.timbre.cells().empty()) return structure;
    const Units units = cut_into_units(input);
    if (units.edges_s.size() < least_units + 1) return structure;
    const SelfSimilarity matrix(input.timbre, input.chroma, units.edges_s);
    if (matrix.is_silent()) return structure;
    for (const Part& part : name_parts(matrix, find_boundaries(matrix, input.duration_s)))
        structure.segments.push_back(
            {units.edges_s[part.begin], units.edges_s[part.end], letter_name(part.letter)});
    if (units.are_beats) structure.loops = find_loops(matrix, units, input.downbeats_s);
    return structure;
}

}  // namespace dubplate
