#include "library/edits.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "core/text.h"
#include "library/events.h"
#include "library/found.h"

namespace dubplate {

namespace {

constexpr std::size_t max_tag_bytes = 64;
constexpr std::string_view tags_field = "tags";

Result<const Field*> editable_field(std::string_view name) {
    const Field* field = find_asset_field(name);
    if (field && field->editable) return field;
    std::vector<std::string> names{std::string(tags_field)};
    for (const Field& each : asset_fields())
        if (each.editable) names.emplace_back(each.name);
    const auto nearest = nearest_name(name, names);
    const std::string hint = nearest ? fmt::format("did you mean {}?", *nearest)
                                     : fmt::format("these can be edited: {}", fmt::join(names, ", "));
    return fail(ErrorCode::invalid_argument,
                fmt::format("\"{}\" {}", escape_control(name), field ? "cannot be edited" : "is no field"),
                hint);
}

// The title of a sound whose tags have none: its file's name.
std::string title_from(const std::string& path) {
    return std::filesystem::path(path).stem().string();
}

Status set_column(Catalog& catalog, const std::string& id, const Field& field, Value value) {
    if (std::holds_alternative<std::monostate>(value) && field.column == ColumnType::text)
        value = std::string();
    DUBPLATE_CHECK(catalog.database.execute(fmt::format("UPDATE assets SET {} = ? WHERE id = ?", field.name),
                                            {std::move(value), id}));
    return {};
}

Status store_edit(Catalog& catalog, const std::string& id, const std::string& field,
                  const std::string& value) {
    DUBPLATE_CHECK(
        catalog.database.execute("DELETE FROM edits WHERE asset_id = ? AND field = ?", {id, field}));
    if (value.empty()) return {};
    DUBPLATE_CHECK(
        catalog.database.execute("INSERT INTO edits (asset_id, field, value, edited) VALUES (?, ?, ?, ?)",
                                 {id, field, value, catalog.now()}));
    return {};
}

Result<Asset> known_facts(Catalog& catalog, const std::string& id) {
    DUBPLATE_TRY(const auto text,
                 catalog.database.find_text("SELECT facts FROM analyses WHERE sha256 = (SELECT "
                                            "sha256 FROM assets WHERE id = ?)",
                                            {id}));
    return read_facts_text(text.value_or("{}"));
}

}  // namespace

Result<std::vector<std::string>> parse_tags(std::string_view text) {
    std::vector<std::string> tags;
    for (const std::string_view part : split(text, ',')) {
        const std::string tag = to_lower_ascii(trim(part));
        if (tag.empty()) continue;
        if (tag.size() > max_tag_bytes || !is_valid_utf8(tag) || escape_control(tag) != tag)
            return fail(
                ErrorCode::invalid_argument,
                fmt::format("tag \"{}\": must be UTF-8 of {} bytes at most, without control characters",
                            escape_control(tag), max_tag_bytes));
        tags.push_back(tag);
    }
    std::ranges::sort(tags);
    tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
    return tags;
}

Result<Edit> parse_edit(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0)
        return fail(ErrorCode::invalid_argument, fmt::format("\"{}\" has no \"=\"", escape_control(text)),
                    "write it as bpm=92, or as genre= to take an edit back");
    const std::string_view name = text.substr(0, equals);
    const std::string_view value = text.substr(equals + 1);
    if (name == tags_field) {
        DUBPLATE_CHECK(parse_tags(value));
        return Edit{std::string(name), std::string(value)};
    }
    DUBPLATE_TRY(const Field* field, editable_field(name));
    DUBPLATE_CHECK(parse_field(*field, value));
    return Edit{std::string(field->name), std::string(trim(value))};
}

Status set_fields(Catalog& catalog, const std::string& asset_id, const Asset& facts) {
    DUBPLATE_TRY(const auto edits, list_edits(catalog, asset_id));
    DUBPLATE_TRY(const auto path,
                 catalog.database.find_text("SELECT path FROM assets WHERE id = ?", {asset_id}));
    const bool named = facts.title.empty();
    std::string sql;
    Values values;
    for (const Field& field : asset_fields()) {
        if (!field.found && !edits.contains(std::string(field.name))) continue;
        const auto edit = edits.find(std::string(field.name));
        Value value = field.get(facts);
        if (field.name == "title" && named) value = title_from(path.value_or(""));
        if (edit != edits.end()) {
            DUBPLATE_TRY(value, parse_field(field, edit->second));
        }
        // What the user said was not measured.
        if (field.name == "bpm_confidence" && edits.contains("bpm")) value = {};
        if (field.name == "key_confidence" && edits.contains("key")) value = {};
        sql += fmt::format("{} = ?, ", field.name);
        values.push_back(std::move(value));
    }
    values.insert(values.end(), {std::int64_t{named}, asset_id});
    DUBPLATE_CHECK(catalog.database.execute("UPDATE assets SET " + sql + "named = ? WHERE id = ?", values));
    return {};
}

Status apply_edits(Catalog& catalog, const std::string& asset_id, const std::vector<Edit>& edits) {
    return catalog.database.in_transaction([&]() -> Status {
        for (const Edit& edit : edits) {
            DUBPLATE_CHECK(record_event(catalog, "edited", asset_id, edit.field + "=" + edit.value));
            if (edit.field == tags_field) {
                DUBPLATE_TRY(const auto tags, parse_tags(edit.value));
                DUBPLATE_CHECK(set_tags(catalog, asset_id, tags));
                continue;
            }
            DUBPLATE_TRY(const Field* field, editable_field(edit.field));
            DUBPLATE_CHECK(store_edit(catalog, asset_id, edit.field, edit.value));
            if (!field->found) {  // nothing was found to go back to
                DUBPLATE_TRY(Value value, parse_field(*field, edit.value));
                if (std::holds_alternative<std::monostate>(value)) value = field->get(Asset{});
                DUBPLATE_CHECK(set_column(catalog, asset_id, *field, std::move(value)));
            }
        }
        DUBPLATE_TRY(const Asset facts, known_facts(catalog, asset_id));
        return set_fields(catalog, asset_id, facts);
    });
}

Result<std::map<std::string, std::string>> list_edits(Catalog& catalog, const std::string& asset_id) {
    std::map<std::string, std::string> edits;
    constexpr std::array types{ColumnType::text, ColumnType::text};
    DUBPLATE_CHECK(catalog.database.query("SELECT field, value FROM edits WHERE asset_id = ?", {asset_id},
                                          types, [&](const Row& row) -> Status {
                                              edits.emplace(row.text(0), row.text(1));
                                              return {};
                                          }));
    return edits;
}

Result<std::vector<std::string>> list_tags(Catalog& catalog, const std::string& asset_id) {
    std::vector<std::string> tags;
    constexpr std::array types{ColumnType::text};
    DUBPLATE_CHECK(catalog.database.query("SELECT tag FROM asset_tags WHERE asset_id = ? ORDER BY tag",
                                          {asset_id}, types, [&](const Row& row) -> Status {
                                              tags.push_back(row.text(0));
                                              return {};
                                          }));
    return tags;
}

Status set_tags(Catalog& catalog, const std::string& asset_id, const std::vector<std::string>& tags) {
    DUBPLATE_CHECK(catalog.database.execute("DELETE FROM asset_tags WHERE asset_id = ?", {asset_id}));
    for (const std::string& tag : tags)
        DUBPLATE_CHECK(catalog.database.execute("INSERT INTO asset_tags (asset_id, tag) VALUES (?, ?)",
                                                {asset_id, tag}));
    return {};
}

}  // namespace dubplate
