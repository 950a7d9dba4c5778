// hash.h: SHA-256 of bytes as they come, and of a whole source; and a fingerprint that is much faster.
//
// Shape    64 lower-case hexadecimal digits; of a fingerprint 32.
// Use      SHA-256 goes to people, who may compare it anywhere. A fingerprint tells within one run whether two streams
//          are the same; it does not stand up to somebody who makes two that look alike.
// Threads  both are thread-compatible.
// Errors   sha256_of(): those of the source; canceled.
// Source   FIPS 180-4, by OpenSSL; XXH3 of 128 bits, by xxHash.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

#include "core/result.h"
#include "core/store.h"

namespace dubplate {

class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void update(std::span<const std::byte> data);
    std::string finish();  // once

  private:
    struct Context;
    std::unique_ptr<Context> context_;
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
