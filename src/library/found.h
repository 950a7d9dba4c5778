// found.h: what an analyzer found, as the catalog keeps it.
//
// Shape    facts as JSON of the fields with Field::found, unset ones left out; the vector as base64 of 32-bit floats, least
//          significant byte first.
// Errors   corrupt: what the catalog holds is neither.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "library/asset.h"

namespace dubplate {

std::string facts_text(const Asset& facts);
Result<Asset> read_facts_text(std::string_view text);

std::string vector_text(std::span<const float> vector);
// Appends to `vector`. False where the text is no such vector.
bool read_vector(std::string_view text, std::vector<float>& vector);

}  // namespace dubplate
