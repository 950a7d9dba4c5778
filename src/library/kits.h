// kits.h: kits of samples on the pads of a sampler.
//
// Shape    banks A to J of 16 pads; a pad holds one sample (requirements R3 C 10, D 17). Volume 0 to 1, pitch in semitones.
// Errors   invalid_argument (a pad, a name), already_exists (the pad is taken), not_found, those of the database.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "library/catalog.h"

namespace dubplate {

struct Kit {
    std::int64_t id = 0;
    std::string name{};  // 1 to 255 bytes
    std::string description{};
    bool is_public = false;
    std::int64_t created = 0;
};

struct Pad {
    char bank = 'A';
    int number = 1;
    std::string sample_id{};
    double volume = 1;
    int pitch_shift = 0;
};

Result<Kit> create_kit(Catalog& catalog, const std::string& name, const std::string& description = {});
Status list_kits(Catalog& catalog, const std::function<Status(const Kit&)>& take);  // by name
std::string kits_sql();  // what the list asks the database, for the test of its plan
Status remove_kit(Catalog& catalog, std::int64_t kit_id);

Status assign_pad(Catalog& catalog, std::int64_t kit_id, const Pad& pad);
Status clear_pad(Catalog& catalog, std::int64_t kit_id, char bank, int number);
Result<std::vector<Pad>> list_pads(Catalog& catalog, std::int64_t kit_id);  // by bank and number
std::string pads_sql();

}  // namespace dubplate
