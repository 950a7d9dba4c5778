#include "tags/collector.h"
#include "tags/id3v2.h"
#include "tags/id3v2_frames.h"
#include "tags/id3v2_genre.h"
#include "tags/render.h"
#include "tags/text.h"

#include <fmt/format.h>
#include <array>

namespace dubplate {

namespace {

// The values of a text frame: several are separated by a zero.
std::vector<std::string> values_of(const Id3Frame& frame) {
    if (frame.body.empty()) return {};
    const std::string all = id3_text(frame.body[0], slice(frame.body, 1));
    std::vector<std::string> values;
    for (std::size_t begin = 0; begin < all.size() && values.size() < 100;) {
        const auto end = std::min(all.find('\0', begin), all.size());
        if (end > begin) values.push_back(all.substr(begin, end - begin));
        begin = end + 1;
    }
    return values;
}

struct FieldFrame {
    std::string_view id;
    std::string_view id_v22;
    std::string_view field;
};

constexpr std::array<FieldFrame, 11> field_frames{{{"TIT2", "TT2", "title"},
                                                   {"TPE1", "TP1", "artist"},
                                                   {"TALB", "TAL", "album"},
                                                   {"TPE2", "TP2", "album_artist"},
                                                   {"TDRC", "", "date"},
                                                   {"TBPM", "TBP", "bpm"},
                                                   {"TKEY", "TKE", "key"},
                                                   {"TSRC", "TRC", "isrc"},
                                                   {"TRCK", "TRK", "track"},
                                                   {"TPOS", "TPA", "disc"},
                                                   {"TCOP", "TCR", "copyright"}}};

// Text frames that describe the file or the act of tagging; version 2.2 names below.
constexpr std::array<std::string_view, 24> ignored_text{
    "TSSE", "TENC", "TLEN", "TDTG", "TDEN", "TFLT", "TSIZ", "TDLY", "TOFN", "TCMP", "TDRL", "TRDA",
    "TSS",  "TEN",  "TLE",  "TFT",  "TSI",  "TDY",  "TOF",  "TCP",  "TRD",  "TIME", "TIM",  "TXXX"};

class Reader {
  public:
    Reader(const Id3Tag& tag, std::vector<Loss>& losses) : tag_(tag), collector_(losses) {}

    Metadata read() {
        // The exact tempo comes before the rounded one of TBPM, and the frames proper before the user's.
        for_each_user_text([](std::string_view name) { return find_field(name) == TagField::bpm; });
        for (const auto& frame : tag_.frames) read_frame(frame);
        read_date();
        collector_.lock_fields();
        for_each_user_text([](std::string_view name) { return find_field(name) != TagField::bpm; });
        return collector_.finish();
    }

  private:
    template <class Predicate>
    void for_each_user_text(Predicate wanted) {
        for (const auto& frame : tag_.frames) {
            if (frame.id != "TXXX" && frame.id != "TXX") continue;
            const auto parts = id3_described(frame.body, 1);
            if (parts && wanted(parts->description)) collector_.add(parts->description, parts->text);
        }
    }

    void read_frame(const Id3Frame& frame) {
        if (frame.id.starts_with('T')) return read_text(frame);
        if (frame.id == "COMM" || frame.id == "COM") return read_comment(frame);
        if (frame.id == "USLT" || frame.id == "ULT") return read_lyrics(frame);
        if (frame.id == "APIC") return read_picture(frame, false);
        if (frame.id == "PIC") return read_picture(frame, true);
        constexpr std::array<std::string_view, 8> silent{"CHAP", "CTOC", "RVA2", "RVAD",
                                                         "MLLT", "SEEK", "ASPI", "ETCO"};
        if (std::ranges::find(silent, frame.id) != silent.end()) return;
        collector_.tell(fmt::format("frame {}", frame.id), "is meant for the program that wrote it");
    }

    void read_text(const Id3Frame& frame) {
        if (frame.id == "TCON" || frame.id == "TCO") {
            for (const auto& value : values_of(frame))
                collector_.add("genre", read_id3_genre(clean_text(value)));
            return;
        }
        for (const auto& known : field_frames) {
            if (frame.id == known.id || frame.id == known.id_v22) return add_all(known.field, frame);
        }
        for (const auto& known : id3_custom_frames) {
            if (frame.id == known.id || frame.id == known.id_v22) return add_all(known.name, frame);
        }
        const bool of_date =
            frame.id == "TYER" || frame.id == "TYE" || frame.id == "TDAT" || frame.id == "TDA";
        if (of_date || frame.id == "TXX" || std::ranges::find(ignored_text, frame.id) != ignored_text.end())
            return;
        collector_.tell(fmt::format("frame {}", frame.id), "has no counterpart in the other formats");
    }

    void add_all(std::string_view name, const Id3Frame& frame) {
        for (const auto& value : values_of(frame)) collector_.add(name, value);
    }

    // Version 2.3 holds the year in TYER and day and month, as "DDMM", in TDAT.
    void read_date() {
        std::string year;
        std::string day;
        for (const auto& frame : tag_.frames) {
            const auto values = values_of(frame);
            if (values.empty()) continue;
            if (frame.id == "TYER" || frame.id == "TYE") year = values[0];
            if (frame.id == "TDAT" || frame.id == "TDA") day = values[0];
        }
        if (year.size() == 4 && day.size() == 4) {
            const auto whole = normal_date(fmt::format("{}-{}-{}", year, day.substr(2), day.substr(0, 2)));
            if (whole) year = *whole;
        }
        collector_.add("date", year);
    }

    void read_comment(const Id3Frame& frame) {
        const auto parts = id3_described(frame.body, 4);
        if (!parts || upper_ascii(parts->description).starts_with("ITUN")) return;
        if (parts->description.empty()) {
            collector_.add("comment", parts->text);
        } else {
            collector_.add(parts->description, parts->text);
        }
    }

    void read_lyrics(const Id3Frame& frame) {
        if (const auto parts = id3_described(frame.body, 4)) collector_.add("LYRICS", parts->text);
    }

    // encoding, MIME type as text (version 2.2: three letters), type, description, data
    void read_picture(const Id3Frame& frame, bool v22) {
        const ByteView body = frame.body;
        if (body.size() < 6) return;
        const std::size_t type_at = v22 ? 4 : 1 + until_zero(slice(body, 1)).size() + 1;
        if (type_at >= body.size()) return;
        const ByteView rest = slice(body, type_at + 1);
        const std::size_t skip = id3_terminated_bytes(body[0], rest);
        collector_.add_picture(slice(rest, skip), u8(body, type_at));
    }

    const Id3Tag& tag_;
    TagCollector collector_;
};

}  // namespace

Result<Metadata> parse_id3v2(std::span<const std::byte> data, std::vector<Loss>& losses) {
    DUBPLATE_TRY(const auto tag, split_id3v2(data, losses));
    return Reader(tag, losses).read();
}

}  // namespace dubplate
