// SPDX-License-Identifier: GPL-3.0-or-later
// Small widgets that all views share.
#pragma once

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QString>

#include <functional>

namespace precordia {

// Styles the theme knows. Labels: "secondary", "small", "heading", "title", "good", "caution", "alarm", "badge".
// Buttons: "primary", "chip" (with the property active), "flat", "link". Frames: "bar".
void setRole(QWidget* widget, const char* role);

// A line of text that gives way: with an ellipsis, and the whole of it as a tool tip.
class ElidedLabel : public QLabel {
    Q_OBJECT
public:
    explicit ElidedLabel(const QString& text = {}, QWidget* parent = nullptr);
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

// The row of buttons at the top of a view, with a line of facts at its right end.
class ToolRow : public QFrame {
    Q_OBJECT
public:
    explicit ToolRow(QWidget* parent = nullptr);
    void add(QWidget* widget);
    void addSeparator();
    void setInfo(const QString& text); // right end, secondary; elided when there is no room

private:
    QHBoxLayout* row_;
    ElidedLabel* info_;
};

// A white box with a heading and a place for content, as in the sketches.
class Panel : public QFrame {
    Q_OBJECT
public:
    explicit Panel(const QString& heading, QWidget* parent = nullptr);
    void setHeading(const QString& heading);
    QWidget* headingRow() const { return headingRow_; } // put legends and buttons to its right
    void setContent(QWidget* content);

private:
    QWidget* headingRow_;
    ElidedLabel* heading_;
};

// What an empty view shows: what it will show, and the action that fills it.
class EmptyState : public QWidget {
    Q_OBJECT
public:
    explicit EmptyState(QWidget* parent = nullptr);
    void set(const QString& title, const QString& text, const QString& button = {}, std::function<void()> action = {});

private:
    QLabel* title_;
    QLabel* text_;
    QPushButton* button_;
    std::function<void()> action_;
};

// The bar at the top of a view: what happened, why, and a button that helps. Hidden until told.
class MessageBar : public QFrame {
    Q_OBJECT
public:
    explicit MessageBar(QWidget* parent = nullptr);
    void show(const QString& level, const QString& text, const QString& action = {},
              std::function<void()> onAction = {});
    void clear();

private:
    QLabel* text_;
    QPushButton* button_;
    QPushButton* close_;
    std::function<void()> onAction_;
};

} // namespace precordia
