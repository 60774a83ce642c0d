// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/html.h"

#include "core/report/page.h"
#include "core/report/report_text.h"

#include <QBuffer>
#include <QSvgGenerator>

#include <cmath>

namespace precordia::report {

namespace {

constexpr int kUnitsPerMm = 100;

// The <svg> element alone, at true scale in print and never wider than the window.
QString figureSvg(const RecordingReport& report, int number) {
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    const QSize size = (figureSize(report) * kUnitsPerMm).toSize();
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(static_cast<int>(std::lround(kUnitsPerMm * 25.4)));
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(0, 0), size));
    generator.setTitle(QStringLiteral("ECG"));
    {
        QPainter painter(&generator);
        painter.scale(kUnitsPerMm, kUnitsPerMm);
        drawFigure(painter, report);
    }
    QString svg = QString::fromUtf8(buffer.data());
    svg.remove(0, std::max<qsizetype>(0, svg.indexOf(QLatin1String("<svg"))));
    svg.replace(QLatin1String("id=\""), QStringLiteral("id=\"r%1-").arg(number));
    svg.replace(QLatin1String("url(#"), QStringLiteral("url(#r%1-").arg(number));
    return svg;
}

QString cell(const QString& text, const char* tag = "td") {
    return QStringLiteral("<%1>%2</%1>").arg(QLatin1String(tag), text.toHtmlEscaped());
}

QString table(const QStringList& heads, const std::vector<QStringList>& rows) {
    QString html = QStringLiteral("<table><tr>");
    for (const QString& head : heads)
        html += cell(head, "th");
    html += QStringLiteral("</tr>\n");
    for (const QStringList& row : rows) {
        html += QStringLiteral("<tr>");
        for (const QString& text : row)
            html += cell(text);
        html += QStringLiteral("</tr>\n");
    }
    return html + QStringLiteral("</table>\n");
}

} // namespace

QByteArray htmlHead(const QString& title) {
    const PaperColours colours = PaperColours::standard();
    return QStringLiteral(
               "<!DOCTYPE html>\n<html lang=\"%4\"><head><meta charset=\"utf-8\"><title>%1</title>\n<style>\n"
               "body{font-family:sans-serif;font-size:11pt;color:%2;max-width:285mm;margin:8mm auto;padding:0 4mm}\n"
               "svg{max-width:100%;height:auto}\nh1{font-size:16pt;margin:0}\nh2{font-size:11pt;margin:0 0 1mm}\n"
               "p{margin:1mm 0}\nsection{page-break-after:always;margin-bottom:14mm}\n"
               ".columns{display:flex;flex-wrap:wrap;gap:10mm;margin-top:4mm}\n"
               "table{border-collapse:collapse}\nth{text-align:left;font-weight:normal;border-bottom:1px solid %3}\n"
               "td,th{padding:.6mm 4mm .6mm 0}\n.small{font-size:9pt}\n.badge{float:right;font-weight:bold}\n"
               "@page{size:A4 landscape;margin:8mm}\n</style></head><body>\n")
        .arg(title.toHtmlEscaped(), colours.text.name(), colours.hidden.name(),
             Words::tr("en", "the language of the page, as HTML names it"))
        .toUtf8();
}

QByteArray htmlSection(const RecordingReport& report, int number) {
    QString html =
        QStringLiteral("<section>\n<span class=\"badge\">%1</span>\n<h1>%2</h1>\n<p>%3</p>\n<p><b>%4</b> %5</p>\n")
            .arg(researchOnly().toHtmlEscaped(), title(report).toHtmlEscaped(), subject(report).toHtmlEscaped(),
                 Words::tr("Labels").toHtmlEscaped(), labels(report.row.labels).toHtmlEscaped());
    html += figureSvg(report, number);

    std::vector<QStringList> values;
    QStringList heads{QString(), Words::tr("computed"), Words::tr("from file")};
    if (!report.moved.empty())
        heads.insert(2, Words::tr("moved"));
    for (const MeasurementLine& line : measurements(report)) {
        values.push_back({line.name, line.computed, line.fromFile});
        if (!report.moved.empty())
            values.back().insert(2, line.moved);
    }
    html += QStringLiteral("<div class=\"columns\">\n<div>%1\n").arg(cell(Words::tr("Measurements"), "h2"));
    html += table(heads, values);
    if (const QString note = measuredPartNote(report); !note.isEmpty())
        html += QStringLiteral("<p class=\"small\">%1</p>\n").arg(note.toHtmlEscaped());

    std::vector<QStringList> neighbours;
    for (const ReportNeighbour& neighbour : report.neighbours)
        neighbours.push_back({QString::fromStdString(neighbour.name), heartRate(neighbour.heartRateBpm),
                              labels(neighbour.labels), distance(neighbour)});
    html += QStringLiteral("</div>\n<div>%1\n").arg(cell(Words::tr("Nearest recordings in the study"), "h2"));
    html += table({Words::tr("recording"), Words::tr("heart rate"), Words::tr("labels"), Words::tr("distance")},
                  neighbours);
    html += QStringLiteral("</div>\n<div>%1\n").arg(cell(Words::tr("Model"), "h2"));
    for (const QString& line : modelLines(report))
        html += QStringLiteral("<p>%1</p>\n").arg(line.toHtmlEscaped());
    html += QStringLiteral("</div>\n</div>\n<p class=\"small\">%1 · %2</p>\n</section>\n")
                .arg(provenance(report).toHtmlEscaped(), researchOnly().toHtmlEscaped());
    return html.toUtf8();
}

QByteArray htmlFoot() {
    return "</body></html>\n";
}

} // namespace precordia::report
