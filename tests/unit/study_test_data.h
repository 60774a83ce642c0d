// SPDX-License-Identifier: GPL-3.0-or-later
// Small synthetic files for the tests of core/study. Each test process keeps its pseudonym key to itself.
#pragma once

#include "core/base/file.h"
#include "core/ecg/synthesis.h"
#include "core/io/wfdb_writer.h"
#include "core/study/import.h"

#include <QStandardPaths>
#include <QTemporaryDir>

#include <filesystem>
#include <string>

namespace precordia::testing {

namespace fs = std::filesystem;

class Folder {
public:
    Folder() : path(directory_.path().toStdString()) { QStandardPaths::setTestModeEnabled(true); }
    fs::path operator/(const std::string& name) const { return path / name; }
    void write(const std::string& name, const std::string& text) const {
        fs::create_directories((path / name).parent_path());
        if (!writeFileAtomically(path / name, text))
            qFatal("a test file cannot be written");
    }

private:
    QTemporaryDir directory_;

public:
    const fs::path path;
};

inline Recording ecg(std::uint64_t seed, double seconds = 10, double rate = 250) {
    SynthesisOptions options;
    options.seconds = seconds;
    options.samplingRate = rate;
    auto recording = synthesise(options, seed).recording;
    recording.metadata = {};
    return recording;
}

inline void writeRecord(const fs::path& header, Recording recording) {
    fs::create_directories(header.parent_path());
    if (const auto done = writeWfdb(recording, header); !done)
        qFatal("%s", failureText(done).c_str());
}

inline Result<ImportReport> import(const fs::path& study, const std::vector<fs::path>& paths, const fs::path& csv = {},
                                   StopToken stop = {}) {
    Progress silent;
    return importInto(study, ImportRequest{paths, csv, 2}, std::move(stop), silent);
}

} // namespace precordia::testing
