// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of a recording beside its row: warnings, annotations, measurements, surprise and the map.
#include "core/study/study.h"
#include "core/study/study_impl.h"

#include <cmath>
#include <cstring>

namespace precordia {

namespace {

QVariant key(RecordingId id) {
    return static_cast<qlonglong>(id.value);
}

QByteArray blobOf(const std::vector<float>& values) {
    return {reinterpret_cast<const char*>(values.data()), static_cast<qsizetype>(values.size() * sizeof(float))};
}

std::vector<float> floatsOf(const QByteArray& bytes) {
    std::vector<float> values(static_cast<std::size_t>(bytes.size()) / sizeof(float));
    if (!values.empty())
        std::memcpy(values.data(), bytes.constData(), values.size() * sizeof(float));
    return values;
}

WarningCode warningCode(const std::string& text) {
    for (int code = 0; code < static_cast<int>(WarningCode::Repaired); ++code)
        if (name(static_cast<WarningCode>(code)) == text)
            return static_cast<WarningCode>(code);
    return WarningCode::Repaired;
}

} // namespace

Result<std::vector<Warning>> Study::warnings(RecordingId id) const {
    using Warnings = std::vector<Warning>;
    auto found = impl_->database->run(
        "SELECT code, message, place FROM warnings WHERE recording_id = ? ORDER BY position", {key(id)});
    if (!found)
        return found.as<Warnings>();
    Warnings warnings;
    while (found->next())
        warnings.push_back({warningCode(fromQt(found->value(0))), fromQt(found->value(1)), fromQt(found->value(2))});
    return warnings;
}

Result<std::vector<Annotation>> Study::annotations(RecordingId id) const {
    using Annotations = std::vector<Annotation>;
    if (impl_->sight.blinded)
        return Annotations{};
    auto found = impl_->database->run("SELECT sample, lead, symbol, text, source FROM annotations"
                                      " WHERE recording_id = ? ORDER BY sample, position",
                                      {key(id)});
    if (!found)
        return found.as<Annotations>();
    Annotations annotations;
    while (found->next()) {
        Annotation mark;
        mark.sample = SampleIndex(found->value(0).toLongLong());
        mark.lead = found->value(1).isNull() ? LeadIndex() : LeadIndex(found->value(1).toInt());
        mark.symbol = fromQt(found->value(2));
        mark.text = fromQt(found->value(3));
        mark.source = fromQt(found->value(4));
        annotations.push_back(std::move(mark));
    }
    return annotations;
}

Result<std::string> Study::sampleHash(RecordingId id) const {
    const auto hash = impl_->database->scalar("SELECT sample_hash FROM recordings WHERE id = ?", {key(id)});
    if (!hash)
        return hash.as<std::string>();
    if (!hash->isValid())
        return makeError(ErrorCode::NotFound, "no recording has the number " + std::to_string(id.value));
    return fromQt(*hash);
}

Result<Done> Study::setMeasurements(RecordingId id, const std::string& source, const Measurements& values) {
    return impl_->database->transaction([&]() -> Result<Done> {
        auto insert = impl_->database->prepare(
            "INSERT OR REPLACE INTO measurements(recording_id, source, name, value) VALUES(?, ?, ?, ?)");
        if (!insert)
            return insert.as<Done>();
        for (const auto& [name, value] : values) {
            if (!std::isfinite(value))
                return makeError(ErrorCode::NotFinite, "in the measurement " + name);
            if (const auto done = impl_->database->execute(*insert, {key(id), toQt(source), toQt(name), value}); !done)
                return done;
        }
        return Done{};
    });
}

namespace {

// What follows from marks that another reader moved is not for a blinded one.
const auto kForTheseEyes =
    QStringLiteral(" AND (NOT ? OR source <> 'moved' OR ? = (SELECT reader FROM fiducial_edits e WHERE e.recording_id ="
                   " measurements.recording_id AND e.r_sample IS NULL ORDER BY e.id DESC LIMIT 1))");

} // namespace

Result<Measurements> Study::measurements(RecordingId id, const std::string& source) const {
    auto found = impl_->database->run("SELECT name, value FROM measurements WHERE recording_id = ? AND source = ?" +
                                          kForTheseEyes,
                                      {key(id), toQt(source), impl_->sight.blinded, toQt(impl_->sight.reader)});
    if (!found)
        return found.as<Measurements>();
    Measurements values;
    while (found->next())
        values.emplace(fromQt(found->value(0)), found->value(1).toDouble());
    return values;
}

Result<std::vector<std::pair<RecordingId, double>>> Study::measurementColumn(const std::string& source,
                                                                             const std::string& name) const {
    using Column = std::vector<std::pair<RecordingId, double>>;
    auto found = impl_->database->run("SELECT recording_id, value FROM measurements WHERE source = ? AND name = ?" +
                                          kForTheseEyes + " ORDER BY recording_id",
                                      {toQt(source), toQt(name), impl_->sight.blinded, toQt(impl_->sight.reader)});
    if (!found)
        return found.as<Column>();
    Column column;
    while (found->next())
        column.emplace_back(RecordingId(found->value(0).toLongLong()), found->value(1).toDouble());
    return column;
}

Result<Done> Study::setSurprise(const std::string& modelHash, const std::vector<std::pair<RecordingId, double>>& values,
                                const std::vector<std::vector<float>>& perInterval) {
    if (!perInterval.empty() && perInterval.size() != values.size())
        return makeError(ErrorCode::WrongUse, "the surprise of intervals is given for some recordings only");
    return impl_->database->transaction([&]() -> Result<Done> {
        auto insert = impl_->database->prepare(
            "INSERT OR REPLACE INTO surprise(model_hash, recording_id, value, per_interval) VALUES(?, ?, ?, ?)");
        if (!insert)
            return insert.as<Done>();
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (!std::isfinite(values[i].second))
                return makeError(ErrorCode::NotFinite, "in the surprise");
            QVariant blob;
            if (!perInterval.empty())
                blob = blobOf(perInterval[i]);
            if (const auto done =
                    impl_->database->execute(*insert, {toQt(modelHash), key(values[i].first), values[i].second, blob});
                !done)
                return done;
        }
        return Done{};
    });
}

Result<Done> Study::setSurprisePercentiles(const std::string& modelHash,
                                           const std::vector<std::pair<RecordingId, double>>& values,
                                           const std::vector<std::vector<float>>& perInterval) {
    if (perInterval.size() != values.size())
        return makeError(ErrorCode::WrongUse, "the surprise of intervals is given for some recordings only");
    return impl_->database->transaction([&]() -> Result<Done> {
        auto update = impl_->database->prepare("UPDATE surprise SET percentile = ?, interval_percentiles = ?"
                                               " WHERE model_hash = ? AND recording_id = ?");
        if (!update)
            return update.as<Done>();
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (!std::isfinite(values[i].second))
                return makeError(ErrorCode::NotFinite, "in the surprise");
            if (const auto done = impl_->database->execute(
                    *update, {values[i].second, blobOf(perInterval[i]), toQt(modelHash), key(values[i].first)});
                !done)
                return done;
        }
        return Done{};
    });
}

Result<std::vector<float>> Study::surpriseOfIntervals(RecordingId id) const {
    const auto blob = impl_->database->scalar(
        "SELECT per_interval FROM surprise WHERE model_hash = ? AND recording_id = ?", {toQt(currentModel()), key(id)});
    return blob ? Result<std::vector<float>>(floatsOf(blob->toByteArray())) : blob.as<std::vector<float>>();
}

Result<std::vector<float>> Study::surprisePercentilesOfIntervals(RecordingId id) const {
    const auto blob =
        impl_->database->scalar("SELECT interval_percentiles FROM surprise WHERE model_hash = ? AND recording_id = ?",
                                {toQt(currentModel()), key(id)});
    return blob ? Result<std::vector<float>>(floatsOf(blob->toByteArray())) : blob.as<std::vector<float>>();
}

Result<Done> Study::setSurpriseCalibration(const std::string& modelHash, const std::string& bytes) {
    return impl_->database->change("INSERT OR REPLACE INTO surprise_calibrations(model_hash, data) VALUES(?, ?)",
                                   {toQt(modelHash), QByteArray::fromStdString(bytes)});
}

Result<std::string> Study::surpriseCalibration(const std::string& modelHash) const {
    const auto blob =
        impl_->database->scalar("SELECT data FROM surprise_calibrations WHERE model_hash = ?", {toQt(modelHash)});
    return blob ? Result<std::string>(blob->toByteArray().toStdString()) : blob.as<std::string>();
}

Result<Done> Study::setMap(const std::string& modelHash, const std::string& parametersJson,
                           const std::vector<MapPoint>& points) {
    return impl_->database->transaction([&]() -> Result<Done> {
        const auto model = toQt(modelHash);
        if (const auto done = impl_->database->change("DELETE FROM maps WHERE model_hash = ?", {model}); !done)
            return done;
        if (const auto done = impl_->database->change("INSERT INTO maps(model_hash, parameters) VALUES(?, ?)",
                                                      {model, toQt(parametersJson)});
            !done)
            return done;
        auto insert = impl_->database->prepare(
            "INSERT INTO map_points(model_hash, recording_id, x, y, cluster) VALUES(?, ?, ?, ?, ?)");
        if (!insert)
            return insert.as<Done>();
        for (const auto& point : points) {
            if (!std::isfinite(point.x) || !std::isfinite(point.y))
                return makeError(ErrorCode::NotFinite, "on the map");
            if (const auto done =
                    impl_->database->execute(*insert, {model, key(point.id), point.x, point.y, point.cluster});
                !done)
                return done;
        }
        return Done{};
    });
}

Result<std::vector<Study::MapPoint>> Study::map() const {
    auto found = impl_->database->run(
        "SELECT recording_id, x, y, cluster FROM map_points WHERE model_hash = ? ORDER BY recording_id",
        {toQt(currentModel())});
    if (!found)
        return found.as<std::vector<MapPoint>>();
    std::vector<MapPoint> points;
    while (found->next())
        points.push_back({RecordingId(found->value(0).toLongLong()), found->value(1).toFloat(),
                          found->value(2).toFloat(), found->value(3).toInt()});
    return points;
}

std::string Study::mapParameters() const {
    const auto text =
        impl_->database->scalar("SELECT parameters FROM maps WHERE model_hash = ?", {toQt(currentModel())});
    return text ? fromQt(*text) : std::string();
}

} // namespace precordia
