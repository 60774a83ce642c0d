// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/clinical_words.h"

#include "core/io/snomed_table.h"
#include "core/io/text.h"

#include <algorithm>
#include <cctype>
#include <unordered_map>

namespace precordia {

namespace {

constexpr std::string_view kJoining =
    "a an and or of in on at by to the with without for from no not is are be as than into over under between within "
    "probably probable possible possibly consider considered cannot ruled rule out suggests suggestive suspected "
    "suspicion likely unlikely unspecified undetermined uncertain age old new recent acute chronic early late mild "
    "moderate severe marked minor major minimal borderline otherwise other nonspecific non specific abnormal "
    "abnormality abnormalities normal variant typical atypical significant generalized generalised diffuse local "
    "localized localised first second third degree st nd rd type high low large small long short wide narrow fast slow "
    "rapid increased decreased elevated reduced prolonged shortened frequent occasional rare multiple single isolated "
    "one two three four few some many all any more less due prior previous present absent positive negative left right "
    "upper lower middle both bilateral complete incomplete partial total change changes findings finding pattern "
    "criteria changed unchanged stable controlled uncontrolled response rate rates time times voltage voltages "
    "deviation shift axis wave waves segment segments interval intervals complex complexes lead leads limb beat beats "
    "ecg ekg electrocardiogram rhythm heart cardiac about may might maybe seen also only both see i ii iii iv v per "
    "based data quality poor good recording category labels label true false yes unknown none extreme sustained "
    "nonsustained physiological pathological conduction disturbance disturbances disorder disorders disease syndrome "
    "state stage phase onset offset peak begin end start stop noise clean electric undefined formation vertical "
    "horizontal localisation localization part delay morphology when compared were have has been now longer shorter "
    "hyperacute subacute evolving evolved healing healed remote resolving resolved ongoing recurrent transient "
    "intermittent former proximal distal mid culprit infero postero poster septo latera distribution territory "
    "extensive "
    "replaced evident secondary adjacent exclude consistent masked obscured alternating wall antero combined";

constexpr std::string_view kClinical =
    "afib af afl flutter fibrillation flut atrial atrium atria auricular ventricular ventricle ventricles sinus "
    "sinusal "
    "node nodal junctional junction supraventricular idioventricular bradycardia tachycardia tachy brady arrhythmia "
    "dysrhythmia arrhythmic bradyarrhythmia tachyarrhythmia ectopic ectopy extrasystole extrasystoles premature "
    "contraction contractions complexes escape capture fusion aberrant aberrancy aberrantly bigeminy trigeminy "
    "quadrigeminy couplet couplets triplet salvo run runs pause pauses arrest exit sick paroxysmal persistent "
    "permanent "
    "multifocal multiform unifocal polymorphic monomorphic polymorph monomorph torsade torsades pointes asystole "
    "block blocks blocked bundle branch fascicular fascicle hemiblock bifascicular trifascicular anterior posterior "
    "anteroseptal anterolateral anteroapical inferolateral inferoposterior inferior lateral septal apical basal "
    "posterolateral inferoposterolateral anteroinferior precordial intraventricular interatrial atrioventricular av "
    "avb "
    "iavb 1avb 2avb 3avb 1davb aivr ivcd ivcb iv mobitz wenckebach luciani wolff parkinson white wpw lown ganong "
    "levine "
    "lgl brugada preexcitation excitation delta accessory pathway reentry reentrant avnrt avrt svt svta psvt vt vf vfl "
    "vfib nsvt lbbb rbbb lafb lpfb lahb lphb crbbb clbbb irbbb ilbbb nsivcb "
    "lvh rvh lah rah lae rae lao rao hypertrophy enlargement dilatation dilation overload strain hyp biatrial "
    "biventricular cardiomyopathy myocardial myocardium infarction infarct infarcts infarcted mi ami imi asmi almi "
    "ilmi "
    "ipmi iplmi lmi pmi ipm stemi nstemi scar necrosis subendocardial transmural injury injal injas injil injin injla "
    "ischemia ischaemia ischemic ischaemic isc iscal iscan iscas iscil iscin iscla coronary angina anginal "
    "repolarization repolarisation depolarization depolarisation elevation depression inversion inverted flat "
    "flattened flattening biphasic peaked tented t p q r s u qrs qt qtc pr rr st rs rsr sttc std ste stach sbrad sarrh "
    "tinv tab nst ndt dig norm cd pvc pvcs pac pacs pjc vpb vpbs apb apbs apc vpc pvb lvolt hvolt qwave qwav pwave "
    "lngqt lpr lqt sr psr nsr sa sb bigu trigu pace paced pacing pacemaker pm crt icd electronic artificial demand "
    "sensing spike aflt prc svarr eject vclvh prwp lowt nt noabn abqrs ivcd progression rotation clockwise "
    "counterclockwise dextrocardia situs dextroversion inversus reversal misplacement electrolyte hyperkalemia "
    "hyperkalaemia hypokalemia hypokalaemia hypocalcemia hypocalcaemia hypercalcemia hypercalcaemia digitalis digoxin "
    "drug effect toxicity intoxication pericarditis myocarditis pericardial effusion tamponade embolism pulmonary cor "
    "pulmonale amyloidosis aneurysm hypertension hypertensive hypertrophic dilated obstructive aortic mitral tricuspid "
    "valve valvular stenosis regurgitation insufficiency septum defect asd vsd pda tof fallot tetralogy ductus "
    "arteriosus foramen patent congenital kawasaki chagas heartbeat alternans electrical osborn epsilon "
    "hypothermia athlete vagal respiratory juvenile wandering migratory chaotic regular irregular irregularly "
    "undetermined indeterminate artifact artefact artifacts artefacts baseline wander drift electrode misplaced "
    "myopathy failure healthy pathology fibrotic precordium anginosus unstable stemi inferobasal "
    "lateralis subepicardial transition zone amplitude fragmented notched notching fqrs slurred slurring "
    "mdc lead_i rhy rhythmia svpb svpbs sve sves ve ves vpbeat apbeat bbb aberrated avf avl avr v1 v2 v3 v4 v5 v6 "
    "v3r v4r v7 v8 v9 prem qs supp rvot lvot unipolar bipolar intravintricular bigemini allorhythmic lv rv la ra "
    "lcx lad rca lmca occlusion occluded "
    "sinoatrial blockade intercalary synchrony accelerated chamber dual tracking repol imbalance diabetes mellitus";

// SNOMED names bring their own words; persons' names that are also words of a finding ("Wolff", "White") count as such.
std::unordered_map<std::string, WordKind> makeWords() {
    std::unordered_map<std::string, WordKind> words;
    const auto add = [&words](std::string_view text, WordKind kind) {
        for (const auto word : text::words(text))
            words.emplace(word, kind);
    };
    add(kJoining, WordKind::Joining);
    add(kClinical, WordKind::Clinical);
    for (const auto line : text::lines(snomedTable())) {
        auto spaced = text::lower(line);
        std::replace_if(
            spaced.begin(), spaced.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, ' ');
        for (const auto word : text::words(spaced))
            if (!text::integer(word))
                words.emplace(word, WordKind::Clinical);
    }
    return words;
}

} // namespace

WordKind clinicalWord(const std::string& word) {
    static const auto words = makeWords();
    const auto known = words.find(word);
    if (known != words.end())
        return known->second;
    if (word.size() == 3 && word[0] >= 'a' && word[0] <= 'z' &&
        std::isdigit(static_cast<unsigned char>(word[1])) != 0 &&
        std::isdigit(static_cast<unsigned char>(word[2])) != 0)
        return WordKind::Clinical; // a category of ICD-10: I48
    const bool digits = std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits && word.size() <= 3 ? WordKind::Joining : WordKind::Unknown;
}

} // namespace precordia
