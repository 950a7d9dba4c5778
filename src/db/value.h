// value.h: what goes into a statement and what comes out of a row.
//
// Shape    null, a whole number of 64 bits, a double, or UTF-8 text. There are no blobs: the two databases keep them in ways
//          that have nothing in common, and what would be one is short enough as text.
// Threads  plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace dubplate {

using Value = std::variant<std::monostate, std::int64_t, double, std::string>;
using Values = std::vector<Value>;

enum class ColumnType { integer, real, text };

template <class T>
Value value_or_null(const std::optional<T>& value) {
    return value ? Value(*value) : Value();
}

// One row of a result: valid until the next row is taken. A column is asked for by its place and in the type that the query
// gave it; null reads as 0 or "" where it is not asked for as optional.
class Row {
  public:
    explicit Row(Values& values) : values_(&values) {}

    // Its own to read; to swap a text out of it saves a copy.
    Value& value(std::size_t column) const { return (*values_)[column]; }
    bool is_null(std::size_t column) const {
        return std::holds_alternative<std::monostate>((*values_)[column]);
    }
    std::int64_t integer(std::size_t column) const { return get<std::int64_t>(column).value_or(0); }
    double real(std::size_t column) const { return get<double>(column).value_or(0); }
    const std::string& text(std::size_t column) const {
        static const std::string none;
        const std::string* text = std::get_if<std::string>(&(*values_)[column]);
        return text ? *text : none;
    }
    std::optional<double> optional_real(std::size_t column) const { return get<double>(column); }
    std::optional<std::int64_t> optional_integer(std::size_t column) const {
        return get<std::int64_t>(column);
    }

  private:
    template <class T>
    std::optional<T> get(std::size_t column) const {
        const T* value = std::get_if<T>(&(*values_)[column]);
        return value ? std::optional<T>(*value) : std::nullopt;
    }
    Values* values_;
};

}  // namespace dubplate
