// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/source_options.h"

#include "core/study/import_scan.h"
#include "core/study/study_impl.h"

namespace precordia {

namespace fs = std::filesystem;

namespace {

const std::string kPrefix = "table-layout/";

std::string layoutKey(const Pseudonyms& pseudonyms, const std::string& storedPath) {
    return kPrefix + pseudonyms.settingKey(storedPath);
}

} // namespace

SourceOptions::SourceOptions(const Layouts& given) {
    for (const auto& [file, layout] : given)
        given_.emplace(sourceKey(file), layout);
}

std::string SourceOptions::keyOf(const fs::path& source) const {
    return layoutKey(*pseudonyms_, storedPath(folder_, source));
}

Result<Done> SourceOptions::load(const Study& study, const fs::path* only) {
    folder_ = study.folder();
    const auto& database = *study.impl().database;
    const std::vector<QVariant> keys = {toQt(kPrefix), toQt(kPrefix + "~")};
    const auto any = database.scalar("SELECT EXISTS(SELECT 1 FROM settings WHERE key BETWEEN ? AND ?)", keys);
    if (!any || !any->toBool()) // most studies: their key is not asked for
        return any ? Result<Done>(Done{}) : any.as<Done>();
    const auto& pseudonyms = study.impl().pseudonyms();
    if (!pseudonyms)
        return pseudonyms.as<Done>();
    pseudonyms_ = *pseudonyms;
    if (only != nullptr) {
        const auto key = keyOf(*only);
        if (auto said = study.value(key); !said.empty())
            kept_.emplace(key, std::move(said));
        return Done{};
    }
    auto found = database.run("SELECT key, value FROM settings WHERE key BETWEEN ? AND ?", keys);
    if (!found)
        return found.as<Done>();
    while (found->next())
        kept_.emplace(fromQt(found->value(0)), fromQt(found->value(1)));
    return Done{};
}

Result<SourceOptions> SourceOptions::of(const Study& study, const Layouts& given) {
    SourceOptions out(given);
    const auto done = out.load(study, nullptr);
    return done ? Result<SourceOptions>(std::move(out)) : done.as<SourceOptions>();
}

Result<SourceOptions> SourceOptions::ofFile(const Study& study, const fs::path& source) {
    SourceOptions out;
    const auto done = out.load(study, &source);
    return done ? Result<SourceOptions>(std::move(out)) : done.as<SourceOptions>();
}

const TableLayout* SourceOptions::given(const fs::path& source) const {
    const auto said = given_.find(source);
    return said != given_.end() ? &said->second : nullptr;
}

Result<ReadOptions> SourceOptions::of(const fs::path& source, std::int64_t item) const {
    ReadOptions options;
    options.item = item;
    if (const auto* said = given(source); said != nullptr) {
        options.tableLayout = *said;
    } else if (!kept_.empty()) {
        if (const auto kept = kept_.find(keyOf(source)); kept != kept_.end()) {
            auto layout = layoutFromJson(kept->second, folder_.string());
            if (!layout)
                return layout.as<ReadOptions>();
            options.tableLayout = *std::move(layout);
        }
    }
    return options;
}

bool SourceOptions::isNew(const fs::path& source) const {
    const auto* said = given(source);
    if (said == nullptr)
        return false;
    const auto kept = kept_.empty() ? kept_.end() : kept_.find(keyOf(source));
    return kept == kept_.end() || kept->second != toJson(*said);
}

Result<Done> keepTableLayout(Study& study, const fs::path& source, const TableLayout& layout) {
    const auto& pseudonyms = study.impl().pseudonyms();
    if (!pseudonyms)
        return pseudonyms.as<Done>();
    return study.setValue(layoutKey(*pseudonyms, study.impl().storedPath(source)), toJson(layout));
}

} // namespace precordia
