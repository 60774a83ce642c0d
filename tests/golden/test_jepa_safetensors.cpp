// SPDX-License-Identifier: GPL-3.0-or-later
// safetensors: what is written comes back, Python's own small reader agrees, and a hostile header is refused by name
// without a byte read outside the file.
#include "core/base/file.h"
#include "core/jepa/event_decoder.h"
#include "core/jepa/parameters.h"
#include "core/jepa/safetensors.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <cmath>

using namespace precordia;

namespace {

QByteArray fileBytes(const QByteArray& header, qsizetype dataBytes, qint64 saidLength = -1) {
    const quint64 length = saidLength < 0 ? static_cast<quint64>(header.size()) : static_cast<quint64>(saidLength);
    QByteArray out(8, '\0');
    std::memcpy(out.data(), &length, 8);
    return out + header + QByteArray(dataBytes, '\1');
}

// moc loses its way in raw strings like these: single quotes stand for double ones.
QByteArray json(QByteArray text) {
    return text.replace('\'', '"');
}

QByteArray entry(const char* name, const char* dtype, const char* shape, const char* offsets) {
    return json("'" + QByteArray(name) + "':{'dtype':'" + dtype + "','shape':" + shape + ",'data_offsets':" + offsets +
                "}");
}

} // namespace

class JepaSafetensorsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void comesBack();
    void pythonReadsIt();
    void refusesHostileHeaders_data();
    void refusesHostileHeaders();
    void everyTruncationIsAnError();
    void refusesWhatItCannotWrite();
    void aMissingFileIsNotFound();
    void modelsNameTheTensorThatDoesNotFit();
    void aDecoderComesBack();

private:
    std::filesystem::path path(const char* name) const { return folder_.filePath(name).toStdString(); }
    void put(const char* name, const QByteArray& bytes) const { // without the wait for the disk that every save has
        QFile file(folder_.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }
    QTemporaryDir folder_;
};

void JepaSafetensorsTest::comesBack() {
    const at::Tensor matrix = at::arange(12, at::kFloat).view({3, 4});
    const NamedTensors tensors = {{"matrix", matrix},
                                  {"transposed", matrix.t()}, // not contiguous
                                  {"scalar", at::full({}, 2.5)},
                                  {"empty", at::zeros({0, 7})},
                                  {"whole", at::tensor({-(std::int64_t{1} << 62), std::int64_t{7}})}};
    const std::map<std::string, std::string> metadata = {{"config", "{'width': 96}"}, {"note", "\"quoted\" µV"}};
    QVERIFY(writeSafetensors(path("a.safetensors"), tensors, metadata).ok());
    const auto file = readSafetensors(path("a.safetensors"));
    QVERIFY2(file.ok(), failureText(file).c_str());
    QCOMPARE(file->metadata, metadata);
    QCOMPARE(file->tensors.size(), tensors.size());
    for (const auto& [name, tensor] : tensors) {
        const at::Tensor* back = file->find(name);
        QVERIFY2(back != nullptr, name.c_str());
        QVERIFY2(back->equal(tensor), name.c_str());
        QVERIFY(back->scalar_type() == tensor.scalar_type());
    }
    QVERIFY(file->find("nothing") == nullptr);
}

void JepaSafetensorsTest::pythonReadsIt() {
    // By the words of the format's page, with the standard library alone.
    QVERIFY(writeSafetensors(path("p.safetensors"),
                             {{"x", at::tensor({1.5F, -2.0F, 1e-30F})}, {"n", at::tensor({std::int64_t{-5}})}},
                             {{"k", "v"}})
                .ok());
    QProcess python;
    python.start("/usr/bin/python3",
                 {"-c",
                  "import json,struct,sys\n"
                  "b=open(sys.argv[1],'rb').read(); n=struct.unpack('<Q',b[:8])[0]; h=json.loads(b[8:8+n]); d=b[8+n:]\n"
                  "assert n%8==0 and h['__metadata__']['k']=='v' and len(h['__metadata__'])==2\n"
                  "a,e=h['x']['data_offsets']; assert h['x']['dtype']=='F32' and h['x']['shape']==[3]\n"
                  "f=struct.unpack('<3f',d[a:e]); assert f[:2]==(1.5,-2.0) and abs(f[2]-1e-30)<1e-36\n"
                  "a,e=h['n']['data_offsets']; assert h['n']['dtype']=='I64' and struct.unpack('<q',d[a:e])==(-5,) and "
                  "e==len(d)\n",
                  folder_.filePath("p.safetensors")});
    if (!python.waitForFinished(30000))
        QSKIP("no python3 here");
    QVERIFY2(python.exitCode() == 0, python.readAllStandardError().constData());
}

void JepaSafetensorsTest::refusesHostileHeaders_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says"); // a part of the error
    const auto row = [](const char* name, const QByteArray& bytes, const char* says) {
        QTest::newRow(name) << bytes << QString(says);
    };
    const auto header = [](const QByteArray& inner) { return "{" + inner + "}"; };
    row("nothing", {}, "8 bytes");
    row("seven bytes", QByteArray(7, '\0'), "8 bytes");
    row("length beyond the file", fileBytes("{}", 0, 3), "are there");
    row("length of 2^63", fileBytes("{}", 0, std::numeric_limits<qint64>::max()), "are there");
    row("length of 2^64 - 1", QByteArray(8, '\xff') + "{}", "are there");
    row("not JSON", fileBytes("{\"a\"", 0), "not a JSON object");
    row("an array", fileBytes("[]", 0), "not a JSON object");
    row("nested a thousand deep", fileBytes(QByteArray(1000, '[') + QByteArray(1000, ']'), 0), "nested");
    row("nested a million deep", fileBytes(QByteArray(1000000, '['), 0), "");
    row("not UTF-8", fileBytes(header(entry("a\xff", "F32", "[1]", "[0,4]")), 4), "not a JSON object");
    row("offsets beyond the data", fileBytes(header(entry("w", "F32", "[2]", "[0,8]")), 4), "\"w\" lies outside");
    row("offsets backwards", fileBytes(header(entry("w", "F32", "[0]", "[4,0]")), 4), "\"w\" lies outside");
    row("negative offset", fileBytes(header(entry("w", "F32", "[1]", "[-4,0]")), 4), "\"w\" has data_offsets");
    row("offset of 2^64 - 1", fileBytes(header(entry("w", "F32", "[1]", "[0,18446744073709551615]")), 4),
        "data_offsets");
    row("fractional offset", fileBytes(header(entry("w", "F32", "[1]", "[0,4.0]")), 4), "\"w\" has data_offsets");
    row("three offsets", fileBytes(header(entry("w", "F32", "[1]", "[0,4,4]")), 4), "\"w\" has data_offsets");
    row("overlap", fileBytes(header(entry("a", "F32", "[2]", "[0,8]") + "," + entry("b", "F32", "[1]", "[4,8]")), 8),
        "\"b\" overlaps");
    row("the same place twice",
        fileBytes(header(entry("a", "F32", "[1]", "[0,4]") + "," + entry("b", "F32", "[1]", "[0,4]")), 4),
        "\"b\" overlaps");
    row("a hole", fileBytes(header(entry("a", "F32", "[1]", "[0,4]") + "," + entry("b", "F32", "[1]", "[8,12]")), 12),
        "\"b\" leaves a hole");
    row("data after the last tensor", fileBytes(header(entry("a", "F32", "[1]", "[0,4]")), 5), "1 bytes after");
    row("shape whose product overflows",
        fileBytes(header(entry("w", "F32", "[4294967296,4294967296,4294967296]", "[0,4]")), 4), "larger than its data");
    row("shape that overflows to 0 bytes", fileBytes(header(entry("w", "F32", "[4611686018427387904,4]", "[0,0]")), 0),
        "larger than its data");
    row("shape too small", fileBytes(header(entry("w", "F32", "[1]", "[0,8]")), 8), "does not fit");
    row("length not of whole items", fileBytes(header(entry("w", "I64", "[1]", "[0,12]")), 12), "does not fit");
    row("negative dimension", fileBytes(header(entry("w", "F32", "[-1]", "[0,4]")), 4), "not made of whole numbers");
    row("dimension of 2^63", fileBytes(header(entry("w", "F32", "[9223372036854775808]", "[0,4]")), 4),
        "whole numbers");
    row("nine dimensions", fileBytes(header(entry("w", "F32", "[1,1,1,1,1,1,1,1,1]", "[0,4]")), 4), "at most 8");
    row("unknown type", fileBytes(header(entry("w", "F13", "[1]", "[0,4]")), 4), "\"w\" is of the type \"F13\"");
    row("type that is a number", fileBytes(json("{'w':{'dtype':1,'shape':[1],'data_offsets':[0,4]}}"), 4),
        "is of the type 1");
    row("no shape", fileBytes(json("{'w':{'dtype':'F32','data_offsets':[0,4]}}"), 4), "has not exactly");
    row("one key more", fileBytes(json("{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4],'x':1}}"), 4),
        "has not exactly");
    row("a tensor that is a text", fileBytes(json("{'w':'F32'}"), 0), "has not exactly");
    row("one name twice",
        fileBytes(header(entry("w", "F32", "[1]", "[0,4]") + "," + entry("w", "F32", "[1]", "[4,8]")), 8),
        "\"w\" twice");
    row("one key twice in a tensor",
        fileBytes(json("{'w':{'dtype':'F32','dtype':'I64','shape':[1],'data_offsets':[0,4]}}"), 4), "\"dtype\" twice");
    row("metadata that are numbers", fileBytes(json("{'__metadata__':{'a':1}}"), 0), "__metadata__");
}

void JepaSafetensorsTest::refusesHostileHeaders() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, says);
    put("h.safetensors", bytes);
    const auto file = readSafetensors(path("h.safetensors"));
    QVERIFY(file.failed());
    QVERIFY(file.error().code == ErrorCode::ModelInvalid || file.error().code == ErrorCode::FileTruncated);
    const QString text = QString::fromStdString(file.error().text());
    QVERIFY2(text.contains(says), qPrintable(text));
    QVERIFY2(text.contains("h.safetensors"), qPrintable(text));
}

void JepaSafetensorsTest::everyTruncationIsAnError() {
    QVERIFY(writeSafetensors(path("t.safetensors"), {{"a", at::zeros({5})}, {"b", at::zeros({2})}}, {{"k", "v"}}).ok());
    const auto whole = readFile(path("t.safetensors"));
    QVERIFY(whole.ok());
    for (std::size_t n = 0; n < whole->size(); ++n) {
        put("cut.safetensors", QByteArray(reinterpret_cast<const char*>(whole->data()), static_cast<qsizetype>(n)));
        QVERIFY2(readSafetensors(path("cut.safetensors")).failed(), std::to_string(n).c_str());
    }
}

void JepaSafetensorsTest::refusesWhatItCannotWrite() {
    const auto twice = writeSafetensors(path("w.safetensors"), {{"a", at::zeros({1})}, {"a", at::zeros({1})}});
    QVERIFY(twice.failed() && twice.error().code == ErrorCode::WrongUse);
    const auto type = writeSafetensors(path("w.safetensors"), {{"half", at::zeros({1}, at::kHalf)}});
    QVERIFY(type.failed() && type.error().message.find("half") != std::string::npos);
    QVERIFY(!QFile::exists(folder_.filePath("w.safetensors")));
}

void JepaSafetensorsTest::aMissingFileIsNotFound() {
    const auto file = readSafetensors(path("absent.safetensors"));
    QVERIFY(file.failed() && file.error().code == ErrorCode::FileNotFound);
}

void JepaSafetensorsTest::modelsNameTheTensorThatDoesNotFit() {
    const auto config = parseModelConfig(
        json("{'width': 12, 'predictor_width': 6, 'intervals': 10, 'interval_samples': 10}").toStdString());
    QVERIFY2(config.ok(), failureText(config).c_str());
    const NamedTensors good = Parameters::initialise(*config, 1).all();
    QVERIFY(Parameters::fromTensors(*config, good).ok());
    const auto complaint = [&](std::size_t i, const at::Tensor& tensor) {
        NamedTensors bad = good;
        bad[i].second = tensor;
        const auto result = Parameters::fromTensors(*config, bad);
        return result.failed() && result.error().code == ErrorCode::ModelInvalid &&
               result.error().message.find(good[i].first) != std::string::npos;
    };
    for (const std::size_t i : {std::size_t{0}, good.size() / 2, good.size() - 1}) {
        const auto shape = good[i].second.sizes().vec();
        QVERIFY(complaint(i, at::zeros({3, 1, 4, 1})));
        QVERIFY(complaint(i, at::zeros(shape, at::kLong)));
        QVERIFY(complaint(i, at::full(shape, std::nan(""))));
        NamedTensors without = good;
        without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
        const auto result = Parameters::fromTensors(*config, without);
        QVERIFY(result.failed() && result.error().message.find(good[i].first) != std::string::npos);
    }
}

void JepaSafetensorsTest::aDecoderComesBack() {
    const auto config = parseModelConfig(
        json("{'width': 12, 'predictor_width': 6, 'intervals': 10, 'interval_samples': 10}").toStdString());
    QVERIFY(config.ok());
    QVERIFY(!EventDecoder::presentIn(Parameters::initialise(*config, 1).all()));
    const at::Tensor v = plainLayerNorm(at::arange(60, at::kFloat).view({5, 12}).sin());
    for (const auto kind : {DecoderKind::Linear, DecoderKind::Mlp, DecoderKind::Neighbours}) {
        EventDecoder decoder = EventDecoder::initialise(*config, kind, 3);
        for (const auto& [name, tensor] : decoder.parameters()) // none at its initial 0: each must matter
            tensor.detach().add_(at::arange(tensor.numel(), at::kFloat).view(tensor.sizes()).cos() * 0.1);
        const at::Tensor waveform = decoder.sequence(v);
        QCOMPARE(waveform.sizes().vec(), (std::vector<std::int64_t>{5, 12, 10}));
        QVERIFY(writeSafetensors(path("d.safetensors"), decoder.parameters()).ok());
        const auto file = readSafetensors(path("d.safetensors"));
        QVERIFY(file.ok() && EventDecoder::presentIn(file->tensors));
        const auto back = EventDecoder::fromTensors(*config, file->tensors);
        QVERIFY2(back.ok(), failureText(back).c_str());
        QVERIFY(back->kind() == kind);
        QVERIFY(back->sequence(v).equal(waveform));
        waveform.square().sum().backward(); // it can be fitted: every tensor has a gradient
        for (const auto& [name, tensor] : decoder.parameters())
            QVERIFY2(tensor.grad().defined(), name.c_str());
        // Only the kind that sees its neighbours changes with them.
        at::Tensor other = v.clone();
        other[3] = v[0];
        const auto changed = (decoder.sequence(other) - waveform).abs().amax(at::IntArrayRef{1, 2});
        const bool neighbours = kind == DecoderKind::Neighbours;
        QVERIFY(changed[1].item<float>() == 0 && changed[3].item<float>() > 0);
        QCOMPARE(changed[2].item<float>() > 0, neighbours);
        QCOMPARE(changed[4].item<float>() > 0, neighbours);
    }
}

QTEST_GUILESS_MAIN(JepaSafetensorsTest)
#include "test_jepa_safetensors.moc"
