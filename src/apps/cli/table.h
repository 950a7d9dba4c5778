// table.h: aligned columns for people.
//
// Shape    rows of cells; a column is as wide as its widest cell (in terminal columns, not bytes). Numbers are set to the
//          right, text to the left, as the column says.
#pragma once

#include <string>
#include <vector>

namespace dubplate::cli {

enum class Align { left, right };

class Table {
  public:
    explicit Table(std::vector<Align> columns, int indent = 2);
    void row(std::vector<std::string> cells);  // control characters in cells are shown, not obeyed
    std::string text() const;

  private:
    std::vector<Align> columns_;
    int indent_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace dubplate::cli
