// SPDX-License-Identifier: GPL-3.0-or-later
// Words that the core says in English, in the language of the window. What is not known here stays as it is.
#pragma once

#ifndef Q_MOC_RUN
#include "core/base/result.h"
#include "core/ecg/recording.h"
#endif

#include <QCoreApplication>
#include <QString>
#include <QStringList>

#include <string>
#include <string_view>

namespace precordia {

class Texts {
    Q_DECLARE_TR_FUNCTIONS(Texts)
public:
    // "a/b.hea, line 3: the file ends too early: 400 of 1000 samples are there": the sentence of the code in the
    // window's language, place and particular reason as they are.
    static QString error(const Error& error);
    // The same for a text that holds the sentence already: a reason in an import's list, a warning.
    static QString error(const std::string& text);
    // How a result ended when the value does not matter: "" when ok.
    template <typename T>
    static QString failure(const Result<T>& result) {
        if (result.failed())
            return error(result.error());
        return result.cancelled() ? tr("stopped") : QString();
    }
    static QString warningKind(WarningCode code);       // "fewer samples than promised"
    static QString importNote(const std::string& note); // of an import's report
    static QString phase(const std::string& phase);     // of a job's progress
    static QString verdictWord(const std::string& key); // "healthy", "early", "collapsing", "collapsed"
    static QString verdict(const std::string& text);    // the sentence that goes with it
    static QStringList advice(const std::string& text); // what to change, one an entry
    static QString earlyTest(const std::string& text);
    static QString alarm(const std::string& text);
    static QString notice(const std::string& text);     // of a pretraining run
    static QString protocol(std::string_view protocol); // "linear", "attentive", "finetune", "compare"
    static QString device(const std::string& name);     // "AMD EPYC, 2 cores"
    static QString cudaReason(const std::string& text); // why there is only the CPU
    // With the decimal sign of the language.
    static QString number(double value, int decimals);
};

} // namespace precordia
