// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compare_offer.h"

#include "ui/session.h"

#include <QAbstractItemView>
#include <QAction>
#include <QCoreApplication>
#include <QMouseEvent>

namespace precordia {

namespace {

// Remembers the row under the right button, and keeps the press from choosing it.
class RightButton : public QObject {
public:
    explicit RightButton(QAbstractItemView& table) : QObject(&table), table_(table) {
        table.viewport()->installEventFilter(this);
    }
    int row() const { return asked_ >= 0 ? asked_ : table_.currentIndex().row(); }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (watched == table_.viewport() && event->type() == QEvent::MouseButtonPress) {
            const auto* mouse = static_cast<QMouseEvent*>(event);
            const bool right = mouse->button() == Qt::RightButton;
            asked_ = right ? table_.indexAt(mouse->position().toPoint()).row() : -1;
            return right;
        }
        return QObject::eventFilter(watched, event);
    }

private:
    QAbstractItemView& table_;
    int asked_ = -1; // -1: the menu came by key
};

} // namespace

void offerComparison(QAbstractItemView& table, Session& session, std::function<RecordingId(int row)> idOf) {
    auto* button = new RightButton(table);
    auto* action = new QAction(QCoreApplication::translate("CompareOffer", "Compare with the current one"), &table);
    action->setObjectName(QStringLiteral("compareWithCurrent"));
    table.addAction(action);
    table.setContextMenuPolicy(Qt::ActionsContextMenu);
    QObject::connect(action, &QAction::triggered, &table, [button, &session, idOf = std::move(idOf)] {
        if (const RecordingId id = idOf(button->row()); id.valid())
            session.selection().setReference(id);
    });
}

} // namespace precordia
