#include "core/hash.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <xxhash.h>

#include <string_view>

namespace dubplate {

namespace {

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

struct FreeState {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

constexpr std::size_t chunk_bytes =
    256 * 1024;  // one chunk is hashed in about 0.2 ms: a stop request is seen at once

// Looking an algorithm up takes longer than hashing a small file.
const EVP_MD* find_digest(std::string_view name) {
    static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    static const EVP_MD* const md5 = EVP_MD_fetch(nullptr, "MD5", nullptr);
    return name == "MD5" ? md5 : sha256;
}

}  // namespace

struct Digest::Context {
    std::unique_ptr<EVP_MD_CTX, FreeContext> handle{EVP_MD_CTX_new()};
};

// OpenSSL's digests fail only where memory is out or the call is wrong, hence the assertions.
Digest::Digest(const char* name) : context_(std::make_unique<Context>()) {
    const EVP_MD* digest = find_digest(name);
    DUBPLATE_ASSERT(digest != nullptr && context_->handle &&
                    EVP_DigestInit_ex(context_->handle.get(), digest, nullptr) == 1);
}
Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

void Digest::update(std::span<const std::byte> data) {
    DUBPLATE_ASSERT(EVP_DigestUpdate(context_->handle.get(), data.data(), data.size()) == 1);
}

Bytes Digest::finish_bytes() {
    Bytes digest(EVP_MAX_MD_SIZE);
    unsigned size = 0;
    DUBPLATE_ASSERT(EVP_DigestFinal_ex(context_->handle.get(),
                                       reinterpret_cast<unsigned char*>(digest.data()), &size) == 1);
    digest.resize(size);
    return digest;
}

std::string Digest::finish() {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const std::byte byte : finish_bytes()) {
        text += digits[std::to_integer<unsigned>(byte) >> 4U];
        text += digits[std::to_integer<unsigned>(byte) & 15U];
    }
    return text;
}

struct Fingerprint::State {
    std::unique_ptr<XXH3_state_t, FreeState> handle{XXH3_createState()};
};

Fingerprint::Fingerprint() : state_(std::make_unique<State>()) {
    DUBPLATE_ASSERT(state_->handle && XXH3_128bits_reset(state_->handle.get()) == XXH_OK);
}
Fingerprint::~Fingerprint() = default;
Fingerprint::Fingerprint(Fingerprint&&) noexcept = default;
Fingerprint& Fingerprint::operator=(Fingerprint&&) noexcept = default;

void Fingerprint::update(std::span<const std::byte> data) {
    DUBPLATE_ASSERT(XXH3_128bits_update(state_->handle.get(), data.data(), data.size()) == XXH_OK);
}

std::string Fingerprint::finish() const {
    const XXH128_hash_t hash = XXH3_128bits_digest(state_->handle.get());
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::string sha256_of(std::span<const std::byte> data) {
    Sha256 hash;
    hash.update(data);
    return hash.finish();
}

Result<std::string> sha256_of(const ByteSource& source, std::stop_token stop) {
    Sha256 hash;
    Bytes chunk(chunk_bytes);
    for (std::uint64_t offset = 0; offset < source.size();) {
        if (stop.stop_requested())
            return fail(ErrorCode::canceled, source.name() + ": stopped while hashing");
        DUBPLATE_TRY(const std::size_t count, source.read_at(offset, chunk));
        if (count == 0)
            return fail(ErrorCode::io, source.name() + ": the file became shorter while it was read");
        hash.update(std::span(chunk).first(count));
        offset += count;
    }
    return hash.finish();
}

}  // namespace dubplate
