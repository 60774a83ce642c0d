<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>CompareOffer</name>
    <message>
        <source>Compare with the current one</source>
        <translation>Mit dem aktuellen vergleichen</translation>
    </message>
</context>
<context>
    <name>MapColours</name>
    <message>
        <source>label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>cluster</source>
        <translation>Cluster</translation>
    </message>
    <message>
        <source>data set</source>
        <translation>Datensatz</translation>
    </message>
    <message>
        <source>sex</source>
        <translation>Geschlecht</translation>
    </message>
    <message>
        <source>heart rate</source>
        <translation>Herzfrequenz</translation>
    </message>
    <message>
        <source>RR spread</source>
        <translation>RR-Streuung</translation>
    </message>
    <message>
        <source>age</source>
        <translation>Alter</translation>
    </message>
    <message>
        <source>surprise</source>
        <translation>Überraschung</translation>
    </message>
    <message>
        <source>bpm</source>
        <translation>/min</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>years</source>
        <translation>Jahre</translation>
    </message>
    <message>
        <source>latent error</source>
        <translation>latenter Fehler</translation>
    </message>
    <message>
        <source>cluster %1</source>
        <translation>Cluster %1</translation>
    </message>
    <message>
        <source>female</source>
        <translation>weiblich</translation>
    </message>
    <message>
        <source>male</source>
        <translation>männlich</translation>
    </message>
    <message>
        <source>other labels</source>
        <translation>andere Labels</translation>
    </message>
    <message>
        <source>other</source>
        <translation>andere</translation>
    </message>
    <message>
        <source>no label</source>
        <translation>kein Label</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>nicht bekannt</translation>
    </message>
    <message numerus="yes">
        <source>%n recording(s) with several labels: each is one dot, in the colour of the rarest of its labels that are listed here. &quot;3 of 8&quot;: 3 dots in this colour, 8 recordings with the label.</source>
        <translation>
            <numerusform>%n Aufzeichnung mit mehreren Labels: ein Punkt, in der Farbe des seltensten ihrer hier genannten Labels. „3 von 8“: 3 Punkte dieser Farbe, 8 Aufzeichnungen mit dem Label.</numerusform>
            <numerusform>%n Aufzeichnungen mit mehreren Labels: jede ein Punkt, in der Farbe des seltensten ihrer hier genannten Labels. „3 von 8“: 3 Punkte dieser Farbe, 8 Aufzeichnungen mit dem Label.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Paper</name>
    <message>
        <source>%1 mm/s  %2 mm/mV  filters: %3 · Research use only</source>
        <translation>%1 mm/s  %2 mm/mV  Filter: %3 · Nur für Forschung</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>%1 (date shifted)</source>
        <translation>%1 (Datum verschoben)</translation>
    </message>
    <message>
        <source>%1 to %2 s of %3 s</source>
        <translation>%1 bis %2 s von %3 s</translation>
    </message>
    <message>
        <source>trace cut at its row: lower the gain</source>
        <translation>Kurve an ihrer Zeile abgeschnitten: Verstärkung verringern</translation>
    </message>
    <message>
        <source>under 1 year</source>
        <translation>unter 1 Jahr</translation>
    </message>
    <message>
        <source>1 year</source>
        <translation>1 Jahr</translation>
    </message>
    <message>
        <source>%1 years</source>
        <translation>%1 Jahre</translation>
    </message>
    <message>
        <source>1 day</source>
        <translation>1 Tag</translation>
    </message>
    <message>
        <source>%1 days</source>
        <translation>%1 Tage</translation>
    </message>
    <message>
        <source>1 month</source>
        <translation>1 Monat</translation>
    </message>
    <message>
        <source>%1 months</source>
        <translation>%1 Monate</translation>
    </message>
    <message>
        <source>%1–%2 Hz</source>
        <translation>%1–%2 Hz</translation>
    </message>
    <message>
        <source>high-pass %1 Hz</source>
        <translation>Hochpass %1 Hz</translation>
    </message>
    <message>
        <source>low-pass %1 Hz</source>
        <translation>Tiefpass %1 Hz</translation>
    </message>
    <message>
        <source>notch %1 Hz</source>
        <translation>Kerbfilter %1 Hz</translation>
    </message>
</context>
<context>
    <name>PrintEcg</name>
    <message>
        <source>Print the ECG: %1</source>
        <translation>Das EKG drucken: %1</translation>
    </message>
</context>
<context>
    <name>Report</name>
    <message>
        <source>en</source>
        <comment>the language of the page, as HTML names it</comment>
        <translation>de</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>Messwerte</translation>
    </message>
    <message>
        <source>computed</source>
        <translation>berechnet</translation>
    </message>
    <message>
        <source>from file</source>
        <translation>aus Datei</translation>
    </message>
    <message>
        <source>Nearest recordings in the study</source>
        <translation>Ähnlichste Aufzeichnungen der Studie</translation>
    </message>
    <message>
        <source>recording</source>
        <translation>Aufzeichnung</translation>
    </message>
    <message>
        <source>heart rate</source>
        <translation>Herzfrequenz</translation>
    </message>
    <message>
        <source>labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>distance</source>
        <translation>Abstand</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>und %n weitere</numerusform>
            <numerusform>und %n weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>no model yet</source>
        <translation>noch kein Modell</translation>
    </message>
    <message>
        <source>not embedded</source>
        <translation>nicht eingebettet</translation>
    </message>
    <message>
        <source>derived</source>
        <translation>abgeleitet</translation>
    </message>
    <message>
        <source>not recorded</source>
        <translation>nicht aufgezeichnet</translation>
    </message>
    <message>
        <source>surprise</source>
        <translation>Überraschung</translation>
    </message>
    <message>
        <source>0 to %1</source>
        <translation>0 bis %L1</translation>
    </message>
    <message>
        <source>Heart rate</source>
        <translation>Herzfrequenz</translation>
    </message>
    <message>
        <source>RR</source>
        <translation>RR</translation>
    </message>
    <message>
        <source>RR spread (SD)</source>
        <translation>RR-Streuung (SD)</translation>
    </message>
    <message>
        <source>P</source>
        <translation>P</translation>
    </message>
    <message>
        <source>PR</source>
        <translation>PQ</translation>
    </message>
    <message>
        <source>QRS</source>
        <translation>QRS</translation>
    </message>
    <message>
        <source>QT</source>
        <translation>QT</translation>
    </message>
    <message>
        <source>QTc</source>
        <translation>QTc</translation>
    </message>
    <message>
        <source>QTc (Bazett)</source>
        <translation>QTc (Bazett)</translation>
    </message>
    <message>
        <source>QTc (Fridericia)</source>
        <translation>QTc (Fridericia)</translation>
    </message>
    <message>
        <source>QTc (Framingham)</source>
        <translation>QTc (Framingham)</translation>
    </message>
    <message>
        <source>QTc (Hodges)</source>
        <translation>QTc (Hodges)</translation>
    </message>
    <message>
        <source>P axis</source>
        <translation>P-Achse</translation>
    </message>
    <message>
        <source>QRS axis</source>
        <translation>QRS-Achse</translation>
    </message>
    <message>
        <source>T axis</source>
        <translation>T-Achse</translation>
    </message>
    <message>
        <source>Ventricular rate</source>
        <translation>Kammerfrequenz</translation>
    </message>
    <message>
        <source>Atrial rate</source>
        <translation>Vorhoffrequenz</translation>
    </message>
    <message>
        <source>PP</source>
        <translation>PP</translation>
    </message>
    <message>
        <source>bpm</source>
        <translation>/min</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>female</source>
        <translation>weiblich</translation>
    </message>
    <message>
        <source>male</source>
        <translation>männlich</translation>
    </message>
    <message>
        <source>sex unknown</source>
        <translation>Geschlecht unbekannt</translation>
    </message>
    <message>
        <source>patient %1</source>
        <translation>Patient %1</translation>
    </message>
    <message>
        <source>age unknown</source>
        <translation>Alter unbekannt</translation>
    </message>
    <message>
        <source>%1 leads, %2 Hz, %3 s</source>
        <translation>%1 Ableitungen, %2 Hz, %L3 s</translation>
    </message>
    <message>
        <source>%1 bpm</source>
        <translation>%1 /min</translation>
    </message>
    <message>
        <source>No model has encoded this study yet.</source>
        <translation>Noch kein Modell hat diese Studie kodiert.</translation>
    </message>
    <message>
        <source>Surprise: percentile %1 of the study</source>
        <translation>Überraschung: Perzentil %1 der Studie</translation>
    </message>
    <message>
        <source>Surprise: not computed</source>
        <translation>Überraschung: nicht berechnet</translation>
    </message>
    <message>
        <source>Latent error %1 (mean of the largest tenth)</source>
        <translation>Latenter Fehler %L1 (Mittel obere 10&#xa0;%)</translation>
    </message>
    <message>
        <source>Cluster %1 of the current map</source>
        <translation>Cluster %1 der aktuellen Karte</translation>
    </message>
    <message>
        <source>model %1</source>
        <translation>Modell %1</translation>
    </message>
    <message>
        <source>preprocessing %1</source>
        <translation>Vorverarbeitung %1</translation>
    </message>
    <message>
        <source>source sha256 %1</source>
        <translation>Quelle sha256 %1</translation>
    </message>
    <message>
        <source>Research use only</source>
        <translation>Nur für Forschungszwecke</translation>
    </message>
    <message>
        <source>.</source>
        <comment>the decimal sign</comment>
        <translation>,</translation>
    </message>
    <message>
        <source>moved</source>
        <translation>verschoben</translation>
    </message>
    <message>
        <source>marks moved by %1, %2</source>
        <translation>Marken verschoben von %1, %2</translation>
    </message>
    <message>
        <source>intervals and axes: of the first %1 min</source>
        <translation>Intervalle und Achsen: der ersten %1 min</translation>
    </message>
    <message>
        <source>intervals and axes: not kept of more than %1 min</source>
        <translation>Intervalle und Achsen: bei mehr als %1 min nicht geführt</translation>
    </message>
</context>
<context>
    <name>Texts</name>
    <message>
        <source>the file is not there</source>
        <translation>die Datei ist nicht da</translation>
    </message>
    <message>
        <source>the file cannot be read</source>
        <translation>die Datei lässt sich nicht lesen</translation>
    </message>
    <message>
        <source>the file cannot be written</source>
        <translation>die Datei lässt sich nicht schreiben</translation>
    </message>
    <message>
        <source>the file ends too early</source>
        <translation>die Datei endet zu früh</translation>
    </message>
    <message>
        <source>the format is not known</source>
        <translation>das Format ist nicht bekannt</translation>
    </message>
    <message>
        <source>the file breaks the rules of its format</source>
        <translation>die Datei verletzt die Regeln ihres Formats</translation>
    </message>
    <message>
        <source>this variant of the format is not supported</source>
        <translation>diese Variante des Formats wird nicht unterstützt</translation>
    </message>
    <message>
        <source>a value is out of range</source>
        <translation>ein Wert liegt außerhalb des Bereichs</translation>
    </message>
    <message>
        <source>the signal is too short</source>
        <translation>das Signal ist zu kurz</translation>
    </message>
    <message>
        <source>a lead is missing</source>
        <translation>eine Ableitung fehlt</translation>
    </message>
    <message>
        <source>it is not there</source>
        <translation>es ist nicht vorhanden</translation>
    </message>
    <message>
        <source>it exists already</source>
        <translation>es ist schon vorhanden</translation>
    </message>
    <message>
        <source>the configuration is not valid</source>
        <translation>die Konfiguration ist nicht gültig</translation>
    </message>
    <message>
        <source>the model file does not fit</source>
        <translation>die Modelldatei passt nicht</translation>
    </message>
    <message>
        <source>the model engine could not be loaded</source>
        <translation>der Rechenkern konnte nicht geladen werden</translation>
    </message>
    <message>
        <source>the compute device is not available</source>
        <translation>das Rechengerät ist nicht verfügbar</translation>
    </message>
    <message>
        <source>there is not enough memory</source>
        <translation>der Speicher reicht nicht</translation>
    </message>
    <message>
        <source>a number is not finite</source>
        <translation>eine Zahl ist nicht endlich</translation>
    </message>
    <message>
        <source>the study&apos;s database refused</source>
        <translation>die Datenbank der Studie hat abgelehnt</translation>
    </message>
    <message>
        <source>wrong use</source>
        <translation>falsche Verwendung</translation>
    </message>
    <message>
        <source>a defect of the program itself, please report it</source>
        <translation>ein Fehler des Programms selbst, bitte melden</translation>
    </message>
    <message>
        <source>making demo recordings</source>
        <translation>Demo-Aufzeichnungen werden erzeugt</translation>
    </message>
    <message>
        <source>looking for files</source>
        <translation>Dateien werden gesucht</translation>
    </message>
    <message>
        <source>importing</source>
        <translation>Import läuft</translation>
    </message>
    <message>
        <source>preparing signals</source>
        <translation>Signale werden vorbereitet</translation>
    </message>
    <message>
        <source>pretraining</source>
        <translation>Vortraining</translation>
    </message>
    <message>
        <source>Encoding for the event decoder</source>
        <translation>Kodierung für den Ereignisdekoder</translation>
    </message>
    <message>
        <source>Fitting the event decoder</source>
        <translation>Ereignisdekoder wird angepasst</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>Modell wird geladen</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>Kodierung</translation>
    </message>
    <message>
        <source>Surprise</source>
        <translation>Überraschung</translation>
    </message>
    <message>
        <source>Neighbour index</source>
        <translation>Nachbarindex</translation>
    </message>
    <message>
        <source>Nearest neighbours</source>
        <translation>Nächste Nachbarn</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>Layout</translation>
    </message>
    <message>
        <source>Clusters</source>
        <translation>Cluster</translation>
    </message>
    <message>
        <source>Simple features</source>
        <translation>Einfache Merkmale</translation>
    </message>
    <message>
        <source>Probes</source>
        <translation>Sonden</translation>
    </message>
    <message>
        <source>Copying</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>writing reports</source>
        <translation>Berichte werden geschrieben</translation>
    </message>
    <message>
        <source>Encodings differ between recordings and over time as they should: effective rank of the event encodings %1 (at the start %2).</source>
        <translation>Die Kodierungen unterscheiden sich zwischen Aufzeichnungen und über die Zeit, wie sie sollen: effektiver Rang der Ereigniskodierungen %1 (zu Beginn %2).</translation>
    </message>
    <message>
        <source>Encodings differ between recordings and over time as they should.</source>
        <translation>Die Kodierungen unterscheiden sich zwischen Aufzeichnungen und über die Zeit, wie sie sollen.</translation>
    </message>
    <message>
        <source>Encodings are losing their variety: %1.</source>
        <translation>Die Kodierungen verlieren ihre Vielfalt: %1.</translation>
    </message>
    <message>
        <source>Encodings have lost their variety, the model cannot be used: %1.</source>
        <translation>Die Kodierungen haben ihre Vielfalt verloren, das Modell ist unbrauchbar: %1.</translation>
    </message>
    <message>
        <source>the effective rank of the %1 encodings fell from %2 to %3</source>
        <translation>der effektive Rang der %1kodierungen fiel von %2 auf %3</translation>
    </message>
    <message>
        <source>the spread of the %1 encodings fell from %2 to %3</source>
        <translation>die Streuung der %1kodierungen fiel von %2 auf %3</translation>
    </message>
    <message>
        <source>the spread over time of the %1 encodings fell from %2 to %3</source>
        <translation>die zeitliche Streuung der %1kodierungen fiel von %2 auf %3</translation>
    </message>
    <message>
        <source>different recordings have nearly the same %1 encodings (mean cosine %2)</source>
        <translation>verschiedene Aufzeichnungen haben fast gleiche %1kodierungen (mittlerer Kosinus %2)</translation>
    </message>
    <message>
        <source>this LibTorch can use CUDA, but no CUDA device answers (is the NVIDIA driver installed?)</source>
        <translation>diese LibTorch kann CUDA nutzen, aber kein CUDA-Gerät antwortet (ist der NVIDIA-Treiber installiert?)</translation>
    </message>
    <message>
        <source>this LibTorch (%1) was built without CUDA; the README says how to build with a CUDA LibTorch</source>
        <translation>diese LibTorch (%1) wurde ohne CUDA gebaut; die README sagt, wie man mit einer CUDA-LibTorch baut</translation>
    </message>
    <message>
        <source>lead</source>
        <comment>before &quot;encodings&quot;</comment>
        <translation>Ableitungs</translation>
    </message>
    <message>
        <source>interval</source>
        <comment>before &quot;encodings&quot;</comment>
        <translation>Intervall</translation>
    </message>
    <message>
        <source>event</source>
        <comment>before &quot;encodings&quot;</comment>
        <translation>Ereignis</translation>
    </message>
    <message>
        <source>recording</source>
        <comment>before &quot;encodings&quot;</comment>
        <translation>Aufzeichnungs</translation>
    </message>
    <message>
        <source>healthy</source>
        <translation>gesund</translation>
    </message>
    <message>
        <source>collapsing</source>
        <translation>kollabierend</translation>
    </message>
    <message>
        <source>collapsed</source>
        <translation>kollabiert</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>beendet</translation>
    </message>
    <message>
        <source>%1, %2 cores</source>
        <translation>%1, %2 Kerne</translation>
    </message>
    <message>
        <source>the effective rank of the %1 encodings fell from %2 to %3 of %4</source>
        <translation>der effektive Rang der %1kodierungen fiel von %2 auf %3 von %4</translation>
    </message>
    <message>
        <source>slow the teacher: %1; it began at %2</source>
        <translation>den Lehrer verlangsamen: %1; er begann bei %2</translation>
    </message>
    <message>
        <source>add a regulariser: %1; it was none</source>
        <translation>einen Regularisierer hinzunehmen: %1; es gab keinen</translation>
    </message>
    <message>
        <source>raise the regulariser&apos;s weight: %1; it was %2</source>
        <translation>das Gewicht des Regularisierers erhöhen: %1; es war %2</translation>
    </message>
    <message>
        <source>lower the learning rate: %1; it was %2</source>
        <translation>die Lernrate senken: %1; sie war %2</translation>
    </message>
    <message>
        <source>warm up longer: %1; it was %2</source>
        <translation>länger aufwärmen: %1; es war %2</translation>
    </message>
    <message>
        <source>try dropout: %1; it was %2</source>
        <translation>Dropout versuchen: %1; es war %2</translation>
    </message>
    <message>
        <source>begin a new run, with another seed: a collapsed encoder does not recover</source>
        <translation>einen neuen Lauf mit anderem Startwert beginnen: ein kollabierter Kodierer erholt sich nicht</translation>
    </message>
    <message>
        <source>watch the next diagnoses before you stop it</source>
        <translation>die nächsten Diagnosen abwarten, bevor Sie ihn anhalten</translation>
    </message>
    <message>
        <source>Test of the second epoch, at step %1: passed, no sign of collapse.</source>
        <translation>Prüfung der zweiten Epoche, bei Schritt %1: bestanden, kein Zeichen eines Kollapses.</translation>
    </message>
    <message>
        <source>Test of the second epoch, at step %1: failed. %2</source>
        <translation>Prüfung der zweiten Epoche, bei Schritt %1: nicht bestanden. %2</translation>
    </message>
    <message>
        <source>Step %1: the loss %2 lies %3 deviations above the mean of the %4 steps before.</source>
        <translation>Schritt %1: der Verlust %2 liegt %3 Standardabweichungen über dem Mittel der %4 Schritte davor.</translation>
    </message>
    <message>
        <source>Step %1: the loss %2 lies %3 deviations below the mean of the %4 steps before.</source>
        <translation>Schritt %1: der Verlust %2 liegt %3 Standardabweichungen unter dem Mittel der %4 Schritte davor.</translation>
    </message>
    <message>
        <source>Step %1: the gradient&apos;s norm %2 lies %3 deviations above the mean of the %4 steps before.</source>
        <translation>Schritt %1: die Norm des Gradienten %2 liegt %3 Standardabweichungen über dem Mittel der %4 Schritte davor.</translation>
    </message>
    <message>
        <source>Step %1: the gradient&apos;s norm %2 lies %3 deviations below the mean of the %4 steps before.</source>
        <translation>Schritt %1: die Norm des Gradienten %2 liegt %3 Standardabweichungen unter dem Mittel der %4 Schritte davor.</translation>
    </message>
    <message>
        <source>a process of the run is lost</source>
        <translation>ein Prozess des Laufs ist verloren</translation>
    </message>
    <message>
        <source>Looking at the windows</source>
        <translation>Fenster werden durchgesehen</translation>
    </message>
    <message>
        <source>Training the attentive probe</source>
        <translation>Attention-Probe wird trainiert</translation>
    </message>
    <message>
        <source>Fine-tuning</source>
        <translation>Feinabstimmung</translation>
    </message>
    <message>
        <source>a damaged checkpoint was passed over and set aside: %1; the run goes on from step %2</source>
        <translation>ein beschädigter Sicherungspunkt wurde übergangen und beiseitegelegt: %1; der Lauf geht bei Schritt %2 weiter</translation>
    </message>
    <message>
        <source>linear probe</source>
        <translation>lineare Probe</translation>
    </message>
    <message>
        <source>attentive probe</source>
        <translation>Attention-Probe</translation>
    </message>
    <message>
        <source>fine-tuning</source>
        <translation>Feinabstimmung</translation>
    </message>
    <message>
        <source>models compared</source>
        <translation>Modellvergleich</translation>
    </message>
    <message>
        <source>looking at files</source>
        <translation>Dateien ansehen</translation>
    </message>
    <message>
        <source>comparing signals</source>
        <translation>Signale vergleichen</translation>
    </message>
    <message>
        <source>%1: 1 row names no recording that came in</source>
        <translation>%1: 1 Zeile nennt keine Aufzeichnung, die hereinkam</translation>
    </message>
    <message>
        <source>%1: %2 rows name no recording that came in</source>
        <translation>%1: %2 Zeilen nennen keine Aufzeichnung, die hereinkam</translation>
    </message>
    <message>
        <source>Free text was left out (recordings: %1): only known findings enter a study.</source>
        <translation>Freier Text blieb draußen (Aufzeichnungen: %1): Nur bekannte Befunde kommen in eine Studie.</translation>
    </message>
    <message>
        <source>The name is a pseudonym, as the file&apos;s name may tell who it is (recordings: %1).</source>
        <translation>Der Name ist ein Pseudonym, denn der Dateiname könnte die Person verraten (Aufzeichnungen: %1).</translation>
    </message>
    <message>
        <source>Fewer samples than promised</source>
        <translation>Weniger Abtastwerte als angekündigt</translation>
    </message>
    <message>
        <source>The file does not say how long it is</source>
        <translation>Die Datei nennt ihre Länge nicht</translation>
    </message>
    <message>
        <source>A unit that is not known</source>
        <translation>Eine unbekannte Einheit</translation>
    </message>
    <message>
        <source>Amplitudes that do not fit the unit</source>
        <translation>Amplituden, die nicht zur Einheit passen</translation>
    </message>
    <message>
        <source>A lead is missing</source>
        <translation>Eine Ableitung fehlt</translation>
    </message>
    <message>
        <source>A checksum does not fit</source>
        <translation>Eine Prüfsumme stimmt nicht</translation>
    </message>
    <message>
        <source>The signal is clipped</source>
        <translation>Das Signal ist abgeschnitten</translation>
    </message>
    <message>
        <source>No gain: the format&apos;s default was used</source>
        <translation>Kein Verstärkungsfaktor: Der Standardwert des Formats gilt</translation>
    </message>
    <message>
        <source>An identifier that breaks its rules</source>
        <translation>Eine Kennung, die ihre Regeln bricht</translation>
    </message>
    <message>
        <source>A part of the file was passed over</source>
        <translation>Ein Teil der Datei wurde übergangen</translation>
    </message>
    <message>
        <source>A code that is not known</source>
        <translation>Ein unbekannter Code</translation>
    </message>
    <message>
        <source>Annotations that could not be read</source>
        <translation>Annotationen, die nicht lesbar waren</translation>
    </message>
    <message>
        <source>Two lengths in one file</source>
        <translation>Zwei Längenangaben in einer Datei</translation>
    </message>
    <message>
        <source>Two sampling rates in one file</source>
        <translation>Zwei Abtastraten in einer Datei</translation>
    </message>
    <message>
        <source>A gap in the recording</source>
        <translation>Eine Lücke in der Aufzeichnung</translation>
    </message>
    <message>
        <source>Leads sampled at different times</source>
        <translation>Zeitversetzt abgetastete Ableitungen</translation>
    </message>
    <message>
        <source>A calibration pulse in the trace</source>
        <translation>Ein Eichimpuls in der Kurve</translation>
    </message>
    <message>
        <source>The file kept less than was recorded</source>
        <translation>Die Datei bewahrt weniger, als aufgezeichnet wurde</translation>
    </message>
    <message>
        <source>Leads that the file computes</source>
        <translation>Ableitungen, die aus anderen berechnet sind</translation>
    </message>
    <message>
        <source>Channels of another sampling rate</source>
        <translation>Kanäle mit anderer Abtastrate</translation>
    </message>
    <message>
        <source>Something was put right</source>
        <translation>Etwas wurde berichtigt</translation>
    </message>
    <message>
        <source>No sign of collapse, but too few steps to show one: %1.</source>
        <translation>Kein Anzeichen eines Kollapses, aber zu wenige Schritte, um einen zu zeigen: %1.</translation>
    </message>
    <message>
        <source>too early</source>
        <translation>zu früh</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>making the overview</source>
        <translation>Übersicht entsteht</translation>
    </message>
    <message>
        <source>The table&apos;s folds were left out (recordings: %1): the study has a split of its own.</source>
        <translation>Die Teile der Tabelle wurden nicht übernommen (Aufzeichnungen: %1): Die Studie hat eine eigene Aufteilung.</translation>
    </message>
    <message>
        <source>Words of diagnoses were left out (recordings: %1, words: %2): only words of electrocardiography enter a study.</source>
        <translation>Wörter von Diagnosen blieben draußen (Aufzeichnungen: %1, Wörter: %2): Nur Wörter der Elektrokardiographie kommen in eine Studie.</translation>
    </message>
    <message>
        <source>No ECG leads (recordings: %1): not measured as an ECG, and left out where a model is trained on ECG leads.</source>
        <translation>Keine EKG-Ableitungen (Aufzeichnungen: %1): nicht als EKG vermessen; beim Training eines Modells auf EKG-Ableitungen bleiben sie draußen.</translation>
    </message>
    <message>
        <source>there is no study in this folder (no study.sqlite)</source>
        <translation>in diesem Ordner ist keine Studie (keine study.sqlite)</translation>
    </message>
    <message>
        <source>no recording has the number %1</source>
        <translation>keine Aufzeichnung hat die Nummer %1</translation>
    </message>
    <message>
        <source>the study has no recording %1</source>
        <translation>die Studie hat keine Aufzeichnung %1</translation>
    </message>
    <message>
        <source>the source file was moved or deleted</source>
        <translation>die Quelldatei wurde verschoben oder gelöscht</translation>
    </message>
    <message>
        <source>where the source file lies was sealed with the key of the person who imported it</source>
        <translation>wo die Quelldatei liegt, ist mit dem Schlüssel der Person versiegelt, die sie importiert hat</translation>
    </message>
    <message>
        <source>no model has encoded this study yet: embed it first</source>
        <translation>noch kein Modell hat diese Studie kodiert: betten Sie sie erst ein</translation>
    </message>
    <message>
        <source>the study holds no embeddings of model %1: embed it first</source>
        <translation>die Studie enthält keine Einbettungen des Modells %1: betten Sie sie erst ein</translation>
    </message>
    <message>
        <source>no recording of the study can be given to this model</source>
        <translation>diesem Modell kann keine Aufzeichnung der Studie gegeben werden</translation>
    </message>
    <message>
        <source>the study has no trained model and the demo weights are not installed</source>
        <translation>die Studie hat kein trainiertes Modell, und die Gewichte des Programms sind nicht installiert</translation>
    </message>
    <message>
        <source>there is neither a model file nor a run of this name</source>
        <translation>es gibt weder eine Modelldatei noch einen Lauf dieses Namens</translation>
    </message>
    <message>
        <source>there are no recordings to pretrain on</source>
        <translation>es gibt keine Aufzeichnungen zum Vortrainieren</translation>
    </message>
    <message>
        <source>there are no recordings to fit the decoder on</source>
        <translation>es gibt keine Aufzeichnungen, an denen der Dekoder angepasst werden kann</translation>
    </message>
    <message>
        <source>there is no such run</source>
        <translation>diesen Lauf gibt es nicht</translation>
    </message>
    <message>
        <source>the run has no complete checkpoint to go on from%1</source>
        <translation>der Lauf hat keinen vollständigen Sicherungspunkt, von dem er weitergehen könnte%1</translation>
    </message>
    <message>
        <source>the study was embedded without the lead level</source>
        <translation>die Studie wurde ohne die Ebene der Ableitungen eingebettet</translation>
    </message>
    <message>
        <source>no split is stored</source>
        <translation>keine Aufteilung ist gespeichert</translation>
    </message>
    <message>
        <source>no recording has such a label; the most frequent of this study are %1</source>
        <translation>keine Aufzeichnung hat ein solches Label; die häufigsten dieser Studie sind %1</translation>
    </message>
    <message>
        <source>too few recordings for %1 folds: %2 with the label and %3 without, at least %1 of each are needed%4</source>
        <translation>zu wenige Aufzeichnungen für %1 Teile: %2 mit dem Label und %3 ohne, von beiden sind mindestens %1 nötig%4</translation>
    </message>
    <message>
        <source>recordings with the label: %1; with fewer than %2 the figures would mean nothing</source>
        <translation>Aufzeichnungen mit dem Label: %1; mit weniger als %2 würden die Werte nichts besagen</translation>
    </message>
    <message>
        <source>no ECG was found in %1; files of other kinds: %2</source>
        <translation>in %1 wurde kein EKG gefunden; Dateien anderer Art: %2</translation>
    </message>
</context>
<context>
    <name>WhyEmpty</name>
    <message>
        <source>No model yet</source>
        <translation>Noch kein Modell</translation>
    </message>
    <message>
        <source>What is shown here comes from a model. Pretrain one on this study in the Training view, or open a model with Model &gt; Use a model file…</source>
        <translation>Was hier steht, kommt von einem Modell. Trainieren Sie eines an dieser Studie in der Ansicht Training vor oder öffnen Sie eines mit Modell &gt; Modelldatei verwenden …</translation>
    </message>
    <message>
        <source>The model cannot read this recording</source>
        <translation>Das Modell kann diese Aufzeichnung nicht lesen</translation>
    </message>
    <message>
        <source>It is too short, or has none of the leads that the model knows.</source>
        <translation>Sie ist zu kurz oder enthält keine der Ableitungen, die das Modell kennt.</translation>
    </message>
    <message>
        <source>The model is reading this recording…</source>
        <translation>Das Modell liest diese Aufzeichnung …</translation>
    </message>
</context>
<context>
    <name>WorklistColumns</name>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>HR</source>
        <translation>HF</translation>
    </message>
    <message>
        <source>bpm</source>
        <translation>/min</translation>
    </message>
    <message>
        <source>RR SD</source>
        <translation>RR-SD</translation>
    </message>
    <message>
        <source>P</source>
        <translation>P</translation>
    </message>
    <message>
        <source>PR</source>
        <translation>PR</translation>
    </message>
    <message>
        <source>QRS</source>
        <translation>QRS</translation>
    </message>
    <message>
        <source>QT</source>
        <translation>QT</translation>
    </message>
    <message>
        <source>QTc</source>
        <translation>QTc</translation>
    </message>
    <message>
        <source>QTcB</source>
        <translation>QTcB</translation>
    </message>
    <message>
        <source>QTcF</source>
        <translation>QTcF</translation>
    </message>
    <message>
        <source>P axis</source>
        <translation>P-Achse</translation>
    </message>
    <message>
        <source>QRS axis</source>
        <translation>QRS-Achse</translation>
    </message>
    <message>
        <source>T axis</source>
        <translation>T-Achse</translation>
    </message>
    <message>
        <source>Sokolow</source>
        <translation>Sokolow</translation>
    </message>
    <message>
        <source>Cornell</source>
        <translation>Cornell</translation>
    </message>
    <message>
        <source>name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Name of the recording</source>
        <translation>Name der Aufzeichnung</translation>
    </message>
    <message>
        <source>date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>Date of the recording; moved by the study&apos;s shift of dates</source>
        <translation>Datum der Aufzeichnung, um die Verschiebung der Studie versetzt</translation>
    </message>
    <message>
        <source>patient</source>
        <translation>Patient</translation>
    </message>
    <message>
        <source>Pseudonym of the patient</source>
        <translation>Pseudonym des Patienten</translation>
    </message>
    <message>
        <source>HR</source>
        <comment>heart rate, column</comment>
        <translation>HF</translation>
    </message>
    <message>
        <source>Heart rate in bpm, computed from the R peaks</source>
        <translation>Herzfrequenz pro Minute, aus den R-Zacken berechnet</translation>
    </message>
    <message>
        <source>age</source>
        <translation>Alter</translation>
    </message>
    <message>
        <source>years</source>
        <translation>Jahre</translation>
    </message>
    <message>
        <source>Age in years, from the file</source>
        <translation>Alter in Jahren, aus der Datei</translation>
    </message>
    <message>
        <source>sex</source>
        <translation>Geschl.</translation>
    </message>
    <message>
        <source>Sex, from the file</source>
        <translation>Geschlecht, aus der Datei</translation>
    </message>
    <message>
        <source>label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>Labels: diagnoses and findings</source>
        <translation>Labels: Diagnosen und Befunde</translation>
    </message>
    <message>
        <source>data set</source>
        <translation>Datensatz</translation>
    </message>
    <message>
        <source>Data set the recording belongs to</source>
        <translation>Datensatz, zu dem die Aufzeichnung gehört</translation>
    </message>
    <message>
        <source>cluster</source>
        <translation>Cluster</translation>
    </message>
    <message>
        <source>Cluster on the map; 0 is the largest</source>
        <translation>Cluster auf der Karte; 0 ist der größte</translation>
    </message>
    <message>
        <source>surprise</source>
        <translation>Überr.</translation>
    </message>
    <message>
        <source>Surprise: how badly the model predicts the recording&apos;s hidden intervals; percentile in the study</source>
        <translation>Überraschung: wie schlecht das Modell die verdeckten Intervalle der Aufzeichnung vorhersagt; Perzentil in der Studie</translation>
    </message>
    <message>
        <source>quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>The worst that was found of the signal, computed</source>
        <translation>Das Schlimmste, was am Signal gefunden wurde, berechnet</translation>
    </message>
    <message>
        <source>format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Format of the file</source>
        <translation>Format der Datei</translation>
    </message>
    <message>
        <source>%1 in %2, computed</source>
        <translation>%1 in %2, berechnet</translation>
    </message>
    <message>
        <source>%1 in %2, from the file</source>
        <translation>%1 in %2, aus der Datei</translation>
    </message>
    <message>
        <source>%1 (file)</source>
        <translation>%1 (Datei)</translation>
    </message>
    <message>
        <source>ST %1</source>
        <translation>ST %1</translation>
    </message>
    <message>
        <source>; 60 ms behind the J point</source>
        <translation>; 60 ms hinter dem J-Punkt</translation>
    </message>
    <message>
        <source>good</source>
        <comment>signal quality</comment>
        <translation>gut</translation>
    </message>
    <message>
        <source>missing</source>
        <comment>signal quality</comment>
        <translation>fehlt</translation>
    </message>
    <message>
        <source>flat</source>
        <comment>signal quality</comment>
        <translation>flach</translation>
    </message>
    <message>
        <source>lead off</source>
        <comment>signal quality</comment>
        <translation>Elektrode ab</translation>
    </message>
    <message>
        <source>leads exchanged?</source>
        <comment>signal quality</comment>
        <translation>vertauscht?</translation>
    </message>
    <message>
        <source>clipped</source>
        <comment>signal quality</comment>
        <translation>abgeschnitten</translation>
    </message>
    <message>
        <source>noise</source>
        <comment>signal quality</comment>
        <translation>Rauschen</translation>
    </message>
    <message>
        <source>baseline jumps</source>
        <comment>signal quality</comment>
        <translation>Grundlinie springt</translation>
    </message>
    <message>
        <source>baseline wanders</source>
        <comment>signal quality</comment>
        <translation>Grundlinie wandert</translation>
    </message>
    <message>
        <source>mains hum</source>
        <comment>signal quality</comment>
        <translation>Netzbrummen</translation>
    </message>
    <message>
        <source>female</source>
        <translation>weiblich</translation>
    </message>
    <message>
        <source>male</source>
        <translation>männlich</translation>
    </message>
    <message>
        <source>%1 in %2, where a reader moved marks that change it</source>
        <translation>%1 in %2, wo jemand Marken verschoben hat, die es ändern</translation>
    </message>
    <message>
        <source>%1 (moved)</source>
        <translation>%1 (versch.)</translation>
    </message>
    <message>
        <source>no ECG leads</source>
        <comment>signal quality</comment>
        <translation>keine EKG-Ableitungen</translation>
    </message>
</context>
<context>
    <name>precordia::ActionPalette</name>
    <message>
        <source>What do you want to do?</source>
        <translation>Was möchten Sie tun?</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Nichts gefunden</translation>
    </message>
</context>
<context>
    <name>precordia::Actions</name>
    <message>
        <source>Resume the &amp;run</source>
        <translation>Lauf &amp;fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Pause the run</source>
        <translation>Lauf &amp;pausieren</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>Open the &amp;demo study</source>
        <translation>&amp;Demo-Studie öffnen</translation>
    </message>
    <message>
        <source>&amp;Recent studies</source>
        <translation>&amp;Zuletzt geöffnete Studien</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>Noch keine</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Find a recording</source>
        <translation>Aufzeichnung &amp;suchen</translation>
    </message>
    <message>
        <source>&amp;Clear search and filters</source>
        <translation>Suche und &amp;Filter aufheben</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Next recording</source>
        <translation>&amp;Nächste Aufzeichnung</translation>
    </message>
    <message>
        <source>&amp;Previous recording</source>
        <translation>&amp;Vorige Aufzeichnung</translation>
    </message>
    <message>
        <source>&amp;Reset the layout</source>
        <translation>Anordnung &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Farbschema</translation>
    </message>
    <message>
        <source>As the system</source>
        <comment>theme</comment>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>As the system</source>
        <comment>language</comment>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>The language changes when Precordia starts again.</source>
        <translation>Die Sprache wechselt beim nächsten Start von Precordia.</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>Voll&amp;bild</translation>
    </message>
    <message>
        <source>&amp;Study</source>
        <translation>&amp;Studie</translation>
    </message>
    <message>
        <source>&amp;Read the worklist again</source>
        <translation>Arbeitsliste &amp;neu lesen</translation>
    </message>
    <message>
        <source>&amp;Show the study&apos;s folder</source>
        <translation>&amp;Ordner der Studie zeigen</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>Stop after this &amp;epoch</source>
        <translation>Nach dieser &amp;Epoche beenden</translation>
    </message>
    <message>
        <source>Stop at the next s&amp;tep</source>
        <translation>Beim nächsten &amp;Schritt beenden</translation>
    </message>
    <message>
        <source>A model</source>
        <translation>Modell wählen</translation>
    </message>
    <message>
        <source>Model weights (*.safetensors)</source>
        <translation>Modellgewichte (*.safetensors)</translation>
    </message>
    <message>
        <source>E&amp;mbed the study</source>
        <translation>Studie einbe&amp;tten</translation>
    </message>
    <message>
        <source>E&amp;xplore</source>
        <translation>&amp;Erkunden</translation>
    </message>
    <message>
        <source>Map by &amp;UMAP</source>
        <translation>Karte mit &amp;UMAP</translation>
    </message>
    <message>
        <source>Map by principal &amp;components</source>
        <translation>Karte mit &amp;Hauptkomponenten</translation>
    </message>
    <message>
        <source>&amp;Drop the choice on the map</source>
        <translation>&amp;Auswahl auf der Karte aufheben</translation>
    </message>
    <message>
        <source>&amp;Report</source>
        <translation>Be&amp;richt</translation>
    </message>
    <message>
        <source>&amp;Report of this recording</source>
        <translation>&amp;Bericht dieser Aufzeichnung</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Help for this view</source>
        <translation>&amp;Hilfe zu dieser Ansicht</translation>
    </message>
    <message>
        <source>&amp;Shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <source>&amp;About Precordia</source>
        <translation>Ü&amp;ber Precordia</translation>
    </message>
    <message>
        <source>About Precordia</source>
        <translation>Über Precordia</translation>
    </message>
    <message>
        <source>&lt;b&gt;Precordia %1&lt;/b&gt;&lt;br&gt;Reads ECGs, pretrains ER-JEPA on this machine and shows what it learned.&lt;br&gt;&lt;br&gt;For research use only: not a medical device.&lt;br&gt;&lt;br&gt;Free software under the GNU General Public License, version 3 or later.</source>
        <translation>&lt;b&gt;Precordia %1&lt;/b&gt;&lt;br&gt;Liest EKGs, trainiert ER-JEPA auf diesem Rechner vor und zeigt, was es gelernt hat.&lt;br&gt;&lt;br&gt;Nur für Forschungszwecke: kein Medizinprodukt.&lt;br&gt;&lt;br&gt;Freie Software unter der GNU General Public License, Version 3 oder später.</translation>
    </message>
    <message>
        <source>About &amp;Qt</source>
        <translation>Über &amp;Qt</translation>
    </message>
    <message>
        <source>&amp;Open a study…</source>
        <translation>&amp;Studie öffnen …</translation>
    </message>
    <message>
        <source>&amp;New study from a folder of ECGs…</source>
        <translation>&amp;Neue Studie aus einem Ordner mit EKGs …</translation>
    </message>
    <message>
        <source>&amp;Import ECGs…</source>
        <translation>EKGs &amp;importieren …</translation>
    </message>
    <message>
        <source>&amp;All actions…</source>
        <translation>&amp;Alle Aktionen …</translation>
    </message>
    <message>
        <source>&amp;Last import…</source>
        <translation>&amp;Letzter Import …</translation>
    </message>
    <message>
        <source>&amp;New pretraining…</source>
        <translation>&amp;Neues Vortraining …</translation>
    </message>
    <message>
        <source>&amp;Use a model file…</source>
        <translation>&amp;Modelldatei verwenden …</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Undo: %1</source>
        <translation>&amp;Rückgängig: %1</translation>
    </message>
    <message>
        <source>&amp;Redo: %1</source>
        <translation>&amp;Wiederholen: %1</translation>
    </message>
    <message>
        <source>&amp;Measure the recordings</source>
        <translation>Aufzeichnungen ver&amp;messen</translation>
    </message>
    <message>
        <source>Measure &amp;new recordings by itself</source>
        <translation>Neue Aufzeichnungen &amp;von selbst vermessen</translation>
    </message>
    <message>
        <source>&amp;Print…</source>
        <translation>Dr&amp;ucken …</translation>
    </message>
    <message>
        <source>La&amp;bels</source>
        <translation>La&amp;bels</translation>
    </message>
    <message>
        <source>&amp;Two readers…</source>
        <translation>&amp;Zwei Befunder …</translation>
    </message>
</context>
<context>
    <name>precordia::BeatCanvas</name>
    <message>
        <source>%1: %2 ms from R</source>
        <translation>%1: %2 ms von R</translation>
    </message>
    <message>
        <source>Beat in every lead</source>
        <translation>Schlag in jeder Ableitung</translation>
    </message>
    <message>
        <source>%1 mm/s  %2 mm/mV · %3 · Research use only</source>
        <translation>%1 mm/s  %2 mm/mV · %3 · Nur für Forschung</translation>
    </message>
</context>
<context>
    <name>precordia::BeatMarks</name>
    <message>
        <source>P onset</source>
        <translation>P-Beginn</translation>
    </message>
    <message>
        <source>P end</source>
        <translation>P-Ende</translation>
    </message>
    <message>
        <source>QRS onset</source>
        <translation>QRS-Beginn</translation>
    </message>
    <message>
        <source>QRS end (J)</source>
        <translation>QRS-Ende (J)</translation>
    </message>
    <message>
        <source>T end</source>
        <translation>T-Ende</translation>
    </message>
    <message>
        <source>Move the mark: %1</source>
        <translation>Marke verschieben: %1</translation>
    </message>
    <message>
        <source>Marks as computed</source>
        <translation>Marken wie berechnet</translation>
    </message>
</context>
<context>
    <name>precordia::BeatView</name>
    <message>
        <source>P, ms</source>
        <translation>P, ms</translation>
    </message>
    <message>
        <source>PR, ms</source>
        <translation>PQ, ms</translation>
    </message>
    <message>
        <source>QRS, ms</source>
        <translation>QRS, ms</translation>
    </message>
    <message>
        <source>QT, ms</source>
        <translation>QT, ms</translation>
    </message>
    <message>
        <source>QTc Bazett, ms</source>
        <translation>QTc Bazett, ms</translation>
    </message>
    <message>
        <source>QTc Fridericia, ms</source>
        <translation>QTc Fridericia, ms</translation>
    </message>
    <message>
        <source>P axis, °</source>
        <translation>P-Achse, °</translation>
    </message>
    <message>
        <source>QRS axis, °</source>
        <translation>QRS-Achse, °</translation>
    </message>
    <message>
        <source>T axis, °</source>
        <translation>T-Achse, °</translation>
    </message>
    <message>
        <source>No median beat</source>
        <translation>Kein Medianschlag</translation>
    </message>
    <message>
        <source>The marks were not kept: %1</source>
        <translation>Die Marken wurden nicht gespeichert: %1</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>Verstärkung</translation>
    </message>
    <message>
        <source>%1 mm/mV</source>
        <translation>%1 mm/mV</translation>
    </message>
    <message>
        <source>Marks as computed</source>
        <translation>Marken wie berechnet</translation>
    </message>
    <message>
        <source>Measurement</source>
        <translation>Messung</translation>
    </message>
    <message>
        <source>Computed</source>
        <translation>Berechnet</translation>
    </message>
    <message>
        <source>With the marks</source>
        <translation>Mit den Marken</translation>
    </message>
    <message>
        <source>Measurements of the median beat</source>
        <translation>Messungen am Medianschlag</translation>
    </message>
    <message>
        <source>Beat</source>
        <translation>Schlag</translation>
    </message>
    <message>
        <source>The median beat of the recording that is chosen in the worklist, with its marks and measurements.</source>
        <translation>Der Medianschlag der Aufzeichnung, die in der Arbeitsliste gewählt ist, mit seinen Marken und Messungen.</translation>
    </message>
    <message>
        <source>Measuring…</source>
        <translation>Wird vermessen …</translation>
    </message>
    <message>
        <source>Measuring the median beat</source>
        <translation>Medianschlag wird vermessen</translation>
    </message>
    <message>
        <source>The marks that were kept do not fit this beat; the computed ones are shown.</source>
        <translation>Die gespeicherten Marken passen nicht zu diesem Schlag; gezeigt werden die berechneten.</translation>
    </message>
    <message numerus="yes">
        <source>%n beat(s) averaged</source>
        <translation>
            <numerusform>%n Schlag gemittelt</numerusform>
            <numerusform>%n Schläge gemittelt</numerusform>
        </translation>
    </message>
    <message>
        <source>first %1 min</source>
        <translation>die ersten %1 min</translation>
    </message>
    <message>
        <source>%1: marks moved by %2</source>
        <translation>%1: Marken verschoben von %2</translation>
    </message>
    <message>
        <source>%1: as computed again, by %2</source>
        <translation>%1: wieder wie berechnet, durch %2</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>und %n weitere</numerusform>
            <numerusform>und %n weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>The marks are as computed.</source>
        <translation>Die Marken sind wie berechnet.</translation>
    </message>
    <message>
        <source>Median beat</source>
        <translation>Medianschlag</translation>
    </message>
    <message>
        <source>Beat </source>
        <comment>before its number</comment>
        <translation>Schlag </translation>
    </message>
    <message>
        <source>The median beat or a single one (Page up, Page down)</source>
        <translation>Der Medianschlag oder ein einzelner (Bild auf, Bild ab)</translation>
    </message>
    <message>
        <source>Which beat</source>
        <translation>Welcher Schlag</translation>
    </message>
    <message>
        <source>median beat</source>
        <translation>Medianschlag</translation>
    </message>
    <message>
        <source>beat at %1 s</source>
        <translation>Schlag bei %1 s</translation>
    </message>
    <message>
        <source>%1, %2 of %3</source>
        <translation>%1, %2 von %3</translation>
    </message>
    <message>
        <source>This beat lies too near the end to be measured.</source>
        <translation>Dieser Schlag liegt zu nah am Ende, um gemessen zu werden.</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>The mean of the normal beats, lead by lead, with the marks over all leads: P onset and end, QRS onset and end (J), T end. Page down and Page up show each single beat the same way. Drag a mark to move it; the measurements follow. X takes the next mark, the arrow keys move it by one sample, with Shift by five. Every step can be undone; what is moved is kept in the study with the reader&apos;s name and the time, beside what was computed. What was moved on the median beat also stands in the details, the worklist and the report. Of a longer recording the first %1 min are measured.</source>
        <translation>Das Mittel der normalen Schläge, Ableitung für Ableitung, mit den Marken über alle Ableitungen: P-Beginn und -Ende, QRS-Beginn und -Ende (J), T-Ende. Bild ab und Bild auf zeigen jeden einzelnen Schlag ebenso. Eine Marke lässt sich ziehen; die Messwerte folgen. X nimmt die nächste Marke, die Pfeiltasten verschieben sie um einen Abtastwert, mit Umschalt um fünf. Jeder Schritt lässt sich zurücknehmen; Verschobenes bleibt mit Namen und Zeit in der Studie, neben dem Berechneten. Was am Medianschlag verschoben wurde, steht auch in den Details, in der Arbeitsliste und im Bericht. Von einer längeren Aufzeichnung werden die ersten %1 min gemessen.</translation>
    </message>
</context>
<context>
    <name>precordia::Calipers</name>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source> · %1 bpm</source>
        <translation> · %1/min</translation>
    </message>
    <message>
        <source> · %1 mV</source>
        <translation> · %1 mV</translation>
    </message>
    <message>
        <source>Lay a caliper</source>
        <translation>Zirkel anlegen</translation>
    </message>
    <message>
        <source>Move a caliper</source>
        <translation>Zirkel verschieben</translation>
    </message>
    <message>
        <source>March out</source>
        <translation>Abstand wiederholen</translation>
    </message>
    <message>
        <source>March out no more</source>
        <translation>Abstand nicht mehr wiederholen</translation>
    </message>
    <message>
        <source>Caliper through all leads</source>
        <translation>Zirkel durch alle Ableitungen</translation>
    </message>
    <message>
        <source>Caliper on one lead</source>
        <translation>Zirkel an einer Ableitung</translation>
    </message>
    <message>
        <source>Take a caliper away</source>
        <translation>Zirkel entfernen</translation>
    </message>
</context>
<context>
    <name>precordia::CompareView</name>
    <message>
        <source>Swap the two ECGs</source>
        <translation>Die beiden EKGs tauschen</translation>
    </message>
    <message>
        <source>How the two are shown</source>
        <translation>Wie die beiden gezeigt werden</translation>
    </message>
    <message>
        <source>Beats overlaid</source>
        <translation>Schläge übereinander</translation>
    </message>
    <message>
        <source>Traces side by side</source>
        <translation>Kurven nebeneinander</translation>
    </message>
    <message>
        <source>The reference: what the recording in focus is compared with. Any other recording can be made it in the worklist, with the right mouse button.</source>
        <translation>Die Referenz: womit die gewählte Aufzeichnung verglichen wird. Jede andere Aufzeichnung kann es in der Arbeitsliste mit der rechten Maustaste werden.</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>Tauschen</translation>
    </message>
    <message>
        <source>The reference comes into focus, and the recording in focus becomes the reference</source>
        <translation>Die Referenz wird gewählt, und die gewählte Aufzeichnung wird die Referenz</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>Verstärkung</translation>
    </message>
    <message>
        <source>%1 mm/mV</source>
        <translation>%1 mm/mV</translation>
    </message>
    <message>
        <source>The recording in focus against a reference: the one before it of the same patient, or any that was chosen. Overlaid are the median beats of both, lined up where their QRS complexes agree best; under them lies the difference, the current one less the reference, on the same scale; the bars at the foot are P, QRS and T of both. Side by side are the traces on one scale. The table has the measurements of both, computed here, and what changed. J and K go to the next and the previous recording; the reference stays.</source>
        <translation>Die gewählte Aufzeichnung gegen eine Referenz: die vorige desselben Patienten oder eine beliebige, die gewählt wurde. Übereinander liegen die Medianschläge beider, ausgerichtet, wo ihre QRS-Komplexe am besten übereinstimmen; darunter liegt die Differenz, das aktuelle weniger die Referenz, im selben Maßstab; die Balken am Fuß sind P, QRS und T beider. Nebeneinander stehen die Kurven in einem Maßstab. Die Tabelle hat die hier berechneten Messungen beider und was sich geändert hat. J und K gehen zur nächsten und vorigen Aufzeichnung; die Referenz bleibt.</translation>
    </message>
    <message>
        <source>The one before, same patient</source>
        <translation>Die vorige desselben Patienten</translation>
    </message>
    <message>
        <source>Near: %1</source>
        <comment>by the model</comment>
        <translation>Nah: %1</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Two ECGs of the study, side by side or with their median beats laid over each other. Choose a recording in the worklist.</source>
        <translation>Zwei EKGs der Studie, nebeneinander oder mit übereinandergelegten Medianschlägen. Wählen Sie eine Aufzeichnung in der Arbeitsliste.</translation>
    </message>
    <message>
        <source>No reference yet</source>
        <translation>Noch keine Referenz</translation>
    </message>
    <message>
        <source>No other recording of this patient is known. Choose a reference above, or in the worklist: the right mouse button, Compare with the current one.</source>
        <translation>Von diesem Patienten ist keine andere Aufzeichnung bekannt. Wählen Sie eine Referenz oben oder in der Arbeitsliste: rechte Maustaste, Mit dem aktuellen vergleichen.</translation>
    </message>
    <message>
        <source>This is the reference</source>
        <translation>Dies ist die Referenz</translation>
    </message>
    <message>
        <source>The recording in focus is the reference itself. Go to another one in the worklist, or choose another reference above.</source>
        <translation>Die gewählte Aufzeichnung ist die Referenz selbst. Gehen Sie in der Arbeitsliste zu einer anderen, oder wählen Sie oben eine andere Referenz.</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>Wird verglichen …</translation>
    </message>
    <message>
        <source>Comparing</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>No comparison</source>
        <translation>Kein Vergleich</translation>
    </message>
    <message>
        <source>The reference cannot be read: %1</source>
        <translation>Die Referenz lässt sich nicht lesen: %1</translation>
    </message>
    <message>
        <source>%1 and %2 beats averaged</source>
        <translation>%1 und %2 Schläge gemittelt</translation>
    </message>
    <message>
        <source>first %1 s</source>
        <translation>die ersten %1 s</translation>
    </message>
    <message>
        <source>Their beats cannot be compared: %1</source>
        <translation>Ihre Schläge lassen sich nicht vergleichen: %1</translation>
    </message>
    <message>
        <source>Only one of them has: %1</source>
        <translation>Nur eine von beiden hat: %1</translation>
    </message>
    <message>
        <source>They are of different patients.</source>
        <translation>Sie stammen von verschiedenen Patienten.</translation>
    </message>
    <message>
        <source>Whether they are of the same patient is not known.</source>
        <translation>Ob sie von demselben Patienten stammen, ist nicht bekannt.</translation>
    </message>
</context>
<context>
    <name>precordia::ComparisonCanvas</name>
    <message>
        <source>Comparison of two ECGs</source>
        <translation>Vergleich zweier EKGs</translation>
    </message>
    <message>
        <source>difference</source>
        <translation>Differenz</translation>
    </message>
    <message>
        <source>Reference: %1</source>
        <translation>Referenz: %1</translation>
    </message>
    <message>
        <source>%1 mm/s  %2 mm/mV · median beats, lined up on the QRS · Research use only</source>
        <translation>%1 mm/s  %2 mm/mV · Medianschläge, am QRS ausgerichtet · Nur für Forschung</translation>
    </message>
    <message>
        <source>%1 mm/s  %2 mm/mV  filters: %3 · Research use only</source>
        <translation>%1 mm/s  %2 mm/mV  Filter: %3 · Nur für Forschung</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>verborgen</translation>
    </message>
    <message>
        <source>inverted</source>
        <translation>umgekehrt</translation>
    </message>
    <message>
        <source>derived</source>
        <translation>abgeleitet</translation>
    </message>
    <message>
        <source>not recorded</source>
        <translation>nicht aufgezeichnet</translation>
    </message>
    <message>
        <source>Reference, another patient: %1</source>
        <translation>Referenz, anderer Patient: %1</translation>
    </message>
    <message>
        <source>Reference, not known whether the same patient: %1</source>
        <translation>Referenz, unbekannt ob derselbe Patient: %1</translation>
    </message>
</context>
<context>
    <name>precordia::ComparisonTable</name>
    <message>
        <source>Heart rate, bpm</source>
        <translation>Herzfrequenz, /min</translation>
    </message>
    <message>
        <source>RR spread, ms</source>
        <translation>RR-Streuung, ms</translation>
    </message>
    <message>
        <source>P, ms</source>
        <translation>P, ms</translation>
    </message>
    <message>
        <source>PR, ms</source>
        <translation>PQ, ms</translation>
    </message>
    <message>
        <source>QRS, ms</source>
        <translation>QRS, ms</translation>
    </message>
    <message>
        <source>QT, ms</source>
        <translation>QT, ms</translation>
    </message>
    <message>
        <source>QTc Bazett, ms</source>
        <translation>QTc Bazett, ms</translation>
    </message>
    <message>
        <source>QTc Fridericia, ms</source>
        <translation>QTc Fridericia, ms</translation>
    </message>
    <message>
        <source>P axis, °</source>
        <translation>P-Achse, °</translation>
    </message>
    <message>
        <source>QRS axis, °</source>
        <translation>QRS-Achse, °</translation>
    </message>
    <message>
        <source>T axis, °</source>
        <translation>T-Achse, °</translation>
    </message>
    <message>
        <source>Sokolow-Lyon, mV</source>
        <translation>Sokolow-Lyon, mV</translation>
    </message>
    <message>
        <source>Cornell, mV</source>
        <translation>Cornell, mV</translation>
    </message>
    <message>
        <source>Measurement</source>
        <translation>Messung</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>Current</source>
        <translation>Aktuell</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Differenz</translation>
    </message>
    <message>
        <source>Measurements of both ECGs</source>
        <translation>Messungen beider EKGs</translation>
    </message>
    <message>
        <source>ST at J + 60 ms, µV</source>
        <translation>ST bei J + 60 ms, µV</translation>
    </message>
    <message>
        <source>Difference of the beats (RMS, QRS to T), µV</source>
        <translation>Differenz der Schläge (RMS, QRS bis T), µV</translation>
    </message>
    <message>
        <source>Correlation of the two: %1</source>
        <translation>Korrelation der beiden: %1</translation>
    </message>
</context>
<context>
    <name>precordia::DecoderTable</name>
    <message>
        <source>Leads</source>
        <translation>Ableitungen</translation>
    </message>
    <message>
        <source>The error of the event decoder on each lead</source>
        <translation>Der Fehler des Ereignisdekoders auf jeder Ableitung</translation>
    </message>
    <message>
        <source>hidden, decoded</source>
        <translation>verdeckt, dekodiert</translation>
    </message>
    <message>
        <source>mean interval</source>
        <translation>mittleres Intervall</translation>
    </message>
    <message>
        <source>nearest visible</source>
        <translation>nächstes sichtbares</translation>
    </message>
    <message>
        <source>visible, decoded</source>
        <translation>sichtbar, dekodiert</translation>
    </message>
    <message>
        <source>Error of the event decoder</source>
        <translation>Fehler des Ereignisdekoders</translation>
    </message>
    <message>
        <source>linear</source>
        <translation>linear</translation>
    </message>
    <message>
        <source>small network</source>
        <translation>kleines Netz</translation>
    </message>
    <message>
        <source>small network that sees the neighbouring intervals</source>
        <translation>kleines Netz, das die benachbarten Intervalle sieht</translation>
    </message>
    <message>
        <source>Event decoder: %1. Its error on %2 other recordings (root mean square, uV, all leads): %3 where intervals are hidden; the mean interval would be %4 off, the nearest visible one %5; %6 where they are visible.</source>
        <translation>Ereignisdekoder: %1. Sein Fehler auf %2 anderen Aufzeichnungen (quadratisches Mittel, µV, alle Ableitungen): %3, wo Intervalle verdeckt sind; das mittlere Intervall läge um %4 daneben, das nächste sichtbare um %5; %6, wo sie sichtbar sind.</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
</context>
<context>
    <name>precordia::DetailsPanel</name>
    <message>
        <source>Heart rate</source>
        <translation>Herzfrequenz</translation>
    </message>
    <message>
        <source>bpm</source>
        <translation>/min</translation>
    </message>
    <message>
        <source>RR spread (SD)</source>
        <translation>RR-Streuung (SD)</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>P</source>
        <translation>P</translation>
    </message>
    <message>
        <source>PR</source>
        <translation>PQ</translation>
    </message>
    <message>
        <source>QRS</source>
        <translation>QRS</translation>
    </message>
    <message>
        <source>QT</source>
        <translation>QT</translation>
    </message>
    <message>
        <source>QTc</source>
        <translation>QTc</translation>
    </message>
    <message>
        <source>QTc (Bazett)</source>
        <translation>QTc (Bazett)</translation>
    </message>
    <message>
        <source>QTc (Fridericia)</source>
        <translation>QTc (Fridericia)</translation>
    </message>
    <message>
        <source>P axis</source>
        <translation>P-Achse</translation>
    </message>
    <message>
        <source>QRS axis</source>
        <translation>QRS-Achse</translation>
    </message>
    <message>
        <source>T axis</source>
        <translation>T-Achse</translation>
    </message>
    <message>
        <source>Measurements, labels and warnings of the selected recording.</source>
        <translation>Messwerte, Labels und Warnungen zur gewählten Aufzeichnung.</translation>
    </message>
    <message>
        <source>computed</source>
        <translation>berechnet</translation>
    </message>
    <message>
        <source>from file</source>
        <translation>aus Datei</translation>
    </message>
    <message>
        <source>synthesis</source>
        <translation>Synthese</translation>
    </message>
    <message>
        <source>female</source>
        <translation>weiblich</translation>
    </message>
    <message>
        <source>male</source>
        <translation>männlich</translation>
    </message>
    <message>
        <source>%1 Hz</source>
        <translation>%1 Hz</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%L1 s</translation>
    </message>
    <message numerus="yes">
        <source>%n lead(s)</source>
        <translation>
            <numerusform>%n Ableitung</numerusform>
            <numerusform>%n Ableitungen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>und %n weitere</numerusform>
            <numerusform>und %n weitere</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>⚠ %n warning(s): %1</source>
        <translation>
            <numerusform>⚠ %n Warnung: %1</numerusform>
            <numerusform>⚠ %n Warnungen: %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Nearest recordings, by the model</source>
        <translation>Ähnlichste Aufzeichnungen laut Modell</translation>
    </message>
    <message>
        <source>Distance between the recording embeddings, in standard deviations</source>
        <translation>Abstand der Einbettungen der Aufzeichnungen, in Standardabweichungen</translation>
    </message>
    <message>
        <source>moved</source>
        <translation>verschoben</translation>
    </message>
    <message>
        <source>Measured by an older version of the program: the computed values may differ from those of the Beat view, which measures anew.</source>
        <translation>Von einer älteren Version des Programms gemessen: Die berechneten Werte können von denen der Ansicht Schlag abweichen, die neu misst.</translation>
    </message>
    <message>
        <source>Measure the study again</source>
        <translation>Studie neu vermessen</translation>
    </message>
    <message>
        <source>All recordings that an older version measured, in the background</source>
        <translation>Alle Aufzeichnungen, die eine ältere Version gemessen hat, im Hintergrund</translation>
    </message>
    <message>
        <source>Intervals and axes are of the first %1 min.</source>
        <translation>Intervalle und Achsen gelten für die ersten %1 min.</translation>
    </message>
    <message>
        <source>Intervals and axes of more than %1 min are not kept: they have no one value. The Beat view measures the first %2 min.</source>
        <translation>Intervalle und Achsen von mehr als %1 min werden nicht geführt: sie haben keinen einzelnen Wert. Die Ansicht „Schlag“ misst die ersten %2 min.</translation>
    </message>
    <message>
        <source>Heart rate and RR spread are of the first %1 s.</source>
        <translation>Herzfrequenz und RR-Streuung gelten für die ersten %1 s.</translation>
    </message>
    <message>
        <source>Heart rate and RR spread are of the whole.</source>
        <translation>Herzfrequenz und RR-Streuung gelten für das Ganze.</translation>
    </message>
</context>
<context>
    <name>precordia::DockTitle</name>
    <message>
        <source>Float or dock again</source>
        <translation>Ablösen oder wieder andocken</translation>
    </message>
    <message>
        <source>Close; the View menu brings it back</source>
        <translation>Schließen; über das Menü Ansicht kommt es zurück</translation>
    </message>
</context>
<context>
    <name>precordia::EcgView</name>
    <message>
        <source>Reading the recording…</source>
        <translation>Aufzeichnung wird gelesen …</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>Anordnung</translation>
    </message>
    <message>
        <source>3 × 4 + rhythm</source>
        <translation>3 × 4 + Rhythmus</translation>
    </message>
    <message>
        <source>3 × 4</source>
        <translation>3 × 4</translation>
    </message>
    <message>
        <source>6 × 2</source>
        <translation>6 × 2</translation>
    </message>
    <message>
        <source>12 × 1</source>
        <translation>12 × 1</translation>
    </message>
    <message>
        <source>One lead</source>
        <translation>Eine Ableitung</translation>
    </message>
    <message>
        <source>Lead of the rhythm strip</source>
        <translation>Ableitung des Rhythmusstreifens</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Vorschub</translation>
    </message>
    <message>
        <source>%1 mm/s</source>
        <translation>%1 mm/s</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>Verstärkung</translation>
    </message>
    <message>
        <source>%1 mm/mV</source>
        <translation>%1 mm/mV</translation>
    </message>
    <message>
        <source>Zoom in time</source>
        <translation>Zeit vergrößern</translation>
    </message>
    <message>
        <source>Zoom out in time</source>
        <translation>Zeit verkleinern</translation>
    </message>
    <message>
        <source>Larger amplitude</source>
        <translation>Größere Amplitude</translation>
    </message>
    <message>
        <source>Smaller amplitude</source>
        <translation>Kleinere Amplitude</translation>
    </message>
    <message>
        <source>Fit the recording: 25 mm/s, 10 mm/mV</source>
        <translation>Aufzeichnung einpassen: 25 mm/s, 10 mm/mV</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>Raster</translation>
    </message>
    <message>
        <source>Save the ECG as a picture…</source>
        <translation>EKG als Bild speichern …</translation>
    </message>
    <message>
        <source>This recording cannot be read: %1</source>
        <translation>Diese Aufzeichnung lässt sich nicht lesen: %1</translation>
    </message>
    <message>
        <source>No trace to show</source>
        <translation>Keine Kurve zu zeigen</translation>
    </message>
    <message>
        <source>The file of this recording could not be read. The reason stands above; the other recordings of the study are not affected.</source>
        <translation>Die Datei dieser Aufzeichnung konnte nicht gelesen werden. Der Grund steht oben; die anderen Aufzeichnungen der Studie sind nicht betroffen.</translation>
    </message>
    <message>
        <source>ECG</source>
        <translation>EKG</translation>
    </message>
    <message>
        <source>Open a study, or the demo study, with the File menu. The recording that is chosen in the worklist will stand here on calibrated paper.</source>
        <translation>Öffnen Sie über das Menü Datei eine Studie oder die Demo-Studie. Die in der Arbeitsliste gewählte Aufzeichnung erscheint hier auf kalibriertem Papier.</translation>
    </message>
    <message>
        <source>The study is empty</source>
        <translation>Die Studie ist leer</translation>
    </message>
    <message>
        <source>Import a folder of ECG files: they are read, never changed. The recording that is chosen in the worklist will stand here on calibrated paper.</source>
        <translation>Importieren Sie einen Ordner mit EKG-Dateien: Sie werden gelesen, nie verändert. Die in der Arbeitsliste gewählte Aufzeichnung erscheint hier auf kalibriertem Papier.</translation>
    </message>
    <message>
        <source>Import a folder…</source>
        <translation>Ordner importieren …</translation>
    </message>
    <message>
        <source>No recording is chosen</source>
        <translation>Keine Aufzeichnung gewählt</translation>
    </message>
    <message>
        <source>Choose one in the worklist, or begin with the first.</source>
        <translation>Wählen Sie eine in der Arbeitsliste oder beginnen Sie mit der ersten.</translation>
    </message>
    <message>
        <source>Show the first recording</source>
        <translation>Erste Aufzeichnung zeigen</translation>
    </message>
    <message>
        <source>%1 recordings  J K</source>
        <translation>%1 Aufzeichnungen  J K</translation>
    </message>
    <message>
        <source>%1 of %2  J K</source>
        <translation>%1 von %2  J K</translation>
    </message>
    <message>
        <source>A folder of ECG files</source>
        <translation>Ordner mit EKG-Dateien</translation>
    </message>
    <message>
        <source>Save the ECG as a picture</source>
        <translation>EKG als Bild speichern</translation>
    </message>
    <message>
        <source>Pictures (*.png *.svg *.pdf)</source>
        <translation>Bilder (*.png *.svg *.pdf)</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>%1 gespeichert</translation>
    </message>
    <message>
        <source>The picture was not saved: %1</source>
        <translation>Das Bild wurde nicht gespeichert: %1</translation>
    </message>
    <message>
        <source>3 × 4 + 3 rhythm</source>
        <translation>3 × 4 + 3 Rhythmus</translation>
    </message>
    <message>
        <source>Cabrera</source>
        <translation>Cabrera</translation>
    </message>
    <message>
        <source>Overlaid</source>
        <translation>Übereinander</translation>
    </message>
    <message>
        <source>Calipers</source>
        <translation>Zirkel</translation>
    </message>
    <message>
        <source>Calipers: drag over a lead to measure. Arrows move the chosen end by one sample, Shift moves both, X takes the other end, M marches out, A goes through all leads, Delete takes it away; C ends.</source>
        <translation>Zirkel: zum Messen über eine Ableitung ziehen. Pfeiltasten bewegen das gewählte Ende um einen Abtastwert, mit Umschalt beide, X nimmt das andere Ende, M wiederholt den Abstand, A geht durch alle Ableitungen, Entf entfernt ihn; C beendet.</translation>
    </message>
    <message>
        <source>Filters…</source>
        <translation>Filter…</translation>
    </message>
    <message>
        <source>Raw trace</source>
        <translation>Rohe Kurve</translation>
    </message>
    <message>
        <source>The calipers were not kept: %1</source>
        <translation>Die Zirkel wurden nicht gespeichert: %1</translation>
    </message>
    <message>
        <source>Filtering</source>
        <translation>Filtern</translation>
    </message>
    <message>
        <source>The trace was not filtered: %1</source>
        <translation>Die Kurve wurde nicht gefiltert: %1</translation>
    </message>
    <message>
        <source>True size on the screen</source>
        <translation>Wahre Größe auf dem Bildschirm</translation>
    </message>
    <message>
        <source>Measure the screen for true size…</source>
        <translation>Bildschirm für die wahre Größe ausmessen…</translation>
    </message>
    <message>
        <source>The ECG was not printed: %1</source>
        <translation>Das EKG wurde nicht gedruckt: %1</translation>
    </message>
    <message>
        <source>This part of the recording cannot be read: %1</source>
        <translation>Dieser Teil der Aufzeichnung kann nicht gelesen werden: %1</translation>
    </message>
    <message>
        <source>Half gain for V1 to V6, as for tall chest leads</source>
        <translation>Halbe Verstärkung für V1 bis V6, für hohe Brustwandableitungen</translation>
    </message>
    <message>
        <source>Half gain for the chest leads (10/5 mm/mV)</source>
        <translation>Halbe Verstärkung der Brustwandableitungen (10/5 mm/mV)</translation>
    </message>
    <message>
        <source>The recording on calibrated paper: small squares are 1 mm, large ones 5 mm; at 25 mm/s a large square is 0.2 s, at 10 mm/mV it is 0.5 mV. The wheel zooms time at the cursor, Shift and wheel the amplitude, dragging moves the paper, a double click fits it again. A wave too tall for its row runs into the next one, up to half a row; an arrowhead marks where it is cut there, and H draws the chest leads at half the gain. J and K go to the next and the previous recording. The bands below show, for each interval, how much it surprised the model and how it is encoded. C lays calipers; F chooses filters of the trace on the screen, R shows it as it is in the file.</source>
        <translation>Die Aufzeichnung auf geeichtem Papier: kleine Kästchen sind 1 mm, große 5 mm; bei 25 mm/s ist ein großes Kästchen 0,2 s, bei 10 mm/mV 0,5 mV. Das Rad zoomt die Zeit am Mauszeiger, Umschalt und Rad die Amplitude, Ziehen bewegt das Papier, ein Doppelklick passt es wieder ein. Eine Zacke, die für ihre Zeile zu hoch ist, läuft bis zu einer halben Zeile in die nächste; eine Pfeilspitze zeigt, wo sie dort abgeschnitten ist, und H zeichnet die Brustwandableitungen mit halber Verstärkung. J und K gehen zur nächsten und zur vorigen Aufzeichnung. Die Bänder darunter zeigen für jedes Intervall, wie sehr es das Modell überraschte und wie es kodiert ist. C legt Zirkel an; F wählt Filter der Kurve auf dem Bildschirm, R zeigt sie, wie sie in der Datei steht.</translation>
    </message>
    <message>
        <source>not among the %1 listed  J K</source>
        <translation>nicht unter den %1 aufgeführten  J K</translation>
    </message>
    <message>
        <source>Under a recording longer than a minute stands its overview: heart rate, pauses (triangles), stretches above 120 and below 40 bpm (bars), marks of the file; a click jumps, the handle is dragged. There the wheel scrolls, Ctrl and wheel zooms out to the whole, the page keys turn pages. The bands are of the model&apos;s first window. Intervals and axes are measured on the first %1 min, of more than %2 min in the Beat view alone; heart rate and RR spread are of the whole.</source>
        <translation>Unter einer Aufzeichnung von mehr als einer Minute steht ihre Übersicht: Herzfrequenz, Pausen (Dreiecke), Strecken über 120 und unter 40 /min (Balken), Markierungen der Datei; ein Klick springt, der Griff lässt sich ziehen. Dort rollt das Rad, Strg und Rad zoomt hinaus bis zum Ganzen, die Bildtasten blättern. Die Bänder gelten für das erste Fenster des Modells. Intervalle und Achsen sind in den ersten %1 min gemessen, von mehr als %2 min nur in der Ansicht „Schlag“; Herzfrequenz und RR-Streuung gelten für das Ganze.</translation>
    </message>
</context>
<context>
    <name>precordia::EncodingHeatMap</name>
    <message>
        <source>%1 dim.</source>
        <translation>%1 Dim.</translation>
    </message>
    <message>
        <source>0 s</source>
        <translation>0 s</translation>
    </message>
    <message>
        <source>z-score −%1</source>
        <translation>z-Wert −%L1</translation>
    </message>
    <message>
        <source>+%1</source>
        <translation>+%L1</translation>
    </message>
</context>
<context>
    <name>precordia::EvaluateForm</name>
    <message>
        <source>The seven findings</source>
        <translation>Die sieben Befunde</translation>
    </message>
    <message>
        <source>Labels of this study</source>
        <translation>Befunde dieser Studie</translation>
    </message>
    <message>
        <source>Atrial fibrillation, left ventricular hypertrophy, sinus tachycardia and bradycardia, right and left bundle branch block, left axis deviation: each among the data sets that use it</source>
        <translation>Vorhofflimmern, linksventrikuläre Hypertrophie, Sinustachykardie und -bradykardie, Rechts- und Linksschenkelblock, Linkstyp: jeder unter den Datensätzen, die ihn verwenden</translation>
    </message>
    <message>
        <source>Parts of the study, divided by patient; each is judged by what the others taught</source>
        <translation>Teile der Studie, nach Patienten getrennt; jeder wird nach dem beurteilt, was die anderen lehrten</translation>
    </message>
    <message>
        <source>Other divisions into folds; the figures are means over them</source>
        <translation>Weitere Aufteilungen; die Werte sind Mittel darüber</translation>
    </message>
    <message>
        <source>Random initialisations of the same model; their mean is the row beside it</source>
        <translation>Zufallsgewichte desselben Modells; ihr Mittel steht daneben</translation>
    </message>
    <message>
        <source>Folds</source>
        <translation>Teile</translation>
    </message>
    <message>
        <source>Divisions</source>
        <translation>Aufteilungen</translation>
    </message>
    <message>
        <source>Random models</source>
        <translation>Zufallsmodelle</translation>
    </message>
    <message>
        <source>Linear and attentive probes leave the model as it is; fine-tuning moves a copy of it and takes minutes a label. A stopped one goes on where it was</source>
        <translation>Lineare Probe und Attention-Probe lassen das Modell, wie es ist; die Feinabstimmung verändert eine Kopie und braucht Minuten je Label. Eine angehaltene geht dort weiter, wo sie war</translation>
    </message>
    <message>
        <source>Protocol</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>Each is asked in the data sets that use it. Recordings there with / without it:</source>
        <translation>Jeder wird in den Datensätzen gefragt, die ihn verwenden. Aufzeichnungen dort mit / ohne:</translation>
    </message>
    <message>
        <source>Tick one or several. In brackets: recordings of the study with the label, of all data sets.</source>
        <translation>Eines oder mehrere ankreuzen. In Klammern: Aufzeichnungen der Studie mit dem Label, aus allen Datensätzen.</translation>
    </message>
    <message>
        <source>%1: no data set of the study uses it</source>
        <translation>%1: kein Datensatz der Studie verwendet ihn</translation>
    </message>
    <message>
        <source>%1: %2 recordings with it and %3 without, of the data sets %4</source>
        <translation>%1: %2 Aufzeichnungen mit und %3 ohne, aus den Datensätzen %4</translation>
    </message>
    <message>
        <source>%1: not used here</source>
        <translation>%1: hier nicht verwendet</translation>
    </message>
    <message>
        <source>%1  %2 / %3, too few</source>
        <translation>%1  %2 / %3, zu wenige</translation>
    </message>
    <message>
        <source>%1  %2 / %3</source>
        <translation>%1  %2 / %3</translation>
    </message>
</context>
<context>
    <name>precordia::EvaluateView</name>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Evaluate the model</source>
        <translation>Modell bewerten</translation>
    </message>
    <message>
        <source>New evaluation</source>
        <translation>Neue Bewertung</translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation>Bewerten</translation>
    </message>
    <message>
        <source>AUROC of the recording embedding</source>
        <translation>AUROC der Aufnahme-Einbettung</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>Recording [95 %]</source>
        <translation>Aufnahme [95 %]</translation>
    </message>
    <message>
        <source>Interval</source>
        <translation>Intervall</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>Ereignis</translation>
    </message>
    <message>
        <source>Evaluation</source>
        <translation>Bewertung</translation>
    </message>
    <message>
        <source>Protocol</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Recordings</source>
        <translation>Aufnahmen</translation>
    </message>
    <message>
        <source>Mean AUROC</source>
        <translation>Mittlere AUROC</translation>
    </message>
    <message>
        <source>Open a study first: an evaluation needs its labels.</source>
        <translation>Öffnen Sie zuerst eine Studie: Eine Bewertung braucht ihre Befunde.</translation>
    </message>
    <message>
        <source>Tick at least one label.</source>
        <translation>Wählen Sie mindestens einen Befund.</translation>
    </message>
    <message>
        <source>Evaluating the model</source>
        <translation>Modell wird bewertet</translation>
    </message>
    <message>
        <source>The evaluation ended: %1</source>
        <translation>Die Bewertung endete: %1</translation>
    </message>
    <message>
        <source>The evaluation was stopped.</source>
        <translation>Die Bewertung wurde angehalten.</translation>
    </message>
    <message>
        <source>evaluating; the list of jobs tells how far</source>
        <translation>wird bewertet; wie weit, zeigt die Liste der Aufgaben</translation>
    </message>
    <message>
        <source>Model %1 of width %2, as chosen in Training</source>
        <translation>Modell %1 mit Breite %2, wie im Training gewählt</translation>
    </message>
    <message>
        <source>The study&apos;s own model, else the weights that come with the program</source>
        <translation>Das Modell der Studie, sonst die mitgelieferten Gewichte</translation>
    </message>
    <message>
        <source>%1 UTC</source>
        <translation>%1 UTC</translation>
    </message>
    <message>
        <source>Open a study; its labels tell how good a model&apos;s encodings are.</source>
        <translation>Öffnen Sie eine Studie; ihre Befunde sagen, wie gut die Kodierungen eines Modells sind.</translation>
    </message>
    <message>
        <source>model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>random weights</source>
        <translation>Zufallsgewichte</translation>
    </message>
    <message>
        <source>simple features</source>
        <translation>einfache Merkmale</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>AUROC, 95 % interval over patients</source>
        <translation>AUROC, 95-%-Spanne über Patienten</translation>
    </message>
    <message>
        <source>Heart rate from the recording embedding: R² %1, random weights %2, simple features %3.</source>
        <translation>Herzfrequenz aus der Aufnahme-Einbettung: R² %1, Zufallsgewichte %2, einfache Merkmale %3.</translation>
    </message>
    <message>
        <source>Not probed: %1 (%2).</source>
        <translation>Nicht geprüft: %1 (%2).</translation>
    </message>
    <message>
        <source>Above random</source>
        <translation>über Zufall</translation>
    </message>
    <message>
        <source>Above simple</source>
        <translation>über einfach</translation>
    </message>
    <message>
        <source>Stops at the next safe point; what is embedded and trained so far is kept</source>
        <translation>Hält am nächsten sicheren Punkt an; was schon eingebettet und trainiert ist, bleibt</translation>
    </message>
    <message>
        <source>A probe is a small classifier on the model&apos;s encodings; the model itself is left as it is. Fine-tuning moves a copy of the model together with the classifier. Recordings of one patient never stand on both sides of a division. Two rows always stand beside the model: the same model with random weights, and 108 plain numbers of amplitude and rhythm; beside an attentive probe or fine-tuning also the linear probe of the same model. A model that does not rise above them has learned little for this question. Intervals are 95 % over patients.</source>
        <translation>Eine Probe ist ein kleiner Klassifikator auf den Kodierungen des Modells; das Modell selbst bleibt, wie es ist. Die Feinabstimmung verändert eine Kopie des Modells zusammen mit dem Klassifikator. Aufnahmen eines Patienten stehen nie auf beiden Seiten einer Aufteilung. Zwei Zeilen stehen immer daneben: dasselbe Modell mit Zufallsgewichten und 108 einfache Zahlen zu Amplitude und Rhythmus; neben Attention-Probe oder Feinabstimmung auch die lineare Probe desselben Modells. Ein Modell, das nicht über sie hinauskommt, hat für diese Frage wenig gelernt. Die Spannen sind 95 % über Patienten.</translation>
    </message>
    <message>
        <source>linear probe</source>
        <translation>lineare Probe</translation>
    </message>
    <message>
        <source>With its head [95 %]</source>
        <translation>Mit Kopf [95 %]</translation>
    </message>
    <message>
        <source>Linear probe</source>
        <translation>Lineare Probe</translation>
    </message>
    <message>
        <source>Above linear</source>
        <translation>Über linearer</translation>
    </message>
    <message>
        <source>Recordings that the model could read; each label counts those of the data sets that use it</source>
        <translation>Aufzeichnungen, die das Modell lesen konnte; jedes Label zählt die der Datensätze, die es verwenden</translation>
    </message>
    <message>
        <source>recordings with / without</source>
        <translation>Aufzeichnungen mit / ohne</translation>
    </message>
    <message>
        <source>Counted are recordings with the label and without it, of the data sets that use it.</source>
        <translation>Gezählt sind Aufzeichnungen mit und ohne das Label, aus den Datensätzen, die es verwenden.</translation>
    </message>
    <message>
        <source>How well the model&apos;s encodings tell a label, beside the same model with random weights and beside plain numbers, will stand here.</source>
        <translation>Wie gut die Kodierungen des Modells ein Label erkennen, neben demselben Modell mit Zufallsgewichten und neben einfachen Zahlen, wird hier stehen.</translation>
    </message>
    <message>
        <source>Evaluate asks for the seven findings listed on the left; for others, choose &quot;Labels of this study&quot; there and tick them.</source>
        <translation>Bewerten fragt nach den sieben links genannten Befunden; für andere dort „Befunde dieser Studie“ wählen und ankreuzen.</translation>
    </message>
    <message>
        <source>Tick one or several labels on the left, then choose Evaluate.</source>
        <translation>Links ein oder mehrere Labels ankreuzen, dann Bewerten wählen.</translation>
    </message>
</context>
<context>
    <name>precordia::EventsView</name>
    <message>
        <source>Leads: II, V1, V5</source>
        <translation>II, V1, V5</translation>
    </message>
    <message>
        <source>Limb leads</source>
        <translation>Extremitäten</translation>
    </message>
    <message>
        <source>Chest leads</source>
        <translation>Brustwand</translation>
    </message>
    <message>
        <source>Hide: by clicking</source>
        <translation>Verdecken: durch Klicken</translation>
    </message>
    <message>
        <source>Hide: every fifth interval</source>
        <translation>Verdecken: jedes 5. Intervall</translation>
    </message>
    <message>
        <source>Hide: the middle third</source>
        <translation>Verdecken: mittleres Drittel</translation>
    </message>
    <message>
        <source>Hide: 60 % at random</source>
        <translation>Verdecken: 60 % zufällig</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>No interval hidden</source>
        <translation>Kein Intervall verdeckt</translation>
    </message>
    <message>
        <source>Sweep for surprise</source>
        <translation>Überraschung abtasten</translation>
    </message>
    <message>
        <source>Hides each interval in turn and shows how wrong the model&apos;s expectation is</source>
        <translation>Verdeckt jedes Intervall der Reihe nach und zeigt, wie falsch die Erwartung des Modells ist</translation>
    </message>
    <message>
        <source>Click or drag over the trace to hide intervals from the model. It predicts the event encodings of what is hidden; the event decoder turns them into a waveform, drawn in colour over the original. It shows what the model expects, not a measurement. The bars give the latent error of each hidden interval. Sweep hides every interval in turn.</source>
        <translation>Klicken Sie auf die Kurve oder ziehen Sie über sie, um dem Modell Intervalle zu verdecken. Es sagt die Ereigniskodierungen des Verdeckten vorher; der Ereignisdekoder macht daraus eine Kurve, farbig über das Original gezeichnet. Sie zeigt, was das Modell erwartet, keine Messung. Die Balken geben den latenten Fehler jedes verdeckten Intervalls an. Das Abtasten verdeckt jedes Intervall der Reihe nach.</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>Choose a recording in the worklist. Hide some of its intervals here and see what the model expects in their place.</source>
        <translation>Wählen Sie eine Aufzeichnung in der Arbeitsliste. Verdecken Sie hier einige ihrer Intervalle und sehen Sie, was das Modell an ihrer Stelle erwartet.</translation>
    </message>
    <message>
        <source>Every interval is hidden: the model has nothing to go by. Show at least one.</source>
        <translation>Alle Intervalle sind verdeckt: Das Modell hat keinen Anhalt. Zeigen Sie mindestens eines.</translation>
    </message>
    <message>
        <source>Reconstruction</source>
        <translation>Rekonstruktion</translation>
    </message>
    <message>
        <source>Surprise sweep</source>
        <translation>Abtasten der Überraschung</translation>
    </message>
    <message numerus="yes">
        <source>%n interval(s) hidden, reconstructing…</source>
        <translation>
            <numerusform>%n Intervall verdeckt, Rekonstruktion läuft …</numerusform>
            <numerusform>%n Intervalle verdeckt, Rekonstruktion läuft …</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n interval(s) hidden, mean latent error %1</source>
        <translation>
            <numerusform>%n Intervall verdeckt, mittl. Fehler %L1</numerusform>
            <numerusform>%n Intervalle verdeckt, mittl. Fehler %L1</numerusform>
        </translation>
    </message>
    <message>
        <source>Click intervals in the trace to hide them</source>
        <translation>Intervalle in der Kurve anklicken, um sie zu verdecken</translation>
    </message>
    <message numerus="yes">
        <source>%n interval(s) hidden</source>
        <translation>
            <numerusform>%n Intervall verdeckt</numerusform>
            <numerusform>%n Intervalle verdeckt</numerusform>
        </translation>
    </message>
    <message>
        <source>Trace: the model&apos;s input (band-passed). In colour over the hidden intervals: decoded by the event decoder; shows what the model expects, not a measurement.</source>
        <translation>Kurve: Eingang des Modells (bandpassgefiltert). Farbig über den verdeckten Intervallen: dekodiert vom Ereignisdekoder; zeigt, was das Modell erwartet, keine Messung.</translation>
    </message>
    <message>
        <source>Bars: surprise of each interval when it is hidden.</source>
        <translation>Balken: Überraschung jedes Intervalls, wenn es verdeckt ist.</translation>
    </message>
</context>
<context>
    <name>precordia::FilterButton</name>
    <message>
        <source>Zero-phase filters of the trace on the screen; the recording stays as it is. F opens this menu, R shows the raw trace. Only a constant offset of each lead is always left out.</source>
        <translation>Nullphasige Filter der Kurve auf dem Bildschirm; die Aufzeichnung bleibt, wie sie ist. F öffnet dieses Menü, R zeigt die rohe Kurve. Nur ein gleichbleibender Versatz jeder Ableitung wird immer weggelassen.</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Baseline</source>
        <translation>Grundlinie</translation>
    </message>
    <message>
        <source>Mains</source>
        <translation>Netzbrummen</translation>
    </message>
    <message>
        <source>Muscle</source>
        <translation>Muskel</translation>
    </message>
    <message>
        <source>Raw trace</source>
        <translation>Rohe Kurve</translation>
    </message>
    <message>
        <source>%1: off</source>
        <translation>%1: aus</translation>
    </message>
    <message>
        <source>%1: %2 Hz</source>
        <translation>%1: %2 Hz</translation>
    </message>
    <message>
        <source>Filters: off (raw)</source>
        <translation>Filter: aus (roh)</translation>
    </message>
    <message>
        <source>Filters: off</source>
        <translation>Filter: aus</translation>
    </message>
</context>
<context>
    <name>precordia::FilterChips</name>
    <message>
        <source>+ filter</source>
        <translation>+ Filter</translation>
    </message>
    <message>
        <source>Show only some of the recordings</source>
        <translation>Nur einen Teil der Aufzeichnungen zeigen</translation>
    </message>
    <message>
        <source>Remove this filter</source>
        <translation>Diesen Filter entfernen</translation>
    </message>
    <message>
        <source>Filter %1, press to remove</source>
        <translation>Filter %1, zum Entfernen drücken</translation>
    </message>
    <message>
        <source>chosen on the map: %1</source>
        <translation>auf der Karte gewählt: %1</translation>
    </message>
    <message>
        <source>from</source>
        <translation>von</translation>
    </message>
    <message>
        <source>to</source>
        <translation>bis</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Anwenden</translation>
    </message>
    <message>
        <source> or </source>
        <translation> oder </translation>
    </message>
    <message>
        <source>Measured, computed</source>
        <translation>Messwerte, berechnet</translation>
    </message>
    <message>
        <source>Measured, from the file</source>
        <translation>Messwerte, aus der Datei</translation>
    </message>
    <message>
        <source>%1…</source>
        <translation>%1 …</translation>
    </message>
    <message>
        <source>Measured, marks moved</source>
        <translation>Gemessen, Marken verschoben</translation>
    </message>
</context>
<context>
    <name>precordia::HoverCard</name>
    <message>
        <source>%1 bpm</source>
        <translation>%1 /min</translation>
    </message>
    <message>
        <source>cluster %1</source>
        <translation>Cluster %1</translation>
    </message>
    <message>
        <source>surprise %1</source>
        <translation>Überraschung %L1</translation>
    </message>
    <message>
        <source>surprise: percentile %1</source>
        <translation>Überraschung: Perzentil %1</translation>
    </message>
</context>
<context>
    <name>precordia::HoverThumbnail</name>
    <message>
        <source>A long recording: choose it to see it.</source>
        <translation>Eine lange Aufzeichnung: zum Ansehen auswählen.</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen …</translation>
    </message>
    <message>
        <source>The recording cannot be read now.</source>
        <translation>Die Aufzeichnung kann jetzt nicht gelesen werden.</translation>
    </message>
</context>
<context>
    <name>precordia::ImportDialog</name>
    <message>
        <source>New study</source>
        <translation>Neue Studie</translation>
    </message>
    <message>
        <source>Import ECGs</source>
        <translation>EKGs importieren</translation>
    </message>
    <message>
        <source>ECGs</source>
        <translation>EKGs</translation>
    </message>
    <message>
        <source>A folder of ECGs</source>
        <translation>Ordner mit EKGs</translation>
    </message>
    <message>
        <source>ECG files</source>
        <translation>EKG-Dateien</translation>
    </message>
    <message>
        <source>optional: a CSV with a row a recording</source>
        <translation>wahlweise: CSV mit einer Zeile je Aufzeichnung</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>A table of labels</source>
        <translation>Tabelle mit Labels</translation>
    </message>
    <message>
        <source>CSV (*.csv)</source>
        <translation>CSV (*.csv)</translation>
    </message>
    <message>
        <source>Study folder</source>
        <translation>Ordner der Studie</translation>
    </message>
    <message>
        <source>An empty folder for the study</source>
        <translation>Leerer Ordner für die Studie</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Ordner …</translation>
    </message>
    <message>
        <source>Files…</source>
        <translation>Dateien …</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>folders or files, several with ; between</source>
        <translation>Ordner oder Dateien, mehrere mit ; getrennt</translation>
    </message>
    <message>
        <source>Does not exist: %1</source>
        <translation>Nicht vorhanden: %1</translation>
    </message>
    <message>
        <source>Columns…</source>
        <translation>Spalten…</translation>
    </message>
    <message>
        <source>Which column of the table says what</source>
        <translation>Welche Spalte der Tabelle was sagt</translation>
    </message>
    <message>
        <source>of the files, unless one may tell who it is</source>
        <translation>der Dateien, außer einer könnte die Person verraten</translation>
    </message>
    <message>
        <source>of the files, unless one holds the patient&apos;s id or name</source>
        <translation>der Dateien, außer einer enthält Name oder Nummer der Person</translation>
    </message>
    <message>
        <source>pseudonyms only</source>
        <translation>nur Pseudonyme</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>Namen</translation>
    </message>
    <message>
        <source>The files are read and never changed. Names, ids and birth dates do not enter the study; dates are shifted, patients get a pseudonym.</source>
        <translation>Die Dateien werden gelesen und nie verändert. Namen, Nummern und Geburtsdaten kommen nicht in die Studie; Datumsangaben werden verschoben, Personen erhalten ein Pseudonym.</translation>
    </message>
    <message>
        <source>The import begins as soon as the files have been looked at.</source>
        <translation>Der Import beginnt, sobald die Dateien angesehen sind.</translation>
    </message>
</context>
<context>
    <name>precordia::ImportPreviewPanel</name>
    <message>
        <source>%1 s of signal</source>
        <translation>%1 s Signal</translation>
    </message>
    <message>
        <source>%1 min of signal</source>
        <translation>%1 min Signal</translation>
    </message>
    <message>
        <source>%1 h of signal</source>
        <translation>%1 h Signal</translation>
    </message>
    <message>
        <source>Recordings</source>
        <translation>Aufzeichnungen</translation>
    </message>
    <message>
        <source>Patients</source>
        <translation>Personen</translation>
    </message>
    <message>
        <source>Formats</source>
        <translation>Formate</translation>
    </message>
    <message>
        <source>Signals</source>
        <translation>Signale</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>Cannot be read</source>
        <translation>Nicht lesbar</translation>
    </message>
    <message>
        <source>What will come in shows here before anything is written.</source>
        <translation>Was hereinkommt, steht hier, bevor etwas geschrieben wird.</translation>
    </message>
    <message>
        <source>Looking at the files…</source>
        <translation>Die Dateien werden angesehen…</translation>
    </message>
    <message>
        <source>Looking at the files: %1 of %2…</source>
        <translation>Die Dateien werden angesehen: %1 von %2…</translation>
    </message>
    <message>
        <source>%1 new, %2</source>
        <translation>%1 neu, %2</translation>
    </message>
    <message>
        <source>none new</source>
        <translation>keine neue</translation>
    </message>
    <message>
        <source>%1 already in the study</source>
        <translation>%1 schon in der Studie</translation>
    </message>
    <message>
        <source>%1 other files passed over</source>
        <translation>%1 andere Dateien übergangen</translation>
    </message>
    <message>
        <source>%1 recordings of no known patient</source>
        <translation>%1 Aufzeichnungen ohne bekannte Person</translation>
    </message>
    <message>
        <source>%1 at %2 Hz</source>
        <translation>%1 mit %2 Hz</translation>
    </message>
    <message numerus="yes">
        <source>%1 with %n lead(s)</source>
        <translation>
            <numerusform>%1 mit %n Ableitung</numerusform>
            <numerusform>%1 mit %n Ableitungen</numerusform>
        </translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>und %1 weitere</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>%1 of the table&apos;s %2 rows find a recording</source>
        <translation>%1 der %2 Tabellenzeilen finden eine Aufzeichnung</translation>
    </message>
    <message numerus="yes">
        <source>%n recording(s) without ECG leads</source>
        <translation>
            <numerusform>%n Aufzeichnung ohne EKG-Ableitungen</numerusform>
            <numerusform>%n Aufzeichnungen ohne EKG-Ableitungen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>of the diagnoses of %n recording(s), %1 words are left out</source>
        <translation>
            <numerusform>von den Diagnosen aus %n Aufzeichnung bleiben %1 Wörter draußen</numerusform>
            <numerusform>von den Diagnosen aus %n Aufzeichnungen bleiben %1 Wörter draußen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>precordia::ImportResultDialog</name>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n Datei</numerusform>
            <numerusform>%n Dateien</numerusform>
        </translation>
    </message>
    <message>
        <source>Last import</source>
        <translation>Letzter Import</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>importiert</translation>
    </message>
    <message>
        <source>already there</source>
        <translation>schon da</translation>
    </message>
    <message>
        <source>passed over</source>
        <translation>übergangen</translation>
    </message>
    <message>
        <source>warnings</source>
        <translation>Warnungen</translation>
    </message>
    <message>
        <source>not read</source>
        <translation>nicht gelesen</translation>
    </message>
    <message>
        <source>file</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>what was noticed</source>
        <translation>was auffiel</translation>
    </message>
    <message>
        <source>Every file was read without a warning.</source>
        <translation>Jede Datei wurde ohne Warnung gelesen.</translation>
    </message>
    <message>
        <source>Save as CSV…</source>
        <translation>Als CSV speichern…</translation>
    </message>
    <message>
        <source>Save the list of files</source>
        <translation>Die Liste der Dateien speichern</translation>
    </message>
    <message>
        <source>CSV (*.csv)</source>
        <translation>CSV (*.csv)</translation>
    </message>
    <message>
        <source>Not read: %1</source>
        <translation>Nicht gelesen: %1</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>und %1 weitere</translation>
    </message>
    <message>
        <source>Saved: %1</source>
        <translation>Gespeichert: %1</translation>
    </message>
    <message numerus="yes">
        <source>labels of %n recording(s)</source>
        <translation>
            <numerusform>Labels von %n Aufzeichnung</numerusform>
            <numerusform>Labels von %n Aufzeichnungen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>precordia::IntervalRibbons</name>
    <message>
        <source>Below: interval encoding, 3 principal components as colour (%1 % of the variance)</source>
        <translation>Unten: Intervallkodierung, 3 Hauptkomponenten als Farbe (%1 % der Varianz)</translation>
    </message>
    <message>
        <source>Interval encoding, 3 principal components as colour (%1 % of the variance)</source>
        <translation>Intervallkodierung, 3 Hauptkomponenten als Farbe (%1 % der Varianz)</translation>
    </message>
    <message>
        <source>Interval %1: %2 s to %3 s</source>
        <translation>Intervall %1: %L2 s bis %L3 s</translation>
    </message>
    <message>
        <source>Surprise %1 (model)</source>
        <translation>Überraschung %L1 (Modell)</translation>
    </message>
    <message>
        <source>Above: surprise, latent error</source>
        <translation>Oben: Überraschung, latenter Fehler</translation>
    </message>
    <message>
        <source>Above: surprise, percentile in the study</source>
        <translation>Oben: Überraschung, Perzentil in der Studie</translation>
    </message>
    <message>
        <source>more than %1 % of the study&apos;s intervals</source>
        <translation>mehr als bei %L1 % der Intervalle der Studie</translation>
    </message>
    <message>
        <source>The model reads the first %1 s: no bands behind them</source>
        <translation>Das Modell liest die ersten %1 s: dahinter keine Bänder</translation>
    </message>
    <message>
        <source>The model reads %1 to %2 s: no bands beside them</source>
        <translation>Das Modell liest %1 bis %2 s: daneben keine Bänder</translation>
    </message>
</context>
<context>
    <name>precordia::IntervalsView</name>
    <message>
        <source>Lead shown above the encodings</source>
        <translation>Über den Kodierungen gezeigte Ableitung</translation>
    </message>
    <message>
        <source>Below: interval level</source>
        <translation>Unten: Intervallebene</translation>
    </message>
    <message>
        <source>Below: event level</source>
        <translation>Unten: Ereignisebene</translation>
    </message>
    <message>
        <source>Level that self-similarity and trajectory show</source>
        <translation>Ebene, die Selbstähnlichkeit und Pfad zeigen</translation>
    </message>
    <message>
        <source>Self-similarity of the intervals</source>
        <translation>Selbstähnlichkeit der Intervalle</translation>
    </message>
    <message>
        <source>Path through the first two principal components</source>
        <translation>Pfad durch die ersten zwei Hauptkomponenten</translation>
    </message>
    <message>
        <source>Each column is one interval, each row one dimension of its encoding, shown as z-score over this recording (dark: low, yellow: high). Above: interval encodings, made from the leads of that interval alone. Below: event encodings, seen in the context of the whole recording. Move the mouse to see the same moment everywhere.</source>
        <translation>Jede Spalte ist ein Intervall, jede Zeile eine Dimension seiner Kodierung, als z-Wert über diese Aufzeichnung (dunkel: niedrig, gelb: hoch). Oben: Intervallkodierungen, allein aus den Ableitungen dieses Intervalls. Unten: Ereigniskodierungen, im Zusammenhang der ganzen Aufzeichnung gesehen. Bewegen Sie die Maus, um überall denselben Moment zu sehen.</translation>
    </message>
    <message>
        <source>Intervals</source>
        <translation>Intervalle</translation>
    </message>
    <message>
        <source>Choose a recording in the worklist. Its encodings, one column for every interval, will stand here under the trace.</source>
        <translation>Wählen Sie eine Aufzeichnung in der Arbeitsliste. Ihre Kodierungen, eine Spalte je Intervall, erscheinen hier unter der Kurve.</translation>
    </message>
    <message>
        <source>interval level</source>
        <translation>Intervall</translation>
    </message>
    <message>
        <source>event level</source>
        <translation>Ereignis</translation>
    </message>
    <message>
        <source>%1 intervals of %2 s, width %3, from the model %4</source>
        <translation>%1 Intervalle zu %L2 s, Breite %3, vom Modell %4</translation>
    </message>
    <message>
        <source>interval %1 of %2, %3 to %4 s</source>
        <translation>Intervall %1 von %2, %L3 bis %L4 s</translation>
    </message>
</context>
<context>
    <name>precordia::JobsBar</name>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
    <message>
        <source>Pretraining %1</source>
        <translation>Vortraining %1</translation>
    </message>
    <message>
        <source>preparing the recordings</source>
        <translation>Aufzeichnungen werden vorbereitet</translation>
    </message>
    <message>
        <source>step %1 of %2</source>
        <translation>Schritt %1 von %2</translation>
    </message>
    <message>
        <source>fitting the event decoder</source>
        <translation>Ereignisdekoder wird angepasst</translation>
    </message>
    <message>
        <source>%1 recordings/s</source>
        <translation>%1 Aufzeichnungen/s</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>pausiert</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>wird beendet</translation>
    </message>
    <message>
        <source>stopping at the next safe point</source>
        <translation>wird am nächsten sicheren Punkt beendet</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pausieren</translation>
    </message>
    <message>
        <source>Stop after epoch</source>
        <translation>Nach Epoche beenden</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufgaben</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>und %n weitere</numerusform>
            <numerusform>und %n weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>none running</source>
        <translation>keine läuft</translation>
    </message>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n läuft</numerusform>
            <numerusform>%n laufen</numerusform>
        </translation>
    </message>
    <message>
        <source>model %1</source>
        <translation>Modell %1</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>%1 GFLOP/s</source>
        <translation>%1 GFLOP/s</translation>
    </message>
    <message>
        <source>model engine not available</source>
        <translation>Rechenkern nicht verfügbar</translation>
    </message>
    <message>
        <source>the model engine is loading</source>
        <translation>Rechenkern wird geladen</translation>
    </message>
</context>
<context>
    <name>precordia::LabelMappingDialog</name>
    <message>
        <source>not used</source>
        <translation>nicht verwendet</translation>
    </message>
    <message>
        <source>finds the recording</source>
        <translation>findet die Aufzeichnung</translation>
    </message>
    <message>
        <source>file that holds it</source>
        <translation>Datei, die sie enthält</translation>
    </message>
    <message>
        <source>labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>a label, yes or no</source>
        <translation>ein Label, ja oder nein</translation>
    </message>
    <message>
        <source>SNOMED CT codes</source>
        <translation>SNOMED-CT-Codes</translation>
    </message>
    <message>
        <source>SCP statements</source>
        <translation>SCP-Aussagen</translation>
    </message>
    <message>
        <source>age</source>
        <translation>Alter</translation>
    </message>
    <message>
        <source>sex</source>
        <translation>Geschlecht</translation>
    </message>
    <message>
        <source>patient</source>
        <translation>Person</translation>
    </message>
    <message>
        <source>data set</source>
        <translation>Datensatz</translation>
    </message>
    <message>
        <source>fold of the split</source>
        <translation>Teil der Aufteilung</translation>
    </message>
    <message>
        <source>Columns of the table</source>
        <translation>Spalten der Tabelle</translation>
    </message>
    <message>
        <source>Say what each column holds. Patients enter the study as pseudonyms; columns that are not used do not enter it at all.</source>
        <translation>Sagen Sie, was jede Spalte enthält. Personen kommen als Pseudonyme in die Studie; nicht verwendete Spalten gar nicht.</translation>
    </message>
    <message>
        <source>Use these columns</source>
        <translation>Diese Spalten verwenden</translation>
    </message>
    <message>
        <source>What the column %1 holds</source>
        <translation>Was die Spalte %1 enthält</translation>
    </message>
    <message>
        <source>the path of the file, from the table&apos;s folder</source>
        <translation>den Pfad der Datei, vom Ordner der Tabelle aus</translation>
    </message>
    <message>
        <source>the name of the file, wherever it lies</source>
        <translation>den Namen der Datei, wo sie auch liegt</translation>
    </message>
    <message>
        <source>the number in the file&apos;s name, or of the recording in it</source>
        <translation>die Nummer im Dateinamen oder in der Datei</translation>
    </message>
    <message>
        <source>in words: male, f, …</source>
        <translation>in Worten: male, f, …</translation>
    </message>
    <message>
        <source>0 is male, 1 is female</source>
        <translation>0 ist männlich, 1 ist weiblich</translation>
    </message>
    <message>
        <source>1 or true is male</source>
        <translation>1 oder true ist männlich</translation>
    </message>
    <message>
        <source>Each of these characters parts two labels of one cell</source>
        <translation>Jedes dieser Zeichen trennt zwei Labels einer Zelle</translation>
    </message>
    <message>
        <source>where no column says it</source>
        <translation>wo keine Spalte ihn nennt</translation>
    </message>
    <message>
        <source>A recording is found by</source>
        <translation>Aufzeichnung finden über</translation>
    </message>
    <message>
        <source>Between labels stands</source>
        <translation>Zwischen Labels steht</translation>
    </message>
    <message>
        <source>Sex is written</source>
        <translation>Geschlecht ist notiert</translation>
    </message>
    <message>
        <source>Data set</source>
        <translation>Datensatz</translation>
    </message>
    <message>
        <source>One column must find the recording.</source>
        <translation>Eine Spalte muss die Aufzeichnung finden.</translation>
    </message>
    <message>
        <source>Two columns are taken for: %1.</source>
        <translation>Zwei Spalten gelten als: %1.</translation>
    </message>
</context>
<context>
    <name>precordia::LabelPanel</name>
    <message>
        <source>Blinded</source>
        <translation>Verblindet</translation>
    </message>
    <message>
        <source>key</source>
        <translation>Taste</translation>
    </message>
    <message>
        <source>term</source>
        <translation>Begriff</translation>
    </message>
    <message>
        <source>own</source>
        <translation>eigene</translation>
    </message>
    <message>
        <source>others</source>
        <translation>andere</translation>
    </message>
    <message>
        <source>Checked: present; half checked: absent; empty: nothing was said</source>
        <translation>Angekreuzt: vorhanden; halb angekreuzt: nicht vorhanden; leer: nichts gesagt</translation>
    </message>
    <message>
        <source>Vocabulary of the study</source>
        <translation>Wortschatz der Studie</translation>
    </message>
    <message>
        <source>Add a term: SNOMED name or an own one…</source>
        <translation>Begriff hinzufügen: SNOMED-Name oder eigener …</translation>
    </message>
    <message>
        <source>Add a term to the vocabulary</source>
        <translation>Begriff zum Wortschatz hinzufügen</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>Who labels: each reader&apos;s labels stand by themselves</source>
        <translation>Wer befundet; die Labels jedes Befunders stehen für sich</translation>
    </message>
    <message>
        <source>Hides labels, names of recordings and what other readers found, wherever they show</source>
        <translation>Verbirgt überall Labels, Namen der Aufzeichnungen und was andere Befunder gefunden haben</translation>
    </message>
    <message>
        <source>What a label is given to</source>
        <translation>Wofür ein Label gilt</translation>
    </message>
    <message>
        <source>What a label is given to: the recording, the lead under the cursor, the chosen caliper, or the beat at the cursor</source>
        <translation>Wofür ein Label gilt: die Aufzeichnung, die Ableitung unter dem Zeiger, den gewählten Zirkel oder den Schlag am Zeiger</translation>
    </message>
    <message>
        <source>On</source>
        <translation>Für</translation>
    </message>
    <message>
        <source>Next unread</source>
        <translation>Nächste</translation>
    </message>
    <message>
        <source>To the next recording of the worklist that this reader has not read (N)</source>
        <translation>Zur nächsten Aufzeichnung der Arbeitsliste, die dieser Befunder nicht befundet hat (N)</translation>
    </message>
    <message>
        <source>Mark the recording as read</source>
        <translation>Aufzeichnung als befundet markieren</translation>
    </message>
    <message>
        <source>Next recording not read yet</source>
        <translation>Nächste noch nicht befundete Aufzeichnung</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Aufzeichnung</translation>
    </message>
    <message>
        <source>Lead %1</source>
        <translation>Ableitung %1</translation>
    </message>
    <message>
        <source>Lead: point at one</source>
        <translation>Ableitung: auf eine zeigen</translation>
    </message>
    <message>
        <source>Caliper %1 to %2 s</source>
        <translation>Zirkel %1 bis %2 s</translation>
    </message>
    <message>
        <source>Interval: lay a caliper (C)</source>
        <translation>Intervall: Zirkel anlegen (C)</translation>
    </message>
    <message>
        <source>Beat at %1 s</source>
        <translation>Schlag bei %1 s</translation>
    </message>
    <message>
        <source>Beat: point at one</source>
        <translation>Schlag: auf einen zeigen</translation>
    </message>
    <message>
        <source>read</source>
        <translation>befundet</translation>
    </message>
    <message>
        <source>take back %1</source>
        <translation>%1 zurücknehmen</translation>
    </message>
    <message>
        <source>label no %1</source>
        <translation>kein Label %1</translation>
    </message>
    <message>
        <source>label %1</source>
        <translation>Label %1</translation>
    </message>
    <message>
        <source>add the term %1</source>
        <translation>Begriff %1 hinzufügen</translation>
    </message>
    <message>
        <source>key of %1</source>
        <translation>Taste von %1</translation>
    </message>
    <message>
        <source>Rename a term</source>
        <translation>Begriff umbenennen</translation>
    </message>
    <message>
        <source>Labels given by it go with the name:</source>
        <translation>Damit vergebene Labels ändern ihren Namen mit:</translation>
    </message>
    <message>
        <source>rename %1</source>
        <translation>%1 umbenennen</translation>
    </message>
    <message>
        <source>Present</source>
        <translation>Vorhanden</translation>
    </message>
    <message>
        <source>Absent</source>
        <translation>Nicht vorhanden</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen …</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Taste</translation>
    </message>
    <message>
        <source>%1, now %2</source>
        <translation>%1, jetzt %2</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Take off the list</source>
        <translation>Von der Liste nehmen</translation>
    </message>
    <message>
        <source>take %1 off the list</source>
        <translation>%1 von der Liste nehmen</translation>
    </message>
    <message>
        <source>yes</source>
        <comment>a label is present</comment>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <comment>a label is absent</comment>
        <translation>nein</translation>
    </message>
    <message>
        <source>%1 to %2 s</source>
        <translation>%1 bis %2 s</translation>
    </message>
    <message>
        <source>beat %1 s</source>
        <translation>Schlag %1 s</translation>
    </message>
    <message>
        <source>not %1</source>
        <comment>a label is absent there</comment>
        <translation>nicht %1</translation>
    </message>
    <message>
        <source>read, silence means absent</source>
        <translation>befundet, Schweigen heißt: nicht vorhanden</translation>
    </message>
    <message>
        <source>%1, SNOMED CT %2</source>
        <translation>%1, SNOMED CT %2</translation>
    </message>
    <message>
        <source>Label: %1</source>
        <translation>Label: %1</translation>
    </message>
    <message>
        <source>Label: term of key %1</source>
        <translation>Label: Begriff der Taste %1</translation>
    </message>
    <message>
        <source>Label: no %1</source>
        <translation>Label: kein %1</translation>
    </message>
    <message>
        <source>Label: no term of key %1</source>
        <translation>Label: kein Begriff der Taste %1</translation>
    </message>
    <message>
        <source>There is no next recording to give it to.</source>
        <translation>Es gibt keine nächste Aufzeichnung dafür.</translation>
    </message>
    <message>
        <source>The recording is still being read, and a lead, an interval or a beat of it is not known before.</source>
        <translation>Die Aufzeichnung wird noch gelesen; vorher sind Ableitung, Intervall oder Schlag nicht bekannt.</translation>
    </message>
    <message>
        <source>The label was not given. %1</source>
        <translation>Das Label wurde nicht vergeben. %1</translation>
    </message>
</context>
<context>
    <name>precordia::LatentErrorBars</name>
    <message>
        <source>latent error</source>
        <translation>latenter Fehler</translation>
    </message>
    <message>
        <source>0 s</source>
        <translation>0 s</translation>
    </message>
    <message>
        <source>Hide intervals in the trace, or sweep the whole recording.</source>
        <translation>Verdecken Sie Intervalle in der Kurve oder tasten Sie die ganze Aufzeichnung ab.</translation>
    </message>
    <message>
        <source>max %1</source>
        <translation>max %L1</translation>
    </message>
    <message>
        <source>latent error %1 (hidden now)</source>
        <translation>latenter Fehler %L1 (jetzt verdeckt)</translation>
    </message>
    <message>
        <source>surprise %1 (hidden in turn)</source>
        <translation>Überraschung %L1 (reihum verdeckt)</translation>
    </message>
    <message>
        <source>more than %1 % of the study&apos;s intervals</source>
        <translation>mehr als bei %L1 % der Intervalle der Studie</translation>
    </message>
</context>
<context>
    <name>precordia::LeadMenu</name>
    <message>
        <source>Leads</source>
        <translation>Ableitungen</translation>
    </message>
    <message>
        <source>Show a group of leads, or draw one larger, smaller, upside down or not at all</source>
        <translation>Eine Gruppe von Ableitungen zeigen oder eine größer, kleiner, umgekehrt oder gar nicht zeichnen</translation>
    </message>
    <message numerus="yes">
        <source>Leads: %n changed</source>
        <translation>
            <numerusform>Ableitungen: %n geändert</numerusform>
            <numerusform>Ableitungen: %n geändert</numerusform>
        </translation>
    </message>
    <message>
        <source>All leads</source>
        <translation>Alle Ableitungen</translation>
    </message>
    <message>
        <source>Limb leads</source>
        <translation>Extremitätenableitungen</translation>
    </message>
    <message>
        <source>Chest leads</source>
        <translation>Brustwandableitungen</translation>
    </message>
    <message>
        <source>Inferior leads</source>
        <translation>Inferiore Ableitungen</translation>
    </message>
    <message>
        <source>Lateral leads</source>
        <translation>Laterale Ableitungen</translation>
    </message>
    <message>
        <source>Hidden</source>
        <translation>Verborgen</translation>
    </message>
    <message>
        <source>Inverted</source>
        <translation>Umgekehrt</translation>
    </message>
    <message>
        <source>Amplitude ×%1</source>
        <translation>Amplitude ×%1</translation>
    </message>
    <message>
        <source>Draw all leads plainly</source>
        <translation>Alle Ableitungen einfach zeichnen</translation>
    </message>
</context>
<context>
    <name>precordia::LongTrace</name>
    <message>
        <source>%1 to %2 of %3  </source>
        <translation>%1 bis %2 von %3  </translation>
    </message>
    <message>
        <source>Overview of %1</source>
        <translation>Übersicht über %1</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>beendet</translation>
    </message>
    <message>
        <source>The overview is being made: %1 %. Until then a page shows at most %2 s.</source>
        <translation>Die Übersicht entsteht: %1 %. Bis dahin zeigt eine Seite höchstens %2 s.</translation>
    </message>
    <message>
        <source>There is no overview (%1). A page shows at most %2 s.</source>
        <translation>Es gibt keine Übersicht (%1). Eine Seite zeigt höchstens %2 s.</translation>
    </message>
    <message>
        <source>Filters are not applied to a page this long.</source>
        <translation>Auf eine so lange Seite werden keine Filter angewandt.</translation>
    </message>
</context>
<context>
    <name>precordia::MainWindow</name>
    <message>
        <source>Precordia - Research use only</source>
        <translation>Precordia - Nur für Forschungszwecke</translation>
    </message>
    <message>
        <source>Worklist</source>
        <translation>Arbeitsliste</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufgaben</translation>
    </message>
    <message>
        <source>Research use only</source>
        <translation>Nur für Forschungszwecke</translation>
    </message>
    <message>
        <source>The recording could not be read: %1</source>
        <translation>Die Aufzeichnung konnte nicht gelesen werden: %1</translation>
    </message>
    <message>
        <source>Precordia - %1 - Research use only</source>
        <translation>Precordia - %1 - Nur für Forschungszwecke</translation>
    </message>
    <message>
        <source>Study: %1</source>
        <translation>Studie: %1</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>A folder for the demo study</source>
        <translation>Ordner für die Demo-Studie</translation>
    </message>
    <message>
        <source>Open a study: a folder with study.sqlite</source>
        <translation>Studie öffnen: ein Ordner mit study.sqlite</translation>
    </message>
    <message>
        <source>Open the demo study to look around, or make a study from your own ECG files: they are read, never changed.</source>
        <translation>Öffnen Sie zum Umsehen die Demo-Studie oder legen Sie eine Studie aus eigenen EKG-Dateien an: Sie werden gelesen, nie verändert.</translation>
    </message>
    <message>
        <source>Jobs are running</source>
        <translation>Es laufen Aufgaben</translation>
    </message>
    <message>
        <source>%1.

Stop at the next safe point and close? What is done until then is kept.</source>
        <translation>%1.

Am nächsten sicheren Punkt beenden und schließen? Was bis dahin fertig ist, bleibt erhalten.</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>Beenden und schließen</translation>
    </message>
    <message>
        <source>Keep running</source>
        <translation>Weiterlaufen lassen</translation>
    </message>
    <message>
        <source>Stopping at the next safe point; the window closes then.</source>
        <translation>Wird am nächsten sicheren Punkt beendet; dann schließt das Fenster.</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>There is no next recording to read: none fits the search and the filters.</source>
        <translation>Es gibt keine nächste ungelesene Aufzeichnung: zu Suche und Filtern passt keine.</translation>
    </message>
    <message>
        <source>Clear them</source>
        <translation>Aufheben</translation>
    </message>
</context>
<context>
    <name>precordia::MapLegend</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>without a value</source>
        <translation>ohne Wert</translation>
    </message>
</context>
<context>
    <name>precordia::MapView</name>
    <message>
        <source>UMAP</source>
        <translation>UMAP</translation>
    </message>
    <message>
        <source>PCA</source>
        <translation>PCA</translation>
    </message>
    <message>
        <source>Leiden clusters</source>
        <translation>Leiden-Cluster</translation>
    </message>
    <message>
        <source>k-means clusters</source>
        <translation>k-Means-Cluster</translation>
    </message>
    <message>
        <source>seed </source>
        <translation>Startwert </translation>
    </message>
    <message>
        <source>Compute</source>
        <translation>Berechnen</translation>
    </message>
    <message>
        <source>Lays the map out anew with these settings</source>
        <translation>Legt die Karte mit diesen Einstellungen neu an</translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation>Lasso</translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation>Rechteck</translation>
    </message>
    <message>
        <source>How the mouse chooses points; the right button pans, the wheel zooms, a double click resets</source>
        <translation>Wie die Maus Punkte wählt; die rechte Taste verschiebt, das Rad vergrößert, ein Doppelklick setzt zurück</translation>
    </message>
    <message>
        <source>Clear selection</source>
        <translation>Auswahl aufheben</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Each point is a recording; near points have alike recording embeddings. Draw around points to choose them: the worklist then shows these only. Click a point to open it, hover to see its ECG. Distances between far groups mean little on a UMAP. Clusters are groups the model finds alike; they are no diagnoses.</source>
        <translation>Jeder Punkt ist eine Aufzeichnung; nahe Punkte haben ähnliche Einbettungen. Umfahren Sie Punkte, um sie zu wählen: Die Arbeitsliste zeigt dann nur diese. Ein Klick öffnet einen Punkt, der Mauszeiger darüber zeigt sein EKG. Abstände zwischen fernen Gruppen sagen auf einer UMAP wenig. Cluster sind Gruppen, die das Modell ähnlich findet; sie sind keine Diagnosen.</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <source>Open a study. Its recordings will stand here as points, near where a model finds them alike.</source>
        <translation>Öffnen Sie eine Studie. Ihre Aufzeichnungen erscheinen hier als Punkte, nahe beieinander, wo ein Modell sie ähnlich findet.</translation>
    </message>
    <message>
        <source>No model yet</source>
        <translation>Noch kein Modell</translation>
    </message>
    <message>
        <source>The map is made of embeddings, and these come from a model. Pretrain one in the Training view, or open a model with Model &gt; Use a model file…</source>
        <translation>Die Karte entsteht aus Einbettungen, und diese kommen von einem Modell. Trainieren Sie eines in der Ansicht Training vor oder öffnen Sie eines mit Modell &gt; Modelldatei verwenden …</translation>
    </message>
    <message>
        <source>No embeddings yet</source>
        <translation>Noch keine Einbettungen</translation>
    </message>
    <message>
        <source>The model has not read this study. Embedding it takes about a minute for a few hundred recordings.</source>
        <translation>Das Modell hat diese Studie noch nicht gelesen. Die Einbettung dauert bei einigen hundert Aufzeichnungen etwa eine Minute.</translation>
    </message>
    <message>
        <source>Embed the study</source>
        <translation>Studie einbetten</translation>
    </message>
    <message numerus="yes">
        <source>%n recording(s), model %1</source>
        <translation>
            <numerusform>%n Aufzeichnung, Modell %1</numerusform>
            <numerusform>%n Aufzeichnungen, Modell %1</numerusform>
        </translation>
    </message>
    <message>
        <source>none</source>
        <translation>keines</translation>
    </message>
    <message>
        <source>Selection</source>
        <translation>Auswahl</translation>
    </message>
    <message>
        <source>Draw around points to choose recordings.</source>
        <translation>Umfahren Sie Punkte, um Aufzeichnungen zu wählen.</translation>
    </message>
    <message numerus="yes">
        <source>Selection: %n recording(s)</source>
        <translation>
            <numerusform>Auswahl: %n Aufzeichnung</numerusform>
            <numerusform>Auswahl: %n Aufzeichnungen</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2 of %3 (%4 %, elsewhere %5 %)</source>
        <translation>%1: %2 von %3 (%4&#xa0;%, sonst %5&#xa0;%)</translation>
    </message>
    <message>
        <source>Heart rate %1 against %2 bpm, d = %3</source>
        <translation>Herzfrequenz %1 gegen %2&#xa0;/min, d&#xa0;=&#xa0;%L3</translation>
    </message>
    <message>
        <source>Age %1 against %2 years, d = %3</source>
        <translation>Alter %1 gegen %2 Jahre, d&#xa0;=&#xa0;%L3</translation>
    </message>
    <message>
        <source>How it was made</source>
        <translation>Wie sie entstand</translation>
    </message>
    <message>
        <source>UMAP 1</source>
        <translation>UMAP 1</translation>
    </message>
    <message>
        <source>PC 1</source>
        <translation>HK 1</translation>
    </message>
    <message>
        <source>UMAP 2</source>
        <translation>UMAP 2</translation>
    </message>
    <message>
        <source>PC 2</source>
        <translation>HK 2</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>UMAP: %1 neighbours, smallest distance %2</source>
        <translation>UMAP: %1 Nachbarn, kleinster Abstand %L2</translation>
    </message>
    <message>
        <source>Principal components 1 and 2</source>
        <translation>Hauptkomponenten 1 und 2</translation>
    </message>
    <message>
        <source>k-means: %1 clusters</source>
        <translation>k-Means: %1 Cluster</translation>
    </message>
    <message>
        <source>Leiden: %1 clusters, resolution %2</source>
        <translation>Leiden: %1 Cluster, Auflösung %L2</translation>
    </message>
    <message>
        <source>Stability over seeds %1 (adjusted Rand)</source>
        <translation>Stabilität über Startwerte %L1 (adjustierter Rand-Index)</translation>
    </message>
    <message>
        <source>Trustworthiness %1, seed %2</source>
        <translation>Vertrauenswürdigkeit %L1, Startwert %2</translation>
    </message>
    <message>
        <source>No map yet</source>
        <translation>Noch keine Karte</translation>
    </message>
    <message>
        <source>The model has read this study; laying out its map takes seconds.</source>
        <translation>Das Modell hat diese Studie gelesen; ihre Karte anzulegen dauert Sekunden.</translation>
    </message>
    <message>
        <source>Compute the map</source>
        <translation>Karte berechnen</translation>
    </message>
    <message numerus="yes">
        <source>Of %n recording(s) only: places and clusters say little, compare them over several seeds</source>
        <translation>
            <numerusform>Von nur %n Aufzeichnung: Lage und Cluster sagen wenig, mehrere Startwerte vergleichen</numerusform>
            <numerusform>Von nur %n Aufzeichnungen: Lage und Cluster sagen wenig, mehrere Startwerte vergleichen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>precordia::Measuring</name>
    <message>
        <source>Measuring the recordings</source>
        <translation>Aufzeichnungen vermessen</translation>
    </message>
    <message>
        <source>The recordings could not be measured: %1</source>
        <translation>Die Aufzeichnungen konnten nicht vermessen werden: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n recording(s) measured</source>
        <translation>
            <numerusform>%n Aufzeichnung vermessen</numerusform>
            <numerusform>%n Aufzeichnungen vermessen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>; %n could not be read, the first: %1</source>
        <translation>
            <numerusform>; %n war nicht lesbar: %1</numerusform>
            <numerusform>; %n waren nicht lesbar, die erste: %1</numerusform>
        </translation>
    </message>
    <message>
        <source>All recordings are measured already.</source>
        <translation>Alle Aufzeichnungen sind schon vermessen.</translation>
    </message>
</context>
<context>
    <name>precordia::MessageBar</name>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Dismiss the message</source>
        <translation>Meldung schließen</translation>
    </message>
</context>
<context>
    <name>precordia::OverviewStrip</name>
    <message>
        <source>pause of %1 s</source>
        <translation>Pause von %1 s</translation>
    </message>
    <message>
        <source>no beat found for %1 s</source>
        <translation>%1 s lang kein Schlag gefunden</translation>
    </message>
    <message>
        <source>fast, %1 bpm for %2 s</source>
        <translation>schnell, %1 /min für %2 s</translation>
    </message>
    <message>
        <source>slow, %1 bpm for %2 s</source>
        <translation>langsam, %1 /min für %2 s</translation>
    </message>
    <message>
        <source>no signal for %1 s</source>
        <translation>%1 s lang kein Signal</translation>
    </message>
    <message>
        <source>Overview of the recording</source>
        <translation>Übersicht über die Aufzeichnung</translation>
    </message>
    <message>
        <source>%1 bpm</source>
        <translation>%1 /min</translation>
    </message>
    <message>
        <source>, RR ± %1 ms</source>
        <translation>, RR ± %1 ms</translation>
    </message>
    <message>
        <source> (computed)</source>
        <translation> (berechnet)</translation>
    </message>
    <message>
        <source>from the file: %1</source>
        <translation>aus der Datei: %1</translation>
    </message>
</context>
<context>
    <name>precordia::PaperCanvas</name>
    <message>
        <source>ECG paper</source>
        <translation>EKG-Papier</translation>
    </message>
    <message>
        <source>derived</source>
        <translation>abgeleitet</translation>
    </message>
    <message>
        <source>not recorded</source>
        <translation>nicht aufgezeichnet</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 mm/s  %2 mm/mV  filters: %3 · Research use only</source>
        <translation>%1 mm/s  %2 mm/mV  Filter: %3 · Nur für Forschung</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>verborgen</translation>
    </message>
    <message>
        <source>inverted</source>
        <translation>umgekehrt</translation>
    </message>
    <message>
        <source>%1 to %2 of %3</source>
        <translation>%1 bis %2 von %3</translation>
    </message>
    <message>
        <source>An arrowhead marks where a trace is cut: it may run half a row into its neighbours. H draws the chest leads at half the gain, Shift and Down draws all of them smaller.</source>
        <translation>Eine Pfeilspitze zeigt, wo eine Kurve abgeschnitten ist: Sie darf eine halbe Zeile in ihre Nachbarn laufen. H zeichnet die Brustwandableitungen mit halber Verstärkung, Umschalt und Ab alle kleiner.</translation>
    </message>
</context>
<context>
    <name>precordia::ReadersWindow</name>
    <message>
        <source>not read</source>
        <translation>nicht befundet</translation>
    </message>
    <message>
        <source>present</source>
        <translation>vorhanden</translation>
    </message>
    <message>
        <source>absent</source>
        <translation>nicht vorhanden</translation>
    </message>
    <message>
        <source>term</source>
        <translation>Begriff</translation>
    </message>
    <message>
        <source>both</source>
        <translation>beide</translation>
    </message>
    <message>
        <source>only first</source>
        <translation>nur erster</translation>
    </message>
    <message>
        <source>only second</source>
        <translation>nur zweiter</translation>
    </message>
    <message>
        <source>neither</source>
        <translation>keiner</translation>
    </message>
    <message>
        <source>kappa</source>
        <translation>Kappa</translation>
    </message>
    <message>
        <source>95 % interval</source>
        <translation>95-%-Intervall</translation>
    </message>
    <message>
        <source>Agreement by term</source>
        <translation>Übereinstimmung je Begriff</translation>
    </message>
    <message>
        <source>recording</source>
        <translation>Aufzeichnung</translation>
    </message>
    <message>
        <source>first</source>
        <translation>erster</translation>
    </message>
    <message>
        <source>second</source>
        <translation>zweiter</translation>
    </message>
    <message>
        <source>settled</source>
        <translation>entschieden</translation>
    </message>
    <message>
        <source>Where they differ</source>
        <translation>Worin sie sich unterscheiden</translation>
    </message>
    <message>
        <source>Two readers</source>
        <translation>Zwei Befunder</translation>
    </message>
    <message>
        <source>First reader</source>
        <translation>Erster Befunder</translation>
    </message>
    <message>
        <source>Second reader</source>
        <translation>Zweiter Befunder</translation>
    </message>
    <message>
        <source>and</source>
        <translation>und</translation>
    </message>
    <message>
        <source>Settle as present</source>
        <translation>Als vorhanden entscheiden</translation>
    </message>
    <message>
        <source>Settle as absent</source>
        <translation>Als nicht vorhanden entscheiden</translation>
    </message>
    <message>
        <source>Open again</source>
        <translation>Wieder öffnen</translation>
    </message>
    <message>
        <source>There are no two readers yet: a second one chooses another name in the panel of labels and labels the same recordings.</source>
        <translation>Noch gibt es keine zwei Befunder: ein zweiter wählt im Feld „Labels“ einen anderen Namen und befundet dieselben Aufzeichnungen.</translation>
    </message>
    <message>
        <source>Choose two readers.</source>
        <translation>Zwei Befunder wählen.</translation>
    </message>
    <message>
        <source>Agreement of readers</source>
        <translation>Übereinstimmung der Befunder</translation>
    </message>
    <message>
        <source>One of the two has no labels.</source>
        <translation>Von einem der beiden gibt es keine Labels.</translation>
    </message>
    <message numerus="yes">
        <source>%n recording(s) read by both, %1 by the first alone, %2 by the second alone. Kappa of Cohen: 0 is chance, 1 agreement throughout.</source>
        <translation>
            <numerusform>%n Aufzeichnung von beiden befundet, %1 nur vom ersten, %2 nur vom zweiten. Kappa nach Cohen: 0 ist Zufall, 1 volle Übereinstimmung.</numerusform>
            <numerusform>%n Aufzeichnungen von beiden befundet, %1 nur vom ersten, %2 nur vom zweiten. Kappa nach Cohen: 0 ist Zufall, 1 volle Übereinstimmung.</numerusform>
        </translation>
    </message>
    <message>
        <source>all terms together</source>
        <translation>alle Begriffe zusammen</translation>
    </message>
    <message>
        <source>settle %1</source>
        <translation>%1 entscheiden</translation>
    </message>
    <message>
        <source>too few</source>
        <translation>zu wenige</translation>
    </message>
    <message>
        <source>undefined</source>
        <translation>nicht definiert</translation>
    </message>
    <message>
        <source>Too few to say: fewer than %1 recordings were read by both.</source>
        <translation>Zu wenige für eine Aussage: Weniger als %1 Aufzeichnungen wurden von beiden befundet.</translation>
    </message>
    <message>
        <source>Kappa is undefined: all ratings are equal.</source>
        <translation>Kappa ist nicht definiert: Alle Urteile sind gleich.</translation>
    </message>
    <message>
        <source>Kappa says nothing: all ratings of one of the two are equal.</source>
        <translation>Kappa sagt nichts aus: Alle Urteile eines der beiden sind gleich.</translation>
    </message>
</context>
<context>
    <name>precordia::ReportPreview</name>
    <message>
        <source>Preview of the report</source>
        <translation>Vorschau des Berichts</translation>
    </message>
</context>
<context>
    <name>precordia::ReportView</name>
    <message>
        <source>Save PDF…</source>
        <translation>PDF speichern …</translation>
    </message>
    <message>
        <source>Save HTML…</source>
        <translation>HTML speichern …</translation>
    </message>
    <message>
        <source>Save the report as PDF…</source>
        <translation>Bericht als PDF speichern …</translation>
    </message>
    <message>
        <source>Save the report as HTML…</source>
        <translation>Bericht als HTML speichern …</translation>
    </message>
    <message>
        <source>No report</source>
        <translation>Kein Bericht</translation>
    </message>
    <message>
        <source>This recording cannot be read: %1</source>
        <translation>Diese Aufzeichnung lässt sich nicht lesen: %1</translation>
    </message>
    <message>
        <source>One page a recording, A4 across, with the paper at true scale (25 mm/s, 10 mm/mV when printed without scaling), the labels, the measurements as computed and as the file gives them, the nearest recordings by the model&apos;s embedding, the surprise of each interval, and where everything comes from.</source>
        <translation>Eine Seite je Aufzeichnung, A4 quer, mit dem Papier im wahren Maßstab (25 mm/s, 10 mm/mV, wenn ohne Skalierung gedruckt), den Labels, den Messwerten wie berechnet und wie in der Datei, den ähnlichsten Aufzeichnungen nach der Einbettung des Modells, der Überraschung jedes Intervalls und der Herkunft von allem.</translation>
    </message>
    <message>
        <source>Save PDF of the %1 chosen…</source>
        <translation>PDF der %1 gewählten speichern …</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Choose a recording in the worklist. Its report, one page to print or to keep, will stand here.</source>
        <translation>Wählen Sie eine Aufzeichnung in der Arbeitsliste. Ihr Bericht, eine Seite zum Drucken oder Aufbewahren, erscheint hier.</translation>
    </message>
    <message>
        <source>%1, A4 across, paper at true scale</source>
        <translation>%1, A4 quer, Papier im wahren Maßstab</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>HTML (*.html)</source>
        <translation>HTML (*.html)</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>%1 gespeichert</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>The report was not saved: %1</source>
        <translation>Der Bericht wurde nicht gespeichert: %1</translation>
    </message>
    <message>
        <source>Report of %1</source>
        <translation>Bericht zu %1</translation>
    </message>
    <message>
        <source>chosen recordings</source>
        <translation>gewählte Aufzeichnungen</translation>
    </message>
    <message>
        <source>Reports of %1 recordings</source>
        <translation>Berichte zu %1 Aufzeichnungen</translation>
    </message>
</context>
<context>
    <name>precordia::ScreenScaleDialog</name>
    <message>
        <source>a bank card</source>
        <translation>eine Bankkarte</translation>
    </message>
    <message>
        <source>True size on this screen</source>
        <translation>Wahre Größe auf diesem Bildschirm</translation>
    </message>
    <message>
        <source>Hold a bank card or a ruler against the screen and move the slider until the picture is as large. ECG paper in true size is then correct to the millimetre.</source>
        <translation>Halten Sie eine Bankkarte oder ein Lineal an den Bildschirm und bewegen Sie den Regler, bis das Bild ebenso groß ist. EKG-Papier in wahrer Größe stimmt dann auf den Millimeter.</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>%1 pixels a millimetre (%2 dpi)</source>
        <translation>%1 Pixel je Millimeter (%2 dpi)</translation>
    </message>
</context>
<context>
    <name>precordia::SelfSimilarityMap</name>
    <message>
        <source>cosine −1</source>
        <translation>Kosinus −1</translation>
    </message>
    <message>
        <source>+1</source>
        <translation>+1</translation>
    </message>
</context>
<context>
    <name>precordia::Session</name>
    <message>
        <source>Embedding the study</source>
        <translation>Studie wird eingebettet</translation>
    </message>
    <message>
        <source>Map of the study</source>
        <translation>Karte der Studie</translation>
    </message>
    <message>
        <source>The study could not be embedded and mapped: %1</source>
        <translation>Die Studie konnte nicht eingebettet und kartiert werden: %1</translation>
    </message>
    <message>
        <source>The model engine could not be loaded, so recordings can be read but not encoded: %1</source>
        <translation>Der Rechenkern konnte nicht geladen werden; Aufzeichnungen lassen sich lesen, aber nicht kodieren: %1</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Training will be slow: the linear algebra library (%1) reaches only %2 GFLOP/s. Install the package libopenblas0-pthread and start Precordia again; it is ten to twenty times as fast.</source>
        <translation>Das Training wird langsam: Die Bibliothek für lineare Algebra (%1) erreicht nur %2 GFLOP/s. Installieren Sie das Paket libopenblas0-pthread und starten Sie Precordia neu; es ist zehn- bis zwanzigmal so schnell.</translation>
    </message>
    <message>
        <source>reference BLAS</source>
        <translation>Referenz-BLAS</translation>
    </message>
    <message>
        <source>The model %1 could not be loaded: %2</source>
        <translation>Das Modell %1 konnte nicht geladen werden: %2</translation>
    </message>
    <message>
        <source>The study could not note its model: %1</source>
        <translation>Die Studie konnte sich ihr Modell nicht merken: %1</translation>
    </message>
    <message>
        <source>Pretraining %1</source>
        <translation>Vortraining %1</translation>
    </message>
    <message>
        <source>The pretraining run %1 ended: %2</source>
        <translation>Der Vortrainingslauf %1 brach ab: %2</translation>
    </message>
    <message>
        <source>The pretraining run %1 was stopped; its last checkpoint is kept and can be resumed.</source>
        <translation>Der Vortrainingslauf %1 wurde beendet; sein letzter Sicherungspunkt bleibt und kann fortgesetzt werden.</translation>
    </message>
    <message>
        <source>the model cannot take it: %1</source>
        <translation>das Modell kann sie nicht annehmen: %1</translation>
    </message>
    <message>
        <source>The model could not encode %1: %2</source>
        <translation>Das Modell konnte %1 nicht kodieren: %2</translation>
    </message>
    <message>
        <source>Making the demo study</source>
        <translation>Demo-Studie wird angelegt</translation>
    </message>
    <message>
        <source>The demo study could not be made in %1: %2</source>
        <translation>Die Demo-Studie konnte in %1 nicht angelegt werden: %2</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>The import was stopped; what had been confirmed is in the study.</source>
        <translation>Der Import wurde beendet; was bestätigt war, ist in der Studie.</translation>
    </message>
    <message>
        <source>The import failed: %1</source>
        <translation>Der Import ist gescheitert: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n recording(s) imported</source>
        <translation>
            <numerusform>%n Aufzeichnung importiert</numerusform>
            <numerusform>%n Aufzeichnungen importiert</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n already there</source>
        <translation>
            <numerusform>%n schon vorhanden</numerusform>
            <numerusform>%n schon vorhanden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be read</source>
        <translation>
            <numerusform>%n Datei nicht lesbar</numerusform>
            <numerusform>%n Dateien nicht lesbar</numerusform>
        </translation>
    </message>
    <message>
        <source>The worklist could not be read: %1</source>
        <translation>Die Arbeitsliste konnte nicht gelesen werden: %1</translation>
    </message>
    <message>
        <source>The study could not be opened: %1</source>
        <translation>Die Studie konnte nicht geöffnet werden: %1</translation>
    </message>
    <message>
        <source>Show the files…</source>
        <translation>Dateien zeigen …</translation>
    </message>
    <message>
        <source>The pretraining run %1: %2</source>
        <translation>Der Vortrainingslauf %1: %2</translation>
    </message>
    <message>
        <source>This study keeps no report of an import that you made.</source>
        <translation>Diese Studie bewahrt keinen Bericht eines Imports, den Sie gemacht haben.</translation>
    </message>
    <message>
        <source>The label was not kept: %1</source>
        <translation>Der Label wurde nicht gespeichert: %1</translation>
    </message>
    <message>
        <source>%1 has read every recording of the list.</source>
        <translation>%1 hat jede Aufzeichnung der Liste befundet.</translation>
    </message>
    <message>
        <source>Use the one before</source>
        <translation>Das vorige verwenden</translation>
    </message>
    <message>
        <source>The model of the run %1 has collapsed: its encodings have lost their variety.</source>
        <translation>Das Modell des Laufs %1 ist kollabiert: Seine Kodierungen haben ihre Vielfalt verloren.</translation>
    </message>
    <message>
        <source>It is in use only because there is no other.</source>
        <translation>Es ist nur in Gebrauch, weil es kein anderes gibt.</translation>
    </message>
    <message>
        <source>The study goes on with the weights that come with the program.</source>
        <translation>Die Studie behält die Gewichte, die mit dem Programm kommen.</translation>
    </message>
    <message>
        <source>The study keeps the model it had.</source>
        <translation>Die Studie behält ihr bisheriges Modell.</translation>
    </message>
    <message>
        <source>Use it all the same</source>
        <translation>Trotzdem verwenden</translation>
    </message>
    <message>
        <source>The model of the run %1 has taken the place of the one before, but tells the study&apos;s most frequent labels worse: AUROC %2 against %3 (k-NN probe).</source>
        <translation>Das Modell des Laufs %1 hat das vorige abgelöst, erkennt aber die häufigsten Labels der Studie schlechter: AUROC %2 gegen %3 (k-NN-Probe).</translation>
    </message>
    <message>
        <source>The model of the run %1 is the study&apos;s own now. By the study&apos;s labels it could not be compared with the one before.</source>
        <translation>Das Modell des Laufs %1 ist jetzt das der Studie. An den Labels der Studie ließ es sich nicht mit dem vorigen vergleichen.</translation>
    </message>
    <message>
        <source>The model of the run %1 is the study&apos;s own now: AUROC of the most frequent labels %2, the one before %3 (k-NN probe).</source>
        <translation>Das Modell des Laufs %1 ist jetzt das der Studie: AUROC der häufigsten Labels %2, das vorige %3 (k-NN-Probe).</translation>
    </message>
    <message>
        <source>A pretraining run cannot begin: %1</source>
        <translation>Ein Vortrainingslauf kann nicht beginnen: %1</translation>
    </message>
</context>
<context>
    <name>precordia::ShortcutSheet</name>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>In every trace: the wheel zooms time at the cursor, Shift and wheel the amplitude; drag to move, double click to reset.</source>
        <translation>In jeder Kurve: Das Mausrad vergrößert die Zeit am Zeiger, mit Umschalt die Amplitude; Ziehen verschiebt, ein Doppelklick setzt zurück.</translation>
    </message>
</context>
<context>
    <name>precordia::TableDialog</name>
    <message>
        <source>A table of samples</source>
        <translation>Eine Tabelle von Messwerten</translation>
    </message>
    <message>
        <source>The file does not tell everything that is needed to read it. What is chosen here holds for every table of its folder.</source>
        <translation>Die Datei sagt nicht alles, was zum Lesen nötig ist. Was hier gewählt wird, gilt für jede Tabelle ihres Ordners.</translation>
    </message>
    <message>
        <source>Use this</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Comma</source>
        <translation>Komma</translation>
    </message>
    <message>
        <source>Semicolon</source>
        <translation>Semikolon</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tabulator</translation>
    </message>
    <message>
        <source>Blank</source>
        <translation>Leerzeichen</translation>
    </message>
    <message>
        <source>Bar</source>
        <translation>Senkrechter Strich</translation>
    </message>
    <message>
        <source>Point</source>
        <translation>Punkt</translation>
    </message>
    <message>
        <source>samples</source>
        <translation>Abtastwerte</translation>
    </message>
    <message>
        <source>leads</source>
        <translation>Ableitungen</translation>
    </message>
    <message>
        <source> Hz</source>
        <translation> Hz</translation>
    </message>
    <message>
        <source>by the time column</source>
        <translation>nach der Zeitspalte</translation>
    </message>
    <message>
        <source>by the headings</source>
        <translation>nach den Überschriften</translation>
    </message>
    <message>
        <source>Between columns</source>
        <translation>Zwischen den Spalten</translation>
    </message>
    <message>
        <source>Decimal mark</source>
        <translation>Dezimalzeichen</translation>
    </message>
    <message>
        <source>Lines of headings</source>
        <translation>Überschriftszeilen</translation>
    </message>
    <message>
        <source>A row holds</source>
        <translation>Eine Zeile enthält</translation>
    </message>
    <message>
        <source>Time column</source>
        <translation>Zeitspalte</translation>
    </message>
    <message>
        <source>Sampling rate</source>
        <translation>Abtastrate</translation>
    </message>
    <message>
        <source>Unit of the voltages</source>
        <translation>Einheit der Spannungen</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Column %1</source>
        <translation>Spalte %1</translation>
    </message>
    <message>
        <source>Lead %1</source>
        <translation>Ableitung %1</translation>
    </message>
    <message>
        <source>time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>as in the file</source>
        <translation>wie in der Datei</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>weglassen</translation>
    </message>
    <message>
        <source>Sampling rate and unit are needed.</source>
        <translation>Abtastrate und Einheit fehlen.</translation>
    </message>
    <message numerus="yes">
        <source>%n lead(s) at %1 Hz</source>
        <translation>
            <numerusform>%n Ableitung mit %1 Hz</numerusform>
            <numerusform>%n Ableitungen mit %1 Hz</numerusform>
        </translation>
    </message>
    <message>
        <source>The sampling rate is needed, or a time column.</source>
        <translation>Die Abtastrate oder eine Zeitspalte fehlt.</translation>
    </message>
    <message>
        <source>The unit of the voltages is needed.</source>
        <translation>Die Einheit der Spannungen fehlt.</translation>
    </message>
    <message>
        <source>Looking at the table…</source>
        <translation>Die Tabelle wird angesehen …</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>precordia::TrainingForm</name>
    <message>
        <source>%1 GB</source>
        <translation>%L1 GB</translation>
    </message>
    <message>
        <source>VICReg</source>
        <translation>VICReg</translation>
    </message>
    <message>
        <source>SIGReg</source>
        <translation>SIGReg</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keiner</translation>
    </message>
    <message>
        <source>key=value key=value</source>
        <translation>Schlüssel=Wert Schlüssel=Wert</translation>
    </message>
    <message>
        <source>Any other setting, as precordia-cli pretrain --set takes it: dropout=0.1 lead_keep=0.5</source>
        <translation>Jede andere Einstellung, wie precordia-cli pretrain --set sie annimmt: dropout=0.1 lead_keep=0.5</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Lernrate</translation>
    </message>
    <message>
        <source>Regulariser</source>
        <translation>Regularisierer</translation>
    </message>
    <message>
        <source>EMA from</source>
        <translation>EMA ab</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Weiteres</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Width %1, %2 + %3 layers</source>
        <translation>Breite %1, %2 + %3 Schichten</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>The model engine is being loaded…</source>
        <translation>Der Rechenkern wird geladen …</translation>
    </message>
    <message>
        <source>GPU (CUDA)</source>
        <translation>GPU (CUDA)</translation>
    </message>
    <message>
        <source>CPU only: %1</source>
        <translation>Nur CPU: %1</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>Recordings with at least so many leads are learned from; they train beside complete ones</source>
        <translation>Gelernt wird aus Aufnahmen mit mindestens so vielen Ableitungen; sie trainieren neben vollständigen</translation>
    </message>
    <message>
        <source>Fewest leads</source>
        <translation>Mindestableitungen</translation>
    </message>
    <message>
        <source>Lifelike synthetic ECGs that the run learns from beside the study&apos;s recordings: worth it where there are fewer than some thousands. They never enter the study</source>
        <translation>Lebensnahe synthetische EKGs, aus denen der Lauf neben den Aufzeichnungen der Studie lernt: lohnend, wo es weniger als einige tausend sind. Sie kommen nie in die Studie</translation>
    </message>
    <message>
        <source>Length pays most: 5,000 steps of nano are worth more than any other setting</source>
        <translation>Länge zahlt sich am meisten aus: 5.000 Schritte von nano sind mehr wert als jede andere Einstellung</translation>
    </message>
    <message>
        <source>Synthetic</source>
        <translation>Synthetisch</translation>
    </message>
    <message>
        <source>Its weight</source>
        <translation>Sein Gewicht</translation>
    </message>
</context>
<context>
    <name>precordia::TrainingView</name>
    <message>
        <source>Pause</source>
        <translation>Pausieren</translation>
    </message>
    <message>
        <source>Stop after epoch</source>
        <translation>Nach Epoche beenden</translation>
    </message>
    <message>
        <source>Stop now</source>
        <translation>Jetzt beenden</translation>
    </message>
    <message>
        <source>Stops after this step and keeps a checkpoint to resume from</source>
        <translation>Endet nach diesem Schritt und behält einen Sicherungspunkt zum Fortsetzen</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation>Modell verwenden</translation>
    </message>
    <message>
        <source>Encodings, surprise and map of the whole study by this run&apos;s model</source>
        <translation>Kodierungen, Überraschung und Karte der ganzen Studie mit dem Modell dieses Laufs</translation>
    </message>
    <message>
        <source>New pretraining</source>
        <translation>Neues Vortraining</translation>
    </message>
    <message>
        <source>Start pretraining</source>
        <translation>Vortraining starten</translation>
    </message>
    <message>
        <source>step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>smooth L1</source>
        <translation>Smooth L1</translation>
    </message>
    <message>
        <source>Effective rank</source>
        <translation>Effektiver Rang</translation>
    </message>
    <message>
        <source>dimensions</source>
        <translation>Dimensionen</translation>
    </message>
    <message>
        <source>Spread</source>
        <translation>Streuung</translation>
    </message>
    <message>
        <source>SD</source>
        <translation>SD</translation>
    </message>
    <message>
        <source>Likeness</source>
        <translation>Ähnlichkeit</translation>
    </message>
    <message>
        <source>mean cosine</source>
        <translation>mittlerer Kosinus</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>Kanal</translation>
    </message>
    <message>
        <source>Temporal</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Event rank</source>
        <translation>Ereignisrang</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Open a study first: pretraining reads its recordings.</source>
        <translation>Öffnen Sie zuerst eine Studie: Das Vortraining liest ihre Aufzeichnungen.</translation>
    </message>
    <message>
        <source>Reading runs</source>
        <translation>Läufe werden gelesen</translation>
    </message>
    <message>
        <source>complete</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>checkpoint</source>
        <translation>Sicherungspunkt</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>No run in this study yet. Start one on the left: losses, collapse diagnostics and the time left will stand here. A nano model on a few hundred recordings takes minutes.</source>
        <translation>Noch kein Lauf in dieser Studie. Starten Sie links einen: Verluste, Kollapsdiagnostik und Restzeit erscheinen hier. Ein nano-Modell an einigen hundert Aufzeichnungen braucht Minuten.</translation>
    </message>
    <message>
        <source>Open a study; pretraining reads its recordings, no labels needed.</source>
        <translation>Öffnen Sie eine Studie; das Vortraining liest ihre Aufzeichnungen, Labels sind nicht nötig.</translation>
    </message>
    <message>
        <source>paused at step %1 of %2</source>
        <translation>pausiert bei Schritt %1 von %2</translation>
    </message>
    <message>
        <source>step %1 of %2, %3 recordings/s, %4 left</source>
        <translation>Schritt %1 von %2, %3 Aufz./s, noch %4</translation>
    </message>
    <message>
        <source>preparing the signal cache…</source>
        <translation>Signalspeicher wird vorbereitet …</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>%1 steps</source>
        <translation>%1 Schritte</translation>
    </message>
    <message>
        <source>channel</source>
        <translation>Kanal</translation>
    </message>
    <message>
        <source>temporal</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>interval</source>
        <translation>Intervall</translation>
    </message>
    <message>
        <source>event</source>
        <translation>Ereignis</translation>
    </message>
    <message>
        <source>recording</source>
        <translation>Aufz.</translation>
    </message>
    <message>
        <source>Healthy.</source>
        <translation>Gesund.</translation>
    </message>
    <message>
        <source>Collapsing.</source>
        <translation>Kollabiert gerade.</translation>
    </message>
    <message>
        <source>Collapsed.</source>
        <translation>Kollabiert.</translation>
    </message>
    <message>
        <source>Event level: effective rank %1, spread %2, mean cosine %3 (step %4).</source>
        <translation>Ereignisebene: effektiver Rang %1, Streuung %L2, mittlerer Kosinus %L3 (Schritt %4).</translation>
    </message>
    <message>
        <source>k-NN probe of the labels</source>
        <translation>k-NN-Probe der Labels</translation>
    </message>
    <message>
        <source>AUROC</source>
        <translation>AUROC</translation>
    </message>
    <message>
        <source>Teacher gap</source>
        <translation>Lehrerabstand</translation>
    </message>
    <message>
        <source>How far the encoder&apos;s weights are from the teacher&apos;s, as a share of these</source>
        <translation>Wie weit die Gewichte des Encoders von denen des Lehrers entfernt sind, als Anteil an diesen</translation>
    </message>
    <message>
        <source>share</source>
        <translation>Anteil</translation>
    </message>
    <message>
        <source>Pretraining needs no labels. Channel loss: predicting the hidden leads of an interval; temporal loss: predicting hidden intervals. A falling loss alone is no success: when the effective rank or the spread falls with it, the encodings collapse. The verdict says so in words, and what to change. A triangle marks a step whose loss or gradient lies far from the steps before it. The k-NN probe asks whether the nearest neighbours of a recording have its labels; the training never sees them. Stop keeps a checkpoint; Resume goes on exactly where it was.</source>
        <translation>Vortraining braucht keine Labels. Kanalverlust: Vorhersage der verdeckten Ableitungen eines Intervalls; zeitlicher Verlust: Vorhersage verdeckter Intervalle. Ein fallender Verlust allein ist kein Erfolg: Fällt mit ihm der effektive Rang oder die Streuung, kollabieren die Kodierungen. Das Urteil sagt es in Worten, und was zu ändern ist. Ein Dreieck kennzeichnet einen Schritt, dessen Verlust oder Gradient weit von den Schritten davor liegt. Die k-NN-Probe fragt, ob die nächsten Nachbarn einer Aufzeichnung deren Labels haben; das Training sieht sie nie. Beenden behält einen Sicherungspunkt; Fortsetzen macht genau dort weiter, wo der Lauf war.</translation>
    </message>
    <message>
        <source>most frequent labels</source>
        <translation>häufigste Labels</translation>
    </message>
    <message>
        <source>What to change: %1</source>
        <translation>Was zu ändern ist: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n alarm(s), marked on the loss. The last: %1</source>
        <translation>
            <numerusform>%n Alarm, am Verlust gekennzeichnet. Der letzte: %1</numerusform>
            <numerusform>%n Alarme, am Verlust gekennzeichnet. Der letzte: %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Too early to tell.</source>
        <translation>Noch nichts zu sagen.</translation>
    </message>
</context>
<context>
    <name>precordia::TrajectoryPlot</name>
    <message>
        <source>PC 1</source>
        <translation>HK 1</translation>
    </message>
    <message>
        <source>PC 2</source>
        <translation>HK 2</translation>
    </message>
    <message>
        <source>interval with an R peak</source>
        <translation>Intervall mit R-Zacke</translation>
    </message>
    <message>
        <source>other</source>
        <translation>andere</translation>
    </message>
</context>
<context>
    <name>precordia::WelcomePage</name>
    <message>
        <source>Open the demo study</source>
        <translation>Demo-Studie öffnen</translation>
    </message>
    <message>
        <source>Precordia</source>
        <translation>Precordia</translation>
    </message>
    <message>
        <source>Reads ECGs, pretrains ER-JEPA on them on this machine, and shows what the model learned: interval encodings under the trace, reconstructions of hidden events, a map of the recordings. Nothing leaves this machine.</source>
        <translation>Liest EKGs, trainiert ER-JEPA auf diesem Rechner damit vor und zeigt, was das Modell gelernt hat: Intervallkodierungen unter der Kurve, Rekonstruktionen verdeckter Ereignisse, eine Karte der Aufzeichnungen. Nichts verlässt diesen Rechner.</translation>
    </message>
    <message>
        <source>Files and folders can also be dropped onto this window.</source>
        <translation>Dateien und Ordner lassen sich auch auf dieses Fenster ziehen.</translation>
    </message>
    <message>
        <source>Synthetic ECGs with known truth, made in %1</source>
        <translation>Synthetische EKGs mit bekannter Wahrheit, angelegt in %1</translation>
    </message>
    <message>
        <source>Recent studies</source>
        <translation>Zuletzt geöffnete Studien</translation>
    </message>
    <message>
        <source>Another folder…</source>
        <translation>Anderer Ordner …</translation>
    </message>
    <message>
        <source>Open a study…</source>
        <translation>Studie öffnen …</translation>
    </message>
    <message>
        <source>New study from a folder of ECGs…</source>
        <translation>Neue Studie aus einem Ordner mit EKGs …</translation>
    </message>
    <message>
        <source>Making the demo study…</source>
        <translation>Demo-Studie wird angelegt …</translation>
    </message>
</context>
<context>
    <name>precordia::WorklistModel</name>
    <message>
        <source>F</source>
        <comment>sex, short</comment>
        <translation>w</translation>
    </message>
    <message>
        <source>M</source>
        <comment>sex, short</comment>
        <translation>m</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n warning(s) of the reader</source>
        <translation>
            <numerusform>%1, %n Warnung des Lesers</numerusform>
            <numerusform>%1, %n Warnungen des Lesers</numerusform>
        </translation>
    </message>
    <message>
        <source>No heart rate: fewer than two beats were found</source>
        <translation>Keine Herzfrequenz: weniger als zwei Schläge gefunden</translation>
    </message>
    <message>
        <source>%1 bpm, computed</source>
        <translation>%1 /min, berechnet</translation>
    </message>
    <message>
        <source>Age not known</source>
        <translation>Alter nicht bekannt</translation>
    </message>
    <message>
        <source>Not computed yet: Model &gt; Embed the study</source>
        <translation>Noch nicht berechnet: Modell &gt; Studie einbetten</translation>
    </message>
    <message>
        <source>Signal: %1</source>
        <translation>Signal: %1</translation>
    </message>
    <message>
        <source>Not measured yet, or not to be measured here: Study &gt; Measure the recordings</source>
        <translation>Noch nicht vermessen, oder hier nicht messbar: Studie &gt; Aufzeichnungen vermessen</translation>
    </message>
    <message>
        <source>The file does not tell it</source>
        <translation>Die Datei sagt es nicht</translation>
    </message>
    <message>
        <source>Empty because the study was not embedded yet: it is computed for the recording in focus alone.</source>
        <translation>Leer, weil die Studie noch nicht eingebettet wurde: Berechnet wird sie nur für die Aufzeichnung im Blick.</translation>
    </message>
    <message>
        <source>No reader moved a mark that changes it</source>
        <translation>Niemand hat eine Marke verschoben, die es ändert</translation>
    </message>
    <message>
        <source>%1, from the file</source>
        <translation>%1, aus der Datei</translation>
    </message>
    <message>
        <source>more than %1 of the study&apos;s %2 recordings</source>
        <translation>mehr als %1 der %2 Aufzeichnungen der Studie</translation>
    </message>
    <message>
        <source>more than %1 % of the study&apos;s recordings</source>
        <translation>mehr als %1 % der Aufzeichnungen der Studie</translation>
    </message>
    <message>
        <source>Surprise, from the model: %1. Latent error %2: how far the encodings that it expects of hidden intervals lie from theirs, without a unit.</source>
        <translation>Überraschung, vom Modell: %1. Latenter Fehler %2: wie weit die Kodierungen, die es für verdeckte Intervalle erwartet, von den wirklichen entfernt liegen, ohne Einheit.</translation>
    </message>
</context>
<context>
    <name>precordia::WorklistPanel</name>
    <message>
        <source>Search the worklist</source>
        <translation>Arbeitsliste durchsuchen</translation>
    </message>
    <message>
        <source>Worklist</source>
        <translation>Arbeitsliste</translation>
    </message>
    <message>
        <source>No study is open</source>
        <translation>Keine Studie offen</translation>
    </message>
    <message>
        <source>Its recordings will be listed here.</source>
        <translation>Hier werden ihre Aufzeichnungen aufgelistet.</translation>
    </message>
    <message>
        <source>No recordings yet</source>
        <translation>Noch keine Aufzeichnungen</translation>
    </message>
    <message>
        <source>Import ECG files or whole folders: WFDB, DICOM or CSV.</source>
        <translation>Importieren Sie EKG-Dateien oder ganze Ordner: WFDB, DICOM oder CSV.</translation>
    </message>
    <message>
        <source>Nothing fits</source>
        <translation>Nichts passt</translation>
    </message>
    <message>
        <source>No recording of the study fits the search and the filters.</source>
        <translation>Keine Aufzeichnung der Studie passt zu Suche und Filtern.</translation>
    </message>
    <message>
        <source>Clear them</source>
        <translation>Aufheben</translation>
    </message>
    <message>
        <source>Search name, label, data set…</source>
        <translation>Name, Label, Datensatz suchen …</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren …</translation>
    </message>
    <message>
        <source>Measured, computed</source>
        <translation>Messwerte, berechnet</translation>
    </message>
    <message>
        <source>Measured, from the file</source>
        <translation>Messwerte, aus der Datei</translation>
    </message>
    <message>
        <source>As at first</source>
        <translation>Wie am Anfang</translation>
    </message>
    <message>
        <source>Measure the recordings</source>
        <translation>Aufzeichnungen vermessen</translation>
    </message>
    <message>
        <source>Compute the surprise (embed the study)</source>
        <translation>Überraschung berechnen (Studie einbetten)</translation>
    </message>
    <message numerus="yes">
        <source>%n recording(s) not measured yet</source>
        <translation>
            <numerusform>%n Aufzeichnung noch nicht vermessen</numerusform>
            <numerusform>%n Aufzeichnungen noch nicht vermessen</numerusform>
        </translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Vermessen</translation>
    </message>
    <message>
        <source>Embed</source>
        <translation>Einbetten</translation>
    </message>
    <message>
        <source>columns</source>
        <translation>Spalten</translation>
    </message>
    <message>
        <source>Choose the columns; they are moved and sized in the table&apos;s head</source>
        <translation>Spalten wählen; verschoben und verbreitert werden sie im Kopf der Tabelle</translation>
    </message>
    <message>
        <source>views</source>
        <translation>Ansichten</translation>
    </message>
    <message>
        <source>Filters, columns and sorting under a name, kept in the study</source>
        <translation>Filter, Spalten und Sortierung unter einem Namen, in der Studie aufbewahrt</translation>
    </message>
    <message numerus="yes">
        <source>%Ln recording(s)</source>
        <translation>
            <numerusform>%Ln Aufzeichnung</numerusform>
            <numerusform>%Ln Aufzeichnungen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %Ln recording(s)</source>
        <translation>
            <numerusform>%1 von %Ln Aufzeichnung</numerusform>
            <numerusform>%1 von %Ln Aufzeichnungen</numerusform>
        </translation>
    </message>
    <message>
        <source>Surprise is not computed yet</source>
        <translation>Überraschung ist noch nicht berechnet</translation>
    </message>
    <message>
        <source>It is computed for the recording in focus alone until the study is embedded.</source>
        <translation>Sie wird nur für die Aufzeichnung im Blick berechnet, bis die Studie eingebettet ist.</translation>
    </message>
    <message>
        <source>Measured, marks moved</source>
        <translation>Gemessen, Marken verschoben</translation>
    </message>
    <message numerus="yes">
        <source>%n measured by an older version</source>
        <comment>recordings</comment>
        <translation>
            <numerusform>%n von einer älteren Version gemessen</numerusform>
            <numerusform>%n von einer älteren Version gemessen</numerusform>
        </translation>
    </message>
    <message>
        <source>An older version of the program measured them: computed columns and Details may differ from the Beat view, which measures anew.</source>
        <translation>Eine ältere Version des Programms hat sie gemessen: Berechnete Spalten und Details können von der Ansicht Schlag abweichen, die neu misst.</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>Neu messen</translation>
    </message>
</context>
<context>
    <name>precordia::WorklistViewsMenu</name>
    <message>
        <source>The views of the worklist could not be kept: %1</source>
        <translation>Die Ansichten der Arbeitsliste konnten nicht gespeichert werden: %1</translation>
    </message>
    <message>
        <source>No view was saved yet</source>
        <translation>Noch keine Ansicht gespeichert</translation>
    </message>
    <message>
        <source>Save this view…</source>
        <translation>Diese Ansicht speichern …</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Name of the view</source>
        <translation>Name der Ansicht</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
</context>
</TS>
