// SPDX-License-Identifier: GPL-3.0-or-later
// pydicom and dciodvfy, where they are installed: programs that know DICOM and are not ours.
#pragma once

#include <QDir>
#include <QProcess>
#include <QStandardPaths>
#include <QString>
#include <QStringList>

namespace precordia::test {

struct Said {
    bool ran = false; // false: it is not installed here
    int exit = -1;
    QString out;
    QString err;
};

inline Said runProgram(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForStarted() || !process.waitForFinished(120'000))
        return {};
    return {true, process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

// ran is false where python3 has no pydicom or numpy; another failure of a script is the test's.
inline Said pydicom(const QString& script, const QStringList& arguments) {
    auto said = runProgram("/usr/bin/python3",
                           QStringList{"-B", qEnvironmentVariable("PRECORDIA_SOURCE_DIR") + "/tests/unit/" + script} +
                               arguments);
    if (said.err.contains("No module named"))
        said.ran = false;
    return said;
}

// A DICOM ECG of a real recorder, where the data folder is.
inline QString realExample() {
    const auto given = qEnvironmentVariable("PRECORDIA_DATA");
    return (given.isEmpty() ? qEnvironmentVariable("PRECORDIA_SOURCE_DIR") + "/../shared/data" : given) +
           "/formats/dicom/Example.dcm";
}

// What dciodvfy complains of, line by line; "-": it is not installed here.
inline QStringList complaints(const QString& path) {
    if (QStandardPaths::findExecutable("dciodvfy").isEmpty())
        return {"-"};
    const auto said = runProgram("dciodvfy", {path});
    QStringList out;
    for (const auto& line : (said.out + said.err).split('\n'))
        if (line.startsWith("Error") || line.startsWith("Warning"))
            out << line;
    return out;
}

} // namespace precordia::test
