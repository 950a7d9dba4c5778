// The pages docs/formats/<device>.md show the layouts by which the code writes and reads.
#include "unit/formats_sampler/projects.h"

#include "support/repository.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace dubplate::test {

namespace {

std::string size_of(const LayoutField& field) {
    return field.count == 1 ? fmt::format("{}", field.bytes)
                            : fmt::format("{} x {}", field.count, field.bytes);
}

std::string content_of(const LayoutField& field) {
    if (field.kind == FieldKind::tag) return fmt::format("`{}`", field.name);
    if (field.kind == FieldKind::fixed) return fmt::format("always {}", field.value);
    if (field.kind == FieldKind::number) return fmt::format("{}", field.value);
    return "";
}

std::string table_of(const RecordLayout& layout) {
    std::string table = fmt::format(
        "### {}\n\n{} bytes, {}-endian.\n\n| byte | size | field | new | meaning |\n|---|---|---|---|---|\n",
        layout.title, layout.bytes, layout.order == std::endian::big ? "big" : "little");
    for (const LayoutField& field : layout.fields)
        table +=
            fmt::format("| {:04X} | {} | {} | {} | {} |\n", field.offset, size_of(field),
                        field.kind == FieldKind::tag ? "" : field.name, content_of(field), field.meaning);
    return table;
}

TEST(SamplerDocs, ShowEveryLayoutAsTheCodeHasIt) {
    for (const SamplerDevice* device : sampler_devices()) {
        std::ifstream file(repository() / "docs/formats" / (std::string(device->name) + ".md"));
        const std::string page{std::istreambuf_iterator<char>(file), {}};
        for (const RecordLayout* layout : device->layouts)
            EXPECT_NE(page.find(table_of(*layout)), std::string::npos)
                << "docs/formats/" << device->name << ".md must show this:\n\n"
                << table_of(*layout);
    }
}

}  // namespace

}  // namespace dubplate::test
