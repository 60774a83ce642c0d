// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/result.h"

namespace precordia {

std::string_view describe(ErrorCode code) {
    switch (code) {
    case ErrorCode::FileNotFound:
        return "the file is not there";
    case ErrorCode::FileUnreadable:
        return "the file cannot be read";
    case ErrorCode::FileUnwritable:
        return "the file cannot be written";
    case ErrorCode::FileTruncated:
        return "the file ends too early";
    case ErrorCode::FormatUnknown:
        return "the format is not known";
    case ErrorCode::FormatInvalid:
        return "the file breaks the rules of its format";
    case ErrorCode::FormatUnsupported:
        return "this variant of the format is not supported";
    case ErrorCode::ValueOutOfRange:
        return "a value is out of range";
    case ErrorCode::SignalTooShort:
        return "the signal is too short";
    case ErrorCode::LeadMissing:
        return "a lead is missing";
    case ErrorCode::NotFound:
        return "it is not there";
    case ErrorCode::AlreadyExists:
        return "it exists already";
    case ErrorCode::ConfigInvalid:
        return "the configuration is not valid";
    case ErrorCode::ModelInvalid:
        return "the model file does not fit";
    case ErrorCode::EngineUnavailable:
        return "the model engine could not be loaded";
    case ErrorCode::DeviceUnavailable:
        return "the compute device is not available";
    case ErrorCode::OutOfMemory:
        return "there is not enough memory";
    case ErrorCode::NotFinite:
        return "a number is not finite";
    case ErrorCode::DatabaseFailed:
        return "the study's database refused";
    case ErrorCode::WrongUse:
        return "wrong use";
    case ErrorCode::ProcessLost:
        return "a process of the run is lost";
    case ErrorCode::Bug:
        return "a defect of the program itself, please report it";
    }
    return "a defect of the program itself, please report it";
}

std::string Error::text() const {
    std::string out = where.empty() ? std::string{} : where + ": ";
    // What is not there is seldom the place itself: a reason says it whole ("no recording has such a label"), and "it
    // is not there" before it would say that the study is not.
    if (code == ErrorCode::NotFound && !message.empty())
        return out + message;
    out += describe(code);
    if (!message.empty())
        out += ": " + message;
    return out;
}

} // namespace precordia
