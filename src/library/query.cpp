#include "library/query.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "library/query_tokens.h"
#include "library/query_values.h"

namespace dubplate {

namespace {

constexpr std::size_t max_bytes = 16 * 1024;  // SQLite takes 32766 parameters; a term has 7 at most
constexpr std::size_t max_terms = 256;        // and expressions 1000 levels deep

Error unknown_field(std::string_view name) {
    std::vector<std::string> names{"tag"};
    for (const Field& field : asset_fields()) names.emplace_back(field.name);
    const auto nearest = nearest_name(name, names);
    return fail(ErrorCode::invalid_argument,
                fmt::format("query: there is no field \"{}\"", escape_control(name)),
                nearest ? fmt::format("did you mean {}?", *nearest)
                        : fmt::format("the fields are: {}", fmt::join(names, ", ")));
}

// "bpm+" or "added-".
Result<std::optional<Order>> parse_order(const Token& token) {
    const char last = token.text.back();
    if ((last != '+' && last != '-') || !token.plain.back() || token.text.size() == 1 ||
        token.find_plain(':') != std::string::npos || token.text.find(' ') != std::string::npos)
        return std::optional<Order>();
    const std::string name = token.text.substr(0, token.text.size() - 1);
    const Field* field = find_asset_field(name);
    if (!field) return unknown_field(name);
    if (!field->sortable)
        return fail(ErrorCode::invalid_argument, fmt::format("query: lists cannot be sorted by {}", name));
    return std::optional(Order{field, last == '-'});
}

bool is_range(FieldKind kind) {
    return kind == FieldKind::number || kind == FieldKind::bytes || kind == FieldKind::hertz ||
           kind == FieldKind::seconds || kind == FieldKind::time;
}

Result<Term> parse_value(Term term, std::string_view value, bool is_plain, std::int64_t now) {
    const FieldKind kind = term.field->kind;
    if (value == "none" && is_plain) {
        term.match = Term::Match::none;
        return term;
    }
    if (is_range(kind)) {
        term.match = Term::Match::range;
        DUBPLATE_TRY(term.range, parse_range(kind, value, now));
        return term;
    }
    term.match = kind == FieldKind::text ? Term::Match::part : Term::Match::whole;
    if (kind == FieldKind::text && is_plain && value.starts_with("=")) {
        term.match = Term::Match::whole;
        value.remove_prefix(1);
    }
    term.text = value;
    if (kind == FieldKind::key) {
        const auto key = spell_key(value);
        if (!key)
            return fail(ErrorCode::invalid_argument, fmt::format("\"{}\" is no key", escape_control(value)),
                        "write it as \"A minor\", Am, 8A or 1m");
        term.text = *key;
    }
    if (kind == FieldKind::word || kind == FieldKind::prefix) term.text = to_lower_ascii(value);
    return term;
}

// A term of a field: `colon` is where its name ends.
Result<Term> parse_field_term(const Token& token, std::size_t colon, bool negated, std::int64_t now,
                              QueryPlace& place) {
    const std::string name = token.text.substr(0, colon);
    const std::string value = token.text.substr(colon + 1);
    Term term;
    term.negated = negated;
    term.tag = name == "tag" || name == "tags";
    term.field = find_asset_field(name);
    place.length = colon;
    if (!term.tag && !term.field) return unknown_field(name);
    place = {token.place.at + colon + 1, std::max<std::size_t>(token.place.length - colon - 1, 1)};
    if (value.empty())
        return fail(ErrorCode::invalid_argument, fmt::format("query: nothing follows \"{}:\"", name),
                    fmt::format("{}:none finds those where it is not known", name));
    if (term.tag) {
        term.match = Term::Match::whole;
        term.text = to_lower_ascii(value);
        return term;
    }
    const bool is_plain = token.plain[colon + 1];
    Result<Term> parsed = parse_value(std::move(term), value, is_plain, now);
    if (!parsed)
        return fail(parsed.error().code, fmt::format("query: {}: {}", name, parsed.error().message),
                    parsed.error().hint);
    return parsed;
}

Result<Term> parse_term(Token token, std::int64_t now, QueryPlace& place) {
    place = token.place;
    bool negated = false;
    if (token.text.size() > 1 && token.plain.front() &&
        (token.text.front() == '-' || token.text.front() == '^')) {
        negated = true;
        token.remove_prefix(1);
        place = token.place;
    }
    const std::size_t colon = token.find_plain(':');
    if (colon == 0) return fail(ErrorCode::invalid_argument, "query: no field stands before the \":\"");
    if (colon != std::string::npos) return parse_field_term(token, colon, negated, now, place);
    if (token.text.empty()) return fail(ErrorCode::invalid_argument, "query: the quotes are empty");
    Term term;
    term.negated = negated;
    term.text = token.text;
    return term;
}

Result<Query> parse_tokens(std::vector<Token> tokens, std::int64_t now, QueryPlace& place) {
    Query query;
    std::vector<Term> terms;
    std::size_t count = 0;
    QueryPlace comma{};
    bool after_comma = false;
    for (Token& token : tokens) {
        place = token.place;
        if (token.is_plain(",")) {
            if (terms.empty())
                return fail(ErrorCode::invalid_argument, "query: nothing stands before the comma");
            query.alternatives.push_back(std::exchange(terms, {}));
            comma = token.place;
            after_comma = true;
            continue;
        }
        if (!token.text.empty()) {
            DUBPLATE_TRY(const auto order, parse_order(token));
            if (order) {
                query.orders.push_back(*order);
                continue;
            }
        }
        if (++count > max_terms)
            return fail(ErrorCode::limit_exceeded, fmt::format("query: has more than {} terms", max_terms));
        DUBPLATE_TRY(Term term, parse_term(std::move(token), now, place));
        terms.push_back(std::move(term));
        after_comma = false;
    }
    if (after_comma) {
        place = comma;
        return fail(ErrorCode::invalid_argument, "query: nothing follows the comma");
    }
    if (!terms.empty()) query.alternatives.push_back(std::move(terms));
    return query;
}

}  // namespace

Result<Query> parse_query(std::string_view text, std::int64_t now, QueryPlace* place) {
    QueryPlace unasked;
    QueryPlace& at = place ? *place : unasked;
    at = {0, text.size()};
    if (text.size() > max_bytes)
        return fail(ErrorCode::limit_exceeded,
                    fmt::format("query: has {} bytes, {} are allowed", text.size(), max_bytes));
    if (!is_valid_utf8(text) || text.find('\0') != std::string_view::npos)
        return fail(ErrorCode::invalid_argument, "query: is not UTF-8");
    DUBPLATE_TRY(std::vector<Token> tokens, cut_query(text, at));
    return parse_tokens(std::move(tokens), now, at);
}

std::string point_at(std::string_view text, QueryPlace place) {
    const std::string before = escape_control(text.substr(0, place.at));
    const std::string marked = escape_control(text.substr(std::min(place.at, text.size()), place.length));
    const std::string after = escape_control(text.substr(std::min(place.at + place.length, text.size())));
    const auto width = static_cast<std::size_t>(std::max(display_width(marked), 1));
    return before + marked + after + "\n" +
           std::string(static_cast<std::size_t>(display_width(before)), ' ') + "^" +
           std::string(width - 1, '~');
}

}  // namespace dubplate
