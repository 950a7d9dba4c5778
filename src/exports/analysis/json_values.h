// json_values.h: numbers and texts of an analysis as JSON, and back. Internal to exports/analysis.
//
// Out      rounded to a step that is finer than anybody reads; what is not finite is null; text is made UTF-8.
// In       Reader takes the keys of one object: what is missing, null or of another type leaves the value as it is and
//          is remembered as a fault where the key must be there.
// Threads  plain functions.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/unicode.h"
#include "core/units.h"

namespace dubplate {

inline constexpr double level_step = 0.01;
inline constexpr double time_step = 1e-6;
inline constexpr double amplitude_step = 1e-8;  // below the last of 24 bits
inline constexpr double share_step = 1e-4;

inline Json rounded(double value, double step) {
    if (!std::isfinite(value)) return nullptr;
    const double scale = std::round(1.0 / step);
    return std::round(value * scale) / scale + 0.0;  // + 0.0 turns -0.0 into 0.0
}

inline Json rounded(const std::optional<double>& value, double step) {
    return value ? rounded(*value, step) : Json(nullptr);
}

inline Json text_or_null(const std::string& value) {
    return value.empty() ? Json(nullptr) : Json(to_valid_utf8(value));
}

inline Json texts_json(const std::vector<std::string>& texts) {
    Json json = Json::array();
    for (const std::string& value : texts) json.push_back(to_valid_utf8(value));
    return json;
}

// Messages carry names and bytes of hostile files.
inline Json error_json(const std::optional<Error>& error) {
    if (!error) return nullptr;
    Json json = *error;
    for (auto& [key, value] : json.items())
        if (value.is_string()) value = to_valid_utf8(value.get<std::string>());
    return json;
}

class ObjectReader {
  public:
    explicit ObjectReader(const Json& json) : json_(json) {}

    // The value of a key; null: not there, or JSON's null.
    const Json* find(const char* key) const {
        const auto found = json_.find(key);
        return found == json_.end() || found->is_null() ? nullptr : &*found;
    }

    template <class T>
    void must(const char* key, T& value) {
        const Json* found = find(key);
        if (found == nullptr || !get(*found, value)) note(key);
    }
    template <class T>
    void may(const char* key, T& value) {
        const Json* found = find(key);
        if (found != nullptr && !get(*found, value)) note(key);
    }
    template <class T>
    void may(const char* key, std::optional<T>& value) {
        const Json* found = find(key);
        if (found == nullptr) return;
        T given{};
        if (get(*found, given)) {
            value = std::move(given);
        } else {
            note(key);
        }
    }
    // null stands for the level of silence.
    void level(const char* key, double& value) {
        value = silence_db;
        may(key, value);
    }
    // An object under a key, where there is one: take(part).
    template <class Take>
    void part(const char* key, Take take) {
        const Json* found = find(key);
        if (found == nullptr) return;
        if (!found->is_object()) return note(key);
        ObjectReader reader(*found);
        take(reader);
        if (!reader.fault().empty()) note(std::string(key) + "." + reader.fault());
    }
    // Each object of a list.
    template <class Take>
    void each(const char* key, Take take) {
        const Json* found = find(key);
        if (found == nullptr) return;
        if (!found->is_array()) return note(key);
        for (const Json& entry : *found) {
            if (!entry.is_object()) return note(key);
            ObjectReader reader(entry);
            take(reader);
            if (!reader.fault().empty()) note(std::string(key) + "." + reader.fault());
        }
    }
    void note(std::string key) {
        if (fault_.empty()) fault_ = std::move(key);
    }
    // The first key that was not as it must be; empty: none.
    const std::string& fault() const { return fault_; }

  private:
    static bool get(const Json& json, bool& value) {
        if (json.is_boolean()) value = json.get<bool>();
        return json.is_boolean();
    }
    static bool get(const Json& json, std::string& value) {
        if (json.is_string()) value = json.get<std::string>();
        return json.is_string();
    }
    static bool get(const Json& json, double& value) {
        if (json.is_number()) value = json.get<double>();
        return json.is_number();
    }
    static bool get(const Json& json, std::int64_t& value) {
        if (json.is_number_integer()) value = json.get<std::int64_t>();
        return json.is_number_integer();
    }
    static bool get(const Json& json, std::uint64_t& value) {
        if (json.is_number_unsigned()) value = json.get<std::uint64_t>();
        return json.is_number_unsigned();
    }
    static bool get(const Json& json, int& value) {
        std::int64_t wide = 0;
        if (!get(json, wide) || wide < std::numeric_limits<int>::min() ||
            wide > std::numeric_limits<int>::max())
            return false;
        value = static_cast<int>(wide);
        return true;
    }
    template <class T>
    static bool get(const Json& json, std::vector<T>& values) {
        if (!json.is_array()) return false;
        values.clear();
        for (const Json& item : json) {
            T value{};
            if (!get(item, value)) return false;
            values.push_back(std::move(value));
        }
        return true;
    }

    const Json& json_;
    std::string fault_;
};

}  // namespace dubplate
