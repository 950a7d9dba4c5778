#include "organize/name_template.h"

#include "core/text.h"
#include "core/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace dubplate {

struct NameTemplate::Part {
    std::string text;   // where it is no field
    std::string field;  // empty: a text
    int width = 0;      // digits before the point, at least
    std::optional<int> precision;
    bool has_fallback = false;
    std::vector<Part> fallback;
};

namespace {

using Part = NameTemplate::Part;
using Parts = std::vector<Part>;

constexpr std::size_t max_template_bytes = 4096;
constexpr int max_nesting = 8;

// What a field gives: a text, or a number that can be padded.
struct Value {
    std::string text;
    std::optional<double> number;
    int default_precision = -1;  // as short as it can be told
    bool set() const { return !text.empty() || number; }
};

Value text_value(std::string text) {
    return {std::move(text), {}, -1};
}
Value count_value(int number) {
    return number > 0 ? Value{{}, number, 0} : Value{};
}
Value decibel_value(std::optional<double> decibel) {
    return {{}, decibel, 1};
}

struct Field {
    std::string_view name;
    bool numeric;
    Value (*get)(const NameValues& values);
};

constexpr std::array<Field, 25> known_fields{{
    {"title", false, [](const NameValues& v) { return text_value(v.metadata.title); }},
    {"artist", false, [](const NameValues& v) { return text_value(v.metadata.artist); }},
    {"album", false, [](const NameValues& v) { return text_value(v.metadata.album); }},
    {"album_artist", false, [](const NameValues& v) { return text_value(v.metadata.album_artist); }},
    {"date", false, [](const NameValues& v) { return text_value(v.metadata.date); }},
    {"year", false, [](const NameValues& v) { return text_value(v.metadata.date.substr(0, 4)); }},
    {"genre", false, [](const NameValues& v) { return text_value(v.metadata.genre); }},
    {"comment", false, [](const NameValues& v) { return text_value(v.metadata.comment); }},
    {"bpm", true,
     [](const NameValues& v) {
         return Value{{}, v.metadata.bpm, -1};
     }},
    {"key", false, [](const NameValues& v) { return text_value(v.metadata.key); }},
    {"isrc", false, [](const NameValues& v) { return text_value(v.metadata.isrc); }},
    {"track", true, [](const NameValues& v) { return count_value(v.metadata.track.number); }},
    {"track_total", true, [](const NameValues& v) { return count_value(v.metadata.track.total); }},
    {"disc", true, [](const NameValues& v) { return count_value(v.metadata.disc.number); }},
    {"disc_total", true, [](const NameValues& v) { return count_value(v.metadata.disc.total); }},
    {"copyright", false, [](const NameValues& v) { return text_value(v.metadata.copyright); }},
    {"input", false, [](const NameValues& v) { return text_value(v.input); }},
    {"format", false, [](const NameValues& v) { return text_value(v.format); }},
    {"rate", true, [](const NameValues& v) { return count_value(v.sample_rate_hz); }},
    {"bits", false, [](const NameValues& v) { return text_value(v.bit_depth); }},
    {"channels", true, [](const NameValues& v) { return count_value(v.channels); }},
    {"region", false, [](const NameValues& v) { return text_value(v.region); }},
    {"index", true, [](const NameValues& v) { return count_value(v.index); }},
    {"lufs", true, [](const NameValues& v) { return decibel_value(v.integrated_lufs); }},
    {"tp", true, [](const NameValues& v) { return decibel_value(v.true_peak_dbtp); }},
}};

const Field* find_field(std::string_view name) {
    const auto* found = std::ranges::find(known_fields, name, &Field::name);
    return found == known_fields.end() ? nullptr : found;
}

bool is_custom_name(std::string_view name) {
    return std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
}

// Custom tags have keys in capitals, so a name in capitals that is no field is one of them.
Result<std::string> check_field(std::string_view name, std::size_t place) {
    if (name.empty())
        return fail(ErrorCode::invalid_argument,
                    fmt::format("name template: the braces at place {} name no field", place + 1),
                    "write {{ for a brace itself");
    const std::string folded = fold_case(name);
    if (find_field(folded)) return folded;
    if (is_custom_name(name)) return std::string(name);
    const std::vector<std::string> known = name_template_fields();
    const auto nearest = nearest_name(folded, known);
    return fail(ErrorCode::invalid_argument,
                fmt::format("name template: '{}' is no field", escape_control(name)),
                fmt::format("{}a custom tag is written in capitals",
                            nearest ? fmt::format("did you mean {{{}}}? ", *nearest) : ""));
}

class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {}

    Result<Parts> parse_all() {
        DUBPLATE_TRY(Parts parts, parse_parts(0));
        return parts;
    }

  private:
    bool at(char c) const { return place_ < text_.size() && text_[place_] == c; }
    bool doubled(char c) const { return at(c) && place_ + 1 < text_.size() && text_[place_ + 1] == c; }

    // Up to the end, or inside a fallback up to its closing brace.
    Result<Parts> parse_parts(int nesting) {
        Parts parts;
        std::string literal;
        const auto end_literal = [&] {
            if (literal.empty()) return;
            parts.emplace_back().text = std::move(literal);
            literal.clear();
        };
        while (place_ < text_.size()) {
            // In a fallback "}}" closes twice: {title|{input}}.
            if (at('}') && nesting > 0) break;
            if (doubled('{') || doubled('}')) {
                literal += text_[place_];
                place_ += 2;
            } else if (at('}')) {
                return fail(ErrorCode::invalid_argument,
                            fmt::format("name template: the '}}' at place {} closes nothing", place_ + 1),
                            "write }} for a brace itself");
            } else if (at('{')) {
                end_literal();
                DUBPLATE_TRY(Part field, parse_field(nesting));
                parts.push_back(std::move(field));
            } else {
                literal += text_[place_++];
            }
        }
        end_literal();
        return parts;
    }

    Result<Part> parse_field(int nesting) {
        const std::size_t open = place_++;
        if (nesting >= max_nesting)
            return fail(ErrorCode::invalid_argument,
                        fmt::format("name template: more than {} fields inside each other", max_nesting));
        const std::size_t name_end = text_.find_first_of("{}:|?", place_);
        if (name_end == std::string_view::npos) return unclosed(open);
        Part part;
        DUBPLATE_TRY(part.field, check_field(text_.substr(place_, name_end - place_), open));
        place_ = name_end;
        if (at(':')) DUBPLATE_CHECK(parse_form(part));
        if (at('?')) {
            ++place_;
            part.has_fallback = true;
        } else if (at('|')) {
            ++place_;
            part.has_fallback = true;
            DUBPLATE_TRY(part.fallback, parse_parts(nesting + 1));
        }
        if (!at('}')) return unclosed(open);
        ++place_;
        return part;
    }

    // ":02", ":.1" or ":03.1"
    Status parse_form(Part& part) {
        const std::size_t end = std::min(text_.find_first_of("{}|?", place_), text_.size());
        const std::string_view form = text_.substr(place_ + 1, end - place_ - 1);
        const auto point = form.find('.');
        const std::string_view width = form.substr(0, point);
        const std::string_view precision = point == std::string_view::npos ? "0" : form.substr(point + 1);
        const auto is_number = [](std::string_view digits, std::size_t longest) {
            return digits.size() <= longest &&
                   std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
        };
        if (form.empty() || !is_number(width, 2) || !is_number(precision, 1) || precision.empty())
            return fail(ErrorCode::invalid_argument,
                        fmt::format("name template: '{}' in {{{}}} is no form of a number", form, part.field),
                        "write {track:02} for two digits, {bpm:.1} for one after the point");
        const Field* field = find_field(part.field);
        if (!field || !field->numeric)
            return fail(ErrorCode::invalid_argument,
                        fmt::format("name template: {{{0}:{1}}}: {0} is a text and takes no digits",
                                    part.field, form));
        for (const char digit : width) part.width = part.width * 10 + (digit - '0');
        if (point != std::string_view::npos) part.precision = precision[0] - '0';
        place_ = end;
        return {};
    }

    static Error unclosed(std::size_t open) {
        return fail(ErrorCode::invalid_argument,
                    fmt::format("name template: the '{{' at place {} is not closed", open + 1),
                    "write {{ for a brace itself");
    }

    std::string_view text_;
    std::size_t place_ = 0;
};

// The folders are the user's to name, but they stay below the output folder.
Status check_folders(std::string_view text) {
    if (text.starts_with('/'))
        return fail(ErrorCode::invalid_argument, "name template: begins with '/'",
                    "name the folder with --output");
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find('/', begin), text.size());
        const std::string_view component = text.substr(begin, end - begin);
        if (component.empty() || component == "." || component == "..")
            return fail(ErrorCode::invalid_argument,
                        fmt::format("name template: '{}' is no name of a {}", component,
                                    end == text.size() ? "file" : "folder"),
                        "name the folder with --output, and what is below it here");
        begin = end + 1;
    }
    return {};
}

Value value_of(const Part& part, const NameValues& values) {
    if (const Field* field = find_field(part.field)) return field->get(values);
    const auto& custom = values.metadata.custom;
    const auto found = custom.find(part.field);
    return text_value(found == custom.end() ? std::string() : found->second);
}

std::string format_number(const Value& value, const Part& part) {
    const double number = *value.number;
    if (!std::isfinite(number)) return number < 0 ? "-inf" : number > 0 ? "inf" : "nan";
    const int precision = part.precision.value_or(value.default_precision);
    std::string text = precision < 0 ? fmt::format("{}", std::abs(number))
                                     : fmt::format("{:.{}f}", std::abs(number), precision);
    const std::size_t before_point = std::min(text.find('.'), text.size());
    const auto width = static_cast<std::size_t>(part.width);
    if (before_point < width) text.insert(0, width - before_point, '0');
    const bool is_zero = text.find_first_not_of("0.") == std::string::npos;
    return number < 0 && !is_zero ? "-" + text : text;
}

// '\1' stands for a folder's end while values, which may hold '/', are put in.
constexpr char folder_end = '\x01';

Status render_parts(const Parts& parts, const NameValues& values, std::string& out) {
    for (const Part& part : parts) {
        if (part.field.empty()) {
            for (const char c : part.text) out += c == '/' ? folder_end : c == folder_end ? '_' : c;
            continue;
        }
        const Value value = value_of(part, values);
        if (value.set()) {
            std::string text = value.number ? format_number(value, part) : value.text;
            std::ranges::replace(text, folder_end, '_');
            out += text;
        } else if (part.has_fallback) {
            DUBPLATE_CHECK(render_parts(part.fallback, values, out));
        } else {
            return fail(ErrorCode::invalid_argument,
                        fmt::format("name template: {} is not set for '{}'", part.field, values.input),
                        fmt::format("write {{{0}?}} to leave it out, or {{{0}|something else}}", part.field));
        }
    }
    return {};
}

void collect_fields(const Parts& parts, std::vector<std::string>& names) {
    for (const Part& part : parts) {
        if (!part.field.empty() && std::ranges::find(names, part.field) == names.end())
            names.push_back(part.field);
        collect_fields(part.fallback, names);
    }
}

}  // namespace

Result<NameTemplate> NameTemplate::parse(std::string_view text) {
    if (text.empty()) return fail(ErrorCode::invalid_argument, "name template: empty", "write {input}");
    if (text.size() > max_template_bytes)
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("name template: {} bytes, {} are allowed", text.size(), max_template_bytes));
    DUBPLATE_CHECK(check_folders(text));
    DUBPLATE_TRY(Parts parts, Parser(text).parse_all());
    NameTemplate parsed;
    parsed.parts_ = std::make_shared<const Parts>(std::move(parts));
    return parsed;
}

Result<std::string> NameTemplate::render(const NameValues& values, NameProfile profile) const {
    std::string rendered;
    DUBPLATE_CHECK(render_parts(*parts_, values, rendered));
    std::string path;
    for (std::size_t begin = 0; begin <= rendered.size();) {
        const std::size_t end = std::min(rendered.find(folder_end, begin), rendered.size());
        const std::string_view component = std::string_view(rendered).substr(begin, end - begin);
        const bool is_last = end == rendered.size();
        const bool is_blank = component.find_first_not_of(' ') == std::string_view::npos;
        if (is_last && is_blank)
            return fail(ErrorCode::invalid_argument,
                        fmt::format("name template: the name for '{}' comes out empty", values.input),
                        "add a field that is always set, such as {input}");
        if (!is_blank) path += safe_name(component, profile) + (is_last ? "" : "/");
        begin = end + 1;
    }
    return path;
}

std::vector<std::string> NameTemplate::fields() const {
    std::vector<std::string> names;
    collect_fields(*parts_, names);
    return names;
}

bool NameTemplate::uses(std::string_view field) const {
    const std::vector<std::string> names = fields();
    return std::ranges::find(names, field) != names.end();
}

std::vector<std::string> name_template_fields() {
    std::vector<std::string> names;
    for (const Field& field : known_fields) names.emplace_back(field.name);
    return names;
}

}  // namespace dubplate
