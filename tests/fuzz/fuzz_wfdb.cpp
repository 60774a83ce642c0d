// SPDX-License-Identifier: GPL-3.0-or-later
// A folder with a WFDB record, as somebody got it from somewhere: header, segments, signal files, annotations. The
// input holds them one after the other, each but the first behind "\xFF\n@" and a letter that says which file it is.
#include "core/io/deidentify_wfdb.h"
#include "core/io/wfdb_reader.h"
#include "tests/fuzz/fuzz.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace fs = std::filesystem;
using namespace precordia;

namespace {

const std::map<char, std::string> kNames{{'h', "f.hea"},  {'d', "f.dat"},  {'e', "g.dat"},   {'m', "f.mat"},
                                         {'a', "f.atr"},  {'i', "f.ii"},   {'s', "s1.hea"},  {'t', "s2.hea"},
                                         {'x', "s1.dat"}, {'y', "s2.dat"}, {'l', "lay.hea"}, {'n', "f.xyz"}};

const fs::path& folder() {
    static const fs::path path = [] {
        std::error_code ec;
        std::string name = (fs::is_directory("/dev/shm", ec) ? "/dev/shm" : fs::temp_directory_path().string()) +
                           "/precordia-fuzz-XXXXXX";
        promise(::mkdtemp(name.data()) != nullptr, "a folder can be made");
        static const std::string made = name;
        std::atexit([] {
            std::error_code ignored;
            fs::remove_all(made, ignored);
        });
        return fs::path(made);
    }();
    return path;
}

void lay(std::string_view input) {
    constexpr std::string_view kMark = "\xFF\n@";
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(folder(), ec))
        fs::remove(entry.path(), ec);
    auto name = kNames.at('h');
    for (;;) {
        const auto end = input.find(kMark);
        std::ofstream(folder() / name, std::ios::binary) << input.substr(0, end);
        if (end == std::string_view::npos || end + kMark.size() >= input.size())
            return;
        const auto it = kNames.find(input[end + kMark.size()]);
        if (it == kNames.end())
            return;
        name = it->second;
        input.remove_prefix(end + kMark.size() + 1);
    }
}

bool same(float a, float b) {
    return a == b || (std::isnan(a) && std::isnan(b));
}

void checkPart(const Recording& whole, const Recording& part) {
    promise(part.leads.size() == whole.leads.size(), "a part has the leads of the whole");
    promise(part.firstSample >= 0, "a part begins within the whole");
    const auto first = static_cast<std::size_t>(part.firstSample);
    promise(first + part.samples() <= whole.samples(), "a part ends within the whole");
    for (std::size_t l = 0; l < whole.leads.size(); ++l)
        for (std::size_t i = 0; i < part.samples(); ++i)
            promise(same(part.leads[l].samples[i], whole.leads[l].samples[first + i]), "a part is of the whole");
}

class Names final : public IdentityMap {
public:
    std::string pseudonym(const std::string& id) const override { return id.empty() ? "" : "P0123456789ab"; }
    int dateShiftDays(const std::string&) const override { return -100; }
    std::string uid(const std::string&) const override { return "2.25.1"; }
};

void checkCopy(const Recording& whole) {
    const auto copy = deidentifyWfdb(folder() / "f.hea", folder() / "clean.hea", Names());
    if (!copy)
        return;
    const auto read = WfdbReader().read(folder() / "clean.hea", {});
    promise(read.ok(), "a copy without identity can be read");
    promise(read->leads.size() == whole.leads.size() && read->samples() == whole.samples(), "it is as long");
    for (std::size_t l = 0; l < whole.leads.size(); ++l)
        for (std::size_t i = 0; i < whole.samples(); ++i)
            promise(same(read->leads[l].samples[i], whole.leads[l].samples[i]), "its samples are the same");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    lay({reinterpret_cast<const char*>(data), size});
    const auto path = folder() / "f.hea";
    const WfdbReader reader;
    ReadOptions options;
    options.metadataOnly = true;
    const auto header = reader.read(path, options);
    if (header)
        promise(header->samples() == 0 && std::isfinite(header->samplingRate) && header->samplingRate > 0,
                "metadata have a rate and no samples");
    else
        promise(!header.error().text().empty(), "a refusal has its reason");
    options.metadataOnly = false;
    // A record may promise hours in a few bytes (gaps): then a part of it, as the window reads it.
    constexpr std::int64_t kMany = 1'000'000;
    if (header && (header->samplesPromised > kMany ||
                   header->samplesPromised * static_cast<std::int64_t>(header->leads.size()) > kMany))
        options.range = SampleRange{0, 1000};
    const auto whole = reader.read(path, options);
    if (!whole) {
        promise(whole.failed() && !whole.error().text().empty(), "a refusal has its reason");
        return 0;
    }
    promise(header.ok(), "what can be read has metadata");
    for (const auto& lead : whole->leads)
        promise(lead.samples.size() == whole->samples(), "all leads are of one length");
    for (const auto& mark : whole->annotations)
        promise(mark.sample.value >= 0, "marks lie in the record");
    if (options.range)
        return 0;
    const auto n = static_cast<std::int64_t>(whole->samples());
    options.annotations = false;
    for (const auto& range : {SampleRange{n / 3, n / 3 + 1}, SampleRange{n - 1, 5}}) {
        options.range = range;
        const auto part = reader.read(path, options);
        promise(part.ok(), "a part of what can be read can be read");
        checkPart(*whole, *part);
    }
    if (size % 4 == 0)
        checkCopy(*whole);
    return 0;
}
