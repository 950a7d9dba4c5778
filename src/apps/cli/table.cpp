#include "apps/cli/table.h"

#include <algorithm>

#include "core/text.h"

namespace dubplate::cli {

Table::Table(std::vector<Align> columns, int indent) : columns_(std::move(columns)), indent_(indent) {}

void Table::row(std::vector<std::string> cells) {
    for (std::string& cell : cells) cell = escape_control(cell);
    cells.resize(columns_.size());
    rows_.push_back(std::move(cells));
}

std::string Table::text() const {
    std::vector<int> widths(columns_.size());
    for (const auto& row : rows_)
        for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], display_width(row[c]));
    std::string text;
    for (const auto& row : rows_) {
        std::string line(static_cast<std::size_t>(indent_), ' ');
        for (std::size_t c = 0; c < row.size(); ++c) {
            const std::string space(static_cast<std::size_t>(widths[c] - display_width(row[c])), ' ');
            line += columns_[c] == Align::left ? row[c] + space : space + row[c];
            line += "   ";
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

}  // namespace dubplate::cli
