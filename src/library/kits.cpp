#include "library/kits.h"

#include <fmt/format.h>

#include <array>

#include "core/text.h"

namespace dubplate {

namespace {

constexpr char last_bank = 'J';
constexpr int pads_of_a_bank = 16;
constexpr std::size_t longest_name = 255;

Status check_pad(char bank, int number) {
    if (bank >= 'A' && bank <= last_bank && number >= 1 && number <= pads_of_a_bank) return {};
    return fail(ErrorCode::invalid_argument,
                fmt::format("there is no pad {} in a bank \"{}\"", number, escape_control({&bank, 1})),
                "the banks are A to J, of 16 pads each");
}

}  // namespace

Result<Kit> create_kit(Catalog& catalog, const std::string& name, const std::string& description) {
    if (name.empty() || name.size() > longest_name || !is_valid_utf8(name))
        return fail(ErrorCode::invalid_argument,
                    fmt::format("a kit's name has 1 to {} bytes of UTF-8", longest_name));
    Kit kit{.name = name, .description = description, .created = catalog.now()};
    DUBPLATE_TRY(
        const auto id,
        catalog.database.find_integer(
            "INSERT INTO kits (name, description, is_public, created, updated) VALUES (?, ?, 0, ?, ?) "
            "RETURNING id",
            {name, description, kit.created, kit.created}));
    kit.id = id.value_or(0);
    return kit;
}

std::string kits_sql() {
    return "SELECT id, name, description, is_public, created FROM kits ORDER BY lower(name), id";
}

Status list_kits(Catalog& catalog, const std::function<Status(const Kit&)>& take) {
    constexpr std::array types{ColumnType::integer, ColumnType::text, ColumnType::text, ColumnType::integer,
                               ColumnType::integer};
    return catalog.database.query(kits_sql(), {}, types, [&](const Row& row) {
        return take({row.integer(0), row.text(1), row.text(2), row.integer(3) != 0, row.integer(4)});
    });
}

Status remove_kit(Catalog& catalog, std::int64_t kit_id) {
    DUBPLATE_TRY(const std::int64_t removed,
                 catalog.database.execute("DELETE FROM kits WHERE id = ?", {kit_id}));
    if (removed == 0) return fail(ErrorCode::not_found, fmt::format("there is no kit {}", kit_id));
    return {};
}

Status assign_pad(Catalog& catalog, std::int64_t kit_id, const Pad& pad) {
    DUBPLATE_CHECK(check_pad(pad.bank, pad.number));
    if (!(pad.volume >= 0 && pad.volume <= 1))
        return fail(ErrorCode::invalid_argument, fmt::format("a volume of {} is outside 0 to 1", pad.volume));
    return catalog.database.in_transaction([&]() -> Status {
        const std::string bank(1, pad.bank);
        DUBPLATE_TRY(const auto taken,
                     catalog.database.find_text("SELECT sample_id FROM kit_samples WHERE kit_id = ? AND "
                                                "pad_bank = ? AND pad_number = ?",
                                                {kit_id, bank, std::int64_t{pad.number}}));
        if (taken)
            return fail(ErrorCode::already_exists,
                        fmt::format("pad {}{} holds the sample {}", pad.bank, pad.number, *taken),
                        "clear the pad first");
        DUBPLATE_CHECK(
            catalog.database.execute("INSERT INTO kit_samples (kit_id, sample_id, pad_bank, pad_number, "
                                     "volume, pitch_shift) VALUES (?, ?, ?, ?, ?, ?)",
                                     {kit_id, pad.sample_id, bank, std::int64_t{pad.number}, pad.volume,
                                      std::int64_t{pad.pitch_shift}}));
        DUBPLATE_CHECK(
            catalog.database.execute("UPDATE kits SET updated = ? WHERE id = ?", {catalog.now(), kit_id}));
        return {};
    });
}

Status clear_pad(Catalog& catalog, std::int64_t kit_id, char bank, int number) {
    DUBPLATE_CHECK(check_pad(bank, number));
    DUBPLATE_CHECK(catalog.database.execute(
        "DELETE FROM kit_samples WHERE kit_id = ? AND pad_bank = ? AND pad_number = ?",
        {kit_id, std::string(1, bank), std::int64_t{number}}));
    return {};
}

std::string pads_sql() {
    return "SELECT pad_bank, pad_number, sample_id, volume, pitch_shift FROM kit_samples WHERE kit_id = ? "
           "ORDER BY "
           "pad_bank, pad_number";
}

Result<std::vector<Pad>> list_pads(Catalog& catalog, std::int64_t kit_id) {
    std::vector<Pad> pads;
    constexpr std::array types{ColumnType::text, ColumnType::integer, ColumnType::text, ColumnType::real,
                               ColumnType::integer};
    DUBPLATE_CHECK(catalog.database.query(pads_sql(), {kit_id}, types, [&](const Row& row) -> Status {
        pads.push_back({row.text(0).front(), static_cast<int>(row.integer(1)), row.text(2), row.real(3),
                        static_cast<int>(row.integer(4))});
        return {};
    }));
    return pads;
}

}  // namespace dubplate
