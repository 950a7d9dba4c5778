// hash.h: SHA-256 of bytes as they come, and of a whole source.
//
// Shape    64 lower-case hexadecimal digits.
// Threads  Sha256 is thread-compatible.
// Errors   sha256_of(): those of the source; canceled.
// Source   FIPS 180-4, by OpenSSL.
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

std::string sha256_of(std::span<const std::byte> data);
Result<std::string> sha256_of(const ByteSource& source, std::stop_token stop = {});

}  // namespace dubplate
