// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of the XML formats share: identities of their own, and the planting of marks in every text of a
// document.
#pragma once

#include "core/io/deidentify.h"
#include "core/io/reader.h"
#include "tests/unit/io_fixture.h"

#include <QTest>

#include <pugixml.hpp>
#include <set>
#include <sstream>
#include <string>

namespace precordia::test {

inline QString sharedData(const QString& file) {
    const auto given = qEnvironmentVariable("PRECORDIA_DATA");
    return (given.isEmpty() ? qEnvironmentVariable("PRECORDIA_SOURCE_DIR") + "/../shared/data" : given) + "/" + file;
}

class FixedIdentities final : public IdentityMap {
public:
    std::string pseudonym(const std::string& id) const override { return id.empty() ? "" : "P0123456789ab"; }
    int dateShiftDays(const std::string&) const override { return -100; }
    std::string uid(const std::string&) const override { return "2.25.42"; }
};

// Replaces the text of every element and attribute by a mark of its own, but for numbers and for `structural` values
// (without which nobody could read the file at all); hides marks in a comment and a processing instruction too.
class Planted {
public:
    Planted(const QByteArray& file, std::set<std::string> structural) : structural_(std::move(structural)) {
        if (!document_.load_buffer(file.constData(), static_cast<std::size_t>(file.size()), pugi::parse_full))
            qFatal("a test document is not well-formed");
        auto root = document_.document_element();
        root.prepend_child(pugi::node_comment).set_value(next().c_str());
        auto instruction = root.prepend_child(pugi::node_pi);
        instruction.set_name("planted");
        instruction.set_value(next().c_str());
        walk(root);
    }

    std::string text() const {
        std::ostringstream out;
        document_.save(out, "", pugi::format_raw, pugi::encoding_utf8);
        return out.str();
    }
    int count() const { return count_; }
    // How many marks stand in the bytes of a file, whole or in parts.
    static qsizetype found(const std::filesystem::path& path) {
        QFile file(QString::fromStdString(path.string()));
        return file.open(QIODevice::ReadOnly) ? file.readAll().toLower().count("qzplanted") : -1;
    }

private:
    std::string next() { return "Qzplanted" + std::to_string(++count_) + "x"; }

    bool stays(const char* value) const {
        const auto words = QString::fromUtf8(value).simplified();
        bool number = false;
        words.section(' ', 0, 0).toDouble(&number);
        return words.isEmpty() || number || words.size() > 200 || structural_.contains(words.toStdString());
    }

    void walk(pugi::xml_node node) {
        for (auto attribute : node.attributes())
            if (!stays(attribute.value()) && !std::string_view(attribute.name()).starts_with("xmlns"))
                attribute.set_value(next().c_str());
        for (auto child : node.children())
            if (child.type() == pugi::node_element)
                walk(child);
            else if ((child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) && !stays(child.value()))
                child.set_value(next().c_str());
    }

    pugi::xml_document document_;
    std::set<std::string> structural_;
    int count_ = 0;
};

template <typename Read>
Result<Recording> fromMemory(Read read, const QByteArray& file) {
    return read(std::as_bytes(std::span(file.constData(), static_cast<std::size_t>(file.size()))), "memory",
                ReadOptions{});
}

inline ReadOptions metadataOnly() {
    ReadOptions options;
    options.metadataOnly = true;
    return options;
}

inline ReadOptions withoutAnnotations() {
    ReadOptions options;
    options.annotations = false;
    return options;
}

inline bool sameValues(const std::vector<float>& a, const std::vector<float>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](float x, float y) { return x == y || (x != x && y != y); });
}

inline bool sameSignals(const Recording& a, const Recording& b) {
    return a.samplingRate == b.samplingRate &&
           std::equal(a.leads.begin(), a.leads.end(), b.leads.begin(), b.leads.end(),
                      [](const Lead& x, const Lead& y) { return sameValues(x.samples, y.samples); }) &&
           std::equal(a.medianBeats.begin(), a.medianBeats.end(), b.medianBeats.begin(), b.medianBeats.end(),
                      sameSignals);
}

// Plants, de-identifies, looks for the marks, and compares the signals; "" when all is well.
inline std::string leaks(const QByteArray& file, const std::set<std::string>& structural, int least) {
    const Folder folder;
    const Planted planted(file, structural);
    if (planted.count() < least)
        return "only " + std::to_string(planted.count()) + " marks";
    const auto in = folder.write("in.xml", planted.text());
    const auto out = folder.path("out.xml");
    const auto before = Registry::standard().read(in);
    if (!before)
        return failureText(before);
    const auto report = deidentify(in, out, FixedIdentities());
    if (!report)
        return failureText(report);
    if (Planted::found(in) != planted.count())
        return "the marks are not in the file";
    if (const auto found = Planted::found(out); found != 0)
        return std::to_string(found) + " marks are left";
    if (report->removed.empty())
        return "nothing is reported";
    const auto after = Registry::standard().read(out);
    if (!after)
        return failureText(after);
    if (!sameSignals(*before, *after))
        return "the signals differ";
    return after->metadata.identity.patientName.empty() ? "" : "a name is left";
}

} // namespace precordia::test
