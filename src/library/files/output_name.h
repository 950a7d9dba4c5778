// output_name.h: where a job's file lies below the folder of the outputs.
//
// Shape    "2026/11/21/<job_id>.<extension>", the day in UTC. A file that was moved or copied has any relative path.
// Safety   a job's id has 1 to 64 of A-Z a-z 0-9 _ - and begins with none of "-"; an extension has 1 to 8 of a-z 0-9. Each part of
//          a relative path is a name that every file system takes (organize/file_name.h) and not hidden; there is no "..", no
//          absolute path, no empty part.
// Errors   invalid_argument.
// Source   requirements R5 C 6.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace dubplate {

Result<std::string> output_name(std::string_view job_id, std::string_view extension,
                                std::int64_t milliseconds);
Status check_job_id(std::string_view job_id);
Status check_relative_path(std::string_view path);

}  // namespace dubplate
