// layout.h: how a record of bytes is laid out, as data: code writes and reads by it, and the docs' tables show it.
//
// What     a RecordLayout lists its fields without gaps; Record is a record that is being written, RecordView one that is read.
// Shape    fields by their name. A field may be several elements of one size, one behind the other, counted from 0.
// Numbers  of 1, 2, 4 or 8 bytes in the record's byte order; two's complement where they are signed.
// Bounds   an unknown name, an index or a text that is too long is a programming error.
// Errors   RecordView::check(): corrupt, with the byte.
// Threads  layouts are constant; the others are thread-compatible.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/store.h"

namespace dubplate {

enum class FieldKind {
    number,
    fixed,  // a number that is always the same
    tag,    // text that is always the same: the field's name
    text,   // filled up with zeros
    raw,    // bytes; other records, or nothing known
};

struct LayoutField {
    std::size_t offset = 0;
    std::size_t bytes = 0;  // of one element
    FieldKind kind = FieldKind::number;
    std::string_view name{};
    std::int64_t value = 0;  // in a new record
    std::string_view meaning{};
    std::size_t count = 1;
};

constexpr LayoutField number_field(std::size_t offset, std::size_t bytes, std::string_view name,
                                   std::int64_t value, std::string_view meaning, std::size_t count = 1) {
    return {offset, bytes, FieldKind::number, name, value, meaning, count};
}
constexpr LayoutField fixed_field(std::size_t offset, std::size_t bytes, std::string_view name,
                                  std::int64_t value, std::string_view meaning) {
    return {offset, bytes, FieldKind::fixed, name, value, meaning};
}
constexpr LayoutField tag_field(std::size_t offset, std::string_view text, std::string_view meaning) {
    return {offset, text.size(), FieldKind::tag, text, 0, meaning};
}
constexpr LayoutField text_field(std::size_t offset, std::size_t bytes, std::string_view name,
                                 std::string_view meaning) {
    return {offset, bytes, FieldKind::text, name, 0, meaning};
}
constexpr LayoutField raw_field(std::size_t offset, std::size_t bytes, std::string_view name,
                                std::string_view meaning, std::size_t count = 1) {
    return {offset, bytes, FieldKind::raw, name, 0, meaning, count};
}

struct RecordLayout {
    std::string_view title;  // "PADCONF.BIN: one pad"
    std::size_t bytes = 0;
    std::endian order = std::endian::big;
    std::span<const LayoutField> fields{};

    const LayoutField& field(std::string_view name) const;
};

class Record {
  public:
    explicit Record(const RecordLayout& layout);  // every field as in a new record

    void set(std::string_view field, std::int64_t value, std::size_t index = 0);
    void set_text(std::string_view field, std::string_view text);
    void set_raw(std::string_view field, std::span<const std::byte> bytes, std::size_t index = 0);
    const Bytes& bytes() const { return bytes_; }

  private:
    void put(const LayoutField& field, std::int64_t value, std::size_t index);

    const RecordLayout& layout_;
    Bytes bytes_;
};

// Borrows the bytes: at least as many as the layout has.
class RecordView {
  public:
    RecordView(const RecordLayout& layout, std::span<const std::byte> bytes);

    std::uint64_t number(std::string_view field, std::size_t index = 0) const;
    std::int64_t signed_number(std::string_view field, std::size_t index = 0) const;
    std::string_view text(std::string_view field) const;  // up to the first zero
    std::span<const std::byte> raw(std::string_view field, std::size_t index = 0) const;
    // Whether every tag and fixed number is there.
    Status check() const;

  private:
    std::span<const std::byte> element(const LayoutField& field, std::size_t index) const;
    std::uint64_t number(const LayoutField& field, std::size_t index) const;

    const RecordLayout& layout_;
    std::span<const std::byte> bytes_;
};

}  // namespace dubplate
