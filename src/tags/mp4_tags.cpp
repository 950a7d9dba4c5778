#include "tags/containers.h"
#include "tags/id3v2_genre.h"

#include <fmt/format.h>

#include <array>

namespace dubplate {

namespace {

constexpr int max_atoms = 10000;  // looked at in one folder
constexpr std::size_t max_ilst_bytes = 64 * 1024 * 1024;

struct Atom {
    std::uint64_t body_at = 0;
    std::uint64_t end = 0;
};

// Finds the atom `name` among those from `begin` to `end`; none: it is not there.
Result<std::optional<Atom>> find_atom(const ByteSource& source, std::uint64_t begin, std::uint64_t end,
                                      std::string_view name) {
    std::uint64_t at = begin;
    for (int i = 0; i < max_atoms && end > at && end - at >= 8; ++i) {
        DUBPLATE_TRY(const Bytes head, read_some(source, at, 16));
        if (head.size() < 8) break;
        std::uint64_t size = be32(head, 0);
        std::uint64_t header = 8;
        if (size == 0) size = end - at;  // to the end of the file
        if (size == 1 && head.size() == 16) {
            size = (std::uint64_t{be32(head, 8)} << 32) | be32(head, 12);
            header = 16;
        }
        if (size < header) break;
        const std::uint64_t atom_end = size > end - at ? end : at + size;
        if (has_text(head, 4, name)) return std::optional(Atom{at + header, atom_end});
        at = atom_end;
    }
    return std::optional<Atom>();
}

// "meta" has a version and flags in front of its children, but not in QuickTime files.
Result<std::uint64_t> children_of_meta(const ByteSource& source, const Atom& meta) {
    DUBPLATE_TRY(const Bytes head, read_some(source, meta.body_at, 8));
    return has_text(head, 4, "hdlr") ? meta.body_at : meta.body_at + 4;
}

Result<std::optional<Atom>> find_ilst(const ByteSource& source) {
    Atom place{0, source.size()};
    for (const std::string_view name : {"moov", "udta", "meta"}) {
        DUBPLATE_TRY(const auto atom, find_atom(source, place.body_at, place.end, name));
        if (!atom) return std::optional<Atom>();
        place = *atom;
    }
    DUBPLATE_TRY(place.body_at, children_of_meta(source, place));
    return find_atom(source, place.body_at, place.end, "ilst");
}

// Takes the first atom off `rest`: its name and content. None: there is no whole one.
struct Item {
    std::string_view name;
    ByteView body;
};
std::optional<Item> take_item(ByteView& rest) {
    if (rest.size() < 8) return std::nullopt;
    const std::size_t size = be32(rest, 0);
    if (size < 8 || size > rest.size()) return std::nullopt;
    const Item item{as_text(slice(rest, 4, 4)), slice(rest, 8, size - 8)};
    rest = slice(rest, size);
    return item;
}

struct TextAtom {
    std::string_view name;
    std::string_view field;
};

constexpr std::array<TextAtom, 14> text_atoms{{{"\xA9nam", "title"},
                                               {"\xA9"
                                                "ART",
                                                "artist"},
                                               {"\xA9"
                                                "alb",
                                                "album"},
                                               {"aART", "album_artist"},
                                               {"\xA9"
                                                "day",
                                                "date"},
                                               {"\xA9gen", "genre"},
                                               {"\xA9"
                                                "cmt",
                                                "comment"},
                                               {"cprt", "copyright"},
                                               {"\xA9wrt", "COMPOSER"},
                                               {"\xA9lyr", "LYRICS"},
                                               {"\xA9grp", "GROUPING"},
                                               {"soal", "ALBUMSORT"},
                                               {"soar", "ARTISTSORT"},
                                               {"sonm", "TITLESORT"}}};

class IlstReader {
  public:
    explicit IlstReader(std::vector<Loss>& losses) : collector_(losses) {}

    Metadata read(ByteView ilst) {
        // Freeform atoms hold exact tempos and totals that the short ones round off: the tempo first.
        for_each(ilst, [&](const Item& item) {
            if (item.name == "----") read_freeform(item.body, true);
        });
        for_each(ilst, [&](const Item& item) { read_item(item); });
        collector_.lock_fields();
        for_each(ilst, [&](const Item& item) {
            if (item.name == "----") read_freeform(item.body, false);
        });
        return collector_.finish();
    }

  private:
    template <class Function>
    static void for_each(ByteView rest, Function function) {
        for (int i = 0; i < max_atoms; ++i) {
            const auto item = take_item(rest);
            if (!item) return;
            function(*item);
        }
    }

    // The content of each "data" child, without its type and locale.
    template <class Function>
    static void for_each_value(ByteView body, Function function) {
        for_each(body, [&](const Item& child) {
            if (child.name == "data" && child.body.size() >= 8) function(slice(child.body, 8));
        });
    }

    void read_item(const Item& item) {
        for (const auto& known : text_atoms) {
            if (item.name == known.name) return add_texts(known.field, item.body);
        }
        if (item.name == "covr") {
            for_each_value(item.body, [&](ByteView value) { collector_.add_picture(value, front_cover); });
        } else {
            for_each_value(item.body, [&](ByteView value) { read_number(item.name, value); });
        }
    }

    void read_number(std::string_view name, ByteView value) {
        if (name == "tmpo" && value.size() >= 2) collector_.add("bpm", fmt::format("{}", be16(value, 0)));
        // Genres count from 1 here and from 0 in ID3v1.
        if (name == "gnre" && value.size() >= 2 && be16(value, 0) > 0) {
            collector_.add("genre", genre_of_number(static_cast<int>(be16(value, 0)) - 1));
        }
        if ((name == "trkn" || name == "disk") && value.size() >= 6) {
            collector_.add(name == "trkn" ? "track" : "disc",
                           fmt::format("{}/{}", be16(value, 2), be16(value, 4)));
        }
    }

    void add_texts(std::string_view field, ByteView body) {
        for_each_value(body, [&](ByteView value) { collector_.add(field, as_text(value)); });
    }

    // "mean" and "name", each with four bytes in front, then "data".
    void read_freeform(ByteView body, bool tempo) {
        std::string name;
        for_each(body, [&](const Item& child) {
            if (child.name == "name") name = as_text(slice(child.body, 4));
        });
        if (!name.empty() && tempo == (find_field(name) == TagField::bpm)) add_texts(name, body);
    }

    TagCollector collector_;
};

}  // namespace

Result<Metadata> read_mp4_tags(const ByteSource& source, std::vector<Loss>& losses) {
    DUBPLATE_TRY(const auto ilst, find_ilst(source));
    if (!ilst) return Metadata{};
    const std::uint64_t size = ilst->end - ilst->body_at;
    if (size > max_ilst_bytes) {
        losses.push_back({"tags", fmt::format("{} bytes are more than {}", size, max_ilst_bytes)});
        return Metadata{};
    }
    DUBPLATE_TRY(const Bytes content, read_some(source, ilst->body_at, static_cast<std::size_t>(size)));
    return IlstReader(losses).read(content);
}

}  // namespace dubplate
