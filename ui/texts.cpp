// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/texts.h"

#include <QLocale>
#include <QRegularExpression>

#include <array>
#include <functional>

namespace precordia {

namespace {

// The same sentences as describe(); a test compares them.
constexpr std::array kSentences{
    QT_TRANSLATE_NOOP("Texts", "the file is not there"),
    QT_TRANSLATE_NOOP("Texts", "the file cannot be read"),
    QT_TRANSLATE_NOOP("Texts", "the file cannot be written"),
    QT_TRANSLATE_NOOP("Texts", "the file ends too early"),
    QT_TRANSLATE_NOOP("Texts", "the format is not known"),
    QT_TRANSLATE_NOOP("Texts", "the file breaks the rules of its format"),
    QT_TRANSLATE_NOOP("Texts", "this variant of the format is not supported"),
    QT_TRANSLATE_NOOP("Texts", "a value is out of range"),
    QT_TRANSLATE_NOOP("Texts", "the signal is too short"),
    QT_TRANSLATE_NOOP("Texts", "a lead is missing"),
    QT_TRANSLATE_NOOP("Texts", "it is not there"),
    QT_TRANSLATE_NOOP("Texts", "it exists already"),
    QT_TRANSLATE_NOOP("Texts", "the configuration is not valid"),
    QT_TRANSLATE_NOOP("Texts", "the model file does not fit"),
    QT_TRANSLATE_NOOP("Texts", "the model engine could not be loaded"),
    QT_TRANSLATE_NOOP("Texts", "the compute device is not available"),
    QT_TRANSLATE_NOOP("Texts", "there is not enough memory"),
    QT_TRANSLATE_NOOP("Texts", "a number is not finite"),
    QT_TRANSLATE_NOOP("Texts", "the study's database refused"),
    QT_TRANSLATE_NOOP("Texts", "wrong use"),
    QT_TRANSLATE_NOOP("Texts", "a process of the run is lost"),
    QT_TRANSLATE_NOOP("Texts", "a defect of the program itself, please report it"),
};

constexpr std::array kPhases{
    QT_TRANSLATE_NOOP("Texts", "making demo recordings"),
    QT_TRANSLATE_NOOP("Texts", "looking for files"),
    QT_TRANSLATE_NOOP("Texts", "importing"),
    QT_TRANSLATE_NOOP("Texts", "looking at files"),
    QT_TRANSLATE_NOOP("Texts", "comparing signals"),
    QT_TRANSLATE_NOOP("Texts", "preparing signals"),
    QT_TRANSLATE_NOOP("Texts", "making the overview"),
    QT_TRANSLATE_NOOP("Texts", "pretraining"),
    QT_TRANSLATE_NOOP("Texts", "Encoding for the event decoder"),
    QT_TRANSLATE_NOOP("Texts", "Fitting the event decoder"),
    QT_TRANSLATE_NOOP("Texts", "Loading the model"),
    QT_TRANSLATE_NOOP("Texts", "Encoding"),
    QT_TRANSLATE_NOOP("Texts", "Measuring"),
    QT_TRANSLATE_NOOP("Texts", "Surprise"),
    QT_TRANSLATE_NOOP("Texts", "Neighbour index"),
    QT_TRANSLATE_NOOP("Texts", "Nearest neighbours"),
    QT_TRANSLATE_NOOP("Texts", "Layout"),
    QT_TRANSLATE_NOOP("Texts", "Clusters"),
    QT_TRANSLATE_NOOP("Texts", "Simple features"),
    QT_TRANSLATE_NOOP("Texts", "Probes"),
    QT_TRANSLATE_NOOP("Texts", "Looking at the windows"),
    QT_TRANSLATE_NOOP("Texts", "Training the attentive probe"),
    QT_TRANSLATE_NOOP("Texts", "Fine-tuning"),
    QT_TRANSLATE_NOOP("Texts", "Copying"),
    QT_TRANSLATE_NOOP("Texts", "Exporting"),
    QT_TRANSLATE_NOOP("Texts", "writing reports"),
};

// A sentence of the core with captures, and the same with placeholders for the translator.
struct Pattern {
    const char* expression;
    const char* words;
};

constexpr std::array kVerdicts{
    Pattern{"^Encodings differ between recordings and over time as they should: effective rank of the event encodings "
            "(\\S+) \\(at the start (\\S+)\\)\\.$",
            QT_TRANSLATE_NOOP("Texts", "Encodings differ between recordings and over time as they should: effective "
                                       "rank of the event encodings %1 (at the start %2).")},
    Pattern{"^Encodings differ between recordings and over time as they should\\.$",
            QT_TRANSLATE_NOOP("Texts", "Encodings differ between recordings and over time as they should.")},
    Pattern{"^No sign of collapse, but (\\d+) steps? (?:is|are) too few to show one\\.$",
            QT_TRANSLATE_NOOP("Texts", "No sign of collapse, but too few steps to show one: %1.")},
    Pattern{"^Encodings are losing their variety: (.*)\\.$",
            QT_TRANSLATE_NOOP("Texts", "Encodings are losing their variety: %1.")},
    Pattern{"^Encodings have lost their variety, the model cannot be used: (.*)\\.$",
            QT_TRANSLATE_NOOP("Texts", "Encodings have lost their variety, the model cannot be used: %1.")},
};

// %1 is the level, so that its word can take the form that the sentence asks for.
constexpr std::array kSigns{
    Pattern{"^the effective rank of the (\\w+) encodings fell from (\\S+) to (\\S+)$",
            QT_TRANSLATE_NOOP("Texts", "the effective rank of the %1 encodings fell from %2 to %3")},
    Pattern{"^the effective rank of the (\\w+) encodings fell from (\\S+) to (\\S+) of (\\d+)$",
            QT_TRANSLATE_NOOP("Texts", "the effective rank of the %1 encodings fell from %2 to %3 of %4")},
    Pattern{"^the spread of the (\\w+) encodings fell from (\\S+) to (\\S+)$",
            QT_TRANSLATE_NOOP("Texts", "the spread of the %1 encodings fell from %2 to %3")},
    Pattern{"^the spread over time of the (\\w+) encodings fell from (\\S+) to (\\S+)$",
            QT_TRANSLATE_NOOP("Texts", "the spread over time of the %1 encodings fell from %2 to %3")},
    Pattern{"^different recordings have nearly the same (\\w+) encodings \\(mean cosine (\\S+)\\)$",
            QT_TRANSLATE_NOOP("Texts", "different recordings have nearly the same %1 encodings (mean cosine %2)")},
};

// What to change; a key of the configuration stays as it is.
constexpr std::array kAdvice{
    Pattern{"^slow the teacher: (\\S+); it began at (\\S+)$",
            QT_TRANSLATE_NOOP("Texts", "slow the teacher: %1; it began at %2")},
    Pattern{"^add a regulariser: (.+); it was none$", QT_TRANSLATE_NOOP("Texts", "add a regulariser: %1; it was none")},
    Pattern{"^raise the regulariser's weight: (\\S+); it was (\\S+)$",
            QT_TRANSLATE_NOOP("Texts", "raise the regulariser's weight: %1; it was %2")},
    Pattern{"^lower the learning rate: (\\S+); it was (\\S+)$",
            QT_TRANSLATE_NOOP("Texts", "lower the learning rate: %1; it was %2")},
    Pattern{"^warm up longer: (\\S+); it was (\\S+)$", QT_TRANSLATE_NOOP("Texts", "warm up longer: %1; it was %2")},
    Pattern{"^try dropout: (\\S+); it was (\\S+)$", QT_TRANSLATE_NOOP("Texts", "try dropout: %1; it was %2")},
    Pattern{"^begin a new run, with another seed: a collapsed encoder does not recover$",
            QT_TRANSLATE_NOOP("Texts", "begin a new run, with another seed: a collapsed encoder does not recover")},
    Pattern{"^watch the next diagnoses before you stop it$",
            QT_TRANSLATE_NOOP("Texts", "watch the next diagnoses before you stop it")},
};

constexpr std::array kEarlyTests{
    Pattern{"^Test of the second epoch, at step (\\d+): passed, no sign of collapse\\.$",
            QT_TRANSLATE_NOOP("Texts", "Test of the second epoch, at step %1: passed, no sign of collapse.")},
    Pattern{"^Test of the second epoch, at step (\\d+): failed\\. (.*)$",
            QT_TRANSLATE_NOOP("Texts", "Test of the second epoch, at step %1: failed. %2")},
};

constexpr std::array kAlarms{
    Pattern{
        "^Step (\\d+): the loss (\\S+) lies (\\S+) deviations above the mean of the (\\d+) steps before\\.$",
        QT_TRANSLATE_NOOP("Texts", "Step %1: the loss %2 lies %3 deviations above the mean of the %4 steps before.")},
    Pattern{
        "^Step (\\d+): the loss (\\S+) lies (\\S+) deviations below the mean of the (\\d+) steps before\\.$",
        QT_TRANSLATE_NOOP("Texts", "Step %1: the loss %2 lies %3 deviations below the mean of the %4 steps before.")},
    Pattern{
        "^Step (\\d+): the gradient's norm (\\S+) lies (\\S+) deviations above the mean of the (\\d+) steps before\\.$",
        QT_TRANSLATE_NOOP("Texts",
                          "Step %1: the gradient's norm %2 lies %3 deviations above the mean of the %4 steps before.")},
    Pattern{
        "^Step (\\d+): the gradient's norm (\\S+) lies (\\S+) deviations below the mean of the (\\d+) steps before\\.$",
        QT_TRANSLATE_NOOP("Texts",
                          "Step %1: the gradient's norm %2 lies %3 deviations below the mean of the %4 steps before.")},
};

constexpr std::array kNotices{
    Pattern{"^a damaged checkpoint was passed over and set aside: (.*); the run goes on from step (\\d+)$",
            QT_TRANSLATE_NOOP("Texts",
                              "a damaged checkpoint was passed over and set aside: %1; the run goes on from step %2")},
};

// Of ErrorCode::NotFound, whose reasons stand by themselves; those that the window can meet.
constexpr std::array kMissing{
    Pattern{"^there is no study in this folder \\(no study\\.sqlite\\)$",
            QT_TRANSLATE_NOOP("Texts", "there is no study in this folder (no study.sqlite)")},
    Pattern{"^no ECG was found in (.*): (\\d+) files? of (?:another kind|other kinds)$",
            QT_TRANSLATE_NOOP("Texts", "no ECG was found in %1; files of other kinds: %2")},
    Pattern{"^no recording has the number (\\d+)$", QT_TRANSLATE_NOOP("Texts", "no recording has the number %1")},
    Pattern{"^the study has no recording (\\d+)$", QT_TRANSLATE_NOOP("Texts", "the study has no recording %1")},
    Pattern{"^the source file was moved or deleted$",
            QT_TRANSLATE_NOOP("Texts", "the source file was moved or deleted")},
    Pattern{
        "^where the source file lies was sealed with the key of the person who imported it$",
        QT_TRANSLATE_NOOP("Texts", "where the source file lies was sealed with the key of the person who imported it")},
    Pattern{"^no model has encoded this study yet: embed it first$",
            QT_TRANSLATE_NOOP("Texts", "no model has encoded this study yet: embed it first")},
    Pattern{"^the study holds no embeddings of model (\\S+): embed it first$",
            QT_TRANSLATE_NOOP("Texts", "the study holds no embeddings of model %1: embed it first")},
    Pattern{"^no recording of the study can be given to this model$",
            QT_TRANSLATE_NOOP("Texts", "no recording of the study can be given to this model")},
    Pattern{"^the study has no trained model and the demo weights are not installed$",
            QT_TRANSLATE_NOOP("Texts", "the study has no trained model and the demo weights are not installed")},
    Pattern{"^there is neither a model file nor a run of this name$",
            QT_TRANSLATE_NOOP("Texts", "there is neither a model file nor a run of this name")},
    Pattern{"^there are no recordings to pretrain on$",
            QT_TRANSLATE_NOOP("Texts", "there are no recordings to pretrain on")},
    Pattern{"^there are no recordings to fit the decoder on$",
            QT_TRANSLATE_NOOP("Texts", "there are no recordings to fit the decoder on")},
    Pattern{"^there is no such run$", QT_TRANSLATE_NOOP("Texts", "there is no such run")},
    Pattern{"^the run has no complete checkpoint to go on from(.*)$",
            QT_TRANSLATE_NOOP("Texts", "the run has no complete checkpoint to go on from%1")},
    Pattern{"^the study was embedded without the lead level$",
            QT_TRANSLATE_NOOP("Texts", "the study was embedded without the lead level")},
    Pattern{"^no split is stored$", QT_TRANSLATE_NOOP("Texts", "no split is stored")},
    Pattern{"^no recording has such a label; the most frequent of this study are (.*)$",
            QT_TRANSLATE_NOOP("Texts", "no recording has such a label; the most frequent of this study are %1")},
    Pattern{"^too few recordings for (\\d+) folds: (\\d+) recordings? with the label and (\\d+) without, at least \\d+ "
            "of each are needed(.*)$",
            QT_TRANSLATE_NOOP(
                "Texts",
                "too few recordings for %1 folds: %2 with the label and %3 without, at least %1 of each are needed%4")},
    Pattern{
        "^only (\\d+) recordings? ha(?:s|ve) the label: with fewer than (\\d+) the figures would mean nothing$",
        QT_TRANSLATE_NOOP("Texts", "recordings with the label: %1; with fewer than %2 the figures would mean nothing")},
};

constexpr std::array kDevices{
    Pattern{"^(.*), (\\d+) cores$", QT_TRANSLATE_NOOP("Texts", "%1, %2 cores")},
};

constexpr std::array kCudaReasons{
    Pattern{"^this LibTorch can use CUDA, but no CUDA device answers \\(is the NVIDIA driver installed\\?\\)$",
            QT_TRANSLATE_NOOP(
                "Texts", "this LibTorch can use CUDA, but no CUDA device answers (is the NVIDIA driver installed?)")},
    Pattern{"^this LibTorch \\((.*)\\) was built without CUDA; the README says how to build with a CUDA LibTorch$",
            QT_TRANSLATE_NOOP("Texts", "this LibTorch (%1) was built without CUDA; the README says how to build with a "
                                       "CUDA LibTorch")},
};

constexpr std::array kImportNotes{
    Pattern{"^(.+): 1 row names no recording that came in$",
            QT_TRANSLATE_NOOP("Texts", "%1: 1 row names no recording that came in")},
    Pattern{"^(.+): (\\d+) rows name no recording that came in$",
            QT_TRANSLATE_NOOP("Texts", "%1: %2 rows name no recording that came in")},
    Pattern{"^the folds of (\\d+) recordings? in the table were left out: the study has a split of its own$",
            QT_TRANSLATE_NOOP("Texts", "The table's folds were left out (recordings: %1): the study has a split of its "
                                       "own.")},
    Pattern{"^free text of (\\d+) recordings? was left out: only known findings enter a study$",
            QT_TRANSLATE_NOOP("Texts", "Free text was left out (recordings: %1): only known findings enter a study.")},
    Pattern{"^of the diagnoses of (\\d+) recordings?, (\\d+) words? (?:was|were) left out: only words of "
            "electrocardiography enter a study$",
            QT_TRANSLATE_NOOP("Texts", "Words of diagnoses were left out (recordings: %1, words: %2): only words of "
                                       "electrocardiography enter a study.")},
    Pattern{
        "^(\\d+) recordings? ha(?:s|ve) no ECG leads: not measured as an ECG, and left out where a model is trained on "
        "ECG leads$",
        QT_TRANSLATE_NOOP("Texts", "No ECG leads (recordings: %1): not measured as an ECG, and left out where a model "
                                   "is trained on ECG leads.")},
    Pattern{"^(\\d+) recordings? ha(?:s|ve) a pseudonym for a name: the file's name may tell who it is$",
            QT_TRANSLATE_NOOP("Texts", "The name is a pseudonym, as the file's name may tell who it is (recordings: "
                                       "%1).")},
};

// In the order of WarningCode.
constexpr std::array kWarningKinds{
    QT_TRANSLATE_NOOP("Texts", "Fewer samples than promised"),
    QT_TRANSLATE_NOOP("Texts", "The file does not say how long it is"),
    QT_TRANSLATE_NOOP("Texts", "A unit that is not known"),
    QT_TRANSLATE_NOOP("Texts", "Amplitudes that do not fit the unit"),
    QT_TRANSLATE_NOOP("Texts", "A lead is missing"),
    QT_TRANSLATE_NOOP("Texts", "A checksum does not fit"),
    QT_TRANSLATE_NOOP("Texts", "The signal is clipped"),
    QT_TRANSLATE_NOOP("Texts", "No gain: the format's default was used"),
    QT_TRANSLATE_NOOP("Texts", "An identifier that breaks its rules"),
    QT_TRANSLATE_NOOP("Texts", "A part of the file was passed over"),
    QT_TRANSLATE_NOOP("Texts", "A code that is not known"),
    QT_TRANSLATE_NOOP("Texts", "Annotations that could not be read"),
    QT_TRANSLATE_NOOP("Texts", "Two lengths in one file"),
    QT_TRANSLATE_NOOP("Texts", "Two sampling rates in one file"),
    QT_TRANSLATE_NOOP("Texts", "A gap in the recording"),
    QT_TRANSLATE_NOOP("Texts", "Leads sampled at different times"),
    QT_TRANSLATE_NOOP("Texts", "A calibration pulse in the trace"),
    QT_TRANSLATE_NOOP("Texts", "The file kept less than was recorded"),
    QT_TRANSLATE_NOOP("Texts", "Leads that the file computes"),
    QT_TRANSLATE_NOOP("Texts", "Channels of another sampling rate"),
    QT_TRANSLATE_NOOP("Texts", "Something was put right"),
};
static_assert(kWarningKinds.size() == static_cast<std::size_t>(WarningCode::Repaired) + 1);

QString levelWord(const QString& level) {
    if (level == QLatin1String("lead"))
        return Texts::tr("lead", "before \"encodings\"");
    if (level == QLatin1String("interval"))
        return Texts::tr("interval", "before \"encodings\"");
    if (level == QLatin1String("event"))
        return Texts::tr("event", "before \"encodings\"");
    if (level == QLatin1String("recording"))
        return Texts::tr("recording", "before \"encodings\"");
    return level;
}

// Figures come as text with a point.
QString localized(const QString& figure) {
    bool numeric = false;
    figure.toDouble(&numeric);
    return numeric ? QString(figure).replace(QLatin1Char('.'), QLocale().decimalPoint()) : figure;
}

template <std::size_t N>
QString byPattern(const std::array<Pattern, N>& patterns, const QString& text,
                  const std::function<QString(int, const QString&)>& part) {
    for (const Pattern& pattern : patterns) {
        const auto match = QRegularExpression(QLatin1String(pattern.expression)).match(text);
        if (!match.hasMatch())
            continue;
        QString out = Texts::tr(pattern.words);
        for (int i = 1; i <= match.lastCapturedIndex(); ++i)
            out.replace(QStringLiteral("%%1").arg(i), part(i, match.captured(i)));
        return out;
    }
    return text;
}

QString signText(const QString& sign) {
    return byPattern(kSigns, sign,
                     [](int i, const QString& part) { return i == 1 ? levelWord(part) : localized(part); });
}

QString missing(const QString& reason) {
    return byPattern(kMissing, reason, [](int, const QString& part) { return part; });
}

} // namespace

QString Texts::error(const Error& error) {
    QString out = error.where.empty() ? QString() : QString::fromStdString(error.where) + QStringLiteral(": ");
    if (error.code == ErrorCode::NotFound && !error.message.empty()) // as Error::text(): the reason says it whole
        return out + missing(QString::fromStdString(error.message));
    const auto code = static_cast<std::size_t>(error.code);
    out += code < kSentences.size() ? tr(kSentences[code]) : tr(kSentences.back());
    if (!error.message.empty())
        out += QStringLiteral(": ") + QString::fromStdString(error.message);
    return out;
}

QString Texts::error(const std::string& text) {
    QString out = QString::fromStdString(text);
    for (const char* sentence : kSentences) {
        // Between a place and a reason, either of which may be absent.
        const QLatin1String words(sentence);
        const qsizetype at = out.indexOf(words);
        if (at < 0 || (at > 0 && !out.left(at).endsWith(QLatin1String(": "))))
            continue;
        const qsizetype end = at + words.size();
        if (end == out.size() || out[end] == QLatin1Char(':'))
            return out.replace(at, words.size(), tr(sentence));
    }
    // Behind a place, or alone.
    for (qsizetype at = 0; at >= 0;) {
        const QString reason = out.mid(at);
        if (const QString told = missing(reason); told != reason)
            return out.left(at) + told;
        const qsizetype colon = out.indexOf(QLatin1String(": "), at);
        at = colon < 0 ? -1 : colon + 2;
    }
    return out;
}

QString Texts::warningKind(WarningCode code) {
    const auto at = static_cast<std::size_t>(code);
    return tr(at < kWarningKinds.size() ? kWarningKinds[at] : kWarningKinds.back());
}

QString Texts::importNote(const std::string& note) {
    return byPattern(kImportNotes, QString::fromStdString(note), [](int, const QString& part) { return part; });
}

QString Texts::phase(const std::string& phase) {
    for (const char* known : kPhases)
        if (phase == known)
            return tr(known);
    return QString::fromStdString(phase);
}

QString Texts::verdictWord(const std::string& key) {
    if (key == "healthy")
        return tr("healthy");
    if (key == "early")
        return tr("too early");
    if (key == "collapsing")
        return tr("collapsing");
    if (key == "collapsed")
        return tr("collapsed");
    return QString::fromStdString(key);
}

QString Texts::verdict(const std::string& text) {
    return byPattern(kVerdicts, QString::fromStdString(text), [](int, const QString& part) {
        QStringList signs = part.split(QStringLiteral("; "));
        for (QString& sign : signs)
            sign = localized(signText(sign));
        return signs.join(QStringLiteral("; "));
    });
}

QStringList Texts::advice(const std::string& text) {
    QStringList out;
    for (const QString& one : QString::fromStdString(text).split(QStringLiteral(" | "), Qt::SkipEmptyParts))
        out += byPattern(kAdvice, one, [](int, const QString& part) { return part; });
    return out;
}

QString Texts::earlyTest(const std::string& text) {
    return byPattern(kEarlyTests, QString::fromStdString(text),
                     [](int i, const QString& part) { return i == 2 ? verdict(part.toStdString()) : part; });
}

QString Texts::alarm(const std::string& text) {
    // One sentence each of loss and gradient; both end in the same word.
    static const QRegularExpression kEnd(QStringLiteral("(?<=before\\.) "));
    QStringList out;
    for (const QString& one : QString::fromStdString(text).split(kEnd, Qt::SkipEmptyParts))
        out += byPattern(kAlarms, one, [](int i, const QString& part) { return i == 1 ? part : localized(part); });
    return out.join(QLatin1Char(' '));
}

QString Texts::notice(const std::string& text) {
    return byPattern(kNotices, QString::fromStdString(text),
                     [](int i, const QString& part) { return i == 1 ? error(part.toStdString()) : part; });
}

QString Texts::protocol(std::string_view protocol) {
    if (protocol == "linear")
        return tr("linear probe");
    if (protocol == "attentive")
        return tr("attentive probe");
    if (protocol == "finetune")
        return tr("fine-tuning");
    if (protocol == "compare")
        return tr("models compared");
    return QString::fromUtf8(protocol.data(), static_cast<qsizetype>(protocol.size()));
}

QString Texts::device(const std::string& name) {
    return byPattern(kDevices, QString::fromStdString(name), [](int, const QString& part) { return part; });
}

QString Texts::cudaReason(const std::string& text) {
    return byPattern(kCudaReasons, QString::fromStdString(text), [](int, const QString& part) { return part; });
}

QString Texts::number(double value, int decimals) {
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    return locale.toString(value, 'f', decimals);
}

} // namespace precordia
