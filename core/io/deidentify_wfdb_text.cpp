// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/deidentify_wfdb_text.h"

#include "core/ecg/recording.h"
#include "core/io/deidentify.h"
#include "core/io/header_comments.h"
#include "core/io/snomed.h"
#include "core/io/snomed_table.h"
#include "core/io/text.h"
#include "core/io/units.h"
#include "core/io/wfdb_annotation.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <unordered_set>
#include <utility>

namespace precordia::wfdb {

namespace {

using Words = std::unordered_set<std::string>;

// Splits at everything that is no letter or digit; words of bytes beyond ASCII stay whole and are on no list.
std::vector<std::string> tokens(std::string_view text) {
    std::vector<std::string> out;
    std::string word;
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        if (std::isalnum(u) != 0 || u >= 0x80U) {
            word.push_back(c);
            continue;
        }
        if (!word.empty())
            out.push_back(text::lower(std::exchange(word, {})));
    }
    if (!word.empty())
        out.push_back(text::lower(word));
    return out;
}

bool isNumber(const std::string& word, std::size_t digits) {
    return word.size() <= digits && std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void addWords(Words& words, std::string_view text) {
    for (auto& word : tokens(text))
        if (!isNumber(word, word.size()))
            words.insert(std::move(word));
}

// The words of diagnoses: those of the SNOMED names, and of the labels of research sets.
const Words& clinicalWords() {
    static const auto words = [] {
        Words made;
        for (const auto line : text::lines(snomedTable()))
            if (const auto cells = text::split(line, ','); cells.size() == 3) {
                addWords(made, cells[1]);
                addWords(made, cells[2]);
            }
        addWords(made,
                 "rhythm sinus electric axis of the heart normal left right horizontal vertical deviation undefined "
                 "hypertrophy overload ventricular atrial incomplete complete bundle branch block anterior posterior "
                 "hemiblock non specific repolarization abnormalities inferior lateral septal apical wall walls "
                 "ischemia ischaemia scar formation supp nstemi stemi early syndrome degree av i ii iii fibrillation "
                 "flutter tachycardia bradycardia arrhythmia irregular paced pacing unipolar bipolar pacemaker "
                 "extrasystole extrasystoles couplet single pac pvc type low grade high intermittent wandering "
                 "biventricular bigemini bigeminy trigeminy interventricular delay conduction escape junctional "
                 "supraventricular premature beat beats complex complexes contraction prolonged short qt pr qrs st t p "
                 "wave segment elevation depression inversion change changes abnormal nonspecific infarction infarct "
                 "myocardial acute old possible probable borderline norm mi sttc cd hyp imi asmi lvh rvh lao lae rao "
                 "rae ndt nst dig lngqt isc iscal iscas iscla iscin isca ami almi injas lmi injal ipmi ilmi injin "
                 "injla injil pmi irbbb crbbb irbbb lafb lpfb clbbb ilbbb ivcd wpw avb 1avb 2avb 3avb sr afib afl aflt "
                 "sbrad stach sarrh svarr svtac psvt pace trigu bigu lvolt hvolt qwave lowt nt inverted t_ tab_ "
                 "chagas positive negative healthy control controls cardiomyopathy dysrhythmia myocarditis valvular "
                 "disease heart failure bundle angina stable unstable palpitation and or with without in on wall no");
        return made;
    }();
    return words;
}

const Words& signalWords() {
    static const auto words = [] {
        Words made;
        for (const auto& lead : standardLeads())
            made.insert(text::lower(lead));
        addWords(
            made,
            "ecg ekg lead leads ch channel col sig signal fmt derivation ml ml1 ml2 ml3 ml4 ml5 ml6 mli mlii mliii "
            "mcl mcl1 mcl2 mcl3 mcl4 mcl5 mcl6 mv mv1 mv2 mv3 mv4 mv5 mv6 mod v v7 v8 v9 v3r v4r v5r v6r vx vy vz "
            "x y z d d1 d2 d3 d4 e a s cm cm1 cm2 cm4 cm5 cc5 cs cs12 nasa di dii diii abp art pap cvp icp bp abd "
            "nbp sys dias mean abpsys abpdias abpmean nbpsys nbpdias nbpmean pulse ple pleth ppg spo2 sao2 so2 o2 "
            "co2 etco2 resp respiration imp impedance thorax abdomen airflow airway flow pressure volume hr rr "
            "emg eog eeg c3 c4 o1 o2 a1 a2 acc accelerometer acceleration gyro angle gsr eda foot hand chest wrist "
            "finger marker event noise temp temperature body icg dzdt pcg uc fecg toco fhr pa lap rap ptt stroke "
            "sine ramp squarewave hrv");
        return made;
    }();
    return words;
}

bool allKnown(std::string_view text, const Words& words, std::size_t digits) {
    const auto found = tokens(text);
    return !found.empty() && std::all_of(found.begin(), found.end(), [&](const std::string& word) {
        return isNumber(word, digits) || words.count(word) > 0;
    });
}

std::string joined(const std::vector<std::string>& items, std::string_view between) {
    std::string out;
    for (const auto& item : items)
        out += (out.empty() ? "" : std::string(between)) + item;
    return out;
}

} // namespace

std::vector<std::string> clinicalComments(const std::vector<std::string>& comments, std::size_t& dropped) {
    Recording read;
    applyComments(comments, read);
    const auto& said = read.metadata;
    std::vector<std::string> out;
    if (said.ageYears)
        out.push_back("Age: " + text::shortest(groupedAge(*said.ageYears)));
    if (!said.sex.empty())
        out.push_back(std::string("Sex: ") + (said.sex == "male" ? "Male" : "Female"));
    std::vector<std::string> codes;
    std::copy_if(said.diagnosisCodes.begin(), said.diagnosisCodes.end(), std::back_inserter(codes),
                 [](const std::string& code) { return snomedName(code).has_value(); });
    if (!codes.empty())
        out.push_back("Dx: " + joined(codes, ","));
    std::vector<std::string> statements;
    for (const auto& diagnosis : said.diagnosisTexts) {
        if (!allKnown(diagnosis, clinicalWords(), 1))
            continue;
        if (text::lower(diagnosis).starts_with("rhythm:"))
            out.push_back(diagnosis);
        else
            statements.push_back(diagnosis);
    }
    if (!statements.empty())
        out.push_back("Statements: " + joined(statements, "; "));
    dropped += static_cast<std::size_t>(std::count_if(comments.begin(), comments.end(), [&](const std::string& line) {
        return !text::trim(line).empty() && std::find(out.begin(), out.end(), text::trim(line)) == out.end();
    }));
    return out;
}

std::string patientIn(const std::vector<std::string>& comments) {
    static constexpr std::array<std::string_view, 10> kKeys{"patient", "patient id", "patientid",  "patient_id", "id",
                                                            "subject", "subject id", "subject_id", "subjectid",  "mrn"};
    for (const auto& comment : comments) {
        auto line = text::trim(comment);
        if (line.starts_with('<'))
            line.remove_prefix(1);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos)
            continue;
        auto key = line.substr(0, colon);
        if (key.ends_with('>'))
            key.remove_suffix(1);
        if (std::find(kKeys.begin(), kKeys.end(), text::lower(text::trim(key))) == kKeys.end())
            continue;
        if (const auto value = text::trim(line.substr(colon + 1, line.find('<') - colon - 1)); !value.empty())
            return std::string(value);
    }
    return {};
}

bool knownDescription(std::string_view description) {
    return allKnown(description, signalWords(), 2);
}

bool knownUnit(std::string_view unit) {
    static const std::set<std::string, std::less<>> kUnits{
        "NU",  "nu",   "mmHg",    "cmH2O", "kPa", "Pa", "bpm",   "pm",         "lpm", "rpm",   "%",     "degC", "degF",
        "C",   "deg",  "degrees", "mg",    "g",   "G",  "m/s^2", "m/s2",       "ms",  "s",     "sec",   "Hz",   "ohm",
        "Ohm", "ohms", "kOhm",    "uS",    "mS",  "l",  "L",     "ml",         "mL",  "l/min", "L/min", "l/s",  "L/s",
        "au",  "a.u.", "adu",     "mA",    "uA",  "1",  "units", "normalized", "Vs",  "mmH2O"};
    return microvoltsPer(unit).has_value() || kUnits.find(unit) != kUnits.end();
}

bool knownAnnotationText(std::string_view text) {
    static const std::set<std::string, std::less<>> kCodes{
        "(AB",  "(AFIB", "(AF",   "(AFL",  "(AT",   "(B",    "(BI",  "(BII",  "(BIII", "(IVR",   "(N",
        "(NOD", "(P",    "(PM",   "(PREX", "(SBR",  "(SVTA", "(SVT", "(T",    "(VFL",  "(VF",    "(VFIB",
        "(VT",  "(SAB",  "(NSR",  "(J",    "(HGEA", "(VER",  "(BBB", "(ASYS", "(AV",   "(SARRH", "(STACH",
        "PSE",  "TS",    "MISSB", "NOISE", "VFON",  "VFOFF", "AFF",  "TST",   "U"};
    if (kCodes.find(text) != kCodes.end())
        return true;
    // "(ST0+", "AST1-400", "ST1+)", "(rtST0+", "T0+300": letters of ST and T changes, a signal, a sign, microvolts.
    if (text.size() > 12 || text.find('T') == std::string_view::npos)
        return false;
    std::size_t digits = 0;
    std::size_t letters = 0;
    for (const char c : text) {
        if (std::string_view("()+-ASTrtcd").find(c) != std::string_view::npos)
            letters += std::isalpha(static_cast<unsigned char>(c)) != 0 ? 1 : 0;
        else if (c >= '0' && c <= '9')
            ++digits;
        else
            return false;
    }
    return letters <= 5 && digits <= 5 && text.find_first_of("+-") != std::string_view::npos;
}

namespace {

enum Code : unsigned { kNote = 22, kSkip = 59, kNum = 60, kAux = 63 };

// Copies the words of an annotation file; a mark waits with its modifiers until the next one begins.
class AnnotationCopy {
public:
    AnnotationCopy(std::span<const std::byte> bytes, std::size_t& dropped) : bytes_(bytes), dropped_(dropped) {}

    // Promise of the caller: parseAnnotations() took the bytes.
    std::vector<std::byte> run() {
        for (;;) {
            const auto word = next();
            const auto code = word >> 10U;
            const auto value = word & 0x3FFU;
            if (word == 0)
                break;
            if (code == kAux) {
                text(value);
            } else if (code == kSkip) {
                flush(); // the time of the next mark
                const auto high = next();
                const auto low = next();
                time_ += static_cast<std::int32_t>(high << 16U | low);
                for (const auto w : {word, high, low})
                    put(out_, w);
            } else if (code >= kNum) {
                put(mark_, word);
            } else {
                flush();
                time_ += value;
                note_ = code == kNote && time_ == 0 && value == 0;
                put(mark_, word);
            }
        }
        flush();
        put(out_, 0);
        return std::move(out_);
    }

private:
    unsigned next() {
        const auto low = std::to_integer<unsigned>(bytes_[at_]);
        const auto high = std::to_integer<unsigned>(bytes_[at_ + 1]);
        at_ += 2;
        return low | high << 8U;
    }
    static void put(std::vector<std::byte>& to, unsigned word) {
        to.push_back(static_cast<std::byte>(word & 0xFFU));
        to.push_back(static_cast<std::byte>(word >> 8U));
    }
    void putText(std::string_view text) {
        put(mark_, kAux << 10U | static_cast<unsigned>(text.size()));
        for (const char c : text)
            mark_.push_back(static_cast<std::byte>(c));
        if (text.size() % 2 != 0)
            mark_.push_back(std::byte{0});
    }
    void text(std::size_t size) {
        auto said = text::asText(bytes_.subspan(at_, size));
        at_ += size + size % 2;
        said = said.substr(0, said.find('\0'));
        constexpr std::string_view kResolution = "## time resolution:";
        if (note_ && said.starts_with(kResolution)) {
            if (const auto rate = text::number(said.substr(kResolution.size())); rate && *rate > 0) {
                const auto clean = std::string(kResolution) + " " + text::shortest(*rate);
                putText(clean);
                return;
            }
        }
        if (note_ && (said.starts_with("## ") || definitions_)) {
            definitions_ = said.starts_with("## annotation type definitions") ||
                           (definitions_ && !said.starts_with("## end of definitions"));
            gone_ = true; // says something of the file, not of a place in it
            ++dropped_;
            return;
        }
        if (said.empty())
            return;
        if (knownAnnotationText(said))
            putText(said);
        else
            ++dropped_;
    }
    void flush() {
        if (!gone_)
            out_.insert(out_.end(), mark_.begin(), mark_.end());
        mark_.clear();
        gone_ = note_ = false;
    }

    std::span<const std::byte> bytes_;
    std::size_t& dropped_;
    std::size_t at_ = 0;
    std::int64_t time_ = 0;
    bool note_ = false, gone_ = false, definitions_ = false;
    std::vector<std::byte> mark_, out_;
};

} // namespace

std::vector<std::byte> clinicalAnnotations(std::span<const std::byte> bytes, std::size_t& dropped) {
    if (!parseAnnotations(bytes, {}))
        return {};
    return AnnotationCopy(bytes, dropped).run();
}

} // namespace precordia::wfdb
