#include "exports/pack/prove_sample.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "core/hash.h"
#include "organize/file_name.h"

namespace dubplate {

namespace {

constexpr std::size_t read_bytes = 1U << 16U;

ProofCheck check(std::string name, std::string wanted, std::string found) {
    const bool passed = wanted == found;
    return {std::move(name), std::move(wanted), std::move(found), passed};
}

std::string text_of(const SampleLayout& layout, int bits) {
    return fmt::format("{} Hz, {} bits, {} channels, {} frames", layout.sample_rate_hz, bits, layout.channels,
                       layout.frames);
}

// What a reader says of the file, which did not write it where there is another.
Result<std::string> read_facts(const ByteSource& file, const SampleFileKind& kind) {
    if (find_audio_format(kind.name) != nullptr) {
        DUBPLATE_TRY(const auto reader, open_audio(file));
        const SourceInfo& info = reader->info();
        return text_of({info.stream.sample_rate_hz, info.stream.channels, info.frames}, info.bits);
    }
    Bytes header(kind.header_bytes);
    DUBPLATE_TRY(const std::size_t got, file.read_at(0, header));
    header.resize(got);
    DUBPLATE_TRY(const SampleLayout layout, kind.read_header(header, file.size()));
    return text_of(layout, 16);
}

struct ReadBack {
    Bytes header{};
    std::string audio{};   // fingerprint of all behind the header
    std::string sha256{};  // of all
};

Result<ReadBack> read_all_of(const ByteSource& file, std::size_t header_bytes) {
    ReadBack back;
    Sha256 sha256;
    Fingerprint audio;
    const auto buffer = std::make_unique_for_overwrite<std::byte[]>(read_bytes);
    for (std::uint64_t at = 0; at < file.size();) {
        DUBPLATE_TRY(const std::size_t got, file.read_at(at, {buffer.get(), read_bytes}));
        if (got == 0) break;
        std::span<const std::byte> data(buffer.get(), got);
        sha256.update(data);
        if (back.header.size() < header_bytes) {
            const std::size_t part = std::min(header_bytes - back.header.size(), data.size());
            back.header.insert(back.header.end(), data.begin(),
                               data.begin() + static_cast<std::ptrdiff_t>(part));
            data = data.subspan(part);
        }
        audio.update(data);
        at += got;
    }
    back.audio = audio.finish();
    back.sha256 = sha256.finish();
    return back;
}

}  // namespace

Status prove_sample(MadeFile& file, const SampleFile& planned, const SampleWriter& written,
                    const PackSpec& spec) {
    const SampleFileKind& kind = *planned.kind;
    const SampleLayout& layout = written.layout();
    DUBPLATE_TRY(const auto source, file.file->read_back());
    DUBPLATE_TRY(ReadBack back, read_all_of(*source, kind.header_bytes));
    DUBPLATE_TRY(std::string facts, read_facts(*source, kind));
    const Bytes header = kind.write_header(layout, planned.place);
    const std::uint64_t bytes = kind.header_bytes + 2 * static_cast<std::uint64_t>(layout.channels) *
                                                        static_cast<std::uint64_t>(layout.frames);
    const std::string stem = planned.path.stem().string();
    const bool is_plain = find_audio_format(kind.name) != nullptr;
    file.bytes = source->size();
    file.sha256 = std::move(back.sha256);
    file.checks = {
        check("audio", text_of(layout, 16), std::move(facts)),
        check("header", "as the device's", back.header == header ? "as the device's" : "different"),
        check("size", std::to_string(bytes), std::to_string(source->size())),
        check("samples", written.fingerprint(kind.order), std::move(back.audio))};
    if (is_plain && spec.sanitize)
        file.checks.push_back(check("name", safe_name(stem, NameProfile::sampler), stem));
    return {};
}

Status first_failure(const std::vector<ProofCheck>& checks) {
    const auto failed = std::ranges::find(checks, false, &ProofCheck::passed);
    if (failed == checks.end()) return {};
    return fail(ErrorCode::corrupt, fmt::format("the proof failed: {}: found {}, wanted {}", failed->name,
                                                failed->found, failed->wanted));
}

}  // namespace dubplate
