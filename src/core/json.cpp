#include "core/json.h"

#include "core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <vector>

namespace dubplate {

namespace {

// Tells where the parser is: it does not say so itself in its events.
class Cursor {
  public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    Cursor(const char* at, const char** reached) : at_(at), reached_(reached) {}
    reference operator*() const { return *at_; }
    Cursor& operator++() {
        *reached_ = ++at_;
        return *this;
    }
    bool operator==(const Cursor& other) const { return at_ == other.at_; }
    bool operator!=(const Cursor& other) const { return at_ != other.at_; }

  private:
    const char* at_;
    const char** reached_;
};

// Builds the value, and stops at the first thing that is not allowed.
class Builder {
  public:
    bool null() { return put(nullptr); }
    bool boolean(bool value) { return put(value); }
    bool number_integer(Json::number_integer_t value) { return put(value); }
    bool number_unsigned(Json::number_unsigned_t value) { return put(value); }
    bool number_float(Json::number_float_t value, const std::string&) { return put(value); }
    bool string(std::string& value) { return put(std::move(value)); }
    bool binary(Json::binary_t&) { return false; }  // not in JSON text
    bool start_object(std::size_t) { return open(Json::object()); }
    bool start_array(std::size_t) { return open(Json::array()); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }

    bool key(std::string& name) {
        if (open_.back()->contains(name)) {
            error = fail(ErrorCode::invalid_argument, "the key \"" + name + "\" appears twice");
            return false;
        }
        key_ = std::move(name);
        return true;
    }

    bool parse_error(std::size_t, const std::string& token, const nlohmann::detail::exception& exception) {
        std::string reason = exception.what();
        // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while ...": the
        // place is ours.
        const bool is_range = exception.id == 406;
        const auto colon = reason.find(is_range ? "] " : "syntax error");
        if (colon != std::string::npos) reason = reason.substr(is_range ? colon + 2 : colon);
        if (is_range) reason = "the number " + token + " is too large";
        error = fail(ErrorCode::invalid_argument, reason);
        return false;
    }

    Json root;
    std::optional<Error> error;

  private:
    Json* put(Json value, bool) {
        if (open_.empty()) return &(root = std::move(value));
        Json& parent = *open_.back();
        if (parent.is_object()) return &(parent[key_] = std::move(value));
        parent.push_back(std::move(value));
        return &parent.back();
    }
    bool put(Json value) { return put(std::move(value), true) != nullptr; }

    bool open(Json empty) {
        if (open_.size() >= max_json_depth) {
            error = fail(ErrorCode::limit_exceeded,
                         fmt::format("nested deeper than the limit of {} levels", max_json_depth));
            return false;
        }
        // Pointers stay good: nothing is added to a parent while a child is open.
        open_.push_back(put(std::move(empty), true));
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    std::vector<Json*> open_;
    std::string key_;
};

std::string place_of(std::string_view text, const char* reached) {
    const auto offset = static_cast<std::size_t>(reached - text.data());
    const std::string_view before = text.substr(0, offset == 0 ? 0 : offset - 1);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const std::size_t last_line = before.rfind('\n');
    const std::size_t column = before.size() - (last_line == std::string_view::npos ? 0 : last_line + 1) + 1;
    return fmt::format("line {}, column {}", lines + 1, column);
}

std::string text_of(double value) {
    if (!std::isfinite(value)) return "null";
    if (value == 0 && std::signbit(value)) return "-0.0";  // "-0" would come back as an integer
    return format_number(value);
}

void dump_string(std::string& out, const std::string& text) {
    out += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

void dump_value(std::string& out, const Json& json, std::size_t level);

void dump_items(std::string& out, const Json& json, std::size_t level) {
    const bool is_object = json.is_object();
    if (json.empty()) {
        out += is_object ? "{}" : "[]";
        return;
    }
    out += is_object ? '{' : '[';
    const char* separator = "\n";
    for (auto item = json.begin(); item != json.end(); ++item) {
        out += separator;
        out.append(2 * (level + 1), ' ');
        if (is_object) {
            dump_string(out, item.key());
            out += ": ";
        }
        dump_value(out, *item, level + 1);
        separator = ",\n";
    }
    out += '\n';
    out.append(2 * level, ' ');
    out += is_object ? '}' : ']';
}

void dump_value(std::string& out, const Json& json, std::size_t level) {
    if (json.is_structured()) {
        dump_items(out, json, level);
    } else if (json.is_number_float()) {
        out += text_of(json.get<double>());
    } else if (json.is_string()) {
        dump_string(out, json.get_ref<const std::string&>());
    } else {
        out += json.dump();
    }
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view name) {
    const std::string prefix = name.empty() ? std::string() : std::string(name) + ": ";
    if (text.size() > max_json_bytes)
        return fail(ErrorCode::limit_exceeded, fmt::format("{}{} bytes of JSON are more than the limit of {}",
                                                           prefix, text.size(), max_json_bytes));
    const char* reached = text.data();
    Builder builder;
    const bool is_good =
        Json::sax_parse(Cursor(text.data(), &reached), Cursor(text.data() + text.size(), &reached), &builder);
    if (is_good) return std::move(builder.root);
    DUBPLATE_ASSERT(builder.error);
    Error error = *std::move(builder.error);
    error.message = prefix + place_of(text, reached) + ": " + error.message;
    return error;
}

std::string dump_json(const Json& json) {
    std::string out;
    dump_value(out, json, 0);
    out += '\n';
    return out;
}

}  // namespace dubplate
