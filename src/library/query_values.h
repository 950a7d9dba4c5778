// query_values.h: numbers, times and ranges of them as a query has them.
//
// Shape    one value stands for all that round to it; "a..b", "a.." and "..b" are ranges with both ends in them.
// Errors   invalid_argument, without the field's name.
#pragma once

#include "library/query.h"

namespace dubplate {

Result<Range> parse_range(FieldKind kind, std::string_view text, std::int64_t now);

}  // namespace dubplate
