#include "formats/sampler/layout.h"

#include "core/text.h"
#include "tags/bytes.h"

#include <fmt/format.h>

#include <algorithm>

namespace dubplate {

const LayoutField& RecordLayout::field(std::string_view name) const {
    const auto found = std::ranges::find(fields, name, &LayoutField::name);
    DUBPLATE_ASSERT(found != fields.end());
    return *found;
}

Record::Record(const RecordLayout& layout) : layout_(layout), bytes_(layout.bytes) {
    for (const LayoutField& field : layout.fields) {
        if (field.kind == FieldKind::tag)
            std::ranges::copy(as_bytes_view(field.name),
                              bytes_.begin() + static_cast<std::ptrdiff_t>(field.offset));
        if (field.kind == FieldKind::number || field.kind == FieldKind::fixed)
            for (std::size_t i = 0; i < field.count; ++i) put(field, field.value, i);
    }
}

void Record::put(const LayoutField& field, std::int64_t value, std::size_t index) {
    DUBPLATE_ASSERT(index < field.count);
    const std::span element = std::span(bytes_).subspan(field.offset + index * field.bytes, field.bytes);
    auto rest = static_cast<std::uint64_t>(value);
    for (std::size_t i = 0; i < element.size(); ++i) {
        const std::size_t place = layout_.order == std::endian::little ? i : element.size() - 1 - i;
        element[place] = static_cast<std::byte>(rest & 0xFF);
        rest >>= 8;
    }
}

void Record::set(std::string_view field, std::int64_t value, std::size_t index) {
    put(layout_.field(field), value, index);
}

void Record::set_text(std::string_view field, std::string_view text) {
    set_raw(field, as_bytes_view(text));
}

void Record::set_raw(std::string_view field, std::span<const std::byte> bytes, std::size_t index) {
    const LayoutField& place = layout_.field(field);
    DUBPLATE_ASSERT(index < place.count && bytes.size() <= place.bytes);
    std::ranges::copy(bytes,
                      bytes_.begin() + static_cast<std::ptrdiff_t>(place.offset + index * place.bytes));
}

RecordView::RecordView(const RecordLayout& layout, std::span<const std::byte> bytes)
    : layout_(layout), bytes_(bytes) {
    DUBPLATE_ASSERT(bytes.size() >= layout.bytes);
}

std::span<const std::byte> RecordView::element(const LayoutField& field, std::size_t index) const {
    DUBPLATE_ASSERT(index < field.count);
    return bytes_.subspan(field.offset + index * field.bytes, field.bytes);
}

std::uint64_t RecordView::number(const LayoutField& field, std::size_t index) const {
    const std::span bytes = element(field, index);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::size_t place = layout_.order == std::endian::big ? i : bytes.size() - 1 - i;
        value = (value << 8) | std::to_integer<std::uint64_t>(bytes[place]);
    }
    return value;
}

std::uint64_t RecordView::number(std::string_view field, std::size_t index) const {
    return number(layout_.field(field), index);
}

std::int64_t RecordView::signed_number(std::string_view field, std::size_t index) const {
    const LayoutField& place = layout_.field(field);
    const std::size_t unused_bits = 64 - 8 * place.bytes;
    return static_cast<std::int64_t>(number(place, index) << unused_bits) >> unused_bits;
}

std::string_view RecordView::text(std::string_view field) const {
    return until_zero(element(layout_.field(field), 0));
}

std::span<const std::byte> RecordView::raw(std::string_view field, std::size_t index) const {
    return element(layout_.field(field), index);
}

Status RecordView::check() const {
    for (const LayoutField& field : layout_.fields) {
        const std::string_view found = as_text(element(field, 0));
        if (field.kind == FieldKind::tag && found != field.name)
            return fail(ErrorCode::corrupt, fmt::format("byte {}: '{}' stands where '{}' must", field.offset,
                                                        escape_control(found), field.name));
        if (field.kind != FieldKind::fixed || number(field, 0) == static_cast<std::uint64_t>(field.value))
            continue;
        return fail(ErrorCode::corrupt, fmt::format("byte {}: {} is {}, and must be {}", field.offset,
                                                    field.name, number(field, 0), field.value));
    }
    return {};
}

}  // namespace dubplate
