// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/pseudonym.h"

#include "core/base/file.h"

#include <QMessageAuthenticationCode>
#include <QRandomGenerator>
#include <QStandardPaths>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kKeyBytes = 32;

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

std::string Pseudonyms::of(const std::string& dataset, const std::string& patientId) const {
    if (patientId.empty())
        return {};
    QMessageAuthenticationCode code(QCryptographicHash::Sha256, QByteArray::fromStdString(key_));
    code.addData(QByteArray::fromStdString(dataset + '\0' + patientId));
    return "P" + code.result().toHex().left(12).toStdString();
}

} // namespace precordia
