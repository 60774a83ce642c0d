// SPDX-License-Identifier: GPL-3.0-or-later
// What to import, what will come in, and for a new study where to put it.
#pragma once

#ifndef Q_MOC_RUN
#include "core/study/import.h"
#endif

#include "ui/settings/settings.h"

#include <QDialog>
#include <QStringList>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>

class QComboBox;
class QLineEdit;
class QPushButton;

namespace precordia {

class ElidedLabel;
class ImportPreviewPanel;

class ImportDialog : public QDialog {
    Q_OBJECT
public:
    // newStudy: also asks for the folder of the study. openStudy: the one imported into, for what is there already.
    // settings: where what is said of tables is remembered; none: in memory.
    ImportDialog(bool newStudy, QWidget* parent, const QString& openStudy = {}, Settings* settings = nullptr);
    void setPaths(const QStringList& paths);

    // Asks a person about a table of numbers without rate and unit; nothing: do not import. Tests put another here.
    using TableAsker = std::function<std::optional<TableLayout>(ImportDialog* parent, const QString& path)>;
    static TableAsker& tableAsker();
    Settings& settings() { return *settings_; }

    QStringList paths() const;
    QString labelsCsv() const;
    QString studyFolder() const;
    ImportRequest request() const;
    const ImportPreviewPanel& preview() const { return *preview_; }

private:
    void check();
    void askColumns();
    void acceptWhenSeen(); // at once, or as soon as the preview is there
    bool describeTables();
    std::map<std::filesystem::path, TableLayout> tableLayouts_; // by file, as a person said
    void propose(); // labels and study folder that go with the one path given
    QString missing() const;
    QString openStudy_;
    Settings memory_{false}; // where none are given
    Settings* settings_;
    bool wanted_ = false; // Import was pressed, and the preview is awaited
    QStringList paths_;
    std::optional<LabelMapping> mapping_;
    QString previewed_;
    int mapped_ = 0;
    QLineEdit* source_;
    QLineEdit* labels_;
    ImportPreviewPanel* preview_;
    QComboBox* names_ = nullptr;
    QPushButton* columns_ = nullptr;
    QLineEdit* study_ = nullptr;
    ElidedLabel* problem_ = nullptr;
    QPushButton* accept_ = nullptr;
};

// Where the program puts studies unless told otherwise: Documents/Precordia.
QString studiesFolder();

} // namespace precordia
