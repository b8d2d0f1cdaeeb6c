<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutWindow</name>
    <message>
        <source>About</source>
        <translation>Über</translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation>Version {0}</translation>
    </message>
    <message>
        <source>You speak your language; the meeting sees and hears you speak theirs. Everything happens on this machine. What the machine makes is marked in the picture.

Free software under the GNU General Public License, version 2 or later, without any warranty. It stands on these:</source>
        <translation>Sie sprechen Ihre Sprache; die Besprechung sieht und hört Sie in ihrer. Alles geschieht auf diesem Rechner. Was die Maschine macht, ist im Bild gekennzeichnet.

Freie Software unter der GNU General Public License, Version 2 oder später, ohne jede Gewährleistung. Sie baut auf diesen auf:</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
</context>
<context>
    <name>Banners</name>
    <message>
        <source>Close this notice</source>
        <translation>Diesen Hinweis schließen</translation>
    </message>
</context>
<context>
    <name>Captions</name>
    <message>
        <source>What you said</source>
        <translation>Was Sie sagten</translation>
    </message>
    <message>
        <source>What they hear</source>
        <translation>Was die anderen hören</translation>
    </message>
    <message>
        <source>You · {0}</source>
        <translation>Sie · {0}</translation>
    </message>
    <message>
        <source>They hear · {0}</source>
        <translation>Die anderen hören · {0}</translation>
    </message>
    <message>
        <source>What you say appears here.</source>
        <translation>Hier erscheint, was Sie sagen.</translation>
    </message>
    <message>
        <source>And here what the others hear.</source>
        <translation>Und hier, was die anderen hören.</translation>
    </message>
    <message>
        <source>Not translated: {0}</source>
        <translation>Nicht übersetzt: {0}</translation>
    </message>
    <message>
        <source>In your own voice: {0}</source>
        <translation>Mit Ihrer eigenen Stimme: {0}</translation>
    </message>
    <message>
        <source>found out as you speak</source>
        <translation>wird beim Sprechen erkannt</translation>
    </message>
</context>
<context>
    <name>Choice</name>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
</context>
<context>
    <name>Controls</name>
    <message>
        <source>My own voice now</source>
        <translation>Jetzt meine eigene Stimme</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Stumm</translation>
    </message>
    <message>
        <source>Push to translate</source>
        <translation>Zum Übersetzen drücken</translation>
    </message>
    <message>
        <source>Your own picture and voice, at once, and back</source>
        <translation>Ihr eigenes Bild und Ihre eigene Stimme, sofort, und zurück</translation>
    </message>
    <message>
        <source>The meeting hears nothing</source>
        <translation>Die Besprechung hört nichts</translation>
    </message>
    <message>
        <source>Only what you say while holding the key is translated</source>
        <translation>Nur was Sie bei gedrückter Taste sagen, wird übersetzt</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>Stummgeschaltet</translation>
    </message>
    <message>
        <source>Back to translation</source>
        <translation>Zurück zur Übersetzung</translation>
    </message>
    <message>
        <source>Translating…</source>
        <translation>Übersetzt…</translation>
    </message>
    <message>
        <source>Hold {0}</source>
        <translation>{0} halten</translation>
    </message>
    <message>
        <source>Starting… (stop)</source>
        <translation>Startet… (anhalten)</translation>
    </message>
    <message>
        <source>Stop translating</source>
        <translation>Übersetzung anhalten</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Hält an…</translation>
    </message>
    <message>
        <source>Start translating</source>
        <translation>Übersetzung starten</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>Others</source>
        <translation>Die anderen</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Sie</translation>
    </message>
</context>
<context>
    <name>DelayCard</name>
    <message>
        <source>Delay</source>
        <translation>Verzögerung</translation>
    </message>
    <message>
        <source>Delay against what you allow</source>
        <translation>Verzögerung gegenüber der erlaubten</translation>
    </message>
    <message>
        <source>Time of each stage</source>
        <translation>Zeit jeder Stufe</translation>
    </message>
    <message>
        <source>Behind you</source>
        <translation>Hinter Ihnen</translation>
    </message>
    <message>
        <source>{0} of {1} s</source>
        <translation>{0} von {1} s</translation>
    </message>
    <message>
        <source>{0} ms</source>
        <translation>{0} ms</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} s</translation>
    </message>
    <message>
        <source>Recognise</source>
        <translation>Erkennen</translation>
    </message>
    <message>
        <source>Translate</source>
        <translation>Übersetzen</translation>
    </message>
    <message>
        <source>Speak</source>
        <translation>Sprechen</translation>
    </message>
    <message>
        <source>Lips and picture</source>
        <translation>Lippen und Bild</translation>
    </message>
    <message>
        <source>On time</source>
        <translation>Pünktlich</translation>
    </message>
    <message>
        <source>Catching up: the voice speaks faster</source>
        <translation>Holt auf: die Stimme spricht schneller</translation>
    </message>
    <message>
        <source>Catching up: fillers are left out</source>
        <translation>Holt auf: Füllwörter fallen weg</translation>
    </message>
    <message>
        <source>Catching up: the translation is shorter</source>
        <translation>Holt auf: die Übersetzung ist kürzer</translation>
    </message>
    <message>
        <source>Too late to speak: captions only</source>
        <translation>Zu spät zum Sprechen: nur Untertitel</translation>
    </message>
    <message>
        <source>The picture rests: nobody is looking.</source>
        <translation>Das Bild ruht: niemand schaut zu.</translation>
    </message>
    <message>
        <source>{0} pictures/s · {1} dropped · lips {2} ms from the voice</source>
        <translation>{0} Bilder/s · {1} verworfen · Lippen {2} ms neben der Stimme</translation>
    </message>
</context>
<context>
    <name>Desktop</name>
    <message>
        <source>The window changes its language when the program starts again.</source>
        <translation>Das Fenster wechselt die Sprache, wenn das Programm neu startet.</translation>
    </message>
</context>
<context>
    <name>DeviceCard</name>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>To the meeting: picture</source>
        <translation>Zur Besprechung: Bild</translation>
    </message>
    <message>
        <source>To the meeting: voice</source>
        <translation>Zur Besprechung: Stimme</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>in Gebrauch</translation>
    </message>
    <message>
        <source>nobody looks</source>
        <translation>niemand schaut zu</translation>
    </message>
</context>
<context>
    <name>DevicePreview</name>
    <message>
        <source>No picture from the camera</source>
        <translation>Kein Bild von der Kamera</translation>
    </message>
</context>
<context>
    <name>DiagnosticsWindow</name>
    <message>
        <source>Diagnostics</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>Schreibt…</translation>
    </message>
    <message>
        <source>Written to {0}. It holds nothing that was said.</source>
        <translation>Nach {0} geschrieben. Nichts Gesprochenes ist darin.</translation>
    </message>
    <message>
        <source>Save report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>Check-up</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>Delay</source>
        <translation>Verzögerung</translation>
    </message>
    <message>
        <source>Save report…</source>
        <translation>Bericht speichern…</translation>
    </message>
</context>
<context>
    <name>FindingList</name>
    <message>
        <source>Look again</source>
        <translation>Noch einmal prüfen</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Prüft…</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>Arbeitet…</translation>
    </message>
    <message>
        <source>This needs the administrator&apos;s rights:

{0}

Do it?</source>
        <translation>Dies braucht Administratorrechte:

{0}

Ausführen?</translation>
    </message>
    <message>
        <source>Fix</source>
        <translation>Beheben</translation>
    </message>
    <message>
        <source>Fix: {0}</source>
        <translation>Beheben: {0}</translation>
    </message>
</context>
<context>
    <name>GuestCard</name>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Guest</source>
        <translation>Gast</translation>
    </message>
    <message>
        <source>Remove {0}</source>
        <translation>{0} entfernen</translation>
    </message>
    <message>
        <source>Choose a microphone</source>
        <translation>Mikrofon wählen</translation>
    </message>
    <message>
        <source>Detect</source>
        <translation>Erkennen lassen</translation>
    </message>
    <message>
        <source>The same as you</source>
        <translation>Dasselbe wie Sie</translation>
    </message>
    <message>
        <source>The same as for you</source>
        <translation>Dasselbe wie bei Ihnen</translation>
    </message>
    <message>
        <source>A woman&apos;s voice, {0}</source>
        <translation>Frauenstimme, {0}</translation>
    </message>
    <message>
        <source>A man&apos;s voice, {0}</source>
        <translation>Männerstimme, {0}</translation>
    </message>
    <message>
        <source>One of their own</source>
        <translation>Eine eigene</translation>
    </message>
    <message>
        <source>Name in captions and transcripts</source>
        <translation>Name in Untertiteln und Mitschriften</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>They speak</source>
        <translation>Spricht</translation>
    </message>
    <message>
        <source>Others hear them in</source>
        <translation>Die anderen hören</translation>
    </message>
    <message>
        <source>Voice of the translation</source>
        <translation>Stimme der Übersetzung</translation>
    </message>
    <message>
        <source>Nobody else speaks into it, and nothing else is heard.</source>
        <translation>Niemand sonst spricht hinein, und kein anderes wird stattdessen gehört.</translation>
    </message>
    <message>
        <source>Some engines have one voice only; then all sound alike.</source>
        <translation>Manche Verfahren haben nur eine Stimme; dann klingen alle gleich.</translation>
    </message>
</context>
<context>
    <name>GuestList</name>
    <message>
        <source>Add a guest</source>
        <translation>Gast hinzufügen</translation>
    </message>
    <message>
        <source>Guest {0}</source>
        <translation>Gast {0}</translation>
    </message>
    <message>
        <source>What are they called?</source>
        <translation>Wie heißt der Gast?</translation>
    </message>
    <message>
        <source>Which microphone do they speak into?</source>
        <translation>In welches Mikrofon spricht der Gast?</translation>
    </message>
    <message>
        <source>Somebody with a microphone of their own</source>
        <translation>Jemand mit einem eigenen Mikrofon</translation>
    </message>
    <message>
        <source>This pair cannot be translated with what is installed.</source>
        <translation>Dieses Paar lässt sich mit dem Installierten nicht übersetzen.</translation>
    </message>
</context>
<context>
    <name>GuestsPage</name>
    <message>
        <source>Each is translated beside you, and named in captions and transcripts.</source>
        <translation>Jeder wird neben Ihnen übersetzt und in Untertiteln und Mitschriften genannt.</translation>
    </message>
    <message>
        <source>While you translate, a change takes effect at the next start.</source>
        <translation>Während übersetzt wird, wirkt eine Änderung beim nächsten Start.</translation>
    </message>
</context>
<context>
    <name>Guide</name>
    <message>
        <source>Welcome</source>
        <translation>Willkommen</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Überspringen</translation>
    </message>
    <message>
        <source>Start translating</source>
        <translation>Übersetzung starten</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Step {0} of {1}</source>
        <translation>Schritt {0} von {1}</translation>
    </message>
    <message>
        <source>Say something: the bar should move.</source>
        <translation>Sagen Sie etwas: der Balken sollte sich bewegen.</translation>
    </message>
    <message>
        <source>Camera and microphone</source>
        <translation>Kamera und Mikrofon</translation>
    </message>
    <message>
        <source>Is this you, and does the bar move when you speak?</source>
        <translation>Sind Sie das, und bewegt sich der Balken, wenn Sie sprechen?</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>What the meeting needs</source>
        <translation>Was die Besprechung braucht</translation>
    </message>
    <message>
        <source>Meeting programs see a camera called Translated Camera and hear a microphone called Translated Microphone. What is missing for that stands here.</source>
        <translation>Besprechungsprogramme sehen eine Kamera namens Translated Camera und hören ein Mikrofon namens Translated Microphone. Was dafür fehlt, steht hier.</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Sprachen</translation>
    </message>
    <message>
        <source>You can change them at any time, also while you speak.</source>
        <translation>Sie können sie jederzeit ändern, auch während Sie sprechen.</translation>
    </message>
    <message>
        <source>Choose better models…</source>
        <translation>Bessere Modelle auswählen…</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>What is built in works at once and is clumsy: simple recognition of English, simple translation, a robot&apos;s voice. Better models can be downloaded now or later.</source>
        <translation>Das Eingebaute arbeitet sofort und ist unbeholfen: einfache Erkennung von Englisch, einfache Übersetzung, eine Roboterstimme. Bessere Modelle können Sie jetzt oder später herunterladen.</translation>
    </message>
    <message>
        <source>Choose Translated Camera and Translated Microphone in your meeting program.</source>
        <translation>Wählen Sie in Ihrem Besprechungsprogramm Translated Camera und Translated Microphone.</translation>
    </message>
    <message>
        <source>Something is wrong? {0} shows your own picture and voice at once.</source>
        <translation>Etwas stimmt nicht? {0} zeigt sofort Ihr eigenes Bild und Ihre eigene Stimme.</translation>
    </message>
    <message>
        <source>Headphones keep the microphone from hearing the translation.</source>
        <translation>Mit Kopfhörern hört das Mikrofon die Übersetzung nicht.</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Three things to know:</source>
        <translation>Drei Dinge, die Sie wissen sollten:</translation>
    </message>
    <message>
        <source>I hear you.</source>
        <translation>Ich höre Sie.</translation>
    </message>
</context>
<context>
    <name>LanguageCard</name>
    <message>
        <source>Language you speak</source>
        <translation>Sprache, die Sie sprechen</translation>
    </message>
    <message>
        <source>Language they hear</source>
        <translation>Sprache, die die anderen hören</translation>
    </message>
    <message>
        <source>Swap the languages</source>
        <translation>Sprachen tauschen</translation>
    </message>
    <message>
        <source>When I speak theirs, pass my own voice on</source>
        <translation>Spreche ich ihre Sprache, meine eigene Stimme weitergeben</translation>
    </message>
    <message>
        <source>The other direction cannot be translated with what is installed.</source>
        <translation>Die andere Richtung lässt sich mit dem Installierten nicht übersetzen.</translation>
    </message>
    <message>
        <source>Detect</source>
        <translation>Erkennen lassen</translation>
    </message>
    <message>
        <source>You speak their language: your own voice is passed on.</source>
        <translation>Sie sprechen ihre Sprache: Ihre eigene Stimme wird weitergegeben.</translation>
    </message>
    <message>
        <source>You speak {0}.</source>
        <translation>Sie sprechen {0}.</translation>
    </message>
    <message>
        <source>They speak your language already: your own voice is passed on.</source>
        <translation>Die anderen sprechen schon Ihre Sprache: Ihre eigene Stimme wird weitergegeben.</translation>
    </message>
    <message>
        <source>This pair cannot be translated with what is installed.</source>
        <translation>Dieses Paar lässt sich mit dem Installierten nicht übersetzen.</translation>
    </message>
    <message>
        <source>I speak</source>
        <translation>Ich spreche</translation>
    </message>
    <message>
        <source>They hear</source>
        <translation>Die anderen hören</translation>
    </message>
</context>
<context>
    <name>LatencyPlot</name>
    <message>
        <source>Delay over the last minutes</source>
        <translation>Verzögerung der letzten Minuten</translation>
    </message>
    <message>
        <source>Preparing the plot…</source>
        <translation>Diagramm wird vorbereitet…</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>Sekunden</translation>
    </message>
    <message>
        <source>minutes ago</source>
        <translation>Minuten zuvor</translation>
    </message>
    <message>
        <source>Behind you</source>
        <translation>Hinter Ihnen</translation>
    </message>
    <message>
        <source>Recognise</source>
        <translation>Erkennen</translation>
    </message>
    <message>
        <source>Translate</source>
        <translation>Übersetzen</translation>
    </message>
    <message>
        <source>Speak</source>
        <translation>Sprechen</translation>
    </message>
    <message>
        <source>Lips and picture</source>
        <translation>Lippen und Bild</translation>
    </message>
</context>
<context>
    <name>LineTable</name>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>You said</source>
        <translation>Sie sagten</translation>
    </message>
    <message>
        <source>They heard</source>
        <translation>Die anderen hörten</translation>
    </message>
    <message>
        <source>Not translated: {0}</source>
        <translation>Nicht übersetzt: {0}</translation>
    </message>
</context>
<context>
    <name>Lines</name>
    <message>
        <source>word = translation</source>
        <translation>Wort = Übersetzung</translation>
    </message>
    <message>
        <source>one a line</source>
        <translation>eins je Zeile</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Transcript</source>
        <translation>Mitschrift</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>What they see</source>
        <translation>Was die anderen sehen</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Nebeneinander</translation>
    </message>
    <message>
        <source>Wipe</source>
        <translation>Überblenden</translation>
    </message>
    <message>
        <source>Opening camera and microphone…</source>
        <translation>Kamera und Mikrofon werden geöffnet…</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>Stummgeschaltet</translation>
    </message>
    <message>
        <source>Passing your own voice on</source>
        <translation>Ihre eigene Stimme wird weitergegeben</translation>
    </message>
    <message>
        <source>Loading models…</source>
        <translation>Modelle werden geladen…</translation>
    </message>
    <message>
        <source>Translating</source>
        <translation>Übersetzt</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Hält an…</translation>
    </message>
    <message>
        <source>Could not start</source>
        <translation>Start fehlgeschlagen</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>What helps?</source>
        <translation>Was hilft?</translation>
    </message>
    <message>
        <source>The microphone hears the translation. Headphones help.</source>
        <translation>Das Mikrofon hört die Übersetzung. Kopfhörer helfen.</translation>
    </message>
    <message>
        <source>Some changes take effect when the translation starts anew.</source>
        <translation>Einige Änderungen wirken erst, wenn die Übersetzung neu startet.</translation>
    </message>
    <message>
        <source>Start anew now</source>
        <translation>Jetzt neu starten</translation>
    </message>
</context>
<context>
    <name>Meter</name>
    <message>
        <source>Microphone level</source>
        <translation>Mikrofonpegel</translation>
    </message>
    <message>
        <source>Speech</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Silence {0} of {1} s</source>
        <translation>Stille {0} von {1} s</translation>
    </message>
    <message>
        <source>Silence</source>
        <translation>Stille</translation>
    </message>
</context>
<context>
    <name>ModelRow</name>
    <message>
        <source>Progress of {0}</source>
        <translation>Fortschritt von {0}</translation>
    </message>
    <message>
        <source>Not for commercial use.</source>
        <translation>Nicht für kommerzielle Nutzung.</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>here</source>
        <translation>vorhanden</translation>
    </message>
    <message>
        <source>to be had</source>
        <translation>erhältlich</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Erkennung</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>Übersetzung</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Stimme</translation>
    </message>
    <message>
        <source>Sentence end</source>
        <translation>Satzende</translation>
    </message>
    <message>
        <source>Lips</source>
        <translation>Lippen</translation>
    </message>
</context>
<context>
    <name>ModelWindow</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>What is built in works without any of these. Better models are downloaded only when you ask for them; nothing you say leaves this machine.</source>
        <translation>Das Eingebaute arbeitet ohne all dies. Bessere Modelle werden nur heruntergeladen, wenn Sie es wünschen; nichts, was Sie sagen, verlässt diesen Rechner.</translation>
    </message>
    <message>
        <source>Import from disk…</source>
        <translation>Von Datenträger importieren…</translation>
    </message>
    <message>
        <source>This installation has no catalogue of models.</source>
        <translation>Diese Installation hat keinen Modellkatalog.</translation>
    </message>
    <message>
        <source>Do you accept the licence of this model?</source>
        <translation>Nehmen Sie die Lizenz dieses Modells an?</translation>
    </message>
    <message>
        <source>{0}

Size: {1}
Licence: {2}

Download it?</source>
        <translation>{0}

Größe: {1}
Lizenz: {2}

Herunterladen?</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Stopped. What came is kept and used next time.</source>
        <translation>Angehalten. Was da ist, bleibt und wird beim nächsten Mal genutzt.</translation>
    </message>
</context>
<context>
    <name>NoiseCard</name>
    <message>
        <source>What it brings</source>
        <translation>Was es bringt</translation>
    </message>
    <message>
        <source>Level before</source>
        <translation>Pegel vorher</translation>
    </message>
    <message>
        <source>Level after</source>
        <translation>Pegel nachher</translation>
    </message>
    <message>
        <source>Listen to yourself (5 s)</source>
        <translation>Sich selbst anhören (5 s)</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Wie es ist</translation>
    </message>
    <message>
        <source>Without noise</source>
        <translation>Ohne Lärm</translation>
    </message>
    <message>
        <source>Chosen above, it shows while you translate what it takes away.</source>
        <translation>Oben gewählt, zeigt es während des Übersetzens, was es wegnimmt.</translation>
    </message>
    <message>
        <source>{0} dB are taken away at this moment.</source>
        <translation>In diesem Augenblick werden {0} dB weggenommen.</translation>
    </message>
    <message>
        <source>The microphone is not open yet.</source>
        <translation>Das Mikrofon ist noch nicht offen.</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>In Arbeit…</translation>
    </message>
    <message>
        <source>Nothing is kept away: choose above what does it.</source>
        <translation>Nichts wird ferngehalten: wählen Sie oben, was das tut.</translation>
    </message>
    <message>
        <source>Speak… {0}</source>
        <translation>Sprechen Sie… {0}</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
</context>
<context>
    <name>Pages</name>
    <message>
        <source>First steps</source>
        <translation>Erste Schritte</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Diagnostics</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Über</translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>Preview of the outgoing picture</source>
        <translation>Vorschau des ausgehenden Bildes</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Meeting sees</source>
        <translation>Die Besprechung sieht</translation>
    </message>
</context>
<context>
    <name>ProfilePage</name>
    <message>
        <source>Profiles</source>
        <translation>Profile</translation>
    </message>
    <message>
        <source>A profile holds all settings, for example those of one meeting or voice.</source>
        <translation>Ein Profil enthält alle Einstellungen, zum Beispiel die einer Besprechung oder Stimme.</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Speichern unter…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Name of the profile</source>
        <translation>Name des Profils</translation>
    </message>
</context>
<context>
    <name>RungCard</name>
    <message>
        <source>Engines</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>Chosen when you start.</source>
        <translation>Werden beim Start gewählt.</translation>
    </message>
    <message>
        <source>Get better models…</source>
        <translation>Bessere Modelle holen…</translation>
    </message>
    <message>
        <source>(basic)</source>
        <translation>(einfach)</translation>
    </message>
    <message>
        <source>; not {0}:</source>
        <translation>; nicht {0}:</translation>
    </message>
    <message>
        <source>Speech or noise</source>
        <translation>Sprache oder Geräusch</translation>
    </message>
    <message>
        <source>Sentence end</source>
        <translation>Satzende</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Erkennung</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>Übersetzung</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Stimme</translation>
    </message>
    <message>
        <source>Face</source>
        <translation>Gesicht</translation>
    </message>
    <message>
        <source>Lips</source>
        <translation>Lippen</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Geräusche</translation>
    </message>
</context>
<context>
    <name>SectionPage</name>
    <message>
        <source>Back to the defaults</source>
        <translation>Zurück zu den Vorgaben</translation>
    </message>
    <message>
        <source>Takes effect at the next start.</source>
        <translation>Wirkt beim nächsten Start.</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>Seiten der Einstellungen</translation>
    </message>
    <message>
        <source>Profiles</source>
        <translation>Profile</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>StripCard</name>
    <message>
        <source>The last half minute</source>
        <translation>Die letzte halbe Minute</translation>
    </message>
    <message>
        <source>Segments: {0}, cut by loudness and pauses alone.</source>
        <translation>Abschnitte: {0}, allein nach Lautstärke und Pausen geschnitten.</translation>
    </message>
</context>
<context>
    <name>TranscriptWindow</name>
    <message>
        <source>Transcript</source>
        <translation>Mitschrift</translation>
    </message>
    <message>
        <source>Search both languages</source>
        <translation>In beiden Sprachen suchen</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Kopiert.</translation>
    </message>
    <message>
        <source>Written to {0}.</source>
        <translation>Nach {0} geschrieben.</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}.</source>
        <translation>{0} kann nicht geschrieben werden: {1}.</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Both languages</source>
        <translation>Beide Sprachen</translation>
    </message>
    <message>
        <source>Your language</source>
        <translation>Ihre Sprache</translation>
    </message>
    <message>
        <source>Their language</source>
        <translation>Sprache der anderen</translation>
    </message>
    <message>
        <source>Languages to export</source>
        <translation>Zu exportierende Sprachen</translation>
    </message>
    <message>
        <source>Form to export</source>
        <translation>Exportformat</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>My own voice now</source>
        <translation>Jetzt meine eigene Stimme</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Stumm</translation>
    </message>
    <message>
        <source>They hear</source>
        <translation>Die anderen hören</translation>
    </message>
    <message>
        <source>Show the window</source>
        <translation>Fenster zeigen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Stop translating</source>
        <translation>Übersetzung anhalten</translation>
    </message>
    <message>
        <source>Start translating</source>
        <translation>Übersetzung starten</translation>
    </message>
    <message>
        <source>Translating</source>
        <translation>Übersetzt</translation>
    </message>
    <message>
        <source>Passing your own voice on</source>
        <translation>Ihre eigene Stimme wird weitergegeben</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
</context>
<context>
    <name>VoiceCard</name>
    <message>
        <source>How loud your own voice stays</source>
        <translation>Wie laut Ihre eigene Stimme bleibt</translation>
    </message>
    <message>
        <source>What keeps noise away</source>
        <translation>Was Lärm fernhält</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>Your own voice</source>
        <translation>Ihre eigene Stimme</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Lärm</translation>
    </message>
    <message>
        <source>{0} dB less</source>
        <translation>{0} dB weniger</translation>
    </message>
    <message>
        <source>silent</source>
        <translation>stumm</translation>
    </message>
    <message>
        <source>{0} dB under the translation</source>
        <translation>{0} dB unter der Übersetzung</translation>
    </message>
    <message>
        <source>as it is</source>
        <translation>wie sie ist</translation>
    </message>
</context>
<context>
    <name>_Strip</name>
    <message>
        <source>How the last half minute would be cut</source>
        <translation>Wie die letzte halbe Minute geschnitten würde</translation>
    </message>
</context>
<context>
    <name>findings</name>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>Microphone&apos;s sound</source>
        <translation>Ton des Mikrofons</translation>
    </message>
    <message>
        <source>Guests&apos; microphones</source>
        <translation>Mikrofone der Gäste</translation>
    </message>
    <message>
        <source>Sound server</source>
        <translation>Klangserver</translation>
    </message>
    <message>
        <source>Virtual microphone</source>
        <translation>Virtuelles Mikrofon</translation>
    </message>
    <message>
        <source>Default microphone</source>
        <translation>Vorgegebenes Mikrofon</translation>
    </message>
    <message>
        <source>Default loudspeaker</source>
        <translation>Vorgegebener Lautsprecher</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Camera permission</source>
        <translation>Erlaubnis für die Kamera</translation>
    </message>
    <message>
        <source>Busy camera</source>
        <translation>Belegte Kamera</translation>
    </message>
    <message>
        <source>Camera&apos;s picture</source>
        <translation>Bild der Kamera</translation>
    </message>
    <message>
        <source>Virtual camera</source>
        <translation>Virtuelle Kamera</translation>
    </message>
    <message>
        <source>Virtual camera device</source>
        <translation>Gerät der virtuellen Kamera</translation>
    </message>
    <message>
        <source>PipeWire camera</source>
        <translation>PipeWire-Kamera</translation>
    </message>
    <message>
        <source>Camera portal</source>
        <translation>Kameraportal</translation>
    </message>
    <message>
        <source>Virtual cable</source>
        <translation>Virtuelles Kabel</translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation>Erlaubnisse</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Erkennung</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>Übersetzung</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Stimme</translation>
    </message>
    <message>
        <source>Speech detection</source>
        <translation>Erkennen, ob gesprochen wird</translation>
    </message>
    <message>
        <source>Ends of sentences</source>
        <translation>Satzenden</translation>
    </message>
    <message>
        <source>Face</source>
        <translation>Gesicht</translation>
    </message>
    <message>
        <source>Lips</source>
        <translation>Lippen</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Sprachen</translation>
    </message>
    <message>
        <source>Graphics card</source>
        <translation>Grafikkarte</translation>
    </message>
    <message>
        <source>CUDA for recognition and translation</source>
        <translation>CUDA für Erkennung und Übersetzung</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Arbeitsspeicher</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Festplatte</translation>
    </message>
    <message>
        <source>Settings folder</source>
        <translation>Ordner der Einstellungen</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>Ordner der Daten</translation>
    </message>
    <message>
        <source>Log folder</source>
        <translation>Ordner der Protokolle</translation>
    </message>
    <message>
        <source>Cache folder</source>
        <translation>Ordner des Zwischenspeichers</translation>
    </message>
    <message>
        <source>Settings file</source>
        <translation>Datei der Einstellungen</translation>
    </message>
    <message>
        <source>Fonts for captions</source>
        <translation>Schriften für Untertitel</translation>
    </message>
    <message>
        <source>Right-to-left captions</source>
        <translation>Untertitel von rechts nach links</translation>
    </message>
    <message>
        <source>Display</source>
        <translation>Bildschirm</translation>
    </message>
    <message>
        <source>Python packages</source>
        <translation>Python-Pakete</translation>
    </message>
    <message>
        <source>All right</source>
        <translation>In Ordnung</translation>
    </message>
    <message>
        <source>Hint</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>Störung</translation>
    </message>
    <message>
        <source>Check of {0}</source>
        <translation>Prüfung: {0}</translation>
    </message>
</context>
<context>
    <name>quitting</name>
    <message>
        <source>A meeting program is using Translated Camera. If you quit, it loses picture and voice.</source>
        <translation>Ein Besprechungsprogramm nutzt Translated Camera. Wenn Sie beenden, verliert es Bild und Ton.</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>Bleiben</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
</context>
<context>
    <name>sentences</name>
    <message>
        <source>No recognition model is here.</source>
        <translation>Hier ist kein Modell zur Erkennung.</translation>
    </message>
    <message>
        <source>No translation model is here.</source>
        <translation>Hier ist kein Modell zum Übersetzen.</translation>
    </message>
    <message>
        <source>No voice model is here.</source>
        <translation>Hier ist kein Modell für die Stimme.</translation>
    </message>
    <message>
        <source>No recognition model for {0} is here.</source>
        <translation>Hier ist kein Modell zur Erkennung von {0}.</translation>
    </message>
    <message>
        <source>No voice model for {0} is here.</source>
        <translation>Hier ist kein Modell für eine Stimme in {0}.</translation>
    </message>
    <message>
        <source>No translation model from {0} to {1} is here, directly or through English.</source>
        <translation>Hier ist kein Modell, das von {0} nach {1} übersetzt, weder direkt noch über Englisch.</translation>
    </message>
    <message>
        <source>See what there is with `translated-camera models list --kind {0}`, and get one with `translated-camera models pull NAME`.</source>
        <translation>Holen Sie eines unter „Modelle“, oder mit `translated-camera models list --kind {0}` und `translated-camera models pull NAME`.</translation>
    </message>
    <message>
        <source>Get one with `translated-camera models pull {0}`.</source>
        <translation>Holen Sie eines mit `translated-camera models pull {0}`.</translation>
    </message>
    <message>
        <source>The {0} models that are here need a graphics card, and there is none.</source>
        <translation>Die {0}-Modelle, die hier sind, brauchen eine Grafikkarte, und es gibt keine.</translation>
    </message>
    <message>
        <source>pocketsphinx recognises English only, not {0}. Choose another recogniser for it.</source>
        <translation>pocketsphinx erkennt nur Englisch, nicht {0}. Wählen Sie dafür einen anderen Erkenner.</translation>
    </message>
    <message>
        <source>pocketsphinx recognises English only and finds out no other language.</source>
        <translation>pocketsphinx erkennt nur Englisch und findet keine andere Sprache heraus.</translation>
    </message>
    <message>
        <source>The {0} engine {1} needs {2}.</source>
        <translation>Die Maschine {1} ({0}) braucht {2}.</translation>
    </message>
    <message>
        <source>XTTS needs a graphics card: on a processor it takes twice as long as it speaks.</source>
        <translation>XTTS braucht eine Grafikkarte: auf einem Prozessor rechnet es doppelt so lange, wie es spricht.</translation>
    </message>
    <message>
        <source>Wav2Lip needs a checkpoint, which this program does not bring along. Put yours into {0} as wav2lip.pth or wav2lip.onnx. Its licence allows non-commercial use only.</source>
        <translation>Wav2Lip braucht Gewichte, die dieses Programm nicht mitbringt. Legen Sie Ihre als wav2lip.pth oder wav2lip.onnx in {0}. Ihre Lizenz erlaubt nur nichtkommerzielle Nutzung.</translation>
    </message>
    <message>
        <source>A part of the program has failed; it is being started again.</source>
        <translation>Ein Teil des Programms ist ausgefallen; er wird neu gestartet.</translation>
    </message>
    <message>
        <source>You are heard as you are: {0}</source>
        <translation>Sie werden gehört, wie Sie sind: {0}</translation>
    </message>
    <message>
        <source>No recogniser here finds out which language is spoken. Choose your language.</source>
        <translation>Kein Erkenner hier findet heraus, welche Sprache gesprochen wird. Wählen Sie Ihre Sprache.</translation>
    </message>
    <message>
        <source>Your own voice is not passed on by itself: the recogniser at work does not find out which language is spoken.</source>
        <translation>Ihre eigene Stimme wird nicht von selbst weitergegeben: der Erkenner, der arbeitet, findet nicht heraus, welche Sprache gesprochen wird.</translation>
    </message>
    <message>
        <source>Finding out which language is spoken needs a Whisper model for many languages. Get one under Models.</source>
        <translation>Um herauszufinden, welche Sprache gesprochen wird, braucht es ein Whisper-Modell für viele Sprachen. Holen Sie eines unter „Modelle“.</translation>
    </message>
    <message>
        <source>Nothing here translates {0} into {1}.</source>
        <translation>Nichts hier übersetzt {0} nach {1}.</translation>
    </message>
    <message>
        <source>the voice was too far behind</source>
        <translation>die Stimme war zu weit zurück</translation>
    </message>
    <message>
        <source>The camera {0} was unplugged or has stopped.</source>
        <translation>Die Kamera {0} wurde abgezogen oder hat aufgehört.</translation>
    </message>
    <message>
        <source>The camera {0} is used by {1}; close it there.</source>
        <translation>Die Kamera {0} wird von {1} benutzt; schließen Sie sie dort.</translation>
    </message>
    <message>
        <source>The microphone {0} was unplugged.</source>
        <translation>Das Mikrofon {0} wurde abgezogen.</translation>
    </message>
    <message>
        <source>The microphone {0} gives nothing but silence. Is it muted, or is this program not allowed to listen?</source>
        <translation>Das Mikrofon {0} gibt nichts als Stille. Ist es stummgeschaltet, oder darf dieses Programm nicht zuhören?</translation>
    </message>
    <message>
        <source>The microphone {0} is too loud and distorts: turn its level down.</source>
        <translation>Das Mikrofon {0} ist zu laut und verzerrt: stellen Sie es leiser.</translation>
    </message>
    <message>
        <source>The virtual camera is switched off.</source>
        <translation>Die virtuelle Kamera ist ausgeschaltet.</translation>
    </message>
    <message>
        <source>No program can see “{0}”, there is the preview only.</source>
        <translation>Kein Programm kann „{0}“ sehen, es gibt nur die Vorschau.</translation>
    </message>
    <message>
        <source>There is no v4l2loopback device. Install v4l2loopback-dkms; {0}.</source>
        <translation>Es gibt kein Gerät von v4l2loopback. Installieren Sie v4l2loopback-dkms; {0}.</translation>
    </message>
    <message>
        <source>PipeWire is not running for this user. Start it: systemctl --user start pipewire</source>
        <translation>PipeWire läuft für diesen Benutzer nicht. Starten Sie es: systemctl --user start pipewire</translation>
    </message>
    <message>
        <source>The sound server does not answer.</source>
        <translation>Der Klangserver antwortet nicht.</translation>
    </message>
    <message>
        <source>The sound server is gone, and with it the virtual microphone.</source>
        <translation>Der Klangserver ist weg, und mit ihm das virtuelle Mikrofon.</translation>
    </message>
    <message>
        <source>The shortcuts work in our own windows only. In the desktop&apos;s keyboard settings you can bind keys to: translated-camera tell panic</source>
        <translation>Die Tastenkürzel wirken nur in unseren eigenen Fenstern. In den Tastatureinstellungen des Desktops können Sie Tasten belegen mit: translated-camera tell panic</translation>
    </message>
    <message>
        <source>macOS gives keys everywhere only to programs that may watch everything that is typed, which this one does not ask for. The shortcuts work in our own windows; the icon in the menu bar has them too.</source>
        <translation>macOS gibt Tasten überall nur Programmen, die alles mitlesen dürfen, was getippt wird; darum bittet dieses nicht. Die Tastenkürzel wirken in unseren eigenen Fenstern; das Symbol in der Menüleiste hat sie auch.</translation>
    </message>
    <message>
        <source>This desktop offers no shortcuts to programs (its portal has no GlobalShortcuts).</source>
        <translation>Dieser Desktop gibt Programmen keine Tastenkürzel (sein Portal hat kein GlobalShortcuts).</translation>
    </message>
    <message>
        <source>There is no session bus, so the desktop cannot be asked for shortcuts.</source>
        <translation>Es gibt keinen Sitzungsbus, darum kann der Desktop nicht um Tastenkürzel gebeten werden.</translation>
    </message>
    <message>
        <source>You or the desktop declined the shortcuts; they can be given in its keyboard settings.</source>
        <translation>Sie oder der Desktop haben die Tastenkürzel abgelehnt; in seinen Tastatureinstellungen lassen sie sich geben.</translation>
    </message>
    <message>
        <source>The desktop has taken the shortcuts back.</source>
        <translation>Der Desktop hat die Tastenkürzel zurückgenommen.</translation>
    </message>
    <message>
        <source>Another program has taken {0} already.</source>
        <translation>Ein anderes Programm hat {0} schon belegt.</translation>
    </message>
    <message>
        <source>Your microphone hears the translation that is meant for you. Use headphones: else it is translated for the others.</source>
        <translation>Ihr Mikrofon hört die Übersetzung, die für Sie bestimmt ist. Benutzen Sie Kopfhörer: sonst wird sie für die anderen übersetzt.</translation>
    </message>
    <message>
        <source>What is played for you comes back as the others&apos; sound. It is only shown from here on; choose another output (others.output) and turn it on again.</source>
        <translation>Was für Sie abgespielt wird, kommt als Ton der anderen zurück. Ab hier wird es nur gezeigt; wählen Sie einen anderen Ausgang (others.output) und schalten Sie es wieder ein.</translation>
    </message>
    <message>
        <source>The others cannot be translated for you.</source>
        <translation>Die anderen können nicht für Sie übersetzt werden.</translation>
    </message>
    <message>
        <source>The others speak {0} already: nothing to translate for you.</source>
        <translation>Die anderen sprechen schon {0}: für Sie ist nichts zu übersetzen.</translation>
    </message>
    <message>
        <source>Which language do you hear the others in? Your own is found out while you speak; set others.language (--others-to).</source>
        <translation>In welcher Sprache hören Sie die anderen? Ihre eigene wird erst beim Sprechen erkannt; setzen Sie others.language (--others-to).</translation>
    </message>
    <message>
        <source>the voice is turned off</source>
        <translation>die Stimme ist ausgeschaltet</translation>
    </message>
    <message>
        <source>{0} plays nothing; it is heard as soon as it does.</source>
        <translation>{0} spielt nichts ab; es wird gehört, sobald es das tut.</translation>
    </message>
    <message>
        <source>No program plays anything; it is heard as soon as one does.</source>
        <translation>Kein Programm spielt etwas ab; es wird gehört, sobald eines das tut.</translation>
    </message>
    <message>
        <source>{0} failed ({1}); {2} goes on.</source>
        <translation>{0} ist ausgefallen ({1}); {2} macht weiter.</translation>
    </message>
    <message>
        <source>This machine is too busy for {0}, which takes {1} times as long as it may; {2} goes on.</source>
        <translation>Dieser Rechner ist zu beschäftigt für {0}, das {1}-mal so lange braucht, wie es darf; {2} macht weiter.</translation>
    </message>
    <message>
        <source>{0} does well here again and is back in place of {1}.</source>
        <translation>{0} kommt hier wieder gut zurecht und ist anstelle von {1} zurück.</translation>
    </message>
    <message>
        <source>This machine is too busy for it at the moment.</source>
        <translation>Dieser Rechner ist im Augenblick zu beschäftigt dafür.</translation>
    </message>
    <message>
        <source>It failed ({0}).</source>
        <translation>Es ist ausgefallen ({0}).</translation>
    </message>
    <message>
        <source>CUDA was asked for (models.device), but no graphics card that has it is found; the processor works instead.</source>
        <translation>CUDA war gewünscht (models.device), aber es findet sich keine Grafikkarte damit; stattdessen rechnet der Prozessor.</translation>
    </message>
    <message>
        <source>Install NVIDIA&apos;s driver with cuBLAS and cuDNN, or set models.device to auto.</source>
        <translation>Installieren Sie NVIDIAs Treiber mit cuBLAS und cuDNN, oder setzen Sie models.device auf auto.</translation>
    </message>
    <message>
        <source>The process of {0} had to be started again.</source>
        <translation>Der Prozess von {0} musste neu gestartet werden.</translation>
    </message>
    <message>
        <source>The {0} does not answer.</source>
        <translation>{0} antwortet nicht.</translation>
    </message>
    <message>
        <source>The {0} does not answer; {1} of its requests are sent to others.</source>
        <translation>{0} antwortet nicht; {1} seiner Aufträge gehen an andere.</translation>
    </message>
    <message>
        <source>{0} was asked for ({1}), but no graphics card is found; the processor works instead.</source>
        <translation>{0} wurde verlangt ({1}), aber keine Grafikkarte ist zu finden; stattdessen arbeitet der Prozessor.</translation>
    </message>
    <message>
        <source>{0} was asked for ({1}), but it is not among the graphics cards that are found; the first one works instead.</source>
        <translation>{0} wurde verlangt ({1}), ist aber nicht unter den gefundenen Grafikkarten; stattdessen arbeitet die erste.</translation>
    </message>
    <message>
        <source>The {0} has ended; what it had is done by others.</source>
        <translation>{0} ist zu Ende; andere erledigen, was dort lag.</translation>
    </message>
    <message>
        <source>The {0} worker {1} on {2} has ended.</source>
        <translation>{0} worker {1} on {2} ist zu Ende.</translation>
    </message>
    <message>
        <source>{0} segments wait.</source>
        <translation>{0} Abschnitte warten.</translation>
    </message>
    <message>
        <source>No {0} worker for {1} is at {2}. Start one: {3}</source>
        <translation>Bei {2} ist kein Arbeiter {0} für {1}. Starten Sie einen: {3}</translation>
    </message>
    <message>
        <source>No {0} worker is at {1}. Start one: {2}</source>
        <translation>Bei {1} ist kein Arbeiter {0}. Starten Sie einen: {2}</translation>
    </message>
    <message>
        <source>Three workers have ended over it; it is not tried again.</source>
        <translation>Drei Arbeiter sind daran zu Ende gegangen; es wird nicht noch einmal versucht.</translation>
    </message>
    <message>
        <source>The broker at {0} refuses this user name or password.</source>
        <translation>Der Broker bei {0} lehnt diesen Benutzernamen oder dieses Passwort ab.</translation>
    </message>
    <message>
        <source>The broker at {0} has no such virtual host, or not for this user.</source>
        <translation>Der Broker bei {0} hat diesen virtuellen Host nicht, oder nicht für diesen Benutzer.</translation>
    </message>
    <message>
        <source>A queue at {0} was declared with other settings ({1}). Delete it there (rabbitmqctl delete_queue NAME), or use a virtual host of your own.</source>
        <translation>Eine Warteschlange bei {0} wurde mit anderen Einstellungen angelegt ({1}). Löschen Sie sie dort (rabbitmqctl delete_queue NAME), oder verwenden Sie einen eigenen virtuellen Host.</translation>
    </message>
    <message>
        <source>The broker at {0} refuses: {1}.</source>
        <translation>Der Broker bei {0} lehnt ab: {1}.</translation>
    </message>
    <message>
        <source>The certificate of the broker at {0} is not trusted ({1}).</source>
        <translation>Dem Zertifikat des Brokers bei {0} wird nicht vertraut ({1}).</translation>
    </message>
    <message>
        <source>What answers at {0} does not speak TLS as asked ({1}).</source>
        <translation>Was unter {0} antwortet, spricht nicht wie verlangt TLS ({1}).</translation>
    </message>
    <message>
        <source>No broker answers at {0}. Is RabbitMQ running there?</source>
        <translation>Bei {0} antwortet kein Broker. Läuft RabbitMQ dort?</translation>
    </message>
    <message>
        <source>A broker&apos;s address is written amqp://user:password@host:5672/.</source>
        <translation>Die Adresse eines Brokers schreibt man amqp://user:password@host:5672/.</translation>
    </message>
    <message>
        <source>Which broker? Name it: --broker amqp://user:password@host/, the setting placement.broker, or the variable {0}.</source>
        <translation>Welcher Broker? Nennen Sie ihn: --broker amqp://user:password@host/, die Einstellung placement.broker oder die Variable {0}.</translation>
    </message>
    <message>
        <source>This message is of wire version {0}; this program understands version {1}. Let the same release run at both ends.</source>
        <translation>Diese Nachricht hat das Format {0}; dieses Programm versteht das Format {1}. An beiden Enden muss dieselbe Fassung laufen.</translation>
    </message>
    <message>
        <source>A message of {0} MB is too large to be sent.</source>
        <translation>Eine Nachricht von {0} MB ist zu groß zum Senden.</translation>
    </message>
    <message>
        <source>The devices stay as they were.</source>
        <translation>Die Geräte bleiben, wie sie waren.</translation>
    </message>
    <message>
        <source>The camera {0} was unplugged; {1} is shown until it is back.</source>
        <translation>Die Kamera {0} wurde abgezogen; bis sie zurück ist, wird {1} gezeigt.</translation>
    </message>
    <message>
        <source>The camera {0} was unplugged; there is no other.</source>
        <translation>Die Kamera {0} wurde abgezogen; eine andere gibt es nicht.</translation>
    </message>
    <message>
        <source>The microphone {0} was unplugged; {1} is heard until it is back.</source>
        <translation>Das Mikrofon {0} wurde abgezogen; bis es zurück ist, wird {1} gehört.</translation>
    </message>
    <message>
        <source>The microphone {0} was unplugged; there is no other.</source>
        <translation>Das Mikrofon {0} wurde abgezogen; ein anderes gibt es nicht.</translation>
    </message>
    <message>
        <source>There is no camera called {0}; {1} is shown until it is there.</source>
        <translation>Es gibt keine Kamera namens {0}; bis sie da ist, wird {1} gezeigt.</translation>
    </message>
    <message>
        <source>There is no microphone called {0}; {1} is heard until it is there.</source>
        <translation>Es gibt kein Mikrofon namens {0}; bis es da ist, wird {1} gehört.</translation>
    </message>
    <message>
        <source>There is no microphone called {0}.</source>
        <translation>Es gibt kein Mikrofon namens {0}.</translation>
    </message>
    <message>
        <source>There is no camera.</source>
        <translation>Es gibt keine Kamera.</translation>
    </message>
    <message>
        <source>There is no microphone.</source>
        <translation>Es gibt kein Mikrofon.</translation>
    </message>
    <message>
        <source>Plug it in, or choose another one for the guest in the settings.</source>
        <translation>Schließen Sie es an, oder wählen Sie in den Einstellungen ein anderes für den Gast.</translation>
    </message>
    <message>
        <source>{0} speaks {1} already: nothing to translate.</source>
        <translation>{0} spricht schon {1}: nichts zu übersetzen.</translation>
    </message>
    <message>
        <source>{0} needs a microphone that nobody else speaks into.</source>
        <translation>{0} braucht ein Mikrofon, in das sonst niemand spricht.</translation>
    </message>
    <message>
        <source>{0} cannot be a name here: leave out the equals sign.</source>
        <translation>{0} kann hier kein Name sein: lassen Sie das Gleichheitszeichen weg.</translation>
    </message>
    <message>
        <source>Each further speaker needs a name of their own.</source>
        <translation>Jeder weitere Sprecher braucht einen eigenen Namen.</translation>
    </message>
    <message>
        <source>{0} is what everybody at the far end is called: choose another name.</source>
        <translation>{0} heißen alle auf der anderen Seite: wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>A further speaker is written {0}.</source>
        <translation>Ein weiterer Sprecher wird so geschrieben: {0}.</translation>
    </message>
    <message>
        <source>It says {0} twice.</source>
        <translation>{0} steht darin zweimal.</translation>
    </message>
    <message>
        <source>There is no such language. Give a code such as &quot;en&quot; or a name such as &quot;English&quot;.</source>
        <translation>Eine solche Sprache gibt es nicht. Geben Sie ein Kürzel wie „en“ oder einen Namen wie „English“ an.</translation>
    </message>
    <message>
        <source>Translated Camera is running already (process {0}); one session at a time can feed the virtual devices. End it first.</source>
        <translation>Translated Camera läuft schon (Prozess {0}); die virtuellen Geräte kann immer nur eine Sitzung speisen. Beenden Sie jene zuerst.</translation>
    </message>
    <message>
        <source>Process {0} of an earlier session does not end; end it by hand.</source>
        <translation>Der Prozess {0} einer früheren Sitzung endet nicht; beenden Sie ihn von Hand.</translation>
    </message>
    <message>
        <source>The settings cannot be written to {0}: {1}.</source>
        <translation>Die Einstellungen können nicht nach {0} geschrieben werden: {1}.</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}.</source>
        <translation>{0} kann nicht geschrieben werden: {1}.</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}.</source>
        <translation>{0} kann nicht gelesen werden: {1}.</translation>
    </message>
    <message>
        <source>{0} cannot be a profile&apos;s name; use letters and digits.</source>
        <translation>{0} kann kein Name eines Profils sein; nehmen Sie Buchstaben und Ziffern.</translation>
    </message>
    <message>
        <source>At most {0} further speakers can be heard.</source>
        <translation>Höchstens {0} weitere Sprecher können gehört werden.</translation>
    </message>
    <message>
        <source>The settings take {0} in place of one.</source>
        <translation>Die Einstellungen nehmen statt dessen {0}.</translation>
    </message>
    <message>
        <source>There is no microphone. Plug one in.</source>
        <translation>Es gibt kein Mikrofon. Schließen Sie eines an.</translation>
    </message>
    <message>
        <source>{0} is taken meanwhile.</source>
        <translation>Solange wird {0} genommen.</translation>
    </message>
    <message>
        <source>{0} is taken.</source>
        <translation>{0} wird genommen.</translation>
    </message>
    <message>
        <source>There are {0} to choose from.</source>
        <translation>Es gibt {0} zur Auswahl.</translation>
    </message>
    <message>
        <source>{0} is muted.</source>
        <translation>{0} ist stumm geschaltet.</translation>
    </message>
    <message>
        <source>{0} is heard.</source>
        <translation>{0} ist zu hören.</translation>
    </message>
    <message>
        <source>{0} gives nothing but silence. Is it switched off, or is this program not allowed to listen?</source>
        <translation>{0} gibt nur Stille. Ist es ausgeschaltet, oder darf dieses Programm nicht zuhören?</translation>
    </message>
    <message>
        <source>{0} is as loud as can be, so it distorts: turn its level down.</source>
        <translation>{0} ist so laut wie möglich und verzerrt: Drehen Sie den Pegel herunter.</translation>
    </message>
    <message>
        <source>There is sound.</source>
        <translation>Es ist etwas zu hören.</translation>
    </message>
    <message>
        <source>There is no camera that this user may use.</source>
        <translation>Es gibt keine Kamera, die dieser Benutzer verwenden darf.</translation>
    </message>
    <message>
        <source>Meetings hear the translation and see a slate with a text.</source>
        <translation>Besprechungen hören die Übersetzung und sehen eine Tafel mit einem Text.</translation>
    </message>
    <message>
        <source>This user may not use {0}.</source>
        <translation>Dieser Benutzer darf {0} nicht verwenden.</translation>
    </message>
    <message>
        <source>The group {0} has been joined already: log out and in again.</source>
        <translation>Die Gruppe {0} ist schon eingetragen: Melden Sie sich ab und wieder an.</translation>
    </message>
    <message>
        <source>Log out and in again.</source>
        <translation>Melden Sie sich ab und wieder an.</translation>
    </message>
    <message>
        <source>Start the machine anew.</source>
        <translation>Starten Sie den Rechner neu.</translation>
    </message>
    <message>
        <source>{0} is open in {1}. Most cameras serve one program at a time: if no picture comes, end that program.</source>
        <translation>{0} ist in {1} geöffnet. Die meisten Kameras bedienen nur ein Programm: Kommt kein Bild, beenden Sie es.</translation>
    </message>
    <message>
        <source>{0} at {1} pictures a second.</source>
        <translation>{0} bei {1} Bildern in der Sekunde.</translation>
    </message>
    <message>
        <source>Its best is {0} at {1} pictures a second: the picture will jerk.</source>
        <translation>Ihr Bestes ist {0} bei {1} Bildern in der Sekunde: Das Bild wird ruckeln.</translation>
    </message>
    <message>
        <source>Its best is {0} at {1} pictures a second: the picture will be coarse.</source>
        <translation>Ihr Bestes ist {0} bei {1} Bildern in der Sekunde: Das Bild wird grob sein.</translation>
    </message>
    <message>
        <source>Workers behind the broker do it: `translated-camera worker` starts one.</source>
        <translation>Das tun Arbeiter hinter dem Broker: `translated-camera worker` startet einen.</translation>
    </message>
    <message>
        <source>Switched off in the settings.</source>
        <translation>In den Einstellungen ausgeschaltet.</translation>
    </message>
    <message>
        <source>It is switched off in the settings.</source>
        <translation>Es ist in den Einstellungen ausgeschaltet.</translation>
    </message>
    <message>
        <source>Until then the picture passes as it is: `--lips off`.</source>
        <translation>Bis dahin geht das Bild durch, wie es ist: `--lips off`.</translation>
    </message>
    <message>
        <source>{0} may not be written by this user.</source>
        <translation>Dieser Benutzer darf nicht in {0} schreiben.</translation>
    </message>
    <message>
        <source>{0} is in the way of the folder {1}: it is a file.</source>
        <translation>{0} steht dem Ordner {1} im Weg: Es ist eine Datei.</translation>
    </message>
    <message>
        <source>(made when needed)</source>
        <translation>(wird angelegt, wenn er gebraucht wird)</translation>
    </message>
    <message>
        <source>there is none yet; everything is as it comes</source>
        <translation>es gibt noch keine; alles ist wie am Anfang</translation>
    </message>
    <message>
        <source>(the default is used)</source>
        <translation>(die Vorgabe gilt)</translation>
    </message>
    <message>
        <source>(it is left out)</source>
        <translation>(wird ausgelassen)</translation>
    </message>
    <message>
        <source>All are there: {0}.</source>
        <translation>Alle sind da: {0}.</translation>
    </message>
    <message>
        <source>A guest speaks {0} already: nothing to translate.</source>
        <translation>Ein Gast spricht schon {0}: nichts zu übersetzen.</translation>
    </message>
    <message>
        <source>A guest needs a microphone that nobody else speaks into.</source>
        <translation>Ein Gast braucht ein Mikrofon, in das sonst niemand spricht.</translation>
    </message>
    <message>
        <source>A guest is to be heard from a file that is not there: choose another one in the settings.</source>
        <translation>Ein Gast soll aus einer Datei gehört werden, die nicht da ist: Wählen Sie in den Einstellungen eine andere.</translation>
    </message>
    <message>
        <source>No font here has the letters of {0}.</source>
        <translation>Keine Schrift hier hat die Buchstaben von: {0}.</translation>
    </message>
    <message>
        <source>There are fonts for both languages.</source>
        <translation>Es gibt Schriften für beide Sprachen.</translation>
    </message>
    <message>
        <source>What lays out right-to-left text is missing: its letters stand apart, or reversed.</source>
        <translation>Was Text von rechts nach links setzt, fehlt: Die Buchstaben stehen einzeln oder verkehrt herum.</translation>
    </message>
    <message>
        <source>There is none of NVIDIA&apos;s; everything is computed on the processor.</source>
        <translation>Es gibt keine von NVIDIA; alles wird auf dem Prozessor gerechnet.</translation>
    </message>
    <message>
        <source>There is one of NVIDIA&apos;s, but its driver does not answer; the processor is used.</source>
        <translation>Es gibt eine von NVIDIA, aber ihr Treiber antwortet nicht; der Prozessor wird genommen.</translation>
    </message>
    <message>
        <source>CTranslate2 computes on the card.</source>
        <translation>CTranslate2 rechnet auf der Karte.</translation>
    </message>
    <message>
        <source>CTranslate2 finds no card it can compute on: cuBLAS or cuDNN is missing.</source>
        <translation>CTranslate2 findet keine Karte, auf der es rechnen kann: cuBLAS oder cuDNN fehlt.</translation>
    </message>
    <message>
        <source>Not installed; lips are drawn without it, more slowly.</source>
        <translation>Nicht installiert; die Lippen werden ohne es gezeichnet, langsamer.</translation>
    </message>
    <message>
        <source>Not installed; what needs it is left out.</source>
        <translation>Nicht installiert; was es braucht, entfällt.</translation>
    </message>
    <message>
        <source>{0} with CUDA {1}</source>
        <translation>{0} mit CUDA {1}</translation>
    </message>
    <message>
        <source>{0} computes on the processor only: built without CUDA, or the driver is too old.</source>
        <translation>{0} rechnet nur auf dem Prozessor: ohne CUDA gebaut, oder der Treiber ist zu alt.</translation>
    </message>
    <message>
        <source>It cannot be loaded: {0}</source>
        <translation>Es lässt sich nicht laden: {0}</translation>
    </message>
    <message>
        <source>It could not be looked at: {0}</source>
        <translation>Es konnte nicht nachgesehen werden: {0}</translation>
    </message>
    <message>
        <source>The language is found out as you speak.</source>
        <translation>Die Sprache wird erkannt, während Sie sprechen.</translation>
    </message>
    <message>
        <source>Translated are: {0}.</source>
        <translation>Übersetzt werden: {0}.</translation>
    </message>
    <message>
        <source>Nothing is here that translates from {0} into what a voice can speak.</source>
        <translation>Hier ist nichts, das aus {0} in etwas übersetzt, das eine Stimme sprechen kann.</translation>
    </message>
    <message>
        <source>From {0}: {1}.</source>
        <translation>Aus {0}: {1}.</translation>
    </message>
    <message>
        <source>The kernel module is loaded{0}.</source>
        <translation>Das Kernelmodul ist geladen{0}.</translation>
    </message>
    <message>
        <source>PipeWire&apos;s camera stands in, which fewer programs see.</source>
        <translation>Die Kamera von PipeWire springt ein, die weniger Programme sehen.</translation>
    </message>
    <message>
        <source>The kernel module is installed and not loaded.</source>
        <translation>Das Kernelmodul ist installiert und nicht geladen.</translation>
    </message>
    <message>
        <source>This system has no kernel modules of its own (a container?): load it on the host.</source>
        <translation>Dieses System hat keine eigenen Kernelmodule (ein Container?): Laden Sie es auf dem Wirt.</translation>
    </message>
    <message>
        <source>The kernel module is not installed, which makes the camera for programs.</source>
        <translation>Das Kernelmodul, das die Kamera für Programme macht, ist nicht installiert.</translation>
    </message>
    <message>
        <source>{0} may not be opened by this user; see the permissions.</source>
        <translation>Dieser Benutzer darf {0} nicht öffnen; sehen Sie nach den Rechten.</translation>
    </message>
    <message>
        <source>No device is called “{0}”.</source>
        <translation>Kein Gerät heißt „{0}“.</translation>
    </message>
    <message>
        <source>There is {0}; the setting devices.virtual_camera can name one by its path.</source>
        <translation>Es gibt {0}; die Einstellung devices.virtual_camera kann eines mit seinem Pfad nennen.</translation>
    </message>
    <message>
        <source>It is on, as Chromium needs it.</source>
        <translation>Es ist an, wie Chromium es braucht.</translation>
    </message>
    <message>
        <source>It is off: Chromium and what is made of it never list the camera.</source>
        <translation>Es ist aus: Chromium und was daraus gemacht ist, führen die Kamera nie auf.</translation>
    </message>
    <message>
        <source>A session of this program feeds {0}.</source>
        <translation>Eine Sitzung dieses Programms speist {0}.</translation>
    </message>
    <message>
        <source>{0} is fed by {1} at this moment; one program can at a time.</source>
        <translation>{0} wird gerade von {1} gespeist; das kann nur ein Programm zur Zeit.</translation>
    </message>
    <message>
        <source>{0} takes no pictures while {1} holds it. End that program.</source>
        <translation>{0} nimmt keine Bilder, solange {1} es hält. Beenden Sie dieses Programm.</translation>
    </message>
    <message>
        <source>{0} takes no pictures since its last writer died; the next session cures that.</source>
        <translation>{0} nimmt keine Bilder, seit sein letzter Schreiber gestorben ist; die nächste Sitzung behebt das.</translation>
    </message>
    <message>
        <source>{0} takes pictures again.</source>
        <translation>{0} nimmt wieder Bilder.</translation>
    </message>
    <message>
        <source>{0} holds {1} at {2}. Switch the camera off there, and on again later.</source>
        <translation>{0} hält {1} bei {2} fest. Schalten Sie die Kamera dort aus und später wieder ein.</translation>
    </message>
    <message>
        <source>“{0}” ({1}) takes pictures.</source>
        <translation>„{0}“ ({1}) nimmt Bilder.</translation>
    </message>
    <message>
        <source>They are those that were tried.</source>
        <translation>Es sind die, die erprobt wurden.</translation>
    </message>
    <message>
        <source>All there.</source>
        <translation>Alle da.</translation>
    </message>
    <message>
        <source>Missing: {0}.</source>
        <translation>Es fehlen: {0}.</translation>
    </message>
    <message>
        <source>Other than tried: {0}.</source>
        <translation>Anders als erprobt: {0}.</translation>
    </message>
    <message>
        <source>It is compiled.</source>
        <translation>Sie ist kompiliert.</translation>
    </message>
    <message>
        <source>The small library that makes the camera is not compiled.</source>
        <translation>Die kleine Bibliothek, die die Kamera macht, ist nicht kompiliert.</translation>
    </message>
    <message>
        <source>The PipeWire camera is compiled.</source>
        <translation>Die PipeWire-Kamera ist kompiliert.</translation>
    </message>
    <message>
        <source>What compiles the small library that makes the camera is not installed.</source>
        <translation>Was die kleine Bibliothek kompiliert, die die Kamera macht, ist nicht installiert.</translation>
    </message>
    <message>
        <source>It is running.</source>
        <translation>Es läuft.</translation>
    </message>
    <message>
        <source>PipeWire is installed and does not run for this user.</source>
        <translation>PipeWire ist installiert und läuft für diesen Benutzer nicht.</translation>
    </message>
    <message>
        <source>PipeWire is not installed; without it and without v4l2loopback there is no camera.</source>
        <translation>PipeWire ist nicht installiert; ohne es und ohne v4l2loopback gibt es keine Kamera.</translation>
    </message>
    <message>
        <source>There is no D-Bus session, so no portal: browsers cannot be given the camera.</source>
        <translation>Es gibt keine D-Bus-Sitzung, also kein Portal: Browsern kann die Kamera nicht gegeben werden.</translation>
    </message>
    <message>
        <source>It is there (version {0}).</source>
        <translation>Es ist da (Version {0}).</translation>
    </message>
    <message>
        <source>xdg-desktop-portal is not installed: browsers cannot be given the camera.</source>
        <translation>xdg-desktop-portal ist nicht installiert: Browsern kann die Kamera nicht gegeben werden.</translation>
    </message>
    <message>
        <source>This desktop&apos;s portal offers no cameras. Install the portal of your desktop.</source>
        <translation>Das Portal dieses Desktops bietet keine Kameras. Installieren Sie das Portal Ihres Desktops.</translation>
    </message>
    <message>
        <source>Whether there is one cannot be told: {0}.</source>
        <translation>Ob es eines gibt, ist nicht zu erfahren: {0}.</translation>
    </message>
    <message>
        <source>{0} cores{1}, without AVX2: the networks run many times slower. Use the basic engines.</source>
        <translation>{0} Kerne{1}, ohne AVX2: Die Netze laufen um ein Vielfaches langsamer. Nehmen Sie die einfachen Engines.</translation>
    </message>
    <message>
        <source>{0} cores{1}: with fewer than {2}, small models and lips on `own_mouth` do best.</source>
        <translation>{0} Kerne{1}: mit weniger als {2} gehen kleine Modelle und Lippen auf `own_mouth` am besten.</translation>
    </message>
    <message>
        <source>{0} cores: with fewer than {1}, small models and lips on `own_mouth` do best.</source>
        <translation>{0} Kerne: mit weniger als {1} gehen kleine Modelle und Lippen auf `own_mouth` am besten.</translation>
    </message>
    <message>
        <source>{0} cores{1}; without VNNI, so eight bits gain less.</source>
        <translation>{0} Kerne{1}; ohne VNNI, daher bringen acht Bit weniger.</translation>
    </message>
    <message>
        <source>{0} cores{1}.</source>
        <translation>{0} Kerne{1}.</translation>
    </message>
    <message>
        <source>How much there is cannot be told here.</source>
        <translation>Wie viel es ist, lässt sich hier nicht sagen.</translation>
    </message>
    <message>
        <source>{0} GB, {1} free: too little for more than the basic engines.</source>
        <translation>{0} GB, {1} frei: zu wenig für mehr als die einfachen Engines.</translation>
    </message>
    <message>
        <source>{0} GB, {1} free: end what you do not need.</source>
        <translation>{0} GB, {1} frei: Beenden Sie, was Sie nicht brauchen.</translation>
    </message>
    <message>
        <source>{0} GB, {1} free.</source>
        <translation>{0} GB, {1} frei.</translation>
    </message>
    <message>
        <source>{0} GB free where models and recordings lie ({1}): nothing more can be kept.</source>
        <translation>{0} GB frei, wo Modelle und Aufnahmen liegen ({1}): Mehr lässt sich nicht aufheben.</translation>
    </message>
    <message>
        <source>{0} GB free where models and recordings lie ({1}): too little for the larger models.</source>
        <translation>{0} GB frei, wo Modelle und Aufnahmen liegen ({1}): zu wenig für die größeren Modelle.</translation>
    </message>
    <message>
        <source>{0} GB free where models and recordings lie ({1}).</source>
        <translation>{0} GB frei, wo Modelle und Aufnahmen liegen ({1}).</translation>
    </message>
    <message>
        <source>It is heard by {0}.</source>
        <translation>Es wird gehört von: {0}.</translation>
    </message>
    <message>
        <source>It is made when a session starts.</source>
        <translation>Es wird angelegt, wenn eine Sitzung beginnt.</translation>
    </message>
    <message>
        <source>A session of this program feeds it at this moment.</source>
        <translation>Eine Sitzung dieses Programms speist es gerade.</translation>
    </message>
    <message>
        <source>Every program hears it.</source>
        <translation>Jedes Programm hört es.</translation>
    </message>
    <message>
        <source>It is in use: {0} plays into it.</source>
        <translation>Es ist in Gebrauch: {0} spielt hinein.</translation>
    </message>
    <message>
        <source>“{0}” is the system&apos;s default: programs that are told nothing take it.</source>
        <translation>„{0}“ ist die Vorgabe des Systems: Programme, denen nichts gesagt wird, nehmen es.</translation>
    </message>
    <message>
        <source>The system&apos;s default loudspeaker is ours: what programs play goes into the meeting.</source>
        <translation>Der vorgegebene Lautsprecher des Systems ist unserer: Was Programme spielen, geht in die Besprechung.</translation>
    </message>
    <message>
        <source>There is no other to take its place.</source>
        <translation>Es gibt kein anderes, das seinen Platz nimmt.</translation>
    </message>
    <message>
        <source>{0} is the default.</source>
        <translation>{0} ist die Vorgabe.</translation>
    </message>
    <message>
        <source>Whether it is there shows when a session starts.</source>
        <translation>Ob sie da ist, zeigt sich, wenn eine Sitzung beginnt.</translation>
    </message>
    <message>
        <source>{0} is there.</source>
        <translation>{0} ist da.</translation>
    </message>
    <message>
        <source>macOS asks once for camera and microphone; see System Settings, Privacy &amp; Security.</source>
        <translation>macOS fragt einmal nach Kamera und Mikrofon; siehe Systemeinstellungen, Datenschutz &amp; Sicherheit.</translation>
    </message>
    <message>
        <source>If nothing is seen or heard: Settings, Privacy &amp; security, Camera and Microphone.</source>
        <translation>Wenn nichts zu sehen oder zu hören ist: Einstellungen, Datenschutz und Sicherheit, Kamera und Mikrofon.</translation>
    </message>
    <message>
        <source>Done: {0}.</source>
        <translation>Erledigt: {0}.</translation>
    </message>
    <message>
        <source>{0} cores.</source>
        <translation>{0} Kerne.</translation>
    </message>
    <message>
        <source>Start PipeWire (with pipewire-pulse) or PulseAudio.</source>
        <translation>Starten Sie PipeWire (mit pipewire-pulse) oder PulseAudio.</translation>
    </message>
    <message>
        <source>XTTS speaks with a speaker&apos;s own voice. Name the speaker in the setting voice.own; `translated-camera voices learn` teaches it one.</source>
        <translation>XTTS spricht mit der eigenen Stimme eines Menschen. Nennen Sie ihn in der Einstellung voice.own; `translated-camera voices learn` bringt ihm eine bei.</translation>
    </message>
    <message>
        <source>The neural turn judge needs the file {0}. Get it with `translated-camera models pull smart-turn`, or install pipecat-ai, which contains it.</source>
        <translation>Der neuronale Richter über Satzenden braucht die Datei {0}. Holen Sie sie mit `translated-camera models pull smart-turn`, oder installieren Sie pipecat-ai, das sie enthält.</translation>
    </message>
    <message>
        <source>There is no sound device named “{0}”.</source>
        <translation>Es gibt kein Tongerät namens „{0}“.</translation>
    </message>
    <message>
        <source>Install VB-CABLE from {0}.</source>
        <translation>Installieren Sie VB-CABLE von {0}.</translation>
    </message>
    <message>
        <source>Install BlackHole 2ch: {0}.</source>
        <translation>Installieren Sie BlackHole 2ch: {0}.</translation>
    </message>
    <message>
        <source>It is UnityCapture, registered as administrator: {0}; or the virtual camera of OBS Studio.</source>
        <translation>Es ist UnityCapture, als Administrator angemeldet: {0}; oder die virtuelle Kamera von OBS Studio.</translation>
    </message>
    <message>
        <source>It is the virtual camera of OBS Studio 30 or later, started there once and stopped.</source>
        <translation>Es ist die virtuelle Kamera von OBS Studio 30 oder neuer, dort einmal gestartet und angehalten.</translation>
    </message>
    <message>
        <source>(basic)</source>
        <translation>(einfach)</translation>
    </message>
    <message>
        <source>; not {0}:</source>
        <translation>; nicht {0}:</translation>
    </message>
    <message>
        <source>There is no camera called {0}.</source>
        <translation>Es gibt keine Kamera namens {0}.</translation>
    </message>
    <message>
        <source>There is no camera at all.</source>
        <translation>Es gibt überhaupt keine Kamera.</translation>
    </message>
    <message>
        <source>There is no microphone at all.</source>
        <translation>Es gibt überhaupt kein Mikrofon.</translation>
    </message>
    <message>
        <source>There are: {0}.</source>
        <translation>Es gibt: {0}.</translation>
    </message>
    <message>
        <source>The kernel module is loaded.</source>
        <translation>Das Kernelmodul ist geladen.</translation>
    </message>
    <message>
        <source>there is no setting {0}; did you mean {1}?</source>
        <translation>es gibt keine Einstellung {0}; ist {1} gemeint?</translation>
    </message>
    <message>
        <source>there is no setting {0}; there are: {1}</source>
        <translation>es gibt keine Einstellung {0}; es gibt: {1}</translation>
    </message>
    <message>
        <source>there is no section {0}; did you mean {1}?</source>
        <translation>es gibt keinen Abschnitt {0}; ist {1} gemeint?</translation>
    </message>
    <message>
        <source>there is no section {0}</source>
        <translation>es gibt keinen Abschnitt {0}</translation>
    </message>
    <message>
        <source>{0} is {1} or more, not {2}</source>
        <translation>{0} ist mindestens {1}, nicht {2}</translation>
    </message>
    <message>
        <source>{0} is {1} or less, not {2}</source>
        <translation>{0} ist höchstens {1}, nicht {2}</translation>
    </message>
    <message>
        <source>{0} is one of {1}, not {2}</source>
        <translation>{0} ist eines von {1}, nicht {2}</translation>
    </message>
    <message>
        <source>{0} is true or false, not {1}</source>
        <translation>{0} ist true oder false, nicht {1}</translation>
    </message>
    <message>
        <source>{0} is a whole number, not {1}</source>
        <translation>{0} ist eine ganze Zahl, nicht {1}</translation>
    </message>
    <message>
        <source>{0} is a number, not {1}</source>
        <translation>{0} ist eine Zahl, nicht {1}</translation>
    </message>
    <message>
        <source>{0} is a text in quotes</source>
        <translation>{0} ist ein Text in Anführungszeichen</translation>
    </message>
    <message>
        <source>{0} is a list of texts</source>
        <translation>{0} ist eine Liste von Texten</translation>
    </message>
    <message>
        <source>{0} is a table of texts</source>
        <translation>{0} ist eine Tabelle von Texten</translation>
    </message>
    <message>
        <source>this is not TOML: {0}</source>
        <translation>das ist kein TOML: {0}</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Start with the desktop, without a window.</source>
        <translation>Mit dem Desktop starten, ohne Fenster.</translation>
    </message>
    <message>
        <source>Detect</source>
        <translation>Erkennen lassen</translation>
    </message>
    <message>
        <source>The system&apos;s</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Sprachen</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Zuhören</translation>
    </message>
    <message>
        <source>Engines</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Graphics cards</source>
        <translation>Grafikkarten</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Erkennung</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>Übersetzung</translation>
    </message>
    <message>
        <source>Delay</source>
        <translation>Verzögerung</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>Wörter</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Stimme</translation>
    </message>
    <message>
        <source>Captions</source>
        <translation>Untertitel</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Expression</source>
        <translation>Ausdruck</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>The others</source>
        <translation>Die anderen</translation>
    </message>
    <message>
        <source>Guests</source>
        <translation>Gäste</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Where it runs</source>
        <translation>Wo es läuft</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Geräusche</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>The processor</source>
        <translation>Der Prozessor</translation>
    </message>
    <message>
        <source>The graphics card</source>
        <translation>Die Grafikkarte</translation>
    </message>
    <message>
        <source>As for all</source>
        <translation>Wie für alle</translation>
    </message>
    <message>
        <source>Silent</source>
        <translation>Stumm</translation>
    </message>
    <message>
        <source>Noise suppressor</source>
        <translation>Geräuschunterdrücker</translation>
    </message>
    <message>
        <source>By your lips</source>
        <translation>Nach Ihren Lippen</translation>
    </message>
    <message>
        <source>Softly under the translation</source>
        <translation>Leise unter der Übersetzung</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Wie sie ist</translation>
    </message>
    <message>
        <source>Both languages</source>
        <translation>Beide Sprachen</translation>
    </message>
    <message>
        <source>Your language</source>
        <translation>Ihre Sprache</translation>
    </message>
    <message>
        <source>Their language</source>
        <translation>Sprache der anderen</translation>
    </message>
    <message>
        <source>At the bottom</source>
        <translation>Unten</translation>
    </message>
    <message>
        <source>At the top</source>
        <translation>Oben</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>Dubbed</source>
        <translation>Synchronisiert</translation>
    </message>
    <message>
        <source>In this program</source>
        <translation>In diesem Programm</translation>
    </message>
    <message>
        <source>In a process of its own</source>
        <translation>In einem eigenen Prozess</translation>
    </message>
    <message>
        <source>On another machine</source>
        <translation>Auf einem anderen Rechner</translation>
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
        <source>The language you speak.</source>
        <translation>Die Sprache, die Sie sprechen.</translation>
    </message>
    <message>
        <source>The language the others hear.</source>
        <translation>Die Sprache, die die anderen hören.</translation>
    </message>
    <message>
        <source>When you speak the others&apos; language, pass your own voice on; needs Whisper.</source>
        <translation>Wenn Sie die Sprache der anderen sprechen, Ihre eigene Stimme weitergeben; braucht Whisper.</translation>
    </message>
    <message>
        <source>Seconds of silence that end a segment.</source>
        <translation>Sekunden Stille, die einen Abschnitt beenden.</translation>
    </message>
    <message>
        <source>How far below your voice&apos;s peak silence begins, in dB.</source>
        <translation>Wie weit unter der Spitze Ihrer Stimme Stille beginnt, in dB.</translation>
    </message>
    <message>
        <source>Seconds a segment lasts at least.</source>
        <translation>Sekunden, die ein Abschnitt mindestens dauert.</translation>
    </message>
    <message>
        <source>Seconds after which a segment is cut.</source>
        <translation>Sekunden, nach denen ein Abschnitt geschnitten wird.</translation>
    </message>
    <message>
        <source>How surely a sentence must be over to be sent before the pause ends.</source>
        <translation>Wie sicher ein Satz zu Ende sein muss, um vor dem Ende der Pause gesendet zu werden.</translation>
    </message>
    <message>
        <source>Cut at the ends of clauses when you do not pause.</source>
        <translation>Am Ende von Teilsätzen schneiden, wenn Sie keine Pause machen.</translation>
    </message>
    <message>
        <source>Seconds of speech after which a clause&apos;s end may be cut at.</source>
        <translation>Sekunden Sprache, nach denen am Ende eines Teilsatzes geschnitten werden darf.</translation>
    </message>
    <message>
        <source>What keeps noise and other voices away: nothing, a noise suppressor, or your lips.</source>
        <translation>Was Geräusche und andere Stimmen fernhält: nichts, ein Geräuschunterdrücker oder Ihre Lippen.</translation>
    </message>
    <message>
        <source>How far that may go, 0 being not at all.</source>
        <translation>Wie weit das gehen darf; 0 heißt gar nicht.</translation>
    </message>
    <message>
        <source>What tells speech from noise.</source>
        <translation>Was Sprache von Geräusch unterscheidet.</translation>
    </message>
    <message>
        <source>What judges whether a sentence is over.</source>
        <translation>Was beurteilt, ob ein Satz zu Ende ist.</translation>
    </message>
    <message>
        <source>What recognises your words.</source>
        <translation>Was Ihre Worte erkennt.</translation>
    </message>
    <message>
        <source>What translates them.</source>
        <translation>Was sie übersetzt.</translation>
    </message>
    <message>
        <source>What speaks the translation.</source>
        <translation>Was die Übersetzung spricht.</translation>
    </message>
    <message>
        <source>What finds your face.</source>
        <translation>Was Ihr Gesicht findet.</translation>
    </message>
    <message>
        <source>What moves your lips.</source>
        <translation>Was Ihre Lippen bewegt.</translation>
    </message>
    <message>
        <source>Where neural networks compute: the graphics card, the processor, or what is best.</source>
        <translation>Wo neuronale Netze rechnen: auf der Grafikkarte, dem Prozessor oder wo es am besten ist.</translation>
    </message>
    <message>
        <source>The model that recognises; empty: the best that is here.</source>
        <translation>Das Modell, das erkennt; leer: das beste vorhandene.</translation>
    </message>
    <message>
        <source>The model that translates; empty: the best that is here.</source>
        <translation>Das Modell, das übersetzt; leer: das beste vorhandene.</translation>
    </message>
    <message>
        <source>The neural voice; empty: the best that is here.</source>
        <translation>Die neuronale Stimme; leer: die beste vorhandene.</translation>
    </message>
    <message>
        <source>Where your words are recognised.</source>
        <translation>Wo Ihre Worte erkannt werden.</translation>
    </message>
    <message>
        <source>Where the voice is made.</source>
        <translation>Wo die Stimme entsteht.</translation>
    </message>
    <message>
        <source>Where your lips are drawn.</source>
        <translation>Wo Ihre Lippen gezeichnet werden.</translation>
    </message>
    <message>
        <source>How full a card&apos;s memory may get before fewer lips are drawn at a time.</source>
        <translation>Wie voll der Speicher einer Karte werden darf, bevor weniger Lippen auf einmal gezeichnet werden.</translation>
    </message>
    <message>
        <source>Ways of understanding weighed up at a time.</source>
        <translation>Deutungen, die zugleich abgewogen werden.</translation>
    </message>
    <message>
        <source>The same, when what came out first is doubted.</source>
        <translation>Dasselbe, wenn das erste Ergebnis zweifelhaft ist.</translation>
    </message>
    <message>
        <source>Hear short segments in short windows: faster, at some risk.</source>
        <translation>Kurze Abschnitte in kurzen Fenstern hören: schneller, mit etwas Risiko.</translation>
    </message>
    <message>
        <source>Sound below this is not listened to, in dB.</source>
        <translation>Leiserem Schall als diesem wird nicht zugehört, in dB.</translation>
    </message>
    <message>
        <source>How surely nobody speaks before an unsure text is dropped.</source>
        <translation>Wie sicher niemand spricht, bevor ein unsicherer Text verworfen wird.</translation>
    </message>
    <message>
        <source>How unsure a text may be before it is doubted.</source>
        <translation>Wie unsicher ein Text sein darf, bevor er bezweifelt wird.</translation>
    </message>
    <message>
        <source>How repetitive a text may be before it is doubted.</source>
        <translation>Wie sehr sich ein Text wiederholen darf, bevor er bezweifelt wird.</translation>
    </message>
    <message>
        <source>How often in a row the same words are believed.</source>
        <translation>Wie oft hintereinander denselben Wörtern geglaubt wird.</translation>
    </message>
    <message>
        <source>Translations weighed up at a time.</source>
        <translation>Übersetzungen, die zugleich abgewogen werden.</translation>
    </message>
    <message>
        <source>Above 1, longer translations are preferred.</source>
        <translation>Über 1 werden längere Übersetzungen bevorzugt.</translation>
    </message>
    <message>
        <source>What runs Opus-MT.</source>
        <translation>Was Opus-MT ausführt.</translation>
    </message>
    <message>
        <source>Seconds the translation may stay behind you.</source>
        <translation>Sekunden, die die Übersetzung hinter Ihnen bleiben darf.</translation>
    </message>
    <message>
        <source>The fastest the voice may speak.</source>
        <translation>Wie schnell die Stimme höchstens spricht.</translation>
    </message>
    <message>
        <source>When behind: speak faster.</source>
        <translation>Bei Rückstand: schneller sprechen.</translation>
    </message>
    <message>
        <source>When further behind: leave out fillers.</source>
        <translation>Bei größerem Rückstand: Füllwörter weglassen.</translation>
    </message>
    <message>
        <source>When still further behind: translate more briefly.</source>
        <translation>Bei noch größerem Rückstand: kürzer übersetzen.</translation>
    </message>
    <message>
        <source>When nothing else helps: show, do not speak.</source>
        <translation>Wenn nichts anderes hilft: zeigen, nicht sprechen.</translation>
    </message>
    <message>
        <source>Leave out um, uh and their like.</source>
        <translation>„Äh“, „ähm“ und dergleichen weglassen.</translation>
    </message>
    <message>
        <source>Words and names that are never translated.</source>
        <translation>Wörter und Namen, die nie übersetzt werden.</translation>
    </message>
    <message>
        <source>Your own translations of words and phrases.</source>
        <translation>Ihre eigenen Übersetzungen von Wörtern und Wendungen.</translation>
    </message>
    <message>
        <source>The voice, by the name its engine gives it; empty: its own choice.</source>
        <translation>Die Stimme, beim Namen ihres Verfahrens; leer: dessen eigene Wahl.</translation>
    </message>
    <message>
        <source>The speaker whose own voice is imitated, with consent; needs XTTS.</source>
        <translation>Die Person, deren eigene Stimme mit Einwilligung nachgeahmt wird; braucht XTTS.</translation>
    </message>
    <message>
        <source>How fast the voice speaks, 1 being its own pace.</source>
        <translation>Wie schnell die Stimme spricht; 1 ist ihr eigenes Tempo.</translation>
    </message>
    <message>
        <source>Your own voice: silent, softly under the translation, or as it is.</source>
        <translation>Ihre eigene Stimme: stumm, leise unter der Übersetzung oder wie sie ist.</translation>
    </message>
    <message>
        <source>How loud your own voice stays under the translation, in dB.</source>
        <translation>Wie laut Ihre eigene Stimme unter der Übersetzung bleibt, in dB.</translation>
    </message>
    <message>
        <source>Show captions in the picture.</source>
        <translation>Untertitel im Bild zeigen.</translation>
    </message>
    <message>
        <source>Which captions are shown.</source>
        <translation>Welche Untertitel gezeigt werden.</translation>
    </message>
    <message>
        <source>Size of the captions, 1 being the usual one.</source>
        <translation>Größe der Untertitel; 1 ist die übliche.</translation>
    </message>
    <message>
        <source>Where captions stand.</source>
        <translation>Wo die Untertitel stehen.</translation>
    </message>
    <message>
        <source>Live: no delay, lips follow the voice. Dubbed: the picture waits for the voice.</source>
        <translation>Live: ohne Verzögerung, die Lippen folgen der Stimme. Synchronisiert: das Bild wartet auf die Stimme.</translation>
    </message>
    <message>
        <source>Seconds the dubbed picture waits.</source>
        <translation>Sekunden, die das synchronisierte Bild wartet.</translation>
    </message>
    <message>
        <source>Hold the mouth at rest while you speak and nothing is heard.</source>
        <translation>Den Mund in Ruhe zeigen, während Sie sprechen und nichts zu hören ist.</translation>
    </message>
    <message>
        <source>Mark the picture as translated by a machine.</source>
        <translation>Das Bild als maschinell übersetzt kennzeichnen.</translation>
    </message>
    <message>
        <source>Show that a translation is on its way and how long it takes.</source>
        <translation>Zeigen, dass eine Übersetzung unterwegs ist und wie lange sie dauert.</translation>
    </message>
    <message>
        <source>The speaker whose learnt mouth is used.</source>
        <translation>Die Person, deren gelernter Mund verwendet wird.</translation>
    </message>
    <message>
        <source>Match the light of the drawn mouth to the picture.</source>
        <translation>Das Licht des gezeichneten Mundes dem Bild anpassen.</translation>
    </message>
    <message>
        <source>Match its sharpness.</source>
        <translation>Seine Schärfe anpassen.</translation>
    </message>
    <message>
        <source>Match its colour.</source>
        <translation>Seine Farbe anpassen.</translation>
    </message>
    <message>
        <source>Add a smile.</source>
        <translation>Ein Lächeln hinzufügen.</translation>
    </message>
    <message>
        <source>Raise the brows.</source>
        <translation>Die Brauen heben.</translation>
    </message>
    <message>
        <source>Open the eyes.</source>
        <translation>Die Augen öffnen.</translation>
    </message>
    <message>
        <source>The camera, by name; empty: the system&apos;s.</source>
        <translation>Die Kamera, beim Namen; leer: die des Systems.</translation>
    </message>
    <message>
        <source>The microphone, by name; empty: the system&apos;s.</source>
        <translation>Das Mikrofon, beim Namen; leer: das des Systems.</translation>
    </message>
    <message>
        <source>How meeting programs get the picture: auto, off, or a way by name.</source>
        <translation>Wie Besprechungsprogramme das Bild bekommen: auto, off oder ein Weg beim Namen.</translation>
    </message>
    <message>
        <source>How meeting programs get the voice: auto, off, or a device by name.</source>
        <translation>Wie Besprechungsprogramme die Stimme bekommen: auto, off oder ein Gerät beim Namen.</translation>
    </message>
    <message>
        <source>Translate what the others say, for you.</source>
        <translation>Für Sie übersetzen, was die anderen sagen.</translation>
    </message>
    <message>
        <source>Whose sound that is: a program or a device; empty: every program&apos;s.</source>
        <translation>Wessen Klang das ist: der eines Programms oder Geräts; leer: der aller Programme.</translation>
    </message>
    <message>
        <source>The language they speak; empty: the one they hear from you.</source>
        <translation>Die Sprache, die sie sprechen; leer: die, die sie von Ihnen hören.</translation>
    </message>
    <message>
        <source>The language you hear; empty: the one you speak.</source>
        <translation>Die Sprache, die Sie hören; leer: die, die Sie sprechen.</translation>
    </message>
    <message>
        <source>Where you hear it, by name; empty: the system&apos;s output.</source>
        <translation>Wo Sie es hören, mit Namen; leer: der Ausgang des Systems.</translation>
    </message>
    <message>
        <source>Say the translation; else it is only shown.</source>
        <translation>Die Übersetzung sprechen; sonst wird sie nur gezeigt.</translation>
    </message>
    <message>
        <source>Their own voices: softly while the translation is heard, or as they are.</source>
        <translation>Die Stimmen der anderen: leise, während die Übersetzung zu hören ist, oder wie sie sind.</translation>
    </message>
    <message>
        <source>How loud they stay under the translation, in dB.</source>
        <translation>Wie laut sie unter der Übersetzung bleiben, in dB.</translation>
    </message>
    <message>
        <source>Who else speaks at this machine, each into a microphone of their own.</source>
        <translation>Wer sonst an diesem Rechner spricht, jeder in ein eigenes Mikrofon.</translation>
    </message>
    <message>
        <source>Language of this window; auto: the system&apos;s.</source>
        <translation>Sprache dieses Fensters; auto: die des Systems.</translation>
    </message>
    <message>
        <source>Colours.</source>
        <translation>Farben.</translation>
    </message>
    <message>
        <source>Go on in the notification area when the window is closed.</source>
        <translation>Im Benachrichtigungsbereich weiterlaufen, wenn das Fenster geschlossen wird.</translation>
    </message>
    <message>
        <source>Start or stop the translation.</source>
        <translation>Die Übersetzung starten oder anhalten.</translation>
    </message>
    <message>
        <source>Pass your own picture and voice on, at once, and back.</source>
        <translation>Das eigene Bild und die eigene Stimme sofort weitergeben, und zurück.</translation>
    </message>
    <message>
        <source>Mute, and back.</source>
        <translation>Stummschalten, und zurück.</translation>
    </message>
    <message>
        <source>Translate while this key is held (push to translate).</source>
        <translation>Übersetzen, solange diese Taste gehalten wird.</translation>
    </message>
    <message>
        <source>Where words are recognised.</source>
        <translation>Wo Wörter erkannt werden.</translation>
    </message>
    <message>
        <source>Where they are translated.</source>
        <translation>Wo sie übersetzt werden.</translation>
    </message>
    <message>
        <source>Where the translation is spoken.</source>
        <translation>Wo die Übersetzung gesprochen wird.</translation>
    </message>
    <message>
        <source>Where lips are drawn; with a broker, where a voice without a mouth gets one.</source>
        <translation>Wo Lippen gezeichnet werden; mit einem Vermittler, wo eine Stimme ohne Mund einen bekommt.</translation>
    </message>
    <message>
        <source>The broker&apos;s address, as amqp://user:password@host/.</source>
        <translation>Die Adresse des Vermittlers, als amqp://benutzer:passwort@rechner/.</translation>
    </message>
</context>
</TS>
