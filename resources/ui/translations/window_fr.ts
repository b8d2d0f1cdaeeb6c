<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>AboutWindow</name>
    <message>
        <source>About</source>
        <translation>À propos</translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation>Version {0}</translation>
    </message>
    <message>
        <source>You speak your language; the meeting sees and hears you speak theirs. Everything happens on this machine. What the machine makes is marked in the picture.

Free software under the GNU General Public License, version 2 or later, without any warranty. It stands on these:</source>
        <translation>Vous parlez votre langue ; la réunion vous voit et vous entend parler la sienne. Tout se passe sur cet ordinateur. Ce que fait la machine est signalé dans l&apos;image.

Logiciel libre sous licence publique générale GNU, version 2 ou ultérieure, sans aucune garantie. Il repose sur :</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>Licences</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Composant</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Licence</translation>
    </message>
</context>
<context>
    <name>Banners</name>
    <message>
        <source>Close this notice</source>
        <translation>Fermer cet avis</translation>
    </message>
</context>
<context>
    <name>Captions</name>
    <message>
        <source>What you said</source>
        <translation>Ce que vous avez dit</translation>
    </message>
    <message>
        <source>What they hear</source>
        <translation>Ce qu&apos;ils entendent</translation>
    </message>
    <message>
        <source>You · {0}</source>
        <translation>Vous · {0}</translation>
    </message>
    <message>
        <source>They hear · {0}</source>
        <translation>Ils entendent · {0}</translation>
    </message>
    <message>
        <source>What you say appears here.</source>
        <translation>Ce que vous dites apparaît ici.</translation>
    </message>
    <message>
        <source>And here what the others hear.</source>
        <translation>Et ici, ce que les autres entendent.</translation>
    </message>
    <message>
        <source>Not translated: {0}</source>
        <translation>Non traduit : {0}</translation>
    </message>
    <message>
        <source>In your own voice: {0}</source>
        <translation>Avec votre propre voix : {0}</translation>
    </message>
    <message>
        <source>found out as you speak</source>
        <translation>reconnue pendant que vous parlez</translation>
    </message>
</context>
<context>
    <name>Choice</name>
    <message>
        <source>Automatic</source>
        <translation>Automatique</translation>
    </message>
</context>
<context>
    <name>Controls</name>
    <message>
        <source>My own voice now</source>
        <translation>Ma propre voix maintenant</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Muet</translation>
    </message>
    <message>
        <source>Push to translate</source>
        <translation>Appuyer pour traduire</translation>
    </message>
    <message>
        <source>Your own picture and voice, at once, and back</source>
        <translation>Votre propre image et votre voix, immédiatement, et retour</translation>
    </message>
    <message>
        <source>The meeting hears nothing</source>
        <translation>La réunion n&apos;entend rien</translation>
    </message>
    <message>
        <source>Only what you say while holding the key is translated</source>
        <translation>Seul ce que vous dites touche enfoncée est traduit</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>Micro coupé</translation>
    </message>
    <message>
        <source>Back to translation</source>
        <translation>Revenir à la traduction</translation>
    </message>
    <message>
        <source>Translating…</source>
        <translation>Traduction…</translation>
    </message>
    <message>
        <source>Hold {0}</source>
        <translation>Maintenir {0}</translation>
    </message>
    <message>
        <source>Starting… (stop)</source>
        <translation>Démarrage… (arrêter)</translation>
    </message>
    <message>
        <source>Stop translating</source>
        <translation>Arrêter la traduction</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Arrêt…</translation>
    </message>
    <message>
        <source>Start translating</source>
        <translation>Démarrer la traduction</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>Others</source>
        <translation>Les autres</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Vous</translation>
    </message>
</context>
<context>
    <name>DelayCard</name>
    <message>
        <source>Delay</source>
        <translation>Retard</translation>
    </message>
    <message>
        <source>Delay against what you allow</source>
        <translation>Retard par rapport à ce que vous permettez</translation>
    </message>
    <message>
        <source>Time of each stage</source>
        <translation>Durée de chaque étape</translation>
    </message>
    <message>
        <source>Behind you</source>
        <translation>Derrière vous</translation>
    </message>
    <message>
        <source>{0} of {1} s</source>
        <translation>{0} sur {1} s</translation>
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
        <translation>Reconnaître</translation>
    </message>
    <message>
        <source>Translate</source>
        <translation>Traduire</translation>
    </message>
    <message>
        <source>Speak</source>
        <translation>Parler</translation>
    </message>
    <message>
        <source>Lips and picture</source>
        <translation>Lèvres et image</translation>
    </message>
    <message>
        <source>On time</source>
        <translation>À l&apos;heure</translation>
    </message>
    <message>
        <source>Catching up: the voice speaks faster</source>
        <translation>Rattrapage : la voix parle plus vite</translation>
    </message>
    <message>
        <source>Catching up: fillers are left out</source>
        <translation>Rattrapage : les mots de remplissage sont omis</translation>
    </message>
    <message>
        <source>Catching up: the translation is shorter</source>
        <translation>Rattrapage : la traduction est plus courte</translation>
    </message>
    <message>
        <source>Too late to speak: captions only</source>
        <translation>Trop tard pour parler : sous-titres seuls</translation>
    </message>
    <message>
        <source>The picture rests: nobody is looking.</source>
        <translation>L&apos;image se repose : personne ne regarde.</translation>
    </message>
    <message>
        <source>{0} pictures/s · {1} dropped · lips {2} ms from the voice</source>
        <translation>{0} images/s · {1} perdues · lèvres à {2} ms de la voix</translation>
    </message>
</context>
<context>
    <name>Desktop</name>
    <message>
        <source>The window changes its language when the program starts again.</source>
        <translation>La fenêtre change de langue au prochain démarrage du programme.</translation>
    </message>
</context>
<context>
    <name>DeviceCard</name>
    <message>
        <source>Devices</source>
        <translation>Appareils</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Caméra</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Microphone</translation>
    </message>
    <message>
        <source>To the meeting: picture</source>
        <translation>Vers la réunion : image</translation>
    </message>
    <message>
        <source>To the meeting: voice</source>
        <translation>Vers la réunion : voix</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>utilisé</translation>
    </message>
    <message>
        <source>nobody looks</source>
        <translation>personne ne regarde</translation>
    </message>
</context>
<context>
    <name>DevicePreview</name>
    <message>
        <source>No picture from the camera</source>
        <translation>Pas d&apos;image de la caméra</translation>
    </message>
</context>
<context>
    <name>DiagnosticsWindow</name>
    <message>
        <source>Diagnostics</source>
        <translation>Diagnostic</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>Écriture…</translation>
    </message>
    <message>
        <source>Written to {0}. It holds nothing that was said.</source>
        <translation>Enregistré dans {0}. Rien de ce qui a été dit n&apos;y figure.</translation>
    </message>
    <message>
        <source>Save report</source>
        <translation>Enregistrer le rapport</translation>
    </message>
    <message>
        <source>Check-up</source>
        <translation>Vérification</translation>
    </message>
    <message>
        <source>Delay</source>
        <translation>Retard</translation>
    </message>
    <message>
        <source>Save report…</source>
        <translation>Enregistrer le rapport…</translation>
    </message>
</context>
<context>
    <name>FindingList</name>
    <message>
        <source>Look again</source>
        <translation>Vérifier à nouveau</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Vérification…</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>En cours…</translation>
    </message>
    <message>
        <source>This needs the administrator&apos;s rights:

{0}

Do it?</source>
        <translation>Ceci demande les droits d&apos;administrateur :

{0}

Continuer ?</translation>
    </message>
    <message>
        <source>Fix</source>
        <translation>Réparer</translation>
    </message>
    <message>
        <source>Fix: {0}</source>
        <translation>Réparer : {0}</translation>
    </message>
</context>
<context>
    <name>GuestCard</name>
    <message>
        <source>Remove</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>Guest</source>
        <translation>Invité</translation>
    </message>
    <message>
        <source>Remove {0}</source>
        <translation>Supprimer {0}</translation>
    </message>
    <message>
        <source>Choose a microphone</source>
        <translation>Choisissez un microphone</translation>
    </message>
    <message>
        <source>Detect</source>
        <translation>Détecter</translation>
    </message>
    <message>
        <source>The same as you</source>
        <translation>Comme vous</translation>
    </message>
    <message>
        <source>The same as for you</source>
        <translation>Comme pour vous</translation>
    </message>
    <message>
        <source>A woman&apos;s voice, {0}</source>
        <translation>Voix de femme, {0}</translation>
    </message>
    <message>
        <source>A man&apos;s voice, {0}</source>
        <translation>Voix d&apos;homme, {0}</translation>
    </message>
    <message>
        <source>One of their own</source>
        <translation>Une voix à part</translation>
    </message>
    <message>
        <source>Name in captions and transcripts</source>
        <translation>Nom dans les sous-titres et transcriptions</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Microphone</translation>
    </message>
    <message>
        <source>They speak</source>
        <translation>Parle</translation>
    </message>
    <message>
        <source>Others hear them in</source>
        <translation>Les autres entendent</translation>
    </message>
    <message>
        <source>Voice of the translation</source>
        <translation>Voix de la traduction</translation>
    </message>
    <message>
        <source>Nobody else speaks into it, and nothing else is heard.</source>
        <translation>Personne d&apos;autre n&apos;y parle, et aucun autre n&apos;est écouté à sa place.</translation>
    </message>
    <message>
        <source>Some engines have one voice only; then all sound alike.</source>
        <translation>Certains moteurs n&apos;ont qu&apos;une voix ; alors tous se ressemblent.</translation>
    </message>
</context>
<context>
    <name>GuestList</name>
    <message>
        <source>Add a guest</source>
        <translation>Ajouter un invité</translation>
    </message>
    <message>
        <source>Guest {0}</source>
        <translation>Invité {0}</translation>
    </message>
    <message>
        <source>What are they called?</source>
        <translation>Comment s&apos;appelle cette personne ?</translation>
    </message>
    <message>
        <source>Which microphone do they speak into?</source>
        <translation>Dans quel microphone cette personne parle-t-elle ?</translation>
    </message>
    <message>
        <source>Somebody with a microphone of their own</source>
        <translation>Quelqu&apos;un qui a son propre microphone</translation>
    </message>
    <message>
        <source>This pair cannot be translated with what is installed.</source>
        <translation>Cette paire ne peut pas être traduite avec ce qui est installé.</translation>
    </message>
</context>
<context>
    <name>GuestsPage</name>
    <message>
        <source>Each is translated beside you, and named in captions and transcripts.</source>
        <translation>Chacun est traduit à côté de vous, et nommé dans les sous-titres et transcriptions.</translation>
    </message>
    <message>
        <source>While you translate, a change takes effect at the next start.</source>
        <translation>Pendant la traduction, un changement prend effet au prochain démarrage.</translation>
    </message>
</context>
<context>
    <name>Guide</name>
    <message>
        <source>Welcome</source>
        <translation>Bienvenue</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Retour</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Passer</translation>
    </message>
    <message>
        <source>Start translating</source>
        <translation>Démarrer la traduction</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Suivant</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Step {0} of {1}</source>
        <translation>Étape {0} sur {1}</translation>
    </message>
    <message>
        <source>Say something: the bar should move.</source>
        <translation>Dites quelque chose : la barre devrait bouger.</translation>
    </message>
    <message>
        <source>Camera and microphone</source>
        <translation>Caméra et microphone</translation>
    </message>
    <message>
        <source>Is this you, and does the bar move when you speak?</source>
        <translation>Est-ce vous, et la barre bouge-t-elle quand vous parlez ?</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Caméra</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Microphone</translation>
    </message>
    <message>
        <source>What the meeting needs</source>
        <translation>Ce qu&apos;il faut à la réunion</translation>
    </message>
    <message>
        <source>Meeting programs see a camera called Translated Camera and hear a microphone called Translated Microphone. What is missing for that stands here.</source>
        <translation>Les programmes de réunion voient une caméra nommée Translated Camera et entendent un microphone nommé Translated Microphone. Ce qui manque pour cela est indiqué ici.</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Langues</translation>
    </message>
    <message>
        <source>You can change them at any time, also while you speak.</source>
        <translation>Vous pouvez les changer à tout moment, même en parlant.</translation>
    </message>
    <message>
        <source>Choose better models…</source>
        <translation>Choisir de meilleurs modèles…</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modèles</translation>
    </message>
    <message>
        <source>What is built in works at once and is clumsy: simple recognition of English, simple translation, a robot&apos;s voice. Better models can be downloaded now or later.</source>
        <translation>Ce qui est intégré fonctionne aussitôt, mais maladroitement : reconnaissance simple de l&apos;anglais, traduction simple, voix de robot. De meilleurs modèles peuvent être téléchargés maintenant ou plus tard.</translation>
    </message>
    <message>
        <source>Choose Translated Camera and Translated Microphone in your meeting program.</source>
        <translation>Choisissez Translated Camera et Translated Microphone dans votre programme de réunion.</translation>
    </message>
    <message>
        <source>Something is wrong? {0} shows your own picture and voice at once.</source>
        <translation>Un problème ? {0} montre immédiatement votre propre image et votre voix.</translation>
    </message>
    <message>
        <source>Headphones keep the microphone from hearing the translation.</source>
        <translation>Un casque évite que le microphone entende la traduction.</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Prêt</translation>
    </message>
    <message>
        <source>Three things to know:</source>
        <translation>Trois choses à savoir :</translation>
    </message>
    <message>
        <source>I hear you.</source>
        <translation>Je vous entends.</translation>
    </message>
</context>
<context>
    <name>LanguageCard</name>
    <message>
        <source>Language you speak</source>
        <translation>Langue que vous parlez</translation>
    </message>
    <message>
        <source>Language they hear</source>
        <translation>Langue qu&apos;ils entendent</translation>
    </message>
    <message>
        <source>Swap the languages</source>
        <translation>Échanger les langues</translation>
    </message>
    <message>
        <source>When I speak theirs, pass my own voice on</source>
        <translation>Si je parle la leur, transmettre ma propre voix</translation>
    </message>
    <message>
        <source>The other direction cannot be translated with what is installed.</source>
        <translation>L&apos;autre sens ne peut pas être traduit avec ce qui est installé.</translation>
    </message>
    <message>
        <source>Detect</source>
        <translation>Détecter</translation>
    </message>
    <message>
        <source>You speak their language: your own voice is passed on.</source>
        <translation>Vous parlez leur langue : votre propre voix est transmise.</translation>
    </message>
    <message>
        <source>You speak {0}.</source>
        <translation>Vous parlez {0}.</translation>
    </message>
    <message>
        <source>They speak your language already: your own voice is passed on.</source>
        <translation>Ils parlent déjà votre langue : votre propre voix est transmise.</translation>
    </message>
    <message>
        <source>This pair cannot be translated with what is installed.</source>
        <translation>Cette paire ne peut pas être traduite avec ce qui est installé.</translation>
    </message>
    <message>
        <source>I speak</source>
        <translation>Je parle</translation>
    </message>
    <message>
        <source>They hear</source>
        <translation>Ils entendent</translation>
    </message>
</context>
<context>
    <name>LatencyPlot</name>
    <message>
        <source>Delay over the last minutes</source>
        <translation>Retard des dernières minutes</translation>
    </message>
    <message>
        <source>Preparing the plot…</source>
        <translation>Préparation du graphique…</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>secondes</translation>
    </message>
    <message>
        <source>minutes ago</source>
        <translation>minutes auparavant</translation>
    </message>
    <message>
        <source>Behind you</source>
        <translation>Derrière vous</translation>
    </message>
    <message>
        <source>Recognise</source>
        <translation>Reconnaître</translation>
    </message>
    <message>
        <source>Translate</source>
        <translation>Traduire</translation>
    </message>
    <message>
        <source>Speak</source>
        <translation>Parler</translation>
    </message>
    <message>
        <source>Lips and picture</source>
        <translation>Lèvres et image</translation>
    </message>
</context>
<context>
    <name>LineTable</name>
    <message>
        <source>Time</source>
        <translation>Temps</translation>
    </message>
    <message>
        <source>You said</source>
        <translation>Vous avez dit</translation>
    </message>
    <message>
        <source>They heard</source>
        <translation>Ils ont entendu</translation>
    </message>
    <message>
        <source>Not translated: {0}</source>
        <translation>Non traduit : {0}</translation>
    </message>
</context>
<context>
    <name>Lines</name>
    <message>
        <source>word = translation</source>
        <translation>mot = traduction</translation>
    </message>
    <message>
        <source>one a line</source>
        <translation>un par ligne</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Transcript</source>
        <translation>Transcription</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Réglages</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Plus</translation>
    </message>
    <message>
        <source>What they see</source>
        <translation>Ce qu&apos;ils voient</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Côte à côte</translation>
    </message>
    <message>
        <source>Wipe</source>
        <translation>Volet</translation>
    </message>
    <message>
        <source>Opening camera and microphone…</source>
        <translation>Ouverture de la caméra et du microphone…</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>Micro coupé</translation>
    </message>
    <message>
        <source>Passing your own voice on</source>
        <translation>Votre propre voix est transmise</translation>
    </message>
    <message>
        <source>Loading models…</source>
        <translation>Chargement des modèles…</translation>
    </message>
    <message>
        <source>Translating</source>
        <translation>Traduction en cours</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Arrêt…</translation>
    </message>
    <message>
        <source>Could not start</source>
        <translation>Démarrage impossible</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Prêt</translation>
    </message>
    <message>
        <source>What helps?</source>
        <translation>Que faire ?</translation>
    </message>
    <message>
        <source>The microphone hears the translation. Headphones help.</source>
        <translation>Le microphone entend la traduction. Un casque aide.</translation>
    </message>
    <message>
        <source>Some changes take effect when the translation starts anew.</source>
        <translation>Certains changements prennent effet au redémarrage de la traduction.</translation>
    </message>
    <message>
        <source>Start anew now</source>
        <translation>Redémarrer maintenant</translation>
    </message>
</context>
<context>
    <name>Meter</name>
    <message>
        <source>Microphone level</source>
        <translation>Niveau du microphone</translation>
    </message>
    <message>
        <source>Speech</source>
        <translation>Parole</translation>
    </message>
    <message>
        <source>Silence {0} of {1} s</source>
        <translation>Silence {0} sur {1} s</translation>
    </message>
    <message>
        <source>Silence</source>
        <translation>Silence</translation>
    </message>
</context>
<context>
    <name>ModelRow</name>
    <message>
        <source>Progress of {0}</source>
        <translation>Progression de {0}</translation>
    </message>
    <message>
        <source>Not for commercial use.</source>
        <translation>Pas d&apos;usage commercial.</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} sur {1}</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Télécharger</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>here</source>
        <translation>présent</translation>
    </message>
    <message>
        <source>to be had</source>
        <translation>disponible</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Reconnaissance</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>Traduction</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Voix</translation>
    </message>
    <message>
        <source>Sentence end</source>
        <translation>Fin de phrase</translation>
    </message>
    <message>
        <source>Lips</source>
        <translation>Lèvres</translation>
    </message>
</context>
<context>
    <name>ModelWindow</name>
    <message>
        <source>Models</source>
        <translation>Modèles</translation>
    </message>
    <message>
        <source>What is built in works without any of these. Better models are downloaded only when you ask for them; nothing you say leaves this machine.</source>
        <translation>Ce qui est intégré fonctionne sans tout cela. De meilleurs modèles ne sont téléchargés que si vous le demandez ; rien de ce que vous dites ne quitte cet ordinateur.</translation>
    </message>
    <message>
        <source>Import from disk…</source>
        <translation>Importer du disque…</translation>
    </message>
    <message>
        <source>This installation has no catalogue of models.</source>
        <translation>Cette installation n&apos;a pas de catalogue de modèles.</translation>
    </message>
    <message>
        <source>Do you accept the licence of this model?</source>
        <translation>Acceptez-vous la licence de ce modèle ?</translation>
    </message>
    <message>
        <source>{0}

Size: {1}
Licence: {2}

Download it?</source>
        <translation>{0}

Taille : {1}
Licence : {2}

Télécharger ?</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Licence</translation>
    </message>
    <message>
        <source>Stopped. What came is kept and used next time.</source>
        <translation>Arrêté. Ce qui est arrivé est conservé et servira la prochaine fois.</translation>
    </message>
</context>
<context>
    <name>NoiseCard</name>
    <message>
        <source>What it brings</source>
        <translation>Ce que cela apporte</translation>
    </message>
    <message>
        <source>Level before</source>
        <translation>Niveau avant</translation>
    </message>
    <message>
        <source>Level after</source>
        <translation>Niveau après</translation>
    </message>
    <message>
        <source>Listen to yourself (5 s)</source>
        <translation>S&apos;écouter (5 s)</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Telle quelle</translation>
    </message>
    <message>
        <source>Without noise</source>
        <translation>Sans bruit</translation>
    </message>
    <message>
        <source>Chosen above, it shows while you translate what it takes away.</source>
        <translation>Choisi ci-dessus, il montre pendant la traduction ce qu&apos;il enlève.</translation>
    </message>
    <message>
        <source>{0} dB are taken away at this moment.</source>
        <translation>{0} dB sont enlevés en ce moment.</translation>
    </message>
    <message>
        <source>The microphone is not open yet.</source>
        <translation>Le microphone n&apos;est pas encore ouvert.</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>En cours…</translation>
    </message>
    <message>
        <source>Nothing is kept away: choose above what does it.</source>
        <translation>Rien n&apos;est écarté : choisissez ci-dessus ce qui le fait.</translation>
    </message>
    <message>
        <source>Speak… {0}</source>
        <translation>Parlez… {0}</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Avant</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Après</translation>
    </message>
</context>
<context>
    <name>Pages</name>
    <message>
        <source>First steps</source>
        <translation>Premiers pas</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modèles</translation>
    </message>
    <message>
        <source>Diagnostics</source>
        <translation>Diagnostic</translation>
    </message>
    <message>
        <source>About</source>
        <translation>À propos</translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>Preview of the outgoing picture</source>
        <translation>Aperçu de l&apos;image sortante</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Caméra</translation>
    </message>
    <message>
        <source>Meeting sees</source>
        <translation>La réunion voit</translation>
    </message>
</context>
<context>
    <name>ProfilePage</name>
    <message>
        <source>Profiles</source>
        <translation>Profils</translation>
    </message>
    <message>
        <source>A profile holds all settings, for example those of one meeting or voice.</source>
        <translation>Un profil contient tous les réglages, par exemple ceux d&apos;une réunion ou d&apos;une voix.</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Utiliser</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Enregistrer sous…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importer…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exporter…</translation>
    </message>
    <message>
        <source>Name of the profile</source>
        <translation>Nom du profil</translation>
    </message>
</context>
<context>
    <name>RungCard</name>
    <message>
        <source>Engines</source>
        <translation>Moteurs</translation>
    </message>
    <message>
        <source>Chosen when you start.</source>
        <translation>Choisis au démarrage.</translation>
    </message>
    <message>
        <source>Get better models…</source>
        <translation>Obtenir de meilleurs modèles…</translation>
    </message>
    <message>
        <source>(basic)</source>
        <translation>(de base)</translation>
    </message>
    <message>
        <source>; not {0}:</source>
        <translation> ; pas {0} :</translation>
    </message>
    <message>
        <source>Speech or noise</source>
        <translation>Parole ou bruit</translation>
    </message>
    <message>
        <source>Sentence end</source>
        <translation>Fin de phrase</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Reconnaissance</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>Traduction</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Voix</translation>
    </message>
    <message>
        <source>Face</source>
        <translation>Visage</translation>
    </message>
    <message>
        <source>Lips</source>
        <translation>Lèvres</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Bruit</translation>
    </message>
</context>
<context>
    <name>SectionPage</name>
    <message>
        <source>Back to the defaults</source>
        <translation>Valeurs par défaut</translation>
    </message>
    <message>
        <source>Takes effect at the next start.</source>
        <translation>Prend effet au prochain démarrage.</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Réglages</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>Pages des réglages</translation>
    </message>
    <message>
        <source>Profiles</source>
        <translation>Profils</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
</context>
<context>
    <name>StripCard</name>
    <message>
        <source>The last half minute</source>
        <translation>La dernière demi-minute</translation>
    </message>
    <message>
        <source>Segments: {0}, cut by loudness and pauses alone.</source>
        <translation>Segments : {0}, coupés selon le volume et les pauses seulement.</translation>
    </message>
</context>
<context>
    <name>TranscriptWindow</name>
    <message>
        <source>Transcript</source>
        <translation>Transcription</translation>
    </message>
    <message>
        <source>Search both languages</source>
        <translation>Chercher dans les deux langues</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Copié.</translation>
    </message>
    <message>
        <source>Written to {0}.</source>
        <translation>Enregistré dans {0}.</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}.</source>
        <translation>Impossible d&apos;écrire {0} : {1}.</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exporter</translation>
    </message>
    <message>
        <source>Both languages</source>
        <translation>Les deux langues</translation>
    </message>
    <message>
        <source>Your language</source>
        <translation>Votre langue</translation>
    </message>
    <message>
        <source>Their language</source>
        <translation>Leur langue</translation>
    </message>
    <message>
        <source>Languages to export</source>
        <translation>Langues à exporter</translation>
    </message>
    <message>
        <source>Form to export</source>
        <translation>Format d&apos;exportation</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>My own voice now</source>
        <translation>Ma propre voix maintenant</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Muet</translation>
    </message>
    <message>
        <source>They hear</source>
        <translation>Ils entendent</translation>
    </message>
    <message>
        <source>Show the window</source>
        <translation>Afficher la fenêtre</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Quitter</translation>
    </message>
    <message>
        <source>Stop translating</source>
        <translation>Arrêter la traduction</translation>
    </message>
    <message>
        <source>Start translating</source>
        <translation>Démarrer la traduction</translation>
    </message>
    <message>
        <source>Translating</source>
        <translation>Traduction en cours</translation>
    </message>
    <message>
        <source>Passing your own voice on</source>
        <translation>Votre propre voix est transmise</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Prêt</translation>
    </message>
</context>
<context>
    <name>VoiceCard</name>
    <message>
        <source>How loud your own voice stays</source>
        <translation>Volume de votre propre voix</translation>
    </message>
    <message>
        <source>What keeps noise away</source>
        <translation>Ce qui écarte le bruit</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Microphone</translation>
    </message>
    <message>
        <source>Your own voice</source>
        <translation>Votre propre voix</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Bruit</translation>
    </message>
    <message>
        <source>{0} dB less</source>
        <translation>{0} dB de moins</translation>
    </message>
    <message>
        <source>silent</source>
        <translation>muette</translation>
    </message>
    <message>
        <source>{0} dB under the translation</source>
        <translation>{0} dB sous la traduction</translation>
    </message>
    <message>
        <source>as it is</source>
        <translation>telle quelle</translation>
    </message>
</context>
<context>
    <name>_Strip</name>
    <message>
        <source>How the last half minute would be cut</source>
        <translation>Comment la dernière demi-minute serait coupée</translation>
    </message>
</context>
<context>
    <name>findings</name>
    <message>
        <source>Microphone</source>
        <translation>Microphone</translation>
    </message>
    <message>
        <source>Microphone&apos;s sound</source>
        <translation>Son du microphone</translation>
    </message>
    <message>
        <source>Guests&apos; microphones</source>
        <translation>Microphones des invités</translation>
    </message>
    <message>
        <source>Sound server</source>
        <translation>Serveur de son</translation>
    </message>
    <message>
        <source>Virtual microphone</source>
        <translation>Microphone virtuel</translation>
    </message>
    <message>
        <source>Default microphone</source>
        <translation>Microphone par défaut</translation>
    </message>
    <message>
        <source>Default loudspeaker</source>
        <translation>Haut-parleur par défaut</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Caméra</translation>
    </message>
    <message>
        <source>Camera permission</source>
        <translation>Autorisation de la caméra</translation>
    </message>
    <message>
        <source>Busy camera</source>
        <translation>Caméra occupée</translation>
    </message>
    <message>
        <source>Camera&apos;s picture</source>
        <translation>Image de la caméra</translation>
    </message>
    <message>
        <source>Virtual camera</source>
        <translation>Caméra virtuelle</translation>
    </message>
    <message>
        <source>Virtual camera device</source>
        <translation>Périphérique de la caméra virtuelle</translation>
    </message>
    <message>
        <source>PipeWire camera</source>
        <translation>Caméra PipeWire</translation>
    </message>
    <message>
        <source>Camera portal</source>
        <translation>Portail de la caméra</translation>
    </message>
    <message>
        <source>Virtual cable</source>
        <translation>Câble virtuel</translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation>Autorisations</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Reconnaissance</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>Traduction</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Voix</translation>
    </message>
    <message>
        <source>Speech detection</source>
        <translation>Détection de la parole</translation>
    </message>
    <message>
        <source>Ends of sentences</source>
        <translation>Fins de phrases</translation>
    </message>
    <message>
        <source>Face</source>
        <translation>Visage</translation>
    </message>
    <message>
        <source>Lips</source>
        <translation>Lèvres</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Langues</translation>
    </message>
    <message>
        <source>Graphics card</source>
        <translation>Carte graphique</translation>
    </message>
    <message>
        <source>CUDA for recognition and translation</source>
        <translation>CUDA pour reconnaître et traduire</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Processeur</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Mémoire</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Disque</translation>
    </message>
    <message>
        <source>Settings folder</source>
        <translation>Dossier des réglages</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>Dossier des données</translation>
    </message>
    <message>
        <source>Log folder</source>
        <translation>Dossier des journaux</translation>
    </message>
    <message>
        <source>Cache folder</source>
        <translation>Dossier du cache</translation>
    </message>
    <message>
        <source>Settings file</source>
        <translation>Fichier des réglages</translation>
    </message>
    <message>
        <source>Fonts for captions</source>
        <translation>Polices des sous-titres</translation>
    </message>
    <message>
        <source>Right-to-left captions</source>
        <translation>Sous-titres de droite à gauche</translation>
    </message>
    <message>
        <source>Display</source>
        <translation>Écran</translation>
    </message>
    <message>
        <source>Python packages</source>
        <translation>Paquets Python</translation>
    </message>
    <message>
        <source>All right</source>
        <translation>En ordre</translation>
    </message>
    <message>
        <source>Hint</source>
        <translation>Conseil</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>Problème</translation>
    </message>
    <message>
        <source>Check of {0}</source>
        <translation>Vérification : {0}</translation>
    </message>
</context>
<context>
    <name>quitting</name>
    <message>
        <source>A meeting program is using Translated Camera. If you quit, it loses picture and voice.</source>
        <translation>Un programme de réunion utilise Translated Camera. Si vous quittez, il perdra l&apos;image et la voix.</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>Rester</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Quitter</translation>
    </message>
</context>
<context>
    <name>sentences</name>
    <message>
        <source>No recognition model is here.</source>
        <translation>Il n&apos;y a ici aucun modèle de reconnaissance.</translation>
    </message>
    <message>
        <source>No translation model is here.</source>
        <translation>Il n&apos;y a ici aucun modèle de traduction.</translation>
    </message>
    <message>
        <source>No voice model is here.</source>
        <translation>Il n&apos;y a ici aucun modèle de voix.</translation>
    </message>
    <message>
        <source>No recognition model for {0} is here.</source>
        <translation>Il n&apos;y a ici aucun modèle de reconnaissance pour {0}.</translation>
    </message>
    <message>
        <source>No voice model for {0} is here.</source>
        <translation>Il n&apos;y a ici aucun modèle de voix pour {0}.</translation>
    </message>
    <message>
        <source>No translation model from {0} to {1} is here, directly or through English.</source>
        <translation>Il n&apos;y a ici aucun modèle de traduction de {0} vers {1}, ni direct ni en passant par l&apos;anglais.</translation>
    </message>
    <message>
        <source>See what there is with `translated-camera models list --kind {0}`, and get one with `translated-camera models pull NAME`.</source>
        <translation>Obtenez-en un sous « Modèles », ou avec `translated-camera models list --kind {0}` et `translated-camera models pull NAME`.</translation>
    </message>
    <message>
        <source>Get one with `translated-camera models pull {0}`.</source>
        <translation>Obtenez-en un avec `translated-camera models pull {0}`.</translation>
    </message>
    <message>
        <source>The {0} models that are here need a graphics card, and there is none.</source>
        <translation>Les modèles {0} présents ici ont besoin d&apos;une carte graphique, et il n&apos;y en a pas.</translation>
    </message>
    <message>
        <source>pocketsphinx recognises English only, not {0}. Choose another recogniser for it.</source>
        <translation>pocketsphinx ne reconnaît que l&apos;anglais, pas {0}. Choisissez un autre moteur.</translation>
    </message>
    <message>
        <source>pocketsphinx recognises English only and finds out no other language.</source>
        <translation>pocketsphinx ne reconnaît que l&apos;anglais et n&apos;identifie pas d&apos;autre langue.</translation>
    </message>
    <message>
        <source>The {0} engine {1} needs {2}.</source>
        <translation>Le moteur {1} ({0}) a besoin de {2}.</translation>
    </message>
    <message>
        <source>XTTS needs a graphics card: on a processor it takes twice as long as it speaks.</source>
        <translation>XTTS a besoin d&apos;une carte graphique : sur un processeur, il met deux fois plus de temps qu&apos;il ne parle.</translation>
    </message>
    <message>
        <source>Wav2Lip needs a checkpoint, which this program does not bring along. Put yours into {0} as wav2lip.pth or wav2lip.onnx. Its licence allows non-commercial use only.</source>
        <translation>Wav2Lip a besoin de poids que ce programme n&apos;apporte pas. Mettez les vôtres dans {0} sous wav2lip.pth ou wav2lip.onnx. Leur licence ne permet qu&apos;un usage non commercial.</translation>
    </message>
    <message>
        <source>A part of the program has failed; it is being started again.</source>
        <translation>Une partie du programme a échoué ; elle est en cours de redémarrage.</translation>
    </message>
    <message>
        <source>You are heard as you are: {0}</source>
        <translation>On vous entend tel quel : {0}</translation>
    </message>
    <message>
        <source>No recogniser here finds out which language is spoken. Choose your language.</source>
        <translation>Aucun moteur présent ici ne reconnaît la langue parlée. Choisissez votre langue.</translation>
    </message>
    <message>
        <source>Your own voice is not passed on by itself: the recogniser at work does not find out which language is spoken.</source>
        <translation>Votre propre voix n&apos;est pas transmise d&apos;elle-même : le moteur en service ne reconnaît pas la langue parlée.</translation>
    </message>
    <message>
        <source>Finding out which language is spoken needs a Whisper model for many languages. Get one under Models.</source>
        <translation>Reconnaître la langue parlée demande un modèle Whisper multilingue. Obtenez-en un sous « Modèles ».</translation>
    </message>
    <message>
        <source>Nothing here translates {0} into {1}.</source>
        <translation>Rien ici ne traduit de {0} vers {1}.</translation>
    </message>
    <message>
        <source>the voice was too far behind</source>
        <translation>la voix avait trop de retard</translation>
    </message>
    <message>
        <source>The camera {0} was unplugged or has stopped.</source>
        <translation>La caméra {0} a été débranchée ou s&apos;est arrêtée.</translation>
    </message>
    <message>
        <source>The camera {0} is used by {1}; close it there.</source>
        <translation>La caméra {0} est utilisée par {1} ; fermez-la là-bas.</translation>
    </message>
    <message>
        <source>The microphone {0} was unplugged.</source>
        <translation>Le microphone {0} a été débranché.</translation>
    </message>
    <message>
        <source>The microphone {0} gives nothing but silence. Is it muted, or is this program not allowed to listen?</source>
        <translation>Le microphone {0} ne donne que du silence. Est-il coupé, ou ce programme n&apos;a-t-il pas le droit d&apos;écouter ?</translation>
    </message>
    <message>
        <source>The microphone {0} is too loud and distorts: turn its level down.</source>
        <translation>Le microphone {0} est trop fort et sature : baissez son niveau.</translation>
    </message>
    <message>
        <source>The virtual camera is switched off.</source>
        <translation>La caméra virtuelle est désactivée.</translation>
    </message>
    <message>
        <source>No program can see “{0}”, there is the preview only.</source>
        <translation>Aucun programme ne peut voir « {0} », il n&apos;y a que l&apos;aperçu.</translation>
    </message>
    <message>
        <source>There is no v4l2loopback device. Install v4l2loopback-dkms; {0}.</source>
        <translation>Il n&apos;y a pas de périphérique v4l2loopback. Installez v4l2loopback-dkms ; {0}.</translation>
    </message>
    <message>
        <source>PipeWire is not running for this user. Start it: systemctl --user start pipewire</source>
        <translation>PipeWire ne tourne pas pour cet utilisateur. Démarrez-le : systemctl --user start pipewire</translation>
    </message>
    <message>
        <source>The sound server does not answer.</source>
        <translation>Le serveur de son ne répond pas.</translation>
    </message>
    <message>
        <source>The sound server is gone, and with it the virtual microphone.</source>
        <translation>Le serveur de son a disparu, et avec lui le microphone virtuel.</translation>
    </message>
    <message>
        <source>The shortcuts work in our own windows only. In the desktop&apos;s keyboard settings you can bind keys to: translated-camera tell panic</source>
        <translation>Les raccourcis ne marchent que dans nos propres fenêtres. Dans les réglages du clavier du bureau, vous pouvez associer des touches à : translated-camera tell panic</translation>
    </message>
    <message>
        <source>macOS gives keys everywhere only to programs that may watch everything that is typed, which this one does not ask for. The shortcuts work in our own windows; the icon in the menu bar has them too.</source>
        <translation>macOS ne donne des touches partout qu&apos;aux programmes qui peuvent observer tout ce qui est tapé, ce que celui-ci ne demande pas. Les raccourcis marchent dans nos propres fenêtres ; l&apos;icône de la barre des menus les a aussi.</translation>
    </message>
    <message>
        <source>This desktop offers no shortcuts to programs (its portal has no GlobalShortcuts).</source>
        <translation>Ce bureau n&apos;offre pas de raccourcis aux programmes (son portail n&apos;a pas GlobalShortcuts).</translation>
    </message>
    <message>
        <source>There is no session bus, so the desktop cannot be asked for shortcuts.</source>
        <translation>Il n&apos;y a pas de bus de session : on ne peut pas demander de raccourcis au bureau.</translation>
    </message>
    <message>
        <source>You or the desktop declined the shortcuts; they can be given in its keyboard settings.</source>
        <translation>Vous ou le bureau avez refusé les raccourcis ; on peut les donner dans ses réglages du clavier.</translation>
    </message>
    <message>
        <source>The desktop has taken the shortcuts back.</source>
        <translation>Le bureau a repris les raccourcis.</translation>
    </message>
    <message>
        <source>Another program has taken {0} already.</source>
        <translation>Un autre programme a déjà pris {0}.</translation>
    </message>
    <message>
        <source>Your microphone hears the translation that is meant for you. Use headphones: else it is translated for the others.</source>
        <translation>Votre microphone entend la traduction qui vous est destinée. Utilisez un casque : sinon elle est traduite pour les autres.</translation>
    </message>
    <message>
        <source>What is played for you comes back as the others&apos; sound. It is only shown from here on; choose another output (others.output) and turn it on again.</source>
        <translation>Ce qui est joué pour vous revient comme le son des autres. À partir de maintenant c&apos;est seulement montré ; choisissez une autre sortie (others.output) et réactivez-la.</translation>
    </message>
    <message>
        <source>The others cannot be translated for you.</source>
        <translation>Les autres ne peuvent pas être traduits pour vous.</translation>
    </message>
    <message>
        <source>The others speak {0} already: nothing to translate for you.</source>
        <translation>Les autres parlent déjà {0} : rien à traduire pour vous.</translation>
    </message>
    <message>
        <source>Which language do you hear the others in? Your own is found out while you speak; set others.language (--others-to).</source>
        <translation>Dans quelle langue entendez-vous les autres ? La vôtre est trouvée pendant que vous parlez ; réglez others.language (--others-to).</translation>
    </message>
    <message>
        <source>the voice is turned off</source>
        <translation>la voix est désactivée</translation>
    </message>
    <message>
        <source>{0} plays nothing; it is heard as soon as it does.</source>
        <translation>{0} ne joue rien ; on l&apos;entend dès que c&apos;est le cas.</translation>
    </message>
    <message>
        <source>No program plays anything; it is heard as soon as one does.</source>
        <translation>Aucun programme ne joue rien ; on l&apos;entend dès que l&apos;un le fait.</translation>
    </message>
    <message>
        <source>{0} failed ({1}); {2} goes on.</source>
        <translation>{0} a échoué ({1}) ; {2} prend la suite.</translation>
    </message>
    <message>
        <source>This machine is too busy for {0}, which takes {1} times as long as it may; {2} goes on.</source>
        <translation>Cette machine est trop occupée pour {0}, qui prend {1} fois le temps permis ; {2} prend la suite.</translation>
    </message>
    <message>
        <source>{0} does well here again and is back in place of {1}.</source>
        <translation>{0} fonctionne de nouveau bien ici et remplace {1}.</translation>
    </message>
    <message>
        <source>This machine is too busy for it at the moment.</source>
        <translation>Cette machine est trop occupée pour lui en ce moment.</translation>
    </message>
    <message>
        <source>It failed ({0}).</source>
        <translation>Il a échoué ({0}).</translation>
    </message>
    <message>
        <source>CUDA was asked for (models.device), but no graphics card that has it is found; the processor works instead.</source>
        <translation>CUDA a été demandé (models.device), mais aucune carte graphique qui en dispose n&apos;est trouvée ; le processeur travaille à sa place.</translation>
    </message>
    <message>
        <source>Install NVIDIA&apos;s driver with cuBLAS and cuDNN, or set models.device to auto.</source>
        <translation>Installez le pilote de NVIDIA avec cuBLAS et cuDNN, ou mettez models.device sur auto.</translation>
    </message>
    <message>
        <source>The process of {0} had to be started again.</source>
        <translation>Le processus de {0} a dû être relancé.</translation>
    </message>
    <message>
        <source>The {0} does not answer.</source>
        <translation>Pas de réponse : {0}.</translation>
    </message>
    <message>
        <source>The {0} does not answer; {1} of its requests are sent to others.</source>
        <translation>Pas de réponse : {0} ; {1} de ses demandes passent à d&apos;autres.</translation>
    </message>
    <message>
        <source>{0} was asked for ({1}), but no graphics card is found; the processor works instead.</source>
        <translation>{0} a été demandé ({1}), mais aucune carte graphique n’est trouvée ; le processeur travaille à sa place.</translation>
    </message>
    <message>
        <source>{0} was asked for ({1}), but it is not among the graphics cards that are found; the first one works instead.</source>
        <translation>{0} a été demandé ({1}), mais n’est pas parmi les cartes graphiques trouvées ; la première travaille à sa place.</translation>
    </message>
    <message>
        <source>The {0} has ended; what it had is done by others.</source>
        <translation>{0} s’est arrêté ; d’autres font ce qu’il avait.</translation>
    </message>
    <message>
        <source>The {0} worker {1} on {2} has ended.</source>
        <translation>{0} worker {1} on {2} s’est arrêté.</translation>
    </message>
    <message>
        <source>{0} segments wait.</source>
        <translation>{0} segments attendent.</translation>
    </message>
    <message>
        <source>No {0} worker for {1} is at {2}. Start one: {3}</source>
        <translation>Aucun exécutant {0} pour {1} n’est présent sur {2}. Lancez-en un : {3}</translation>
    </message>
    <message>
        <source>No {0} worker is at {1}. Start one: {2}</source>
        <translation>Aucun exécutant {0} n’est présent sur {1}. Lancez-en un : {2}</translation>
    </message>
    <message>
        <source>Three workers have ended over it; it is not tried again.</source>
        <translation>Trois exécutants se sont arrêtés à cause de lui ; il n’est plus essayé.</translation>
    </message>
    <message>
        <source>The broker at {0} refuses this user name or password.</source>
        <translation>Le courtier de {0} refuse ce nom d’utilisateur ou ce mot de passe.</translation>
    </message>
    <message>
        <source>The broker at {0} has no such virtual host, or not for this user.</source>
        <translation>Le courtier de {0} n’a pas cet hôte virtuel, ou pas pour cet utilisateur.</translation>
    </message>
    <message>
        <source>A queue at {0} was declared with other settings ({1}). Delete it there (rabbitmqctl delete_queue NAME), or use a virtual host of your own.</source>
        <translation>Une file de {0} a été déclarée avec d’autres réglages ({1}). Supprimez-la là-bas (rabbitmqctl delete_queue NAME), ou utilisez un hôte virtuel à vous.</translation>
    </message>
    <message>
        <source>The broker at {0} refuses: {1}.</source>
        <translation>Le courtier de {0} refuse : {1}.</translation>
    </message>
    <message>
        <source>The certificate of the broker at {0} is not trusted ({1}).</source>
        <translation>Le certificat du courtier de {0} n’est pas approuvé ({1}).</translation>
    </message>
    <message>
        <source>What answers at {0} does not speak TLS as asked ({1}).</source>
        <translation>Ce qui répond à {0} ne parle pas TLS comme demandé ({1}).</translation>
    </message>
    <message>
        <source>No broker answers at {0}. Is RabbitMQ running there?</source>
        <translation>Aucun courtier ne répond sur {0}. RabbitMQ y fonctionne-t-il ?</translation>
    </message>
    <message>
        <source>A broker&apos;s address is written amqp://user:password@host:5672/.</source>
        <translation>L’adresse d’un courtier s’écrit amqp://user:password@host:5672/.</translation>
    </message>
    <message>
        <source>Which broker? Name it: --broker amqp://user:password@host/, the setting placement.broker, or the variable {0}.</source>
        <translation>Quel courtier ? Indiquez-le : --broker amqp://user:password@host/, le réglage placement.broker ou la variable {0}.</translation>
    </message>
    <message>
        <source>This message is of wire version {0}; this program understands version {1}. Let the same release run at both ends.</source>
        <translation>Ce message est au format {0} ; ce programme comprend le format {1}. Utilisez la même version aux deux bouts.</translation>
    </message>
    <message>
        <source>A message of {0} MB is too large to be sent.</source>
        <translation>Un message de {0} Mo est trop grand pour être envoyé.</translation>
    </message>
    <message>
        <source>The devices stay as they were.</source>
        <translation>Les appareils restent comme ils étaient.</translation>
    </message>
    <message>
        <source>The camera {0} was unplugged; {1} is shown until it is back.</source>
        <translation>La caméra {0} a été débranchée ; {1} est montrée jusqu&apos;à son retour.</translation>
    </message>
    <message>
        <source>The camera {0} was unplugged; there is no other.</source>
        <translation>La caméra {0} a été débranchée ; il n&apos;y en a pas d&apos;autre.</translation>
    </message>
    <message>
        <source>The microphone {0} was unplugged; {1} is heard until it is back.</source>
        <translation>Le micro {0} a été débranché ; {1} est écouté jusqu&apos;à son retour.</translation>
    </message>
    <message>
        <source>The microphone {0} was unplugged; there is no other.</source>
        <translation>Le micro {0} a été débranché ; il n&apos;y en a pas d&apos;autre.</translation>
    </message>
    <message>
        <source>There is no camera called {0}; {1} is shown until it is there.</source>
        <translation>Il n&apos;y a pas de caméra nommée {0} ; {1} est montrée en attendant.</translation>
    </message>
    <message>
        <source>There is no microphone called {0}; {1} is heard until it is there.</source>
        <translation>Il n&apos;y a pas de micro nommé {0} ; {1} est écouté en attendant.</translation>
    </message>
    <message>
        <source>There is no microphone called {0}.</source>
        <translation>Il n&apos;y a pas de micro nommé {0}.</translation>
    </message>
    <message>
        <source>There is no camera.</source>
        <translation>Il n&apos;y a pas de caméra.</translation>
    </message>
    <message>
        <source>There is no microphone.</source>
        <translation>Il n&apos;y a pas de micro.</translation>
    </message>
    <message>
        <source>Plug it in, or choose another one for the guest in the settings.</source>
        <translation>Branchez-le, ou choisissez-en un autre pour l&apos;invité dans les réglages.</translation>
    </message>
    <message>
        <source>{0} speaks {1} already: nothing to translate.</source>
        <translation>{0} parle déjà {1} : rien à traduire.</translation>
    </message>
    <message>
        <source>{0} needs a microphone that nobody else speaks into.</source>
        <translation>{0} a besoin d&apos;un micro dans lequel personne d&apos;autre ne parle.</translation>
    </message>
    <message>
        <source>{0} cannot be a name here: leave out the equals sign.</source>
        <translation>{0} ne peut pas être un nom ici : enlevez le signe égal.</translation>
    </message>
    <message>
        <source>Each further speaker needs a name of their own.</source>
        <translation>Chaque autre personne doit avoir son propre nom.</translation>
    </message>
    <message>
        <source>{0} is what everybody at the far end is called: choose another name.</source>
        <translation>{0} désigne tous ceux de l&apos;autre côté : choisissez un autre nom.</translation>
    </message>
    <message>
        <source>A further speaker is written {0}.</source>
        <translation>Une personne de plus s&apos;écrit {0}.</translation>
    </message>
    <message>
        <source>It says {0} twice.</source>
        <translation>{0} y est écrit deux fois.</translation>
    </message>
    <message>
        <source>There is no such language. Give a code such as &quot;en&quot; or a name such as &quot;English&quot;.</source>
        <translation>Cette langue n&apos;existe pas. Donnez un code comme « en » ou un nom comme « English ».</translation>
    </message>
    <message>
        <source>Translated Camera is running already (process {0}); one session at a time can feed the virtual devices. End it first.</source>
        <translation>Translated Camera est déjà en marche (processus {0}) ; une seule session à la fois peut alimenter les périphériques virtuels. Fermez-la d&apos;abord.</translation>
    </message>
    <message>
        <source>Process {0} of an earlier session does not end; end it by hand.</source>
        <translation>Le processus {0} d&apos;une session précédente ne se termine pas ; terminez-le à la main.</translation>
    </message>
    <message>
        <source>The settings cannot be written to {0}: {1}.</source>
        <translation>Les réglages ne peuvent pas être écrits dans {0} : {1}.</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}.</source>
        <translation>{0} ne peut pas être écrit : {1}.</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}.</source>
        <translation>{0} ne peut pas être lu : {1}.</translation>
    </message>
    <message>
        <source>{0} cannot be a profile&apos;s name; use letters and digits.</source>
        <translation>{0} ne peut pas être le nom d&apos;un profil ; prenez des lettres et des chiffres.</translation>
    </message>
    <message>
        <source>At most {0} further speakers can be heard.</source>
        <translation>On peut entendre {0} personnes de plus au maximum.</translation>
    </message>
    <message>
        <source>The settings take {0} in place of one.</source>
        <translation>Les réglages prennent {0} à sa place.</translation>
    </message>
    <message>
        <source>There is no microphone. Plug one in.</source>
        <translation>Il n&apos;y a pas de microphone. Branchez-en un.</translation>
    </message>
    <message>
        <source>{0} is taken meanwhile.</source>
        <translation>En attendant, {0} est utilisé.</translation>
    </message>
    <message>
        <source>{0} is taken.</source>
        <translation>{0} est utilisé.</translation>
    </message>
    <message>
        <source>There are {0} to choose from.</source>
        <translation>Il y en a {0} au choix.</translation>
    </message>
    <message>
        <source>{0} is muted.</source>
        <translation>{0} est coupé.</translation>
    </message>
    <message>
        <source>{0} is heard.</source>
        <translation>{0} est entendu.</translation>
    </message>
    <message>
        <source>{0} gives nothing but silence. Is it switched off, or is this program not allowed to listen?</source>
        <translation>{0} ne donne que du silence. Est-il éteint, ou ce programme n&apos;a-t-il pas le droit d&apos;écouter ?</translation>
    </message>
    <message>
        <source>{0} is as loud as can be, so it distorts: turn its level down.</source>
        <translation>{0} est au maximum et sature : baissez son niveau.</translation>
    </message>
    <message>
        <source>There is sound.</source>
        <translation>Il y a du son.</translation>
    </message>
    <message>
        <source>There is no camera that this user may use.</source>
        <translation>Il n&apos;y a pas de caméra que cet utilisateur puisse utiliser.</translation>
    </message>
    <message>
        <source>Meetings hear the translation and see a slate with a text.</source>
        <translation>Les réunions entendent la traduction et voient un panneau avec un texte.</translation>
    </message>
    <message>
        <source>This user may not use {0}.</source>
        <translation>Cet utilisateur ne peut pas utiliser {0}.</translation>
    </message>
    <message>
        <source>The group {0} has been joined already: log out and in again.</source>
        <translation>Le groupe {0} est déjà rejoint : fermez la session et rouvrez-la.</translation>
    </message>
    <message>
        <source>Log out and in again.</source>
        <translation>Fermez la session et rouvrez-la.</translation>
    </message>
    <message>
        <source>Start the machine anew.</source>
        <translation>Redémarrez l&apos;ordinateur.</translation>
    </message>
    <message>
        <source>{0} is open in {1}. Most cameras serve one program at a time: if no picture comes, end that program.</source>
        <translation>{0} est ouverte dans {1}. La plupart des caméras ne servent qu&apos;un programme à la fois : si aucune image ne vient, fermez-le.</translation>
    </message>
    <message>
        <source>{0} at {1} pictures a second.</source>
        <translation>{0} à {1} images par seconde.</translation>
    </message>
    <message>
        <source>Its best is {0} at {1} pictures a second: the picture will jerk.</source>
        <translation>Son mieux est {0} à {1} images par seconde : l&apos;image sera saccadée.</translation>
    </message>
    <message>
        <source>Its best is {0} at {1} pictures a second: the picture will be coarse.</source>
        <translation>Son mieux est {0} à {1} images par seconde : l&apos;image sera grossière.</translation>
    </message>
    <message>
        <source>Workers behind the broker do it: `translated-camera worker` starts one.</source>
        <translation>Des ouvriers derrière le broker s&apos;en chargent : `translated-camera worker` en lance un.</translation>
    </message>
    <message>
        <source>Switched off in the settings.</source>
        <translation>Désactivé dans les réglages.</translation>
    </message>
    <message>
        <source>It is switched off in the settings.</source>
        <translation>Il est désactivé dans les réglages.</translation>
    </message>
    <message>
        <source>Until then the picture passes as it is: `--lips off`.</source>
        <translation>D&apos;ici là, l&apos;image passe telle quelle : `--lips off`.</translation>
    </message>
    <message>
        <source>{0} may not be written by this user.</source>
        <translation>Cet utilisateur ne peut pas écrire dans {0}.</translation>
    </message>
    <message>
        <source>{0} is in the way of the folder {1}: it is a file.</source>
        <translation>{0} est à la place du dossier {1} : c&apos;est un fichier.</translation>
    </message>
    <message>
        <source>(made when needed)</source>
        <translation>(créé au besoin)</translation>
    </message>
    <message>
        <source>there is none yet; everything is as it comes</source>
        <translation>il n&apos;y en a pas encore ; tout est comme à l&apos;origine</translation>
    </message>
    <message>
        <source>(the default is used)</source>
        <translation>(la valeur par défaut est utilisée)</translation>
    </message>
    <message>
        <source>(it is left out)</source>
        <translation>(elle est laissée de côté)</translation>
    </message>
    <message>
        <source>All are there: {0}.</source>
        <translation>Tous sont là : {0}.</translation>
    </message>
    <message>
        <source>A guest speaks {0} already: nothing to translate.</source>
        <translation>Un invité parle déjà {0} : rien à traduire.</translation>
    </message>
    <message>
        <source>A guest needs a microphone that nobody else speaks into.</source>
        <translation>Un invité a besoin d&apos;un micro dans lequel personne d&apos;autre ne parle.</translation>
    </message>
    <message>
        <source>A guest is to be heard from a file that is not there: choose another one in the settings.</source>
        <translation>Un invité doit être entendu depuis un fichier qui n&apos;est pas là : choisissez-en un autre dans les réglages.</translation>
    </message>
    <message>
        <source>No font here has the letters of {0}.</source>
        <translation>Aucune police ici n&apos;a les lettres de : {0}.</translation>
    </message>
    <message>
        <source>There are fonts for both languages.</source>
        <translation>Il y a des polices pour les deux langues.</translation>
    </message>
    <message>
        <source>What lays out right-to-left text is missing: its letters stand apart, or reversed.</source>
        <translation>Il manque ce qui compose le texte de droite à gauche : ses lettres sont séparées ou inversées.</translation>
    </message>
    <message>
        <source>There is none of NVIDIA&apos;s; everything is computed on the processor.</source>
        <translation>Il n&apos;y en a pas de NVIDIA ; tout est calculé sur le processeur.</translation>
    </message>
    <message>
        <source>There is one of NVIDIA&apos;s, but its driver does not answer; the processor is used.</source>
        <translation>Il y en a une de NVIDIA, mais son pilote ne répond pas ; le processeur est utilisé.</translation>
    </message>
    <message>
        <source>CTranslate2 computes on the card.</source>
        <translation>CTranslate2 calcule sur la carte.</translation>
    </message>
    <message>
        <source>CTranslate2 finds no card it can compute on: cuBLAS or cuDNN is missing.</source>
        <translation>CTranslate2 ne trouve pas de carte où calculer : il manque cuBLAS ou cuDNN.</translation>
    </message>
    <message>
        <source>Not installed; lips are drawn without it, more slowly.</source>
        <translation>Pas installé ; les lèvres sont dessinées sans lui, plus lentement.</translation>
    </message>
    <message>
        <source>Not installed; what needs it is left out.</source>
        <translation>Pas installé ; ce qui en a besoin est laissé de côté.</translation>
    </message>
    <message>
        <source>{0} with CUDA {1}</source>
        <translation>{0} avec CUDA {1}</translation>
    </message>
    <message>
        <source>{0} computes on the processor only: built without CUDA, or the driver is too old.</source>
        <translation>{0} ne calcule que sur le processeur : construit sans CUDA, ou le pilote est trop ancien.</translation>
    </message>
    <message>
        <source>It cannot be loaded: {0}</source>
        <translation>Impossible de le charger : {0}</translation>
    </message>
    <message>
        <source>It could not be looked at: {0}</source>
        <translation>Impossible d&apos;y regarder : {0}</translation>
    </message>
    <message>
        <source>The language is found out as you speak.</source>
        <translation>La langue est reconnue pendant que vous parlez.</translation>
    </message>
    <message>
        <source>Translated are: {0}.</source>
        <translation>Sont traduites : {0}.</translation>
    </message>
    <message>
        <source>Nothing is here that translates from {0} into what a voice can speak.</source>
        <translation>Rien ici ne traduit de {0} vers ce qu&apos;une voix peut dire.</translation>
    </message>
    <message>
        <source>From {0}: {1}.</source>
        <translation>De {0} : {1}.</translation>
    </message>
    <message>
        <source>The kernel module is loaded{0}.</source>
        <translation>Le module du noyau est chargé{0}.</translation>
    </message>
    <message>
        <source>PipeWire&apos;s camera stands in, which fewer programs see.</source>
        <translation>La caméra de PipeWire la remplace ; moins de programmes la voient.</translation>
    </message>
    <message>
        <source>The kernel module is installed and not loaded.</source>
        <translation>Le module du noyau est installé mais pas chargé.</translation>
    </message>
    <message>
        <source>This system has no kernel modules of its own (a container?): load it on the host.</source>
        <translation>Ce système n&apos;a pas de modules du noyau à lui (un conteneur ?) : chargez-le sur l&apos;hôte.</translation>
    </message>
    <message>
        <source>The kernel module is not installed, which makes the camera for programs.</source>
        <translation>Le module du noyau qui fait la caméra pour les programmes n&apos;est pas installé.</translation>
    </message>
    <message>
        <source>{0} may not be opened by this user; see the permissions.</source>
        <translation>Cet utilisateur ne peut pas ouvrir {0} ; voyez les autorisations.</translation>
    </message>
    <message>
        <source>No device is called “{0}”.</source>
        <translation>Aucun périphérique ne s&apos;appelle « {0} ».</translation>
    </message>
    <message>
        <source>There is {0}; the setting devices.virtual_camera can name one by its path.</source>
        <translation>Il y a {0} ; le réglage devices.virtual_camera peut en nommer un par son chemin.</translation>
    </message>
    <message>
        <source>It is on, as Chromium needs it.</source>
        <translation>C&apos;est activé, comme Chromium l&apos;exige.</translation>
    </message>
    <message>
        <source>It is off: Chromium and what is made of it never list the camera.</source>
        <translation>C&apos;est désactivé : Chromium et ses dérivés ne montrent jamais la caméra.</translation>
    </message>
    <message>
        <source>A session of this program feeds {0}.</source>
        <translation>Une session de ce programme alimente {0}.</translation>
    </message>
    <message>
        <source>{0} is fed by {1} at this moment; one program can at a time.</source>
        <translation>{0} est alimenté par {1} en ce moment ; un seul programme le peut à la fois.</translation>
    </message>
    <message>
        <source>{0} takes no pictures while {1} holds it. End that program.</source>
        <translation>{0} ne prend pas d&apos;images tant que {1} le tient. Fermez ce programme.</translation>
    </message>
    <message>
        <source>{0} takes no pictures since its last writer died; the next session cures that.</source>
        <translation>{0} ne prend plus d&apos;images depuis la mort de son dernier écrivain ; la prochaine session y remédie.</translation>
    </message>
    <message>
        <source>{0} takes pictures again.</source>
        <translation>{0} prend de nouveau des images.</translation>
    </message>
    <message>
        <source>{0} holds {1} at {2}. Switch the camera off there, and on again later.</source>
        <translation>{0} tient {1} à {2}. Éteignez-y la caméra et rallumez-la plus tard.</translation>
    </message>
    <message>
        <source>“{0}” ({1}) takes pictures.</source>
        <translation>« {0} » ({1}) prend des images.</translation>
    </message>
    <message>
        <source>They are those that were tried.</source>
        <translation>Ce sont ceux qui ont été éprouvés.</translation>
    </message>
    <message>
        <source>All there.</source>
        <translation>Tout est là.</translation>
    </message>
    <message>
        <source>Missing: {0}.</source>
        <translation>Il manque : {0}.</translation>
    </message>
    <message>
        <source>Other than tried: {0}.</source>
        <translation>Autres que ceux éprouvés : {0}.</translation>
    </message>
    <message>
        <source>It is compiled.</source>
        <translation>Elle est compilée.</translation>
    </message>
    <message>
        <source>The small library that makes the camera is not compiled.</source>
        <translation>La petite bibliothèque qui fait la caméra n&apos;est pas compilée.</translation>
    </message>
    <message>
        <source>The PipeWire camera is compiled.</source>
        <translation>La caméra PipeWire est compilée.</translation>
    </message>
    <message>
        <source>What compiles the small library that makes the camera is not installed.</source>
        <translation>Ce qui compile la petite bibliothèque qui fait la caméra n&apos;est pas installé.</translation>
    </message>
    <message>
        <source>It is running.</source>
        <translation>Il est en marche.</translation>
    </message>
    <message>
        <source>PipeWire is installed and does not run for this user.</source>
        <translation>PipeWire est installé et ne tourne pas pour cet utilisateur.</translation>
    </message>
    <message>
        <source>PipeWire is not installed; without it and without v4l2loopback there is no camera.</source>
        <translation>PipeWire n&apos;est pas installé ; sans lui et sans v4l2loopback, il n&apos;y a pas de caméra.</translation>
    </message>
    <message>
        <source>There is no D-Bus session, so no portal: browsers cannot be given the camera.</source>
        <translation>Il n&apos;y a pas de session D-Bus, donc pas de portail : la caméra ne peut être donnée aux navigateurs.</translation>
    </message>
    <message>
        <source>It is there (version {0}).</source>
        <translation>Il est là (version {0}).</translation>
    </message>
    <message>
        <source>xdg-desktop-portal is not installed: browsers cannot be given the camera.</source>
        <translation>xdg-desktop-portal n&apos;est pas installé : la caméra ne peut être donnée aux navigateurs.</translation>
    </message>
    <message>
        <source>This desktop&apos;s portal offers no cameras. Install the portal of your desktop.</source>
        <translation>Le portail de ce bureau n&apos;offre pas de caméras. Installez le portail de votre bureau.</translation>
    </message>
    <message>
        <source>Whether there is one cannot be told: {0}.</source>
        <translation>Impossible de dire s&apos;il y en a un : {0}.</translation>
    </message>
    <message>
        <source>{0} cores{1}, without AVX2: the networks run many times slower. Use the basic engines.</source>
        <translation>{0} cœurs{1}, sans AVX2 : les réseaux tournent bien plus lentement. Prenez les moteurs de base.</translation>
    </message>
    <message>
        <source>{0} cores{1}: with fewer than {2}, small models and lips on `own_mouth` do best.</source>
        <translation>{0} cœurs{1} : avec moins de {2}, de petits modèles et les lèvres sur `own_mouth` vont le mieux.</translation>
    </message>
    <message>
        <source>{0} cores: with fewer than {1}, small models and lips on `own_mouth` do best.</source>
        <translation>{0} cœurs : avec moins de {1}, de petits modèles et les lèvres sur `own_mouth` vont le mieux.</translation>
    </message>
    <message>
        <source>{0} cores{1}; without VNNI, so eight bits gain less.</source>
        <translation>{0} cœurs{1} ; sans VNNI, huit bits font donc gagner moins.</translation>
    </message>
    <message>
        <source>{0} cores{1}.</source>
        <translation>{0} cœurs{1}.</translation>
    </message>
    <message>
        <source>How much there is cannot be told here.</source>
        <translation>Impossible de dire ici combien il y en a.</translation>
    </message>
    <message>
        <source>{0} GB, {1} free: too little for more than the basic engines.</source>
        <translation>{0} Go, {1} libres : trop peu pour plus que les moteurs de base.</translation>
    </message>
    <message>
        <source>{0} GB, {1} free: end what you do not need.</source>
        <translation>{0} Go, {1} libres : fermez ce dont vous n&apos;avez pas besoin.</translation>
    </message>
    <message>
        <source>{0} GB, {1} free.</source>
        <translation>{0} Go, {1} libres.</translation>
    </message>
    <message>
        <source>{0} GB free where models and recordings lie ({1}): nothing more can be kept.</source>
        <translation>{0} Go libres là où sont modèles et enregistrements ({1}) : plus rien ne peut être gardé.</translation>
    </message>
    <message>
        <source>{0} GB free where models and recordings lie ({1}): too little for the larger models.</source>
        <translation>{0} Go libres là où sont modèles et enregistrements ({1}) : trop peu pour les plus grands modèles.</translation>
    </message>
    <message>
        <source>{0} GB free where models and recordings lie ({1}).</source>
        <translation>{0} Go libres là où sont modèles et enregistrements ({1}).</translation>
    </message>
    <message>
        <source>It is heard by {0}.</source>
        <translation>Il est entendu par {0}.</translation>
    </message>
    <message>
        <source>It is made when a session starts.</source>
        <translation>Il est créé quand une session commence.</translation>
    </message>
    <message>
        <source>A session of this program feeds it at this moment.</source>
        <translation>Une session de ce programme l&apos;alimente en ce moment.</translation>
    </message>
    <message>
        <source>Every program hears it.</source>
        <translation>Chaque programme l&apos;entend.</translation>
    </message>
    <message>
        <source>It is in use: {0} plays into it.</source>
        <translation>Il est utilisé : {0} y joue.</translation>
    </message>
    <message>
        <source>“{0}” is the system&apos;s default: programs that are told nothing take it.</source>
        <translation>« {0} » est le choix par défaut du système : les programmes à qui l&apos;on ne dit rien le prennent.</translation>
    </message>
    <message>
        <source>The system&apos;s default loudspeaker is ours: what programs play goes into the meeting.</source>
        <translation>Le haut-parleur par défaut du système est le nôtre : ce que jouent les programmes va dans la réunion.</translation>
    </message>
    <message>
        <source>There is no other to take its place.</source>
        <translation>Il n&apos;y en a pas d&apos;autre pour prendre sa place.</translation>
    </message>
    <message>
        <source>{0} is the default.</source>
        <translation>{0} est le choix par défaut.</translation>
    </message>
    <message>
        <source>Whether it is there shows when a session starts.</source>
        <translation>On voit si elle est là quand une session commence.</translation>
    </message>
    <message>
        <source>{0} is there.</source>
        <translation>{0} est là.</translation>
    </message>
    <message>
        <source>macOS asks once for camera and microphone; see System Settings, Privacy &amp; Security.</source>
        <translation>macOS demande une fois la caméra et le microphone ; voyez Réglages Système, Confidentialité et sécurité.</translation>
    </message>
    <message>
        <source>If nothing is seen or heard: Settings, Privacy &amp; security, Camera and Microphone.</source>
        <translation>Si rien n&apos;est vu ni entendu : Paramètres, Confidentialité et sécurité, Caméra et Microphone.</translation>
    </message>
    <message>
        <source>Done: {0}.</source>
        <translation>Fait : {0}.</translation>
    </message>
    <message>
        <source>{0} cores.</source>
        <translation>{0} cœurs.</translation>
    </message>
    <message>
        <source>Start PipeWire (with pipewire-pulse) or PulseAudio.</source>
        <translation>Démarrez PipeWire (avec pipewire-pulse) ou PulseAudio.</translation>
    </message>
    <message>
        <source>XTTS speaks with a speaker&apos;s own voice. Name the speaker in the setting voice.own; `translated-camera voices learn` teaches it one.</source>
        <translation>XTTS parle avec la voix même de quelqu&apos;un. Nommez cette personne dans le réglage voice.own ; `translated-camera voices learn` lui en apprend une.</translation>
    </message>
    <message>
        <source>The neural turn judge needs the file {0}. Get it with `translated-camera models pull smart-turn`, or install pipecat-ai, which contains it.</source>
        <translation>Le juge neuronal des tours a besoin du fichier {0}. Obtenez-le avec `translated-camera models pull smart-turn`, ou installez pipecat-ai, qui le contient.</translation>
    </message>
    <message>
        <source>There is no sound device named “{0}”.</source>
        <translation>Il n&apos;y a pas de périphérique de son nommé « {0} ».</translation>
    </message>
    <message>
        <source>Install VB-CABLE from {0}.</source>
        <translation>Installez VB-CABLE depuis {0}.</translation>
    </message>
    <message>
        <source>Install BlackHole 2ch: {0}.</source>
        <translation>Installez BlackHole 2ch : {0}.</translation>
    </message>
    <message>
        <source>It is UnityCapture, registered as administrator: {0}; or the virtual camera of OBS Studio.</source>
        <translation>C&apos;est UnityCapture, inscrit en administrateur : {0} ; ou la caméra virtuelle d&apos;OBS Studio.</translation>
    </message>
    <message>
        <source>It is the virtual camera of OBS Studio 30 or later, started there once and stopped.</source>
        <translation>C&apos;est la caméra virtuelle d&apos;OBS Studio 30 ou plus récent, lancée là une fois puis arrêtée.</translation>
    </message>
    <message>
        <source>(basic)</source>
        <translation>(de base)</translation>
    </message>
    <message>
        <source>; not {0}:</source>
        <translation>; pas {0} :</translation>
    </message>
    <message>
        <source>There is no camera called {0}.</source>
        <translation>Il n&apos;y a pas de caméra nommée {0}.</translation>
    </message>
    <message>
        <source>There is no camera at all.</source>
        <translation>Il n&apos;y a aucune caméra.</translation>
    </message>
    <message>
        <source>There is no microphone at all.</source>
        <translation>Il n&apos;y a aucun microphone.</translation>
    </message>
    <message>
        <source>There are: {0}.</source>
        <translation>Il y a : {0}.</translation>
    </message>
    <message>
        <source>The kernel module is loaded.</source>
        <translation>Le module du noyau est chargé.</translation>
    </message>
    <message>
        <source>there is no setting {0}; did you mean {1}?</source>
        <translation>il n&apos;y a pas de réglage {0} ; s&apos;agit-il de {1} ?</translation>
    </message>
    <message>
        <source>there is no setting {0}; there are: {1}</source>
        <translation>il n&apos;y a pas de réglage {0} ; il y a : {1}</translation>
    </message>
    <message>
        <source>there is no section {0}; did you mean {1}?</source>
        <translation>il n&apos;y a pas de section {0} ; s&apos;agit-il de {1} ?</translation>
    </message>
    <message>
        <source>there is no section {0}</source>
        <translation>il n&apos;y a pas de section {0}</translation>
    </message>
    <message>
        <source>{0} is {1} or more, not {2}</source>
        <translation>{0} vaut {1} ou plus, pas {2}</translation>
    </message>
    <message>
        <source>{0} is {1} or less, not {2}</source>
        <translation>{0} vaut {1} ou moins, pas {2}</translation>
    </message>
    <message>
        <source>{0} is one of {1}, not {2}</source>
        <translation>{0} est l&apos;un de {1}, pas {2}</translation>
    </message>
    <message>
        <source>{0} is true or false, not {1}</source>
        <translation>{0} est true ou false, pas {1}</translation>
    </message>
    <message>
        <source>{0} is a whole number, not {1}</source>
        <translation>{0} est un nombre entier, pas {1}</translation>
    </message>
    <message>
        <source>{0} is a number, not {1}</source>
        <translation>{0} est un nombre, pas {1}</translation>
    </message>
    <message>
        <source>{0} is a text in quotes</source>
        <translation>{0} est un texte entre guillemets</translation>
    </message>
    <message>
        <source>{0} is a list of texts</source>
        <translation>{0} est une liste de textes</translation>
    </message>
    <message>
        <source>{0} is a table of texts</source>
        <translation>{0} est une table de textes</translation>
    </message>
    <message>
        <source>this is not TOML: {0}</source>
        <translation>ceci n&apos;est pas du TOML : {0}</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Start with the desktop, without a window.</source>
        <translation>Démarrer avec le bureau, sans fenêtre.</translation>
    </message>
    <message>
        <source>Detect</source>
        <translation>Détecter</translation>
    </message>
    <message>
        <source>The system&apos;s</source>
        <translation>Comme le système</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatique</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Désactivé</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Langues</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Écoute</translation>
    </message>
    <message>
        <source>Engines</source>
        <translation>Moteurs</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modèles</translation>
    </message>
    <message>
        <source>Graphics cards</source>
        <translation>Cartes graphiques</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Reconnaissance</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>Traduction</translation>
    </message>
    <message>
        <source>Delay</source>
        <translation>Retard</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>Mots</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Voix</translation>
    </message>
    <message>
        <source>Captions</source>
        <translation>Sous-titres</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>Expression</source>
        <translation>Expression</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Appareils</translation>
    </message>
    <message>
        <source>The others</source>
        <translation>Les autres</translation>
    </message>
    <message>
        <source>Guests</source>
        <translation>Invités</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenêtre</translation>
    </message>
    <message>
        <source>Where it runs</source>
        <translation>Lieu d&apos;exécution</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Bruit</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Raccourcis</translation>
    </message>
    <message>
        <source>The processor</source>
        <translation>Le processeur</translation>
    </message>
    <message>
        <source>The graphics card</source>
        <translation>La carte graphique</translation>
    </message>
    <message>
        <source>As for all</source>
        <translation>Comme pour tous</translation>
    </message>
    <message>
        <source>Silent</source>
        <translation>Muette</translation>
    </message>
    <message>
        <source>Noise suppressor</source>
        <translation>Réducteur de bruit</translation>
    </message>
    <message>
        <source>By your lips</source>
        <translation>D&apos;après vos lèvres</translation>
    </message>
    <message>
        <source>Softly under the translation</source>
        <translation>Doucement sous la traduction</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Telle quelle</translation>
    </message>
    <message>
        <source>Both languages</source>
        <translation>Les deux langues</translation>
    </message>
    <message>
        <source>Your language</source>
        <translation>Votre langue</translation>
    </message>
    <message>
        <source>Their language</source>
        <translation>Leur langue</translation>
    </message>
    <message>
        <source>At the bottom</source>
        <translation>En bas</translation>
    </message>
    <message>
        <source>At the top</source>
        <translation>En haut</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>En direct</translation>
    </message>
    <message>
        <source>Dubbed</source>
        <translation>Doublée</translation>
    </message>
    <message>
        <source>In this program</source>
        <translation>Dans ce programme</translation>
    </message>
    <message>
        <source>In a process of its own</source>
        <translation>Dans un processus à part</translation>
    </message>
    <message>
        <source>On another machine</source>
        <translation>Sur une autre machine</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Clair</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Sombre</translation>
    </message>
    <message>
        <source>The language you speak.</source>
        <translation>La langue que vous parlez.</translation>
    </message>
    <message>
        <source>The language the others hear.</source>
        <translation>La langue que les autres entendent.</translation>
    </message>
    <message>
        <source>When you speak the others&apos; language, pass your own voice on; needs Whisper.</source>
        <translation>Quand vous parlez la langue des autres, transmettre votre propre voix ; demande Whisper.</translation>
    </message>
    <message>
        <source>Seconds of silence that end a segment.</source>
        <translation>Secondes de silence qui terminent un segment.</translation>
    </message>
    <message>
        <source>How far below your voice&apos;s peak silence begins, in dB.</source>
        <translation>À quel niveau sous le maximum de votre voix commence le silence, en dB.</translation>
    </message>
    <message>
        <source>Seconds a segment lasts at least.</source>
        <translation>Secondes que dure un segment au moins.</translation>
    </message>
    <message>
        <source>Seconds after which a segment is cut.</source>
        <translation>Secondes après lesquelles un segment est coupé.</translation>
    </message>
    <message>
        <source>How surely a sentence must be over to be sent before the pause ends.</source>
        <translation>Avec quelle certitude une phrase doit être finie pour partir avant la fin de la pause.</translation>
    </message>
    <message>
        <source>Cut at the ends of clauses when you do not pause.</source>
        <translation>Couper à la fin des propositions quand vous ne faites pas de pause.</translation>
    </message>
    <message>
        <source>Seconds of speech after which a clause&apos;s end may be cut at.</source>
        <translation>Secondes de parole après lesquelles on peut couper à la fin d&apos;une proposition.</translation>
    </message>
    <message>
        <source>What keeps noise and other voices away: nothing, a noise suppressor, or your lips.</source>
        <translation>Ce qui écarte le bruit et les autres voix : rien, un réducteur de bruit, ou vos lèvres.</translation>
    </message>
    <message>
        <source>How far that may go, 0 being not at all.</source>
        <translation>Jusqu&apos;où cela peut aller ; 0 signifie pas du tout.</translation>
    </message>
    <message>
        <source>What tells speech from noise.</source>
        <translation>Ce qui distingue la parole du bruit.</translation>
    </message>
    <message>
        <source>What judges whether a sentence is over.</source>
        <translation>Ce qui juge si une phrase est finie.</translation>
    </message>
    <message>
        <source>What recognises your words.</source>
        <translation>Ce qui reconnaît vos mots.</translation>
    </message>
    <message>
        <source>What translates them.</source>
        <translation>Ce qui les traduit.</translation>
    </message>
    <message>
        <source>What speaks the translation.</source>
        <translation>Ce qui prononce la traduction.</translation>
    </message>
    <message>
        <source>What finds your face.</source>
        <translation>Ce qui trouve votre visage.</translation>
    </message>
    <message>
        <source>What moves your lips.</source>
        <translation>Ce qui bouge vos lèvres.</translation>
    </message>
    <message>
        <source>Where neural networks compute: the graphics card, the processor, or what is best.</source>
        <translation>Où calculent les réseaux de neurones : carte graphique, processeur, ou le mieux.</translation>
    </message>
    <message>
        <source>The model that recognises; empty: the best that is here.</source>
        <translation>Le modèle qui reconnaît ; vide : le meilleur présent.</translation>
    </message>
    <message>
        <source>The model that translates; empty: the best that is here.</source>
        <translation>Le modèle qui traduit ; vide : le meilleur présent.</translation>
    </message>
    <message>
        <source>The neural voice; empty: the best that is here.</source>
        <translation>La voix neuronale ; vide : la meilleure présente.</translation>
    </message>
    <message>
        <source>Where your words are recognised.</source>
        <translation>Où vos mots sont reconnus.</translation>
    </message>
    <message>
        <source>Where the voice is made.</source>
        <translation>Où la voix est produite.</translation>
    </message>
    <message>
        <source>Where your lips are drawn.</source>
        <translation>Où vos lèvres sont dessinées.</translation>
    </message>
    <message>
        <source>How full a card&apos;s memory may get before fewer lips are drawn at a time.</source>
        <translation>Jusqu’où la mémoire d’une carte peut se remplir avant que moins de lèvres soient dessinées à la fois.</translation>
    </message>
    <message>
        <source>Ways of understanding weighed up at a time.</source>
        <translation>Interprétations pesées à la fois.</translation>
    </message>
    <message>
        <source>The same, when what came out first is doubted.</source>
        <translation>De même, quand le premier résultat est douteux.</translation>
    </message>
    <message>
        <source>Hear short segments in short windows: faster, at some risk.</source>
        <translation>Écouter les segments courts dans des fenêtres courtes : plus rapide, un peu risqué.</translation>
    </message>
    <message>
        <source>Sound below this is not listened to, in dB.</source>
        <translation>Le son en dessous de ceci n&apos;est pas écouté, en dB.</translation>
    </message>
    <message>
        <source>How surely nobody speaks before an unsure text is dropped.</source>
        <translation>Certitude que personne ne parle avant d&apos;écarter un texte incertain.</translation>
    </message>
    <message>
        <source>How unsure a text may be before it is doubted.</source>
        <translation>À quel point un texte peut être incertain avant d&apos;en douter.</translation>
    </message>
    <message>
        <source>How repetitive a text may be before it is doubted.</source>
        <translation>À quel point un texte peut se répéter avant d&apos;en douter.</translation>
    </message>
    <message>
        <source>How often in a row the same words are believed.</source>
        <translation>Combien de fois de suite on croit les mêmes mots.</translation>
    </message>
    <message>
        <source>Translations weighed up at a time.</source>
        <translation>Traductions pesées à la fois.</translation>
    </message>
    <message>
        <source>Above 1, longer translations are preferred.</source>
        <translation>Au-dessus de 1, les traductions plus longues sont préférées.</translation>
    </message>
    <message>
        <source>What runs Opus-MT.</source>
        <translation>Ce qui exécute Opus-MT.</translation>
    </message>
    <message>
        <source>Seconds the translation may stay behind you.</source>
        <translation>Secondes de retard permises à la traduction.</translation>
    </message>
    <message>
        <source>The fastest the voice may speak.</source>
        <translation>La vitesse maximale de la voix.</translation>
    </message>
    <message>
        <source>When behind: speak faster.</source>
        <translation>En retard : parler plus vite.</translation>
    </message>
    <message>
        <source>When further behind: leave out fillers.</source>
        <translation>Plus en retard : omettre les mots de remplissage.</translation>
    </message>
    <message>
        <source>When still further behind: translate more briefly.</source>
        <translation>Encore plus en retard : traduire plus brièvement.</translation>
    </message>
    <message>
        <source>When nothing else helps: show, do not speak.</source>
        <translation>Quand rien d&apos;autre n&apos;aide : montrer sans parler.</translation>
    </message>
    <message>
        <source>Leave out um, uh and their like.</source>
        <translation>Omettre « euh » et autres hésitations.</translation>
    </message>
    <message>
        <source>Words and names that are never translated.</source>
        <translation>Mots et noms qui ne sont jamais traduits.</translation>
    </message>
    <message>
        <source>Your own translations of words and phrases.</source>
        <translation>Vos propres traductions de mots et d&apos;expressions.</translation>
    </message>
    <message>
        <source>The voice, by the name its engine gives it; empty: its own choice.</source>
        <translation>La voix, par le nom que lui donne son moteur ; vide : son propre choix.</translation>
    </message>
    <message>
        <source>The speaker whose own voice is imitated, with consent; needs XTTS.</source>
        <translation>La personne dont la propre voix est imitée, avec son accord ; nécessite XTTS.</translation>
    </message>
    <message>
        <source>How fast the voice speaks, 1 being its own pace.</source>
        <translation>Vitesse de la voix ; 1 est son propre rythme.</translation>
    </message>
    <message>
        <source>Your own voice: silent, softly under the translation, or as it is.</source>
        <translation>Votre propre voix : muette, doucement sous la traduction, ou telle quelle.</translation>
    </message>
    <message>
        <source>How loud your own voice stays under the translation, in dB.</source>
        <translation>Volume de votre propre voix sous la traduction, en dB.</translation>
    </message>
    <message>
        <source>Show captions in the picture.</source>
        <translation>Afficher des sous-titres dans l&apos;image.</translation>
    </message>
    <message>
        <source>Which captions are shown.</source>
        <translation>Quels sous-titres sont affichés.</translation>
    </message>
    <message>
        <source>Size of the captions, 1 being the usual one.</source>
        <translation>Taille des sous-titres ; 1 est l&apos;habituelle.</translation>
    </message>
    <message>
        <source>Where captions stand.</source>
        <translation>Où se trouvent les sous-titres.</translation>
    </message>
    <message>
        <source>Live: no delay, lips follow the voice. Dubbed: the picture waits for the voice.</source>
        <translation>En direct : sans retard, les lèvres suivent la voix. Doublée : l&apos;image attend la voix.</translation>
    </message>
    <message>
        <source>Seconds the dubbed picture waits.</source>
        <translation>Secondes d&apos;attente de l&apos;image doublée.</translation>
    </message>
    <message>
        <source>Hold the mouth at rest while you speak and nothing is heard.</source>
        <translation>Garder la bouche au repos quand vous parlez et que rien ne s&apos;entend.</translation>
    </message>
    <message>
        <source>Mark the picture as translated by a machine.</source>
        <translation>Signaler que l&apos;image est traduite par une machine.</translation>
    </message>
    <message>
        <source>Show that a translation is on its way and how long it takes.</source>
        <translation>Montrer qu&apos;une traduction arrive et combien de temps elle prend.</translation>
    </message>
    <message>
        <source>The speaker whose learnt mouth is used.</source>
        <translation>La personne dont la bouche apprise est utilisée.</translation>
    </message>
    <message>
        <source>Match the light of the drawn mouth to the picture.</source>
        <translation>Accorder la lumière de la bouche dessinée à l&apos;image.</translation>
    </message>
    <message>
        <source>Match its sharpness.</source>
        <translation>Accorder sa netteté.</translation>
    </message>
    <message>
        <source>Match its colour.</source>
        <translation>Accorder sa couleur.</translation>
    </message>
    <message>
        <source>Add a smile.</source>
        <translation>Ajouter un sourire.</translation>
    </message>
    <message>
        <source>Raise the brows.</source>
        <translation>Lever les sourcils.</translation>
    </message>
    <message>
        <source>Open the eyes.</source>
        <translation>Ouvrir les yeux.</translation>
    </message>
    <message>
        <source>The camera, by name; empty: the system&apos;s.</source>
        <translation>La caméra, par son nom ; vide : celle du système.</translation>
    </message>
    <message>
        <source>The microphone, by name; empty: the system&apos;s.</source>
        <translation>Le microphone, par son nom ; vide : celui du système.</translation>
    </message>
    <message>
        <source>How meeting programs get the picture: auto, off, or a way by name.</source>
        <translation>Comment les programmes de réunion reçoivent l&apos;image : auto, off ou une voie par son nom.</translation>
    </message>
    <message>
        <source>How meeting programs get the voice: auto, off, or a device by name.</source>
        <translation>Comment les programmes de réunion reçoivent la voix : auto, off ou un appareil par son nom.</translation>
    </message>
    <message>
        <source>Translate what the others say, for you.</source>
        <translation>Traduire pour vous ce que disent les autres.</translation>
    </message>
    <message>
        <source>Whose sound that is: a program or a device; empty: every program&apos;s.</source>
        <translation>De qui est le son : d&apos;un programme ou d&apos;un appareil ; vide : de tous les programmes.</translation>
    </message>
    <message>
        <source>The language they speak; empty: the one they hear from you.</source>
        <translation>La langue qu&apos;ils parlent ; vide : celle qu&apos;ils entendent de vous.</translation>
    </message>
    <message>
        <source>The language you hear; empty: the one you speak.</source>
        <translation>La langue que vous entendez ; vide : celle que vous parlez.</translation>
    </message>
    <message>
        <source>Where you hear it, by name; empty: the system&apos;s output.</source>
        <translation>Où vous l&apos;entendez, par son nom ; vide : la sortie du système.</translation>
    </message>
    <message>
        <source>Say the translation; else it is only shown.</source>
        <translation>Dire la traduction ; sinon elle est seulement montrée.</translation>
    </message>
    <message>
        <source>Their own voices: softly while the translation is heard, or as they are.</source>
        <translation>Leurs propres voix : doucement pendant la traduction, ou telles quelles.</translation>
    </message>
    <message>
        <source>How loud they stay under the translation, in dB.</source>
        <translation>À quel volume elles restent sous la traduction, en dB.</translation>
    </message>
    <message>
        <source>Who else speaks at this machine, each into a microphone of their own.</source>
        <translation>Qui d&apos;autre parle à cet ordinateur, chacun dans son propre microphone.</translation>
    </message>
    <message>
        <source>Language of this window; auto: the system&apos;s.</source>
        <translation>Langue de cette fenêtre ; auto : celle du système.</translation>
    </message>
    <message>
        <source>Colours.</source>
        <translation>Couleurs.</translation>
    </message>
    <message>
        <source>Go on in the notification area when the window is closed.</source>
        <translation>Continuer dans la zone de notification quand la fenêtre est fermée.</translation>
    </message>
    <message>
        <source>Start or stop the translation.</source>
        <translation>Démarrer ou arrêter la traduction.</translation>
    </message>
    <message>
        <source>Pass your own picture and voice on, at once, and back.</source>
        <translation>Transmettre votre propre image et votre voix, immédiatement, et retour.</translation>
    </message>
    <message>
        <source>Mute, and back.</source>
        <translation>Couper le son, et retour.</translation>
    </message>
    <message>
        <source>Translate while this key is held (push to translate).</source>
        <translation>Traduire tant que cette touche est enfoncée (appuyer pour traduire).</translation>
    </message>
    <message>
        <source>Where words are recognised.</source>
        <translation>Où les mots sont reconnus.</translation>
    </message>
    <message>
        <source>Where they are translated.</source>
        <translation>Où ils sont traduits.</translation>
    </message>
    <message>
        <source>Where the translation is spoken.</source>
        <translation>Où la traduction est prononcée.</translation>
    </message>
    <message>
        <source>Where lips are drawn; with a broker, where a voice without a mouth gets one.</source>
        <translation>Où les lèvres sont dessinées ; avec un relais, où une voix sans bouche en reçoit une.</translation>
    </message>
    <message>
        <source>The broker&apos;s address, as amqp://user:password@host/.</source>
        <translation>L&apos;adresse du relais, comme amqp://utilisateur:motdepasse@hôte/.</translation>
    </message>
</context>
</TS>
