<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
    <context>
        <name>MapColours</name>
        <message numerus="yes">
            <source>%n recording(s) with several labels: each is one dot, in the colour of the rarest of its labels that are listed here. "3 of 8": 3 dots in this colour, 8 recordings with the label.</source>
            <translation>
                <numerusform>%n recording with several labels: each is one dot, in the colour of the rarest of its labels that are listed here. "3 of 8": 3 dots in this colour, 8 recordings with the label.</numerusform>
                <numerusform>%n recordings with several labels: each is one dot, in the colour of the rarest of its labels that are listed here. "3 of 8": 3 dots in this colour, 8 recordings with the label.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Report</name>
        <message numerus="yes">
            <source>and %n more</source>
            <translation>
                <numerusform>and %n more</numerusform>
                <numerusform>and %n more</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>precordia::BeatView</name>
        <message numerus="yes">
            <source>%n beat(s) averaged</source>
            <translation>
                <numerusform>%n beat averaged</numerusform>
                <numerusform>%n beats averaged</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>and %n more</source>
            <translation>
                <numerusform>and %n more</numerusform>
                <numerusform>and %n more</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>precordia::DetailsPanel</name>
        <message numerus="yes">
            <source>%n lead(s)</source>
            <translation>
                <numerusform>%n lead</numerusform>
                <numerusform>%n leads</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>and %n more</source>
            <translation>
                <numerusform>and %n more</numerusform>
                <numerusform>and %n more</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>⚠ %n warning(s): %1</source>
            <translation>
                <numerusform>⚠ %n warning: %1</numerusform>
                <numerusform>⚠ %n warnings: %1</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>precordia::EventsView</name>
        <message numerus="yes">
            <source>%n interval(s) hidden, reconstructing…</source>
            <translation>
                <numerusform>%n interval hidden, reconstructing…</numerusform>
                <numerusform>%n intervals hidden, reconstructing…</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n interval(s) hidden, mean latent error %1</source>
            <translation>
                <numerusform>%n interval hidden, mean latent error %1</numerusform>
                <numerusform>%n intervals hidden, mean latent error %1</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n interval(s) hidden</source>
            <translation>
                <numerusform>%n interval hidden</numerusform>
                <numerusform>%n intervals hidden</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>precordia::ImportPreviewPanel</name>
        <message numerus="yes">
            <source>%1 with %n lead(s)</source>
            <translation>
                <numerusform>%1 with %n lead</numerusform>
                <numerusform>%1 with %n leads</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n recording(s) without ECG leads</source>
            <translation>
                <numerusform>%n recording without ECG leads</numerusform>
                <numerusform>%n recordings without ECG leads</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>of the diagnoses of %n recording(s), %1 words are left out</source>
            <translation>
                <numerusform>of the diagnoses of %n recording, %1 words are left out</numerusform>
                <numerusform>of the diagnoses of %n recordings, %1 words are left out</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>precordia::ImportResultDialog</name>
        <message numerus="yes">
            <source>%n file(s)</source>
            <translation>
                <numerusform>%n file</numerusform>
                <numerusform>%n files</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>labels of %n recording(s)</source>
            <translation>
                <numerusform>labels of %n recording</numerusform>
                <numerusform>labels of %n recordings</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>precordia::JobsBar</name>
        <message numerus="yes">
            <source>and %n more</source>
            <translation>
                <numerusform>and %n more</numerusform>
                <numerusform>and %n more</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n running</source>
            <translation>
                <numerusform>%n running</numerusform>
                <numerusform>%n running</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>precordia::LeadMenu</name>
        <message numerus="yes">
            <source>Leads: %n changed</source>
            <translation>
                <numerusform>Leads: %n changed</numerusform>
                <numerusform>Leads: %n changed</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>precordia::MapView</name>
        <message numerus="yes">
            <source>%n recording(s), model %1</source>
            <translation>
                <numerusform>%n recording, model %1</numerusform>
                <numerusform>%n recordings, model %1</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Selection: %n recording(s)</source>
            <translation>
                <numerusform>Selection: %n recording</numerusform>
                <numerusform>Selection: %n recordings</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Of %n recording(s) only: places and clusters say little, compare them over several seeds</source>
            <translation>
                <numerusform>Of %n recording only: places and clusters say little, compare them over several seeds</numerusform>
                <numerusform>Of %n recordings only: places and clusters say little, compare them over several seeds</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>precordia::Measuring</name>
        <message numerus="yes">
            <source>%n recording(s) measured</source>
            <translation>
                <numerusform>%n recording measured</numerusform>
                <numerusform>%n recordings measured</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>; %n could not be read, the first: %1</source>
            <translation>
                <numerusform>; %n could not be read, the first: %1</numerusform>
                <numerusform>; %n could not be read, the first: %1</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>precordia::ReadersWindow</name>
        <message numerus="yes">
            <source>%n recording(s) read by both, %1 by the first alone, %2 by the second alone. Kappa of Cohen: 0 is chance, 1 agreement throughout.</source>
            <translation>
                <numerusform>%n recording read by both, %1 by the first alone, %2 by the second alone. Kappa of Cohen: 0 is chance, 1 agreement throughout.</numerusform>
                <numerusform>%n recordings read by both, %1 by the first alone, %2 by the second alone. Kappa of Cohen: 0 is chance, 1 agreement throughout.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>precordia::Session</name>
        <message numerus="yes">
            <source>%n recording(s) imported</source>
            <translation>
                <numerusform>%n recording imported</numerusform>
                <numerusform>%n recordings imported</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n already there</source>
            <translation>
                <numerusform>%n already there</numerusform>
                <numerusform>%n already there</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n file(s) could not be read</source>
            <translation>
                <numerusform>%n file could not be read</numerusform>
                <numerusform>%n files could not be read</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>precordia::TableDialog</name>
        <message numerus="yes">
            <source>%n lead(s) at %1 Hz</source>
            <translation>
                <numerusform>%n lead at %1 Hz</numerusform>
                <numerusform>%n leads at %1 Hz</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>precordia::TrainingView</name>
        <message numerus="yes">
            <source>%n alarm(s), marked on the loss. The last: %1</source>
            <translation>
                <numerusform>%n alarm, marked on the loss. The last: %1</numerusform>
                <numerusform>%n alarms, marked on the loss. The last: %1</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>precordia::WorklistModel</name>
        <message numerus="yes">
            <source>%1, %n warning(s) of the reader</source>
            <translation>
                <numerusform>%1, %n warning of the reader</numerusform>
                <numerusform>%1, %n warnings of the reader</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>precordia::WorklistPanel</name>
        <message numerus="yes">
            <source>%Ln recording(s)</source>
            <translation>
                <numerusform>%Ln recording</numerusform>
                <numerusform>%Ln recordings</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 of %Ln recording(s)</source>
            <translation>
                <numerusform>%1 of %Ln recording</numerusform>
                <numerusform>%1 of %Ln recordings</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n recording(s) not measured yet</source>
            <translation>
                <numerusform>%n recording not measured yet</numerusform>
                <numerusform>%n recordings not measured yet</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n measured by an older version</source>
            <comment>recordings</comment>
            <translation>
                <numerusform>%n measured by an older version</numerusform>
                <numerusform>%n measured by an older version</numerusform>
            </translation>
        </message>
    </context>
</TS>
