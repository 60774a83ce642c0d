// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/pseudonym.h"

#include "core/base/file.h"

#include <QMessageAuthenticationCode>
#include <QRandomGenerator>
#include <QStandardPaths>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kDigestBytes = 32;
constexpr std::size_t kNonceBytes = 16;
const std::string kSealed = "sealed:";

// Written beside and linked into place: of two programs that start at once, both use the first one's key.
Result<Done> makeKey(const fs::path& file) {
    std::error_code ec;
    fs::create_directories(file.parent_path(), ec);
    std::array<quint32, kKeyBytes / 4> key{};
    QRandomGenerator::system()->fillRange(key.data(), static_cast<qsizetype>(key.size()));
    const auto temporary = file.string() + "." + std::to_string(::getpid());
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return makeError(ErrorCode::FileUnwritable, std::strerror(errno), file.string());
    const bool written = ::write(fd, key.data(), kKeyBytes) == static_cast<ssize_t>(kKeyBytes) && ::fsync(fd) == 0;
    ::close(fd);
    const bool linked = written && (::link(temporary.c_str(), file.c_str()) == 0 || errno == EEXIST);
    const int reason = errno;
    ::unlink(temporary.c_str());
    if (!linked)
        return makeError(ErrorCode::FileUnwritable, std::strerror(reason), file.string());
    return Done{};
}

} // namespace

fs::path Pseudonyms::defaultKeyFile() {
    const auto folder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
    return fs::path(folder.toStdString()) / "precordia" / "pseudonym.key";
}

Result<Pseudonyms> Pseudonyms::load(const fs::path& keyFile) {
    if (std::error_code ec; !fs::exists(keyFile, ec))
        if (const auto made = makeKey(keyFile); !made)
            return made.as<Pseudonyms>();
    const auto bytes = readFile(keyFile, 4096);
    if (!bytes)
        return bytes.as<Pseudonyms>();
    if (bytes->size() != kKeyBytes)
        return makeError(ErrorCode::FormatInvalid, "the key for pseudonyms has not its 32 bytes", keyFile.string());
    Pseudonyms pseudonyms;
    pseudonyms.key_.assign(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    return pseudonyms;
}

std::string Pseudonyms::digest(const std::string& text) const {
    QMessageAuthenticationCode code(QCryptographicHash::Sha256, QByteArray::fromStdString(key_));
    code.addData(QByteArray::fromStdString(text));
    return code.result().toStdString();
}

std::string Pseudonyms::of(const std::string& dataset, const std::string& patientId) const {
    if (patientId.empty())
        return {};
    const auto bytes = digest(dataset + '\0' + patientId);
    return "P" + QByteArray::fromStdString(bytes).toHex().left(12).toStdString();
}

int Pseudonyms::dateShiftDays(const std::string& dataset, const std::string& patientId) const {
    const auto bytes = digest("date" + std::string(1, '\0') + dataset + '\0' + patientId);
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i)
        number = (number << 8U) | static_cast<unsigned char>(bytes[i]);
    return -1 - static_cast<int>(number % 3650U);
}

std::string Pseudonyms::recordingName(const std::string& sourceKey) const {
    const auto bytes = digest("recording" + std::string(1, '\0') + sourceKey);
    return "R-" + QByteArray::fromStdString(bytes).toHex().left(8).toStdString();
}

std::string Pseudonyms::settingKey(const std::string& storedPath) const {
    const auto bytes = digest("setting" + std::string(1, '\0') + storedPath);
    return QByteArray::fromStdString(bytes).toHex().left(32).toStdString();
}

// SIV (RFC 5297) over HMAC-SHA-256: the nonce is a keyed hash of the text, the key stream hashes of nonce and counter.
std::string Pseudonyms::seal(const std::string& text) const {
    const auto nonce = digest("seal" + std::string(1, '\0') + text).substr(0, kNonceBytes);
    const auto bytes = QByteArray::fromStdString(nonce + mask(nonce, text));
    return kSealed + bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals).toStdString();
}

std::optional<std::string> Pseudonyms::unseal(const std::string& sealed) const {
    if (!isSealed(sealed))
        return std::nullopt;
    const auto decoded = QByteArray::fromBase64Encoding(QByteArray::fromStdString(sealed.substr(kSealed.size())),
                                                        QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals |
                                                            QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || (*decoded).size() < static_cast<qsizetype>(kNonceBytes))
        return std::nullopt;
    const auto bytes = (*decoded).toStdString();
    const auto nonce = bytes.substr(0, kNonceBytes);
    auto text = mask(nonce, bytes.substr(kNonceBytes));
    if (digest("seal" + std::string(1, '\0') + text).substr(0, kNonceBytes) != nonce)
        return std::nullopt;
    return text;
}

bool Pseudonyms::isSealed(const std::string& text) {
    return text.starts_with(kSealed);
}

std::string Pseudonyms::mask(const std::string& nonce, const std::string& text) const {
    auto out = text;
    std::string stream;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto at = i % kDigestBytes;
        if (at == 0)
            stream = digest("stream" + std::string(1, '\0') + nonce + std::to_string(i / kDigestBytes));
        out[i] = static_cast<char>(static_cast<unsigned char>(out[i]) ^ static_cast<unsigned char>(stream[at]));
    }
    return out;
}

std::string Pseudonyms::uid(const std::string& uid) const {
    auto bytes = digest("uid" + std::string(1, '\0') + uid).substr(0, 16);
    // A random UUID (RFC 4122, version 4) as PS3.5, B.2 writes it: one decimal number.
    bytes[6] = static_cast<char>((static_cast<unsigned char>(bytes[6]) & 0x0FU) | 0x40U);
    bytes[8] = static_cast<char>((static_cast<unsigned char>(bytes[8]) & 0x3FU) | 0x80U);
    std::string digits;
    while (!bytes.empty()) { // long division by ten
        unsigned rest = 0;
        std::string quotient;
        for (const char c : bytes) {
            const unsigned value = rest * 256U + static_cast<unsigned char>(c);
            if (!quotient.empty() || value >= 10U)
                quotient.push_back(static_cast<char>(value / 10U));
            rest = value % 10U;
        }
        digits.insert(digits.begin(), static_cast<char>('0' + rest));
        bytes = quotient;
    }
    return "2.25." + digits;
}

} // namespace precordia
