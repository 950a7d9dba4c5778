// json_list.h: a JSON document {"items": [...], "summary": {...}} that is printed as its items come.
//
// Why      thousands of items need not be in memory at once to be one document.
// Same     the bytes are those of dump_json() of the whole document.
// Threads  thread-compatible.
#pragma once

#include "core/json.h"

namespace dubplate::cli {

class JsonList {
  public:
    void item(const Json& item);
    void finish(const Json& summary);
    // More keys beside "items" than the summary alone; they come after it in the alphabet.
    void finish_with(const Json& others);

  private:
    bool begun_ = false;
};

}  // namespace dubplate::cli
