// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/precordia/worklist_times.h"

#include "ui/shell/main_window.h"
#include "ui/worklist/filter_chips.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QScrollBar>
#include <QTableView>
#include <QTextStream>
#include <QTimer>

#include <algorithm>
#include <ctime>
#include <functional>
#include <sys/resource.h>
#include <vector>

namespace precordia {

namespace {

constexpr int kPatienceMs = 120000;
constexpr int kPages = 300;
constexpr int kTimes = 5; // of each question; the median counts

double milliseconds(clockid_t of) {
    timespec spent{};
    ::clock_gettime(of, &spent);
    return static_cast<double>(spent.tv_sec) * 1000 + static_cast<double>(spent.tv_nsec) * 1e-6;
}

// The longest time in which the window's thread did not come back to its events, by the clock and by its own work.
class Heartbeat : public QObject {
public:
    Heartbeat() {
        timer_.setInterval(1);
        connect(&timer_, &QTimer::timeout, this, [this] { beat(); });
    }
    void start() {
        longest_ = longestWork_ = 0;
        clock_.start();
        work_ = milliseconds(CLOCK_THREAD_CPUTIME_ID);
        timer_.start();
    }
    void stop() { timer_.stop(); }
    double longest() const { return longest_; }
    double longestWork() const { return longestWork_; }

private:
    void beat() {
        const double now = milliseconds(CLOCK_THREAD_CPUTIME_ID);
        longest_ = std::max(longest_, static_cast<double>(clock_.nsecsElapsed()) * 1e-6);
        longestWork_ = std::max(longestWork_, now - work_);
        work_ = now;
        clock_.restart();
    }
    QTimer timer_;
    QElapsedTimer clock_;
    double work_ = 0, longest_ = 0, longestWork_ = 0;
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

class Times {
public:
    explicit Times(const QString& study) : study_(study), window_(MainWindow::Memory::None) {}

    int run() {
        window_.resize(1280, 800);
        window_.show();
        Session& session = window_.session();
        // The model's module is loaded once the window is up: a person who opens a study has waited for that.
        if (!wait([&] { return session.engineInfo() || !session.engineFailure().isEmpty(); }) || !open())
            return 1;
        filters();
        sorting();
        scrolling();
        rusage used{};
        ::getrusage(RUSAGE_SELF, &used);
        out_[QStringLiteral("peak_mib")] = static_cast<double>(used.ru_maxrss) / 1024;
        QTextStream(stdout) << QJsonDocument(out_).toJson(QJsonDocument::Compact) << Qt::endl;
        return 0;
    }

private:
    WorklistModel& model() { return window_.worklist().model(); }

    bool wait(const std::function<bool()>& reached) {
        QElapsedTimer clock;
        clock.start();
        QEventLoop loop;
        while (!reached() && clock.elapsed() < kPatienceMs)
            loop.processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 5);
        return reached();
    }
    // What is shown now is on the screen.
    void paint() { window_.worklist().table().viewport()->repaint(); }

    bool open() {
        Session& session = window_.session();
        Heartbeat heart;
        heart.start();
        QElapsedTimer clock;
        clock.start();
        session.openStudy(study_);
        if (!wait([&] { return model().rowCount() > 0; }))
            return false;
        paint();
        out_[QStringLiteral("first_rows_ms")] = static_cast<double>(clock.nsecsElapsed()) * 1e-6;
        out_[QStringLiteral("first_rows_longest_work_ms")] = heart.longestWork();
        heart.start();
        const auto count = session.study()->count();
        if (!count.ok() || !wait([&] { return model().total() == static_cast<int>(*count) && !model().busy(); }))
            return false;
        paint();
        out_[QStringLiteral("all_rows_ms")] = static_cast<double>(clock.nsecsElapsed()) * 1e-6;
        wait([&] { return session.idle(); });
        heart.stop();
        out_[QStringLiteral("longest_stall_ms")] = heart.longest();
        out_[QStringLiteral("longest_stall_work_ms")] = heart.longestWork();
        out_[QStringLiteral("rows")] = model().total();
        return true;
    }

    void time(QJsonObject& into, const QString& name, const std::function<void()>& question,
              const std::function<void()>& back) {
        std::vector<double> times, works;
        int rows = 0;
        for (int i = 0; i < kTimes; ++i) {
            bool answered = false;
            const auto connection =
                QObject::connect(&model(), &WorklistModel::answered, [&answered] { answered = true; });
            QElapsedTimer clock;
            clock.start();
            const double before = milliseconds(CLOCK_PROCESS_CPUTIME_ID); // window and worker
            question();
            wait([&] { return answered && !model().busy(); });
            paint();
            times.push_back(static_cast<double>(clock.nsecsElapsed()) * 1e-6);
            works.push_back(milliseconds(CLOCK_PROCESS_CPUTIME_ID) - before);
            QObject::disconnect(connection);
            rows = model().rowCount();
            if (back) {
                back();
                wait([&] { return !model().busy(); });
            }
        }
        into[name] = QJsonObject{{QStringLiteral("ms"), median(times)},
                                 {QStringLiteral("work_ms"), median(works)},
                                 {QStringLiteral("rows"), rows}};
    }

    void filters() {
        QJsonObject filters;
        FilterChips& chips = window_.worklist().chips();
        // Columns that are read from the study when they are first asked for: read once before.
        for (const char* key : {"computed/qrs_ms", "file/qrs_ms", "quality"})
            window_.worklist().showColumn(key, true);
        wait([&] { return model().index().numbers("file/qrs_ms") != nullptr && !model().busy(); });
        const auto with = [&](const char* name, const std::function<void(WorklistFilter&)>& edit) {
            time(
                filters, QLatin1String(name),
                [&chips, &edit] {
                    WorklistFilter filter;
                    edit(filter);
                    chips.setFilter(filter);
                },
                [&chips] { chips.setFilter({}); });
        };
        const auto& index = model().index();
        const auto first = [&index](const char* key) {
            const auto counts = index.counts(key);
            return counts.empty() ? std::string("none") : counts.front().value;
        };
        const std::string label = first("label"), dataset = first("dataset"), cluster = first("cluster");
        with("sex", [](WorklistFilter& f) { f.choices["sex"] = {"female"}; });
        with("label", [&](WorklistFilter& f) { f.choices["label"] = {label}; });
        with("dataset", [&](WorklistFilter& f) { f.choices["dataset"] = {dataset}; });
        with("cluster", [&](WorklistFilter& f) { f.choices["cluster"] = {cluster}; });
        with("quality", [](WorklistFilter& f) { f.choices["quality"] = {"noise", "good"}; });
        with("age", [](WorklistFilter& f) { f.ranges["age"] = {60, 70}; });
        with("date", [](WorklistFilter& f) { f.ranges["date"] = {15000, 16000}; });
        with("surprise", [](WorklistFilter& f) { f.ranges["surprise"] = {90, {}}; });
        with("measurement", [](WorklistFilter& f) { f.ranges["computed/qrs_ms"] = {120, {}}; });
        with("all_together", [](WorklistFilter& f) {
            f.choices["sex"] = {"female"};
            f.ranges["age"] = {60, 70};
            f.ranges["computed/qrs_ms"] = {100, {}};
            f.text = "block";
        });
        QLineEdit& search = window_.worklist().search();
        const auto type = [&search](const QString& text) {
            search.setText(text);
            Q_EMIT search.returnPressed();
        };
        time(
            filters, QStringLiteral("text"), [&] { type(QStringLiteral("atrial fib")); }, [&] { type({}); });
        out_[QStringLiteral("filter")] = filters;
    }

    void sorting() {
        QJsonObject sorts;
        QTableView& table = window_.worklist().table();
        for (const auto& column : model().columns())
            if (const int at = columnOf(model().columns(), column.key); !table.isColumnHidden(at)) {
                const QString name = QString::fromStdString(column.key);
                time(
                    sorts, name, [&table, at] { table.sortByColumn(at, Qt::DescendingOrder); },
                    [&table] { table.sortByColumn(static_cast<int>(WorklistColumn::Age), Qt::AscendingOrder); });
            }
        out_[QStringLiteral("sort")] = sorts;
    }

    void scrolling() {
        QScrollBar& bar = *window_.worklist().table().verticalScrollBar();
        std::vector<double> times, works;
        for (int page = 0; page < kPages; ++page) {
            QElapsedTimer clock;
            clock.start();
            const double before = milliseconds(CLOCK_THREAD_CPUTIME_ID);
            bar.setValue(static_cast<int>(static_cast<qint64>(bar.maximum()) * page / kPages));
            paint();
            times.push_back(static_cast<double>(clock.nsecsElapsed()) * 1e-6);
            works.push_back(milliseconds(CLOCK_THREAD_CPUTIME_ID) - before);
        }
        for (const auto& [name, values] : {std::pair("ms", &times), std::pair("work_ms", &works)}) {
            std::sort(values->begin(), values->end());
            out_[QStringLiteral("page_median_%1").arg(QLatin1String(name))] = (*values)[values->size() / 2];
            out_[QStringLiteral("page_p99_%1").arg(QLatin1String(name))] = (*values)[values->size() * 99 / 100];
        }
    }

    QString study_;
    MainWindow window_;
    QJsonObject out_;
};

} // namespace

int printWorklistTimes(const QString& study) {
    return Times(study).run();
}

} // namespace precordia
