#include "exports/audio/report_text.h"
#include "core/text.h"
#include "core/unicode.h"
#include "plot/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace dubplate::report {

namespace {

constexpr std::string_view minus = "\u2212";
constexpr std::string_view thin_space = "\u2009";

enum class Plus { hidden, shown };

std::string signed_number(double value, int decimals, Plus plus) {
    std::string text = fmt::format("{:.{}f}", std::abs(value), decimals);
    const bool is_zero = text.find_first_not_of("0.") == std::string::npos;
    if (value < 0 && !is_zero) return std::string(minus) + text;
    return plus == Plus::shown && !is_zero ? "+" + text : text;
}

}  // namespace

std::string lufs(double level) {
    return std::isfinite(level) ? signed_number(level, 1, Plus::hidden) + " LUFS" : "silent";
}

std::string level(double level) {
    return std::isfinite(level) ? signed_number(level, 1, Plus::hidden) : "silent";
}

std::string dbtp(double level) {
    return std::isfinite(level) ? signed_number(level, 1, Plus::shown) + " dBTP" : "silent";
}

std::string lu(double range) {
    return signed_number(range, 1, Plus::hidden) + " LU";
}

std::string gain_db(double gain) {
    return std::isfinite(gain) ? signed_number(gain, 1, Plus::shown) + " dB" : "none";
}

std::string rate(int sample_rate_hz) {
    return fmt::format("{:g} kHz", sample_rate_hz / 1000.0);
}

std::string channels(int channels) {
    if (channels == 1) return "mono";
    if (channels == 2) return "stereo";
    return fmt::format("{} channels", channels);
}

std::string depth(std::string_view bit_depth) {
    if (bit_depth.empty()) return "lossy";
    if (bit_depth == "float") return "32 bit float";
    return xml_escape(bit_depth) + " bit";
}

std::string grouped(std::int64_t number) {
    std::string text = std::to_string(number);
    const std::size_t first_digit = number < 0 ? 1 : 0;
    for (std::size_t place = text.size(); place > first_digit + 3;) text.insert(place -= 3, thin_space);
    return text;
}

std::string counted(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string outside(std::string_view text) {
    return "<bdi>" + xml_escape(text) + "</bdi>";
}

bool is_proven(const ManifestFile& file) {
    return !file.error && std::ranges::all_of(file.checks, &ProofCheck::passed) &&
           std::ranges::all_of(file.tags, &ProvenTag::passed);
}

bool is_canceled(const ManifestFile& file) {
    return file.error && file.error->code == ErrorCode::canceled;
}

std::string encodings(const ManifestFile& file) {
    if (file.method == "copied" || file.method == "retagged") return file.method;
    if (file.generations == 1) return "once";
    if (file.generations == 2) return "twice";
    return fmt::format("{} times", file.generations);
}

std::string tag_score(const ManifestFile& file) {
    if (file.tags.empty()) return "none";
    return fmt::format("{}/{}", std::ranges::count_if(file.tags, &ProvenTag::passed), file.tags.size());
}

std::string_view base_name(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

double seconds_of(const ManifestFile& file) {
    return file.sample_rate_hz > 0 ? static_cast<double>(file.frames) / file.sample_rate_hz : 0;
}

}  // namespace dubplate::report
