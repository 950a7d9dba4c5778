// result.h: how a function of Dubplate reports failure.
//
// What     Result<T> is a T or an Error; Status is success or an Error. Failures are ordinary data here: they
//          are shown to a user, stored in a manifest and sent over the wire, so they belong in the return
//          type.
// Codes    ten, each meaning what the caller can do; `internal` means a bug of ours.
// Message  names the object, the value seen and the value allowed: lower case, no full stop, no "error:".
// Hint     what to do about it, as a clause: "use --channels 2". May be empty.
// Context  added on the way up with in_context(); shown from the outside in: "song.mp3: reading tags: ...".
// Threads  plain values; safe to move between threads.
// Source   tl::expected 1.0 (C++20 has no std::expected). It is not [[nodiscard]] itself, hence the subclass.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace dubplate {

enum class ErrorCode {
    invalid_argument,  // the request contradicts itself or the rules: change it
    not_found,         // what it names is not there
    already_exists,    // it would overwrite something
    io,                // the system refused to read or write
    corrupt,           // the input is damaged
    unsupported,       // the input is sound, but nothing here can do this with it
    limit_exceeded,    // a stated limit is passed
    canceled,          // somebody asked to stop; never logged as a failure
    unavailable,       // something needed is not there at the moment: try again later
    internal,          // a bug of ours
};

struct ErrorCodeInfo {
    ErrorCode code;
    std::string_view name;  // as in JSON
    int http_status;
    int exit_status;
};

// The one table of codes: name, HTTP status, exit status.
const ErrorCodeInfo& info(ErrorCode code);

struct [[nodiscard]] Error {
    ErrorCode code = ErrorCode::internal;
    std::string message;
    std::string hint;
    std::vector<std::string> context;  // innermost first

    // "outer: inner: message; hint"
    std::string to_string() const;
    Error in_context(std::string place) &&;
};

// {"code": "corrupt", "message": "...", "hint": "..."}; the context is part of the message.
void to_json(nlohmann::json& json, const Error& error);

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
  public:
    using Base = tl::expected<T, Error>;
    using Base::Base;
    Result(Base base) : Base(std::move(base)) {}
    Result(Error error) : Base(tl::make_unexpected(std::move(error))) {}
};

using Status = Result<void>;

// fail(ErrorCode::corrupt, "the header is cut off"): converts to any Result.
inline Error fail(ErrorCode code, std::string message, std::string hint = {}) {
    return Error{code, std::move(message), std::move(hint), {}};
}

// strerror() of the calling thread as an error of the right code (io, not_found, ...), `what` in front.
Error system_error(int error_number, std::string_view what);

[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);

}  // namespace dubplate

// Programming errors: on in release builds too; aborts with the place.
#define DUBPLATE_ASSERT(condition) \
    ((condition) ? void() : ::dubplate::assertion_failed(#condition, __FILE__, __LINE__))

#define DUBPLATE_CONCAT_(a, b) a##b
#define DUBPLATE_CONCAT(a, b) DUBPLATE_CONCAT_(a, b)
// __COUNTER__ and not __LINE__: two on one line must not collide.
#define DUBPLATE_TRY_(hidden, declaration, ...)                       \
    auto hidden = (__VA_ARGS__);                                      \
    if (!hidden) return ::dubplate::Error(std::move(hidden).error()); \
    declaration = *std::move(hidden)
// DUBPLATE_TRY(auto file, open(path)); returns the error of a failed call, or declares its value.
#define DUBPLATE_TRY(declaration, ...) \
    DUBPLATE_TRY_(DUBPLATE_CONCAT(dubplate_result_, __COUNTER__), declaration, __VA_ARGS__)
#define DUBPLATE_CHECK_(hidden, ...) \
    if (auto hidden = (__VA_ARGS__); !hidden) return ::dubplate::Error(std::move(hidden).error())
// DUBPLATE_CHECK(write(data)); returns the error of a failed call.
#define DUBPLATE_CHECK(...) DUBPLATE_CHECK_(DUBPLATE_CONCAT(dubplate_status_, __COUNTER__), __VA_ARGS__)
