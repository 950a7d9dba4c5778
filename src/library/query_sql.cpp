#include "library/query_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>

#include "core/text.h"

namespace dubplate {

namespace {

struct Condition {
    std::string sql;
    Values values;
};

// Upper and lower case are the same for A to Z alone: SQLite's lower() knows no other letters, nor does PostgreSQL's for text
// sorted by its bytes. What was asked for is folded here, for there lower() would follow the database's language.

// For LIKE with ESCAPE '\'.
std::string pattern_of(std::string_view part) {
    std::string pattern = "%";
    for (const char c : to_lower_ascii(part)) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

// SQLite's LIKE folds A to Z by itself, in half the time.
std::string like(std::string_view column, Dialect dialect) {
    const std::string folded =
        dialect == Dialect::sqlite ? std::string(column) : fmt::format("lower({})", column);
    return folded + " LIKE ? ESCAPE '\\'";
}

Condition any_text(const Term& term, Dialect dialect) {
    Condition condition;
    for (const Field& field : asset_fields()) {
        if (field.kind != FieldKind::text) continue;
        condition.sql += (condition.sql.empty() ? "" : " OR ") + like(field.name, dialect);
        condition.values.emplace_back(pattern_of(term.text));
    }
    condition.sql += " OR id IN (SELECT asset_id FROM asset_files WHERE " + like("path", dialect) + ")";
    condition.values.emplace_back(pattern_of(term.text));
    condition.sql += " OR id IN (SELECT asset_id FROM asset_tags WHERE tag = ?)";
    condition.values.emplace_back(to_lower_ascii(term.text));
    return condition;
}

// The file itself, or all in the folder, seen from the current one: "0" is the character behind "/".
Condition in_place(const Term& term) {
    std::string path = std::filesystem::absolute(term.text).lexically_normal().string();
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    const std::string inside = path == "/" ? path : path + "/";
    return {"id IN (SELECT asset_id FROM asset_files WHERE path = ? OR (path >= ? AND path < ?))",
            {path, inside, inside.substr(0, inside.size() - 1) + "0"}};
}

// A column of whole numbers is compared with whole numbers: PostgreSQL asks for the same type on both sides.
Value bound(const Field& field, double value, bool round_up) {
    if (field.column == ColumnType::real) return value;
    constexpr double most = 9e18;  // within 64 bits
    return static_cast<std::int64_t>(
        std::clamp(round_up ? std::ceil(value) : std::floor(value), -most, most));
}

Condition in_range(const Term& term) {
    Condition condition;
    const Range& range = term.range;
    if (range.minimum) {
        condition.sql = fmt::format("{} >= ?", term.field->name);
        condition.values.push_back(bound(*term.field, *range.minimum, true));
    }
    if (range.maximum) {
        condition.sql += fmt::format("{}{} {} ?", range.minimum ? " AND " : "", term.field->name,
                                     range.maximum_included ? "<=" : "<");
        condition.values.push_back(bound(*term.field, *range.maximum, !range.maximum_included));
    }
    return condition;
}

// Tags name a note as they like; those that mean the same are found together.
Condition in_key(const Term& term) {
    Condition condition{.sql = "key IN (", .values = {}};
    for (const std::string& spelling : key_spellings(term.text)) {
        condition.sql += condition.values.empty() ? "?" : ", ?";
        condition.values.emplace_back(spelling);
    }
    condition.sql += ")";
    return condition;
}

Condition condition_of(const Term& term, Dialect dialect) {
    if (term.tag) return {"id IN (SELECT asset_id FROM asset_tags WHERE tag = ?)", {term.text}};
    if (!term.field) return any_text(term, dialect);
    const std::string_view name = term.field->name;
    if (term.match == Term::Match::range) return in_range(term);
    if (term.match == Term::Match::none)
        return {std::string(name) + (term.field->column == ColumnType::text ? " = ''" : " IS NULL"), {}};
    if (term.field->kind == FieldKind::place) return in_place(term);
    if (term.field->kind == FieldKind::prefix)
        return {fmt::format("{} >= ? AND {} < ?", name, name), {term.text, term.text + "\x7f"}};
    if (term.field->kind == FieldKind::text && term.match == Term::Match::whole)
        return {fmt::format("lower({}) = ?", name), {to_lower_ascii(term.text)}};
    if (term.field->kind == FieldKind::key) return in_key(term);
    if (term.match == Term::Match::whole) return {fmt::format("{} = ?", name), {term.text}};
    return {like(name, dialect), {pattern_of(term.text)}};
}

// Of what is not known neither holds in SQL: "not below 90" finds it here, as people expect.
std::string negated(const Condition& condition) {
    return "NOT coalesce((" + condition.sql + "), 1 = 0)";
}

std::string where_of(const Query& query, Dialect dialect, Values& values) {
    std::string where;
    for (const std::vector<Term>& terms : query.alternatives) {
        where += where.empty() ? " WHERE (" : " OR (";
        bool first = true;
        for (const Term& term : terms) {
            Condition condition = condition_of(term, dialect);
            where += (first ? "" : " AND ") + (term.negated ? negated(condition) : "(" + condition.sql + ")");
            values.insert(values.end(), std::make_move_iterator(condition.values.begin()),
                          std::make_move_iterator(condition.values.end()));
            first = false;
        }
        where += ")";
    }
    return where;
}

std::string order_of(const Query& query) {
    static const std::vector<Order> newest_first{{find_asset_field("added"), true}};
    const std::vector<Order>& orders = query.orders.empty() ? newest_first : query.orders;
    std::string text = " ORDER BY ";
    for (const auto& [field, falling] : orders) {
        const bool nullable =
            field->column != ColumnType::text && field->name != "added" && field->name != "size_bytes";
        text +=
            field->kind == FieldKind::text ? fmt::format("lower({})", field->name) : std::string(field->name);
        text += falling ? " DESC" : " ASC";
        if (nullable) text += falling ? " NULLS LAST" : " NULLS FIRST";
        text += ", ";
    }
    return text + (orders.front().falling ? "id DESC" : "id ASC");
}

}  // namespace

SqlQuery query_to_sql(const Query& query, std::int64_t limit, Dialect dialect) {
    SqlQuery result;
    result.sql = "SELECT " + asset_columns() + " FROM assets" + where_of(query, dialect, result.values) +
                 order_of(query);
    if (limit > 0) {
        result.sql += " LIMIT ?";
        result.values.emplace_back(limit);
    }
    return result;
}

Status find_assets(Catalog& catalog, const Query& query, std::int64_t limit,
                   const std::function<Status(const Asset&)>& take) {
    const SqlQuery sql = query_to_sql(query, limit, catalog.database.dialect());
    Asset asset;
    return catalog.database.query(sql.sql, sql.values, asset_column_types(), [&](const Row& row) {
        read_asset(row, asset);
        return take(asset);
    });
}

}  // namespace dubplate
