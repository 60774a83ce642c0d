// SPDX-License-Identifier: GPL-3.0-or-later
// A value, an error, or "cancelled": what every function of the core that can fail returns.
// Cancelled is an outcome of its own: a person stopped the work, nothing went wrong.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace precordia {

// Each code has one sentence (describe()); Error::message adds the particular reason.
enum class ErrorCode {
    FileNotFound,
    FileUnreadable,
    FileUnwritable,
    FileTruncated,
    FormatUnknown,
    FormatInvalid,
    FormatUnsupported,
    ValueOutOfRange,
    SignalTooShort,
    LeadMissing,
    NotFound,
    AlreadyExists,
    ConfigInvalid,
    ModelInvalid,
    EngineUnavailable,
    DeviceUnavailable,
    OutOfMemory,
    NotFinite,
    DatabaseFailed,
    WrongUse,
    ProcessLost, // of a run in several processes: they did not come together, or one ended
    Bug,         // a broken promise of our own code, never of the input
};

std::string_view describe(ErrorCode code);

struct Error {
    ErrorCode code = ErrorCode::Bug;
    std::string message; // the particular reason, a sentence without the place
    std::string where;   // file, and place in it: "a/b.hea, line 3"

    // "a/b.hea, line 3: the file ends too early: 400 of 1000 samples are there"
    std::string text() const;
};

struct Cancelled {};

// What a function without a value returns: Result<Done>.
struct Done {};

template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
    Result(Cancelled cancelled) : state_(std::in_place_index<2>, cancelled) {}

    bool ok() const { return state_.index() == 0; }
    bool failed() const { return state_.index() == 1; }
    bool cancelled() const { return state_.index() == 2; }
    explicit operator bool() const { return ok(); }

    T& value() & { return assert(ok()), *std::get_if<0>(&state_); }
    const T& value() const& { return assert(ok()), *std::get_if<0>(&state_); }
    T&& value() && { return assert(ok()), std::move(*std::get_if<0>(&state_)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const Error& error() const { return assert(failed()), *std::get_if<1>(&state_); }

    // Hands an error or a cancellation on to a Result of another type; only valid when !ok().
    template <typename U>
    Result<U> as() const {
        if (cancelled())
            return Cancelled{};
        return error();
    }

private:
    std::variant<T, Error, Cancelled> state_;
};

inline Error makeError(ErrorCode code, std::string message, std::string where = {}) {
    return Error{code, std::move(message), std::move(where)};
}

// Says in a few words how a result ended when the value does not matter: "" when ok.
template <typename T>
std::string failureText(const Result<T>& result) {
    if (result.failed())
        return result.error().text();
    return result.cancelled() ? "stopped" : "";
}

} // namespace precordia
