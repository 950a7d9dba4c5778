#include "tags/bext.h"

#include "core/text.h"
#include "tags/bytes.h"
#include "tags/collector.h"
#include "tags/fields.h"
#include "tags/text.h"

#include <fmt/format.h>

#include <cmath>

namespace dubplate {

namespace {

constexpr std::size_t fixed_bytes = 602;
constexpr std::size_t smallest_bytes = 602 - 10 - 180;  // what version 0 defines before its reserved bytes
constexpr std::string_view our_name = "Dubplate";

std::int16_t hundredths(double value) {
    const double scaled = std::round(value * 100.0);
    // Beyond this the standard has no meaning for the number.
    if (!(scaled >= -9999 && scaled <= 9999)) return bext_unknown;
    return static_cast<std::int16_t>(scaled);
}

// FNV-1a, 64 bits: the reference must be the same for the same recording and need not be secret.
std::uint64_t fingerprint(const Metadata& metadata) {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const auto& [name, value] : fields(metadata)) {
        for (const char c : name + "=" + value + "\n") {
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
        }
    }
    return hash;
}

std::string description_of(const Metadata& metadata) {
    const bool both = !metadata.artist.empty() && !metadata.title.empty();
    const std::string text =
        both ? metadata.artist + " - " + metadata.title : metadata.title + metadata.artist;
    return fold_to_ascii(text).substr(0, 256);
}

// "YYYY?MM?DD": the standard allows several separators.
std::string date_of(std::string_view text) {
    std::string date(text.substr(0, 10));
    if (date.size() < 10) return {};
    date[4] = '-';
    date[7] = '-';
    return normal_date(date) ? date : std::string();
}

// "HH?MM?SS", likewise.
std::string time_of(std::string_view text) {
    std::string time(text.substr(0, 8));
    if (time.size() < 8) return {};
    time[2] = ':';
    time[5] = ':';
    const auto part_is = [&](std::size_t at, std::int64_t largest) {
        const auto number = parse_integer(time.substr(at, 2));
        return number && *number >= 0 && *number <= largest;
    };
    return part_is(0, 23) && part_is(3, 59) && part_is(6, 60) ? time : std::string();
}

}  // namespace

BextFacts bext_facts(const TagSet& tags) {
    BextFacts facts;
    facts.description = description_of(tags.metadata);
    facts.originator = our_name;
    facts.originator_reference = tags.metadata.isrc.empty()
                                     ? fmt::format("DUBPLATE{:016X}", fingerprint(tags.metadata))
                                     : tags.metadata.isrc;
    facts.date = date_of(tags.origination);
    if (!facts.date.empty() && tags.origination.size() >= 19)
        facts.time = time_of(tags.origination.substr(11));
    if (tags.loudness) {
        facts.loudness = {hundredths(tags.loudness->integrated_lufs), hundredths(tags.loudness->range_lu),
                          hundredths(tags.loudness->true_peak_dbtp),
                          hundredths(tags.loudness->max_momentary_lufs),
                          hundredths(tags.loudness->max_short_term_lufs)};
    }
    return facts;
}

Bytes render_bext(const TagSet& tags, const std::string& coding_history) {
    const BextFacts facts = bext_facts(tags);
    TagWriter out;
    out.fixed(facts.description, 256);
    out.fixed(facts.originator, 32);
    out.fixed(facts.originator_reference, 32);
    out.fixed(facts.date, 10);
    out.fixed(facts.time, 8);
    out.le32(static_cast<std::uint32_t>(tags.time_reference));
    out.le32(static_cast<std::uint32_t>(tags.time_reference >> 32));
    out.le16(2);    // version
    out.zeros(64);  // UMID: none
    for (const std::int16_t value : facts.loudness) out.le16(static_cast<std::uint16_t>(value));
    out.zeros(180);  // reserved
    DUBPLATE_ASSERT(out.size() == fixed_bytes);
    out.text(coding_history);
    return out.take();
}

std::string bext_origination(std::span<const std::byte> payload) {
    if (payload.size() < smallest_bytes) return {};
    const std::string date = date_of(until_zero(slice(payload, 320, 10)));
    const std::string time = time_of(until_zero(slice(payload, 330, 8)));
    return date.empty() || time.empty() ? date : date + "T" + time;
}

Metadata parse_bext(std::span<const std::byte> payload, std::vector<Loss>& losses) {
    TagCollector collector(losses);
    if (payload.size() < smallest_bytes) {
        collector.tell("bext chunk",
                       fmt::format("{} bytes are fewer than {}", payload.size(), smallest_bytes));
        return {};
    }
    const std::string description = clean_text(utf8_or_latin1(until_zero(slice(payload, 0, 256))));
    if (until_zero(slice(payload, 256, 32)) == our_name) {
        const auto dash = description.find(" - ");
        collector.add("title", dash == std::string::npos ? description : description.substr(dash + 3));
        if (dash != std::string::npos) collector.add("artist", description.substr(0, dash));
    } else {
        collector.add("comment", description);
        collector.add("date", date_of(until_zero(slice(payload, 320, 10))));
    }
    return collector.finish();
}

}  // namespace dubplate
