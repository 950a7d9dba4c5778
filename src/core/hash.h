// hash.h: SHA-256 of bytes as they come, and of a whole source; MD5; and a fingerprint that is much faster.
//
// Shape    lower-case hexadecimal digits: 64 of SHA-256, 32 of the others.
// Use      SHA-256 goes to people, who may compare it anywhere. MD5 is what FLAC asks for. A fingerprint tells within one run whether two streams
//          are the same; it does not stand up to somebody who makes two that look alike.
// Threads  all are thread-compatible.
// Errors   sha256_of(): those of the source; canceled.
// Source   FIPS 180-4 and RFC 1321, by OpenSSL; XXH3 of 128 bits, by xxHash.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

#include "core/result.h"
#include "core/store.h"

namespace dubplate {

class Digest {
  public:
    ~Digest();
    Digest(Digest&&) noexcept;
    Digest& operator=(Digest&&) noexcept;

    void update(std::span<const std::byte> data);
    Bytes finish_bytes();  // once
    std::string finish();  // the same, as text; once

  protected:
    explicit Digest(const char* name);

  private:
    struct Context;
    std::unique_ptr<Context> context_;
};

class Sha256 final : public Digest {
  public:
    Sha256() : Digest("SHA256") {}
};

class Md5 final : public Digest {
  public:
    Md5() : Digest("MD5") {}
};

class Fingerprint {
  public:
    Fingerprint();
    ~Fingerprint();
    Fingerprint(Fingerprint&&) noexcept;
    Fingerprint& operator=(Fingerprint&&) noexcept;

    void update(std::span<const std::byte> data);
    std::string finish() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

std::string sha256_of(std::span<const std::byte> data);
Result<std::string> sha256_of(const ByteSource& source, std::stop_token stop = {});

}  // namespace dubplate
