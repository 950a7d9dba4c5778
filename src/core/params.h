// params.h: parameters, each described once.
//
// What     a ParamTable<Spec> lists the parameters of one kind of work: where each stands in the spec's JSON,
//          its type, unit, range, choices, default and help, and which member of Spec holds it. The command
//          line's options, the JSON schema, the reader and the writer of the JSON, and the tests are all made
//          from it.
// JSON     canonical: every parameter present, keys as in `path`, dots nest. Reading merges over the
//          defaults.
// Errors   invalid_argument, with the path: "mp3.bitrate_kbps: 500 is outside 32 to 320"; an unknown key is
//          refused with its path and the nearest known one.
// Threads  a table is constant after it was made.
#pragma once

#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/result.h"

namespace dubplate {

using Json = nlohmann::json;

enum class ParamType { boolean, integer, number, text, time, choice, text_map };

struct Param {
    // Every member has an initializer, so that designated ones may leave out any.
    std::string path{};  // "loudness.target_lufs"
    ParamType type = ParamType::text;
    bool list = false;      // an array of the type
    bool nullable = false;  // null is allowed and means "decide for me"
    std::string unit{};     // "LUFS", "Hz", "s", ...; empty: none
    std::string prefix{};   // "V": what may stand before the number where it is typed, as in V0
    double minimum = -std::numeric_limits<double>::infinity();
    double maximum = std::numeric_limits<double>::infinity();
    std::vector<std::string> choices{};  // for ParamType::choice
    std::string option{};                // "-f,--format"; empty: not on the command line
    std::string placeholder{};           // "HZ": what stands for the value in the help
    std::string help{};                  // one clause, lower case, no full stop
    Json default_value{};                // as in the JSON of a default Spec; filled by ParamTable
};

// Whether `value` fits `param`: type, range, choices. The error names the path.
Status check_value(const Param& param, const Json& value);

// A value of the command line or of TOML as the JSON of the parameter ("24" -> 24, "1:30" -> 90.0,
// "a,b" -> a list, "auto" -> null where that is allowed, "K=V" -> {"K": "V"}).
Result<Json> parse_value(const Param& param, std::string_view text);

// Sets a value in nested JSON by its dotted path.
void set_at_path(Json& json, std::string_view path, Json value);
const Json* find_at_path(const Json& json, std::string_view path);  // null: not there

// Refuses keys that no parameter has, with the nearest known one as a hint.
Status check_known_keys(const std::vector<Param>& params, const Json& json);

// A JSON Schema (draft 2020-12) of the parameters.
Json make_schema(const std::vector<Param>& params, std::string_view title);

// "1:02:03.5", "62.5", "62.5s" or "500ms" in seconds. Errors: invalid_argument.
Result<double> parse_time(std::string_view text);

// How a value of a Spec's member is turned into JSON and back. Enumerations specialize EnumNames.
template <class E>
struct EnumNames;  // static constexpr std::array<std::pair<E, std::string_view>, N> table;

template <class T>
Json value_to_json(const T& value) {
    if constexpr (std::is_enum_v<T>) {
        for (const auto& [enumerator, name] : EnumNames<T>::table)
            if (enumerator == value) return std::string(name);
        DUBPLATE_ASSERT(false);
    } else {
        return Json(value);
    }
}
template <class T>
Json value_to_json(const std::optional<T>& value) {
    return value ? value_to_json(*value) : Json(nullptr);
}
template <class T>
Json value_to_json(const std::vector<T>& values) {
    Json list = Json::array();
    for (const T& value : values) list.push_back(value_to_json(value));
    return list;
}

template <class T>
void value_from_json(T& target, const Json& json) {
    if constexpr (std::is_enum_v<T>) {
        for (const auto& [enumerator, name] : EnumNames<T>::table)
            if (json == name) target = enumerator;
    } else {
        json.get_to(target);
    }
}
template <class T>
void value_from_json(std::optional<T>& target, const Json& json) {
    if (json.is_null()) {
        target.reset();
    } else {
        value_from_json(target.emplace(), json);
    }
}
template <class T>
void value_from_json(std::vector<T>& target, const Json& json) {
    target.clear();
    for (const Json& item : json) value_from_json(target.emplace_back(), item);
}

template <class Spec>
class ParamTable {
  public:
    // member: a generic lambda that returns the member's reference:
    // [](auto& s) -> auto& { return s.mp3.bitrate_kbps; }
    template <class Member>
    ParamTable& add(Param param, Member member) {
        param.default_value = value_to_json(member(std::as_const(defaults_)));
        params_.push_back(std::move(param));
        bindings_.push_back(
            {[member](const Spec& spec) { return value_to_json(member(spec)); },
             [member](Spec& spec, const Json& json) { value_from_json(member(spec), json); }});
        return *this;
    }

    // The parameters of a part, whose spec `member` returns, with their paths and options as they are; but for those left out.
    // Their defaults are those of the part within a default Spec.
    template <class Part, class Member>
    ParamTable& add_all(const ParamTable<Part>& part, Member member,
                        const std::set<std::string_view>& without) {
        for (std::size_t i = 0; i < part.params_.size(); ++i) {
            if (without.contains(part.params_[i].path)) continue;
            const auto& binding = part.bindings_[i];
            params_.push_back(part.params_[i]);
            params_.back().default_value = binding.get(member(std::as_const(defaults_)));
            bindings_.push_back(
                {[member, binding](const Spec& spec) { return binding.get(member(spec)); },
                 [member, binding](Spec& spec, const Json& json) { binding.set(member(spec), json); }});
        }
        return *this;
    }

    const std::vector<Param>& params() const { return params_; }

    Json write(const Spec& spec) const {
        Json json = Json::object();
        for (std::size_t i = 0; i < params_.size(); ++i)
            set_at_path(json, params_[i].path, bindings_[i].get(spec));
        return json;
    }

    // Merges over the defaults; refuses unknown keys, wrong types and values out of range.
    Result<Spec> read(const Json& json) const {
        DUBPLATE_CHECK(check_known_keys(params_, json));
        Spec spec = defaults_;
        for (std::size_t i = 0; i < params_.size(); ++i) {
            const Json* value = find_at_path(json, params_[i].path);
            if (!value) continue;
            DUBPLATE_CHECK(check_value(params_[i], *value));
            bindings_[i].set(spec, *value);
        }
        return spec;
    }

  private:
    template <class Other>
    friend class ParamTable;
    struct Binding {
        std::function<Json(const Spec&)> get;
        std::function<void(Spec&, const Json&)> set;
    };
    Spec defaults_{};
    std::vector<Param> params_;
    std::vector<Binding> bindings_;
};

}  // namespace dubplate
