<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
<context>
    <name>AboutWindow</name>
    <message>
        <source>About</source>
        <translation>Acerca de</translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation>Versión {0}</translation>
    </message>
    <message>
        <source>You speak your language; the meeting sees and hears you speak theirs. Everything happens on this machine. What the machine makes is marked in the picture.

Free software under the GNU General Public License, version 2 or later, without any warranty. It stands on these:</source>
        <translation>Usted habla su idioma; la reunión le ve y le oye hablar el suyo. Todo ocurre en este equipo. Lo que hace la máquina se marca en la imagen.

Software libre bajo la Licencia Pública General de GNU, versión 2 o posterior, sin garantía alguna. Se apoya en lo siguiente:</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>Licencias</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Componente</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Versión</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Licencia</translation>
    </message>
</context>
<context>
    <name>Banners</name>
    <message>
        <source>Close this notice</source>
        <translation>Cerrar este aviso</translation>
    </message>
</context>
<context>
    <name>Captions</name>
    <message>
        <source>What you said</source>
        <translation>Lo que usted dijo</translation>
    </message>
    <message>
        <source>What they hear</source>
        <translation>Lo que oyen</translation>
    </message>
    <message>
        <source>You · {0}</source>
        <translation>Usted · {0}</translation>
    </message>
    <message>
        <source>They hear · {0}</source>
        <translation>Ellos oyen · {0}</translation>
    </message>
    <message>
        <source>What you say appears here.</source>
        <translation>Aquí aparece lo que usted dice.</translation>
    </message>
    <message>
        <source>And here what the others hear.</source>
        <translation>Y aquí, lo que oyen los demás.</translation>
    </message>
    <message>
        <source>Not translated: {0}</source>
        <translation>No traducido: {0}</translation>
    </message>
    <message>
        <source>In your own voice: {0}</source>
        <translation>Con su propia voz: {0}</translation>
    </message>
    <message>
        <source>found out as you speak</source>
        <translation>se averigua mientras habla</translation>
    </message>
</context>
<context>
    <name>Choice</name>
    <message>
        <source>Automatic</source>
        <translation>Automático</translation>
    </message>
</context>
<context>
    <name>Controls</name>
    <message>
        <source>My own voice now</source>
        <translation>Mi propia voz ahora</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Silenciar</translation>
    </message>
    <message>
        <source>Push to translate</source>
        <translation>Pulsar para traducir</translation>
    </message>
    <message>
        <source>Your own picture and voice, at once, and back</source>
        <translation>Su propia imagen y voz, al instante, y de vuelta</translation>
    </message>
    <message>
        <source>The meeting hears nothing</source>
        <translation>La reunión no oye nada</translation>
    </message>
    <message>
        <source>Only what you say while holding the key is translated</source>
        <translation>Solo se traduce lo que dice mientras mantiene pulsada la tecla</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>En silencio</translation>
    </message>
    <message>
        <source>Back to translation</source>
        <translation>Volver a la traducción</translation>
    </message>
    <message>
        <source>Translating…</source>
        <translation>Traduciendo…</translation>
    </message>
    <message>
        <source>Hold {0}</source>
        <translation>Mantenga {0}</translation>
    </message>
    <message>
        <source>Starting… (stop)</source>
        <translation>Iniciando… (detener)</translation>
    </message>
    <message>
        <source>Stop translating</source>
        <translation>Detener la traducción</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Deteniendo…</translation>
    </message>
    <message>
        <source>Start translating</source>
        <translation>Empezar a traducir</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>Others</source>
        <translation>Los demás</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Usted</translation>
    </message>
</context>
<context>
    <name>DelayCard</name>
    <message>
        <source>Delay</source>
        <translation>Retraso</translation>
    </message>
    <message>
        <source>Delay against what you allow</source>
        <translation>Retraso respecto a lo permitido</translation>
    </message>
    <message>
        <source>Time of each stage</source>
        <translation>Tiempo de cada etapa</translation>
    </message>
    <message>
        <source>Behind you</source>
        <translation>Detrás de usted</translation>
    </message>
    <message>
        <source>{0} of {1} s</source>
        <translation>{0} de {1} s</translation>
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
        <translation>Reconocer</translation>
    </message>
    <message>
        <source>Translate</source>
        <translation>Traducir</translation>
    </message>
    <message>
        <source>Speak</source>
        <translation>Hablar</translation>
    </message>
    <message>
        <source>Lips and picture</source>
        <translation>Labios e imagen</translation>
    </message>
    <message>
        <source>On time</source>
        <translation>A tiempo</translation>
    </message>
    <message>
        <source>Catching up: the voice speaks faster</source>
        <translation>Recuperando: la voz habla más rápido</translation>
    </message>
    <message>
        <source>Catching up: fillers are left out</source>
        <translation>Recuperando: se omiten las muletillas</translation>
    </message>
    <message>
        <source>Catching up: the translation is shorter</source>
        <translation>Recuperando: la traducción es más breve</translation>
    </message>
    <message>
        <source>Too late to speak: captions only</source>
        <translation>Demasiado tarde para hablar: solo subtítulos</translation>
    </message>
    <message>
        <source>The picture rests: nobody is looking.</source>
        <translation>La imagen descansa: nadie está mirando.</translation>
    </message>
    <message>
        <source>{0} pictures/s · {1} dropped · lips {2} ms from the voice</source>
        <translation>{0} imágenes/s · {1} perdidas · labios a {2} ms de la voz</translation>
    </message>
</context>
<context>
    <name>Desktop</name>
    <message>
        <source>The window changes its language when the program starts again.</source>
        <translation>La ventana cambia de idioma cuando el programa se inicia de nuevo.</translation>
    </message>
</context>
<context>
    <name>DeviceCard</name>
    <message>
        <source>Devices</source>
        <translation>Dispositivos</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Cámara</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Micrófono</translation>
    </message>
    <message>
        <source>To the meeting: picture</source>
        <translation>Hacia la reunión: imagen</translation>
    </message>
    <message>
        <source>To the meeting: voice</source>
        <translation>Hacia la reunión: voz</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>en uso</translation>
    </message>
    <message>
        <source>nobody looks</source>
        <translation>nadie mira</translation>
    </message>
</context>
<context>
    <name>DevicePreview</name>
    <message>
        <source>No picture from the camera</source>
        <translation>La cámara no da imagen</translation>
    </message>
</context>
<context>
    <name>DiagnosticsWindow</name>
    <message>
        <source>Diagnostics</source>
        <translation>Diagnóstico</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Registro</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>Escribiendo…</translation>
    </message>
    <message>
        <source>Written to {0}. It holds nothing that was said.</source>
        <translation>Guardado en {0}. No contiene nada de lo que se dijo.</translation>
    </message>
    <message>
        <source>Save report</source>
        <translation>Guardar informe</translation>
    </message>
    <message>
        <source>Check-up</source>
        <translation>Revisión</translation>
    </message>
    <message>
        <source>Delay</source>
        <translation>Retraso</translation>
    </message>
    <message>
        <source>Save report…</source>
        <translation>Guardar informe…</translation>
    </message>
</context>
<context>
    <name>FindingList</name>
    <message>
        <source>Look again</source>
        <translation>Mirar de nuevo</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Mirando…</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>Trabajando…</translation>
    </message>
    <message>
        <source>This needs the administrator&apos;s rights:

{0}

Do it?</source>
        <translation>Esto necesita permisos de administrador:

{0}

¿Hacerlo?</translation>
    </message>
    <message>
        <source>Fix</source>
        <translation>Arreglar</translation>
    </message>
    <message>
        <source>Fix: {0}</source>
        <translation>Arreglar: {0}</translation>
    </message>
</context>
<context>
    <name>GuestCard</name>
    <message>
        <source>Remove</source>
        <translation>Quitar</translation>
    </message>
    <message>
        <source>Guest</source>
        <translation>Invitado</translation>
    </message>
    <message>
        <source>Remove {0}</source>
        <translation>Quitar a {0}</translation>
    </message>
    <message>
        <source>Choose a microphone</source>
        <translation>Elija un micrófono</translation>
    </message>
    <message>
        <source>Detect</source>
        <translation>Detectar</translation>
    </message>
    <message>
        <source>The same as you</source>
        <translation>Lo mismo que usted</translation>
    </message>
    <message>
        <source>The same as for you</source>
        <translation>Lo mismo que a usted</translation>
    </message>
    <message>
        <source>A woman&apos;s voice, {0}</source>
        <translation>Voz de mujer, {0}</translation>
    </message>
    <message>
        <source>A man&apos;s voice, {0}</source>
        <translation>Voz de hombre, {0}</translation>
    </message>
    <message>
        <source>One of their own</source>
        <translation>Una propia</translation>
    </message>
    <message>
        <source>Name in captions and transcripts</source>
        <translation>Nombre en subtítulos y transcripciones</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Micrófono</translation>
    </message>
    <message>
        <source>They speak</source>
        <translation>Habla</translation>
    </message>
    <message>
        <source>Others hear them in</source>
        <translation>Los demás oyen</translation>
    </message>
    <message>
        <source>Voice of the translation</source>
        <translation>Voz de la traducción</translation>
    </message>
    <message>
        <source>Nobody else speaks into it, and nothing else is heard.</source>
        <translation>Nadie más habla por él, y no se oye ningún otro en su lugar.</translation>
    </message>
    <message>
        <source>Some engines have one voice only; then all sound alike.</source>
        <translation>Algunos motores tienen una sola voz; entonces todos suenan igual.</translation>
    </message>
</context>
<context>
    <name>GuestList</name>
    <message>
        <source>Add a guest</source>
        <translation>Añadir un invitado</translation>
    </message>
    <message>
        <source>Guest {0}</source>
        <translation>Invitado {0}</translation>
    </message>
    <message>
        <source>What are they called?</source>
        <translation>¿Cómo se llama?</translation>
    </message>
    <message>
        <source>Which microphone do they speak into?</source>
        <translation>¿Por qué micrófono habla?</translation>
    </message>
    <message>
        <source>Somebody with a microphone of their own</source>
        <translation>Alguien con su propio micrófono</translation>
    </message>
    <message>
        <source>This pair cannot be translated with what is installed.</source>
        <translation>Este par no se puede traducir con lo instalado.</translation>
    </message>
</context>
<context>
    <name>GuestsPage</name>
    <message>
        <source>Each is translated beside you, and named in captions and transcripts.</source>
        <translation>A cada uno se le traduce junto a usted, y se le nombra en subtítulos y transcripciones.</translation>
    </message>
    <message>
        <source>While you translate, a change takes effect at the next start.</source>
        <translation>Mientras se traduce, un cambio surte efecto en el próximo inicio.</translation>
    </message>
</context>
<context>
    <name>Guide</name>
    <message>
        <source>Welcome</source>
        <translation>Bienvenida</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Atrás</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Omitir</translation>
    </message>
    <message>
        <source>Start translating</source>
        <translation>Empezar a traducir</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Siguiente</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Step {0} of {1}</source>
        <translation>Paso {0} de {1}</translation>
    </message>
    <message>
        <source>Say something: the bar should move.</source>
        <translation>Diga algo: la barra debería moverse.</translation>
    </message>
    <message>
        <source>Camera and microphone</source>
        <translation>Cámara y micrófono</translation>
    </message>
    <message>
        <source>Is this you, and does the bar move when you speak?</source>
        <translation>¿Es usted, y se mueve la barra cuando habla?</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Cámara</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Micrófono</translation>
    </message>
    <message>
        <source>What the meeting needs</source>
        <translation>Lo que necesita la reunión</translation>
    </message>
    <message>
        <source>Meeting programs see a camera called Translated Camera and hear a microphone called Translated Microphone. What is missing for that stands here.</source>
        <translation>Los programas de reuniones ven una cámara llamada Translated Camera y oyen un micrófono llamado Translated Microphone. Aquí se indica lo que falta para ello.</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Idiomas</translation>
    </message>
    <message>
        <source>You can change them at any time, also while you speak.</source>
        <translation>Puede cambiarlos en cualquier momento, también mientras habla.</translation>
    </message>
    <message>
        <source>Choose better models…</source>
        <translation>Elegir mejores modelos…</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelos</translation>
    </message>
    <message>
        <source>What is built in works at once and is clumsy: simple recognition of English, simple translation, a robot&apos;s voice. Better models can be downloaded now or later.</source>
        <translation>Lo incorporado funciona al instante y es tosco: reconocimiento sencillo del inglés, traducción sencilla, voz de robot. Puede descargar mejores modelos ahora o más tarde.</translation>
    </message>
    <message>
        <source>Choose Translated Camera and Translated Microphone in your meeting program.</source>
        <translation>Elija Translated Camera y Translated Microphone en su programa de reuniones.</translation>
    </message>
    <message>
        <source>Something is wrong? {0} shows your own picture and voice at once.</source>
        <translation>¿Algo va mal? {0} muestra su propia imagen y voz al instante.</translation>
    </message>
    <message>
        <source>Headphones keep the microphone from hearing the translation.</source>
        <translation>Los auriculares evitan que el micrófono oiga la traducción.</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Listo</translation>
    </message>
    <message>
        <source>Three things to know:</source>
        <translation>Tres cosas que conviene saber:</translation>
    </message>
    <message>
        <source>I hear you.</source>
        <translation>Le oigo.</translation>
    </message>
</context>
<context>
    <name>LanguageCard</name>
    <message>
        <source>Language you speak</source>
        <translation>Idioma que usted habla</translation>
    </message>
    <message>
        <source>Language they hear</source>
        <translation>Idioma que ellos oyen</translation>
    </message>
    <message>
        <source>Swap the languages</source>
        <translation>Intercambiar los idiomas</translation>
    </message>
    <message>
        <source>When I speak theirs, pass my own voice on</source>
        <translation>Si hablo el suyo, pasar mi propia voz</translation>
    </message>
    <message>
        <source>The other direction cannot be translated with what is installed.</source>
        <translation>La otra dirección no se puede traducir con lo instalado.</translation>
    </message>
    <message>
        <source>Detect</source>
        <translation>Detectar</translation>
    </message>
    <message>
        <source>You speak their language: your own voice is passed on.</source>
        <translation>Usted habla el idioma de ellos: se pasa su propia voz.</translation>
    </message>
    <message>
        <source>You speak {0}.</source>
        <translation>Usted habla {0}.</translation>
    </message>
    <message>
        <source>They speak your language already: your own voice is passed on.</source>
        <translation>Ya hablan su idioma: se transmite su propia voz.</translation>
    </message>
    <message>
        <source>This pair cannot be translated with what is installed.</source>
        <translation>Este par no se puede traducir con lo instalado.</translation>
    </message>
    <message>
        <source>I speak</source>
        <translation>Yo hablo</translation>
    </message>
    <message>
        <source>They hear</source>
        <translation>Ellos oyen</translation>
    </message>
</context>
<context>
    <name>LatencyPlot</name>
    <message>
        <source>Delay over the last minutes</source>
        <translation>Retraso en los últimos minutos</translation>
    </message>
    <message>
        <source>Preparing the plot…</source>
        <translation>Preparando el gráfico…</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>segundos</translation>
    </message>
    <message>
        <source>minutes ago</source>
        <translation>minutos atrás</translation>
    </message>
    <message>
        <source>Behind you</source>
        <translation>Detrás de usted</translation>
    </message>
    <message>
        <source>Recognise</source>
        <translation>Reconocer</translation>
    </message>
    <message>
        <source>Translate</source>
        <translation>Traducir</translation>
    </message>
    <message>
        <source>Speak</source>
        <translation>Hablar</translation>
    </message>
    <message>
        <source>Lips and picture</source>
        <translation>Labios e imagen</translation>
    </message>
</context>
<context>
    <name>LineTable</name>
    <message>
        <source>Time</source>
        <translation>Hora</translation>
    </message>
    <message>
        <source>You said</source>
        <translation>Usted dijo</translation>
    </message>
    <message>
        <source>They heard</source>
        <translation>Ellos oyeron</translation>
    </message>
    <message>
        <source>Not translated: {0}</source>
        <translation>No traducido: {0}</translation>
    </message>
</context>
<context>
    <name>Lines</name>
    <message>
        <source>word = translation</source>
        <translation>palabra = traducción</translation>
    </message>
    <message>
        <source>one a line</source>
        <translation>uno por línea</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Transcript</source>
        <translation>Transcripción</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Más</translation>
    </message>
    <message>
        <source>What they see</source>
        <translation>Lo que ven</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Lado a lado</translation>
    </message>
    <message>
        <source>Wipe</source>
        <translation>Cortinilla</translation>
    </message>
    <message>
        <source>Opening camera and microphone…</source>
        <translation>Abriendo la cámara y el micrófono…</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>En silencio</translation>
    </message>
    <message>
        <source>Passing your own voice on</source>
        <translation>Se transmite su propia voz</translation>
    </message>
    <message>
        <source>Loading models…</source>
        <translation>Cargando modelos…</translation>
    </message>
    <message>
        <source>Translating</source>
        <translation>Traduciendo</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Deteniendo…</translation>
    </message>
    <message>
        <source>Could not start</source>
        <translation>No se pudo iniciar</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Listo</translation>
    </message>
    <message>
        <source>What helps?</source>
        <translation>¿Qué ayuda?</translation>
    </message>
    <message>
        <source>The microphone hears the translation. Headphones help.</source>
        <translation>El micrófono oye la traducción. Unos auriculares ayudan.</translation>
    </message>
    <message>
        <source>Some changes take effect when the translation starts anew.</source>
        <translation>Algunos cambios surten efecto al volver a iniciar la traducción.</translation>
    </message>
    <message>
        <source>Start anew now</source>
        <translation>Reiniciar ahora</translation>
    </message>
</context>
<context>
    <name>Meter</name>
    <message>
        <source>Microphone level</source>
        <translation>Nivel del micrófono</translation>
    </message>
    <message>
        <source>Speech</source>
        <translation>Voz</translation>
    </message>
    <message>
        <source>Silence {0} of {1} s</source>
        <translation>Silencio {0} de {1} s</translation>
    </message>
    <message>
        <source>Silence</source>
        <translation>Silencio</translation>
    </message>
</context>
<context>
    <name>ModelRow</name>
    <message>
        <source>Progress of {0}</source>
        <translation>Progreso de {0}</translation>
    </message>
    <message>
        <source>Not for commercial use.</source>
        <translation>No apto para uso comercial.</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} de {1}</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Descargar</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Quitar</translation>
    </message>
    <message>
        <source>here</source>
        <translation>instalado</translation>
    </message>
    <message>
        <source>to be had</source>
        <translation>disponible</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Reconocimiento</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>Traducción</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Voz</translation>
    </message>
    <message>
        <source>Sentence end</source>
        <translation>Fin de frase</translation>
    </message>
    <message>
        <source>Lips</source>
        <translation>Labios</translation>
    </message>
</context>
<context>
    <name>ModelWindow</name>
    <message>
        <source>Models</source>
        <translation>Modelos</translation>
    </message>
    <message>
        <source>What is built in works without any of these. Better models are downloaded only when you ask for them; nothing you say leaves this machine.</source>
        <translation>Lo incorporado funciona sin nada de esto. Los modelos mejores solo se descargan cuando usted lo pide; nada de lo que dice sale de este equipo.</translation>
    </message>
    <message>
        <source>Import from disk…</source>
        <translation>Importar del disco…</translation>
    </message>
    <message>
        <source>This installation has no catalogue of models.</source>
        <translation>Esta instalación no tiene catálogo de modelos.</translation>
    </message>
    <message>
        <source>Do you accept the licence of this model?</source>
        <translation>¿Acepta la licencia de este modelo?</translation>
    </message>
    <message>
        <source>{0}

Size: {1}
Licence: {2}

Download it?</source>
        <translation>{0}

Tamaño: {1}
Licencia: {2}

¿Descargarlo?</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Licencia</translation>
    </message>
    <message>
        <source>Stopped. What came is kept and used next time.</source>
        <translation>Detenido. Lo recibido se conserva y se usará la próxima vez.</translation>
    </message>
</context>
<context>
    <name>NoiseCard</name>
    <message>
        <source>What it brings</source>
        <translation>Qué aporta</translation>
    </message>
    <message>
        <source>Level before</source>
        <translation>Nivel antes</translation>
    </message>
    <message>
        <source>Level after</source>
        <translation>Nivel después</translation>
    </message>
    <message>
        <source>Listen to yourself (5 s)</source>
        <translation>Escucharse (5 s)</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Tal cual</translation>
    </message>
    <message>
        <source>Without noise</source>
        <translation>Sin ruido</translation>
    </message>
    <message>
        <source>Chosen above, it shows while you translate what it takes away.</source>
        <translation>Elegido arriba, muestra mientras traduce lo que quita.</translation>
    </message>
    <message>
        <source>{0} dB are taken away at this moment.</source>
        <translation>En este momento se quitan {0} dB.</translation>
    </message>
    <message>
        <source>The microphone is not open yet.</source>
        <translation>El micrófono aún no está abierto.</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>Trabajando…</translation>
    </message>
    <message>
        <source>Nothing is kept away: choose above what does it.</source>
        <translation>No se quita nada: elija arriba qué lo hace.</translation>
    </message>
    <message>
        <source>Speak… {0}</source>
        <translation>Hable… {0}</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Antes</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Después</translation>
    </message>
</context>
<context>
    <name>Pages</name>
    <message>
        <source>First steps</source>
        <translation>Primeros pasos</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelos</translation>
    </message>
    <message>
        <source>Diagnostics</source>
        <translation>Diagnóstico</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Acerca de</translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>Preview of the outgoing picture</source>
        <translation>Vista previa de la imagen saliente</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Cámara</translation>
    </message>
    <message>
        <source>Meeting sees</source>
        <translation>La reunión ve</translation>
    </message>
</context>
<context>
    <name>ProfilePage</name>
    <message>
        <source>Profiles</source>
        <translation>Perfiles</translation>
    </message>
    <message>
        <source>A profile holds all settings, for example those of one meeting or voice.</source>
        <translation>Un perfil guarda todos los ajustes, por ejemplo los de una reunión o una voz.</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Usar</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Guardar como…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Quitar</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importar…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportar…</translation>
    </message>
    <message>
        <source>Name of the profile</source>
        <translation>Nombre del perfil</translation>
    </message>
</context>
<context>
    <name>RungCard</name>
    <message>
        <source>Engines</source>
        <translation>Motores</translation>
    </message>
    <message>
        <source>Chosen when you start.</source>
        <translation>Se eligen al empezar.</translation>
    </message>
    <message>
        <source>Get better models…</source>
        <translation>Obtener mejores modelos…</translation>
    </message>
    <message>
        <source>(basic)</source>
        <translation>(básico)</translation>
    </message>
    <message>
        <source>; not {0}:</source>
        <translation>; no {0}:</translation>
    </message>
    <message>
        <source>Speech or noise</source>
        <translation>Voz o ruido</translation>
    </message>
    <message>
        <source>Sentence end</source>
        <translation>Fin de frase</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Reconocimiento</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>Traducción</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Voz</translation>
    </message>
    <message>
        <source>Face</source>
        <translation>Cara</translation>
    </message>
    <message>
        <source>Lips</source>
        <translation>Labios</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Ruido</translation>
    </message>
</context>
<context>
    <name>SectionPage</name>
    <message>
        <source>Back to the defaults</source>
        <translation>Valores predeterminados</translation>
    </message>
    <message>
        <source>Takes effect at the next start.</source>
        <translation>Surte efecto en el próximo inicio.</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>Páginas de los ajustes</translation>
    </message>
    <message>
        <source>Profiles</source>
        <translation>Perfiles</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
</context>
<context>
    <name>StripCard</name>
    <message>
        <source>The last half minute</source>
        <translation>El último medio minuto</translation>
    </message>
    <message>
        <source>Segments: {0}, cut by loudness and pauses alone.</source>
        <translation>Segmentos: {0}, cortados solo por volumen y pausas.</translation>
    </message>
</context>
<context>
    <name>TranscriptWindow</name>
    <message>
        <source>Transcript</source>
        <translation>Transcripción</translation>
    </message>
    <message>
        <source>Search both languages</source>
        <translation>Buscar en ambos idiomas</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Copiado.</translation>
    </message>
    <message>
        <source>Written to {0}.</source>
        <translation>Guardado en {0}.</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}.</source>
        <translation>No se puede escribir {0}: {1}.</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportar</translation>
    </message>
    <message>
        <source>Both languages</source>
        <translation>Ambos idiomas</translation>
    </message>
    <message>
        <source>Your language</source>
        <translation>Su idioma</translation>
    </message>
    <message>
        <source>Their language</source>
        <translation>El idioma de ellos</translation>
    </message>
    <message>
        <source>Languages to export</source>
        <translation>Idiomas que exportar</translation>
    </message>
    <message>
        <source>Form to export</source>
        <translation>Formato de exportación</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copiar</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>My own voice now</source>
        <translation>Mi propia voz ahora</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Silenciar</translation>
    </message>
    <message>
        <source>They hear</source>
        <translation>Ellos oyen</translation>
    </message>
    <message>
        <source>Show the window</source>
        <translation>Mostrar la ventana</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Salir</translation>
    </message>
    <message>
        <source>Stop translating</source>
        <translation>Detener la traducción</translation>
    </message>
    <message>
        <source>Start translating</source>
        <translation>Empezar a traducir</translation>
    </message>
    <message>
        <source>Translating</source>
        <translation>Traduciendo</translation>
    </message>
    <message>
        <source>Passing your own voice on</source>
        <translation>Se transmite su propia voz</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Listo</translation>
    </message>
</context>
<context>
    <name>VoiceCard</name>
    <message>
        <source>How loud your own voice stays</source>
        <translation>Volumen de su propia voz</translation>
    </message>
    <message>
        <source>What keeps noise away</source>
        <translation>Qué quita el ruido</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Micrófono</translation>
    </message>
    <message>
        <source>Your own voice</source>
        <translation>Su propia voz</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Ruido</translation>
    </message>
    <message>
        <source>{0} dB less</source>
        <translation>{0} dB menos</translation>
    </message>
    <message>
        <source>silent</source>
        <translation>en silencio</translation>
    </message>
    <message>
        <source>{0} dB under the translation</source>
        <translation>{0} dB por debajo de la traducción</translation>
    </message>
    <message>
        <source>as it is</source>
        <translation>tal cual</translation>
    </message>
</context>
<context>
    <name>_Strip</name>
    <message>
        <source>How the last half minute would be cut</source>
        <translation>Cómo se cortaría el último medio minuto</translation>
    </message>
</context>
<context>
    <name>findings</name>
    <message>
        <source>Microphone</source>
        <translation>Micrófono</translation>
    </message>
    <message>
        <source>Microphone&apos;s sound</source>
        <translation>Sonido del micrófono</translation>
    </message>
    <message>
        <source>Guests&apos; microphones</source>
        <translation>Micrófonos de los invitados</translation>
    </message>
    <message>
        <source>Sound server</source>
        <translation>Servidor de sonido</translation>
    </message>
    <message>
        <source>Virtual microphone</source>
        <translation>Micrófono virtual</translation>
    </message>
    <message>
        <source>Default microphone</source>
        <translation>Micrófono predeterminado</translation>
    </message>
    <message>
        <source>Default loudspeaker</source>
        <translation>Altavoz predeterminado</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Cámara</translation>
    </message>
    <message>
        <source>Camera permission</source>
        <translation>Permiso de la cámara</translation>
    </message>
    <message>
        <source>Busy camera</source>
        <translation>Cámara ocupada</translation>
    </message>
    <message>
        <source>Camera&apos;s picture</source>
        <translation>Imagen de la cámara</translation>
    </message>
    <message>
        <source>Virtual camera</source>
        <translation>Cámara virtual</translation>
    </message>
    <message>
        <source>Virtual camera device</source>
        <translation>Dispositivo de la cámara virtual</translation>
    </message>
    <message>
        <source>PipeWire camera</source>
        <translation>Cámara de PipeWire</translation>
    </message>
    <message>
        <source>Camera portal</source>
        <translation>Portal de la cámara</translation>
    </message>
    <message>
        <source>Virtual cable</source>
        <translation>Cable virtual</translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation>Permisos</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Reconocimiento</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>Traducción</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Voz</translation>
    </message>
    <message>
        <source>Speech detection</source>
        <translation>Detección del habla</translation>
    </message>
    <message>
        <source>Ends of sentences</source>
        <translation>Finales de las frases</translation>
    </message>
    <message>
        <source>Face</source>
        <translation>Cara</translation>
    </message>
    <message>
        <source>Lips</source>
        <translation>Labios</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Idiomas</translation>
    </message>
    <message>
        <source>Graphics card</source>
        <translation>Tarjeta gráfica</translation>
    </message>
    <message>
        <source>CUDA for recognition and translation</source>
        <translation>CUDA para reconocer y traducir</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Procesador</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Memoria</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Disco</translation>
    </message>
    <message>
        <source>Settings folder</source>
        <translation>Carpeta de los ajustes</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>Carpeta de los datos</translation>
    </message>
    <message>
        <source>Log folder</source>
        <translation>Carpeta de los registros</translation>
    </message>
    <message>
        <source>Cache folder</source>
        <translation>Carpeta de la caché</translation>
    </message>
    <message>
        <source>Settings file</source>
        <translation>Archivo de los ajustes</translation>
    </message>
    <message>
        <source>Fonts for captions</source>
        <translation>Tipos de letra para los subtítulos</translation>
    </message>
    <message>
        <source>Right-to-left captions</source>
        <translation>Subtítulos de derecha a izquierda</translation>
    </message>
    <message>
        <source>Display</source>
        <translation>Pantalla</translation>
    </message>
    <message>
        <source>Python packages</source>
        <translation>Paquetes de Python</translation>
    </message>
    <message>
        <source>All right</source>
        <translation>En orden</translation>
    </message>
    <message>
        <source>Hint</source>
        <translation>Consejo</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>Problema</translation>
    </message>
    <message>
        <source>Check of {0}</source>
        <translation>Comprobación de {0}</translation>
    </message>
</context>
<context>
    <name>quitting</name>
    <message>
        <source>A meeting program is using Translated Camera. If you quit, it loses picture and voice.</source>
        <translation>Un programa de reuniones está usando Translated Camera. Si sale, perderá la imagen y la voz.</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>Quedarse</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Salir</translation>
    </message>
</context>
<context>
    <name>sentences</name>
    <message>
        <source>No recognition model is here.</source>
        <translation>Aquí no hay ningún modelo de reconocimiento.</translation>
    </message>
    <message>
        <source>No translation model is here.</source>
        <translation>Aquí no hay ningún modelo de traducción.</translation>
    </message>
    <message>
        <source>No voice model is here.</source>
        <translation>Aquí no hay ningún modelo de voz.</translation>
    </message>
    <message>
        <source>No recognition model for {0} is here.</source>
        <translation>Aquí no hay ningún modelo de reconocimiento para {0}.</translation>
    </message>
    <message>
        <source>No voice model for {0} is here.</source>
        <translation>Aquí no hay ningún modelo de voz para {0}.</translation>
    </message>
    <message>
        <source>No translation model from {0} to {1} is here, directly or through English.</source>
        <translation>Aquí no hay ningún modelo de traducción de {0} a {1}, ni directo ni pasando por el inglés.</translation>
    </message>
    <message>
        <source>See what there is with `translated-camera models list --kind {0}`, and get one with `translated-camera models pull NAME`.</source>
        <translation>Mire qué hay y obtenga uno en Modelos, o con `translated-camera models list --kind {0}` y `translated-camera models pull NAME`.</translation>
    </message>
    <message>
        <source>Get one with `translated-camera models pull {0}`.</source>
        <translation>Obtenga uno con `translated-camera models pull {0}`.</translation>
    </message>
    <message>
        <source>The {0} models that are here need a graphics card, and there is none.</source>
        <translation>Los modelos de {0} que hay aquí necesitan una tarjeta gráfica, y no hay ninguna.</translation>
    </message>
    <message>
        <source>pocketsphinx recognises English only, not {0}. Choose another recogniser for it.</source>
        <translation>pocketsphinx solo reconoce inglés, no {0}. Elija otro reconocedor.</translation>
    </message>
    <message>
        <source>pocketsphinx recognises English only and finds out no other language.</source>
        <translation>pocketsphinx solo reconoce inglés y no averigua otros idiomas.</translation>
    </message>
    <message>
        <source>The {0} engine {1} needs {2}.</source>
        <translation>El motor {1} ({0}) necesita {2}.</translation>
    </message>
    <message>
        <source>XTTS needs a graphics card: on a processor it takes twice as long as it speaks.</source>
        <translation>XTTS necesita una tarjeta gráfica: en un procesador tarda el doble de lo que habla.</translation>
    </message>
    <message>
        <source>Wav2Lip needs a checkpoint, which this program does not bring along. Put yours into {0} as wav2lip.pth or wav2lip.onnx. Its licence allows non-commercial use only.</source>
        <translation>Wav2Lip necesita unos pesos que este programa no trae. Ponga los suyos en {0} como wav2lip.pth o wav2lip.onnx. Su licencia solo permite el uso no comercial.</translation>
    </message>
    <message>
        <source>A part of the program has failed; it is being started again.</source>
        <translation>Ha fallado una parte del programa; se está iniciando de nuevo.</translation>
    </message>
    <message>
        <source>You are heard as you are: {0}</source>
        <translation>Se le oye tal cual: {0}</translation>
    </message>
    <message>
        <source>No recogniser here finds out which language is spoken. Choose your language.</source>
        <translation>Ningún reconocedor de aquí averigua qué idioma se habla. Elija su idioma.</translation>
    </message>
    <message>
        <source>Your own voice is not passed on by itself: the recogniser at work does not find out which language is spoken.</source>
        <translation>Su propia voz no se pasa por sí sola: el reconocedor en uso no averigua qué idioma se habla.</translation>
    </message>
    <message>
        <source>Finding out which language is spoken needs a Whisper model for many languages. Get one under Models.</source>
        <translation>Averiguar qué idioma se habla requiere un modelo Whisper multilingüe. Obtenga uno en Modelos.</translation>
    </message>
    <message>
        <source>Nothing here translates {0} into {1}.</source>
        <translation>Nada aquí traduce de {0} a {1}.</translation>
    </message>
    <message>
        <source>the voice was too far behind</source>
        <translation>la voz iba demasiado retrasada</translation>
    </message>
    <message>
        <source>The camera {0} was unplugged or has stopped.</source>
        <translation>La cámara {0} se desconectó o se detuvo.</translation>
    </message>
    <message>
        <source>The camera {0} is used by {1}; close it there.</source>
        <translation>La cámara {0} la usa {1}; ciérrela allí.</translation>
    </message>
    <message>
        <source>The microphone {0} was unplugged.</source>
        <translation>El micrófono {0} se desconectó.</translation>
    </message>
    <message>
        <source>The microphone {0} gives nothing but silence. Is it muted, or is this program not allowed to listen?</source>
        <translation>El micrófono {0} solo da silencio. ¿Está silenciado, o no se permite escuchar a este programa?</translation>
    </message>
    <message>
        <source>The microphone {0} is too loud and distorts: turn its level down.</source>
        <translation>El micrófono {0} está demasiado alto y distorsiona: baje su nivel.</translation>
    </message>
    <message>
        <source>The virtual camera is switched off.</source>
        <translation>La cámara virtual está apagada.</translation>
    </message>
    <message>
        <source>No program can see “{0}”, there is the preview only.</source>
        <translation>Ningún programa puede ver «{0}», solo hay la vista previa.</translation>
    </message>
    <message>
        <source>There is no v4l2loopback device. Install v4l2loopback-dkms; {0}.</source>
        <translation>No hay ningún dispositivo v4l2loopback. Instale v4l2loopback-dkms; {0}.</translation>
    </message>
    <message>
        <source>PipeWire is not running for this user. Start it: systemctl --user start pipewire</source>
        <translation>PipeWire no está en marcha para este usuario. Inícielo: systemctl --user start pipewire</translation>
    </message>
    <message>
        <source>The sound server does not answer.</source>
        <translation>El servidor de sonido no responde.</translation>
    </message>
    <message>
        <source>The sound server is gone, and with it the virtual microphone.</source>
        <translation>El servidor de sonido ha desaparecido, y con él el micrófono virtual.</translation>
    </message>
    <message>
        <source>The shortcuts work in our own windows only. In the desktop&apos;s keyboard settings you can bind keys to: translated-camera tell panic</source>
        <translation>Los atajos solo funcionan en nuestras ventanas. En los ajustes de teclado del escritorio puede asignar teclas a: translated-camera tell panic</translation>
    </message>
    <message>
        <source>macOS gives keys everywhere only to programs that may watch everything that is typed, which this one does not ask for. The shortcuts work in our own windows; the icon in the menu bar has them too.</source>
        <translation>macOS solo da teclas en todas partes a programas que pueden ver todo lo que se escribe, y este no lo pide. Los atajos funcionan en nuestras ventanas; el icono de la barra de menús también los tiene.</translation>
    </message>
    <message>
        <source>This desktop offers no shortcuts to programs (its portal has no GlobalShortcuts).</source>
        <translation>Este escritorio no ofrece atajos a los programas (su portal no tiene GlobalShortcuts).</translation>
    </message>
    <message>
        <source>There is no session bus, so the desktop cannot be asked for shortcuts.</source>
        <translation>No hay bus de sesión, así que no se le pueden pedir atajos al escritorio.</translation>
    </message>
    <message>
        <source>You or the desktop declined the shortcuts; they can be given in its keyboard settings.</source>
        <translation>Usted o el escritorio rechazaron los atajos; se pueden dar en sus ajustes de teclado.</translation>
    </message>
    <message>
        <source>The desktop has taken the shortcuts back.</source>
        <translation>El escritorio ha retirado los atajos.</translation>
    </message>
    <message>
        <source>Another program has taken {0} already.</source>
        <translation>Otro programa ya ha tomado {0}.</translation>
    </message>
    <message>
        <source>Your microphone hears the translation that is meant for you. Use headphones: else it is translated for the others.</source>
        <translation>Su micrófono oye la traducción destinada a usted. Use auriculares: si no, se traduce para los demás.</translation>
    </message>
    <message>
        <source>What is played for you comes back as the others&apos; sound. It is only shown from here on; choose another output (others.output) and turn it on again.</source>
        <translation>Lo que suena para usted vuelve como sonido de los demás. A partir de ahora solo se muestra; elija otra salida (others.output) y actívelo de nuevo.</translation>
    </message>
    <message>
        <source>The others cannot be translated for you.</source>
        <translation>No se puede traducir a los demás para usted.</translation>
    </message>
    <message>
        <source>The others speak {0} already: nothing to translate for you.</source>
        <translation>Los demás ya hablan {0}: no hay nada que traducirle.</translation>
    </message>
    <message>
        <source>Which language do you hear the others in? Your own is found out while you speak; set others.language (--others-to).</source>
        <translation>¿En qué idioma oye usted a los demás? El suyo se averigua mientras habla; indique others.language (--others-to).</translation>
    </message>
    <message>
        <source>the voice is turned off</source>
        <translation>la voz está desactivada</translation>
    </message>
    <message>
        <source>{0} plays nothing; it is heard as soon as it does.</source>
        <translation>{0} no reproduce nada; se oirá en cuanto lo haga.</translation>
    </message>
    <message>
        <source>No program plays anything; it is heard as soon as one does.</source>
        <translation>Ningún programa reproduce nada; se oirá en cuanto alguno lo haga.</translation>
    </message>
    <message>
        <source>{0} failed ({1}); {2} goes on.</source>
        <translation>{0} ha fallado ({1}); sigue {2}.</translation>
    </message>
    <message>
        <source>This machine is too busy for {0}, which takes {1} times as long as it may; {2} goes on.</source>
        <translation>Este equipo está demasiado ocupado para {0}, que tarda {1} veces lo permitido; sigue {2}.</translation>
    </message>
    <message>
        <source>{0} does well here again and is back in place of {1}.</source>
        <translation>{0} vuelve a ir bien aquí y sustituye de nuevo a {1}.</translation>
    </message>
    <message>
        <source>This machine is too busy for it at the moment.</source>
        <translation>Este equipo está demasiado ocupado para él en este momento.</translation>
    </message>
    <message>
        <source>It failed ({0}).</source>
        <translation>Ha fallado ({0}).</translation>
    </message>
    <message>
        <source>CUDA was asked for (models.device), but no graphics card that has it is found; the processor works instead.</source>
        <translation>Se pidió CUDA (models.device), pero no se encuentra ninguna tarjeta gráfica que lo tenga; trabaja el procesador en su lugar.</translation>
    </message>
    <message>
        <source>Install NVIDIA&apos;s driver with cuBLAS and cuDNN, or set models.device to auto.</source>
        <translation>Instale el controlador de NVIDIA con cuBLAS y cuDNN, o ponga models.device en auto.</translation>
    </message>
    <message>
        <source>The process of {0} had to be started again.</source>
        <translation>Hubo que volver a iniciar el proceso de {0}.</translation>
    </message>
    <message>
        <source>The {0} does not answer.</source>
        <translation>No responde: {0}.</translation>
    </message>
    <message>
        <source>The {0} does not answer; {1} of its requests are sent to others.</source>
        <translation>No responde: {0}; {1} de sus encargos pasan a otros.</translation>
    </message>
    <message>
        <source>{0} was asked for ({1}), but no graphics card is found; the processor works instead.</source>
        <translation>Se pidió {0} ({1}), pero no se encuentra ninguna tarjeta gráfica; en su lugar trabaja el procesador.</translation>
    </message>
    <message>
        <source>{0} was asked for ({1}), but it is not among the graphics cards that are found; the first one works instead.</source>
        <translation>Se pidió {0} ({1}), pero no está entre las tarjetas gráficas encontradas; en su lugar trabaja la primera.</translation>
    </message>
    <message>
        <source>The {0} has ended; what it had is done by others.</source>
        <translation>{0} ha terminado; lo que tenía lo hacen otros.</translation>
    </message>
    <message>
        <source>The {0} worker {1} on {2} has ended.</source>
        <translation>{0} worker {1} on {2} ha terminado.</translation>
    </message>
    <message>
        <source>{0} segments wait.</source>
        <translation>{0} segmentos esperan.</translation>
    </message>
    <message>
        <source>No {0} worker for {1} is at {2}. Start one: {3}</source>
        <translation>En {2} no hay ningún trabajador {0} para {1}. Inicie uno: {3}</translation>
    </message>
    <message>
        <source>No {0} worker is at {1}. Start one: {2}</source>
        <translation>En {1} no hay ningún trabajador {0}. Inicie uno: {2}</translation>
    </message>
    <message>
        <source>Three workers have ended over it; it is not tried again.</source>
        <translation>Tres trabajadores han terminado por su causa; no se intenta de nuevo.</translation>
    </message>
    <message>
        <source>The broker at {0} refuses this user name or password.</source>
        <translation>El intermediario de {0} rechaza este nombre de usuario o esta contraseña.</translation>
    </message>
    <message>
        <source>The broker at {0} has no such virtual host, or not for this user.</source>
        <translation>El intermediario de {0} no tiene ese host virtual, o no para este usuario.</translation>
    </message>
    <message>
        <source>A queue at {0} was declared with other settings ({1}). Delete it there (rabbitmqctl delete_queue NAME), or use a virtual host of your own.</source>
        <translation>Una cola de {0} se declaró con otros ajustes ({1}). Bórrela allí (rabbitmqctl delete_queue NAME) o use un host virtual propio.</translation>
    </message>
    <message>
        <source>The broker at {0} refuses: {1}.</source>
        <translation>El intermediario de {0} rechaza: {1}.</translation>
    </message>
    <message>
        <source>The certificate of the broker at {0} is not trusted ({1}).</source>
        <translation>El certificado del intermediario de {0} no es de confianza ({1}).</translation>
    </message>
    <message>
        <source>What answers at {0} does not speak TLS as asked ({1}).</source>
        <translation>Lo que responde en {0} no habla TLS como se pidió ({1}).</translation>
    </message>
    <message>
        <source>No broker answers at {0}. Is RabbitMQ running there?</source>
        <translation>Ningún intermediario responde en {0}. ¿Funciona allí RabbitMQ?</translation>
    </message>
    <message>
        <source>A broker&apos;s address is written amqp://user:password@host:5672/.</source>
        <translation>La dirección de un intermediario se escribe amqp://user:password@host:5672/.</translation>
    </message>
    <message>
        <source>Which broker? Name it: --broker amqp://user:password@host/, the setting placement.broker, or the variable {0}.</source>
        <translation>¿Qué intermediario? Indíquelo: --broker amqp://user:password@host/, el ajuste placement.broker o la variable {0}.</translation>
    </message>
    <message>
        <source>This message is of wire version {0}; this program understands version {1}. Let the same release run at both ends.</source>
        <translation>Este mensaje es del formato {0}; este programa entiende el formato {1}. En ambos extremos debe funcionar la misma versión.</translation>
    </message>
    <message>
        <source>A message of {0} MB is too large to be sent.</source>
        <translation>Un mensaje de {0} MB es demasiado grande para enviarlo.</translation>
    </message>
    <message>
        <source>The devices stay as they were.</source>
        <translation>Los dispositivos siguen como estaban.</translation>
    </message>
    <message>
        <source>The camera {0} was unplugged; {1} is shown until it is back.</source>
        <translation>La cámara {0} se desconectó; se muestra {1} hasta que vuelva.</translation>
    </message>
    <message>
        <source>The camera {0} was unplugged; there is no other.</source>
        <translation>La cámara {0} se desconectó; no hay otra.</translation>
    </message>
    <message>
        <source>The microphone {0} was unplugged; {1} is heard until it is back.</source>
        <translation>El micrófono {0} se desconectó; se oye {1} hasta que vuelva.</translation>
    </message>
    <message>
        <source>The microphone {0} was unplugged; there is no other.</source>
        <translation>El micrófono {0} se desconectó; no hay otro.</translation>
    </message>
    <message>
        <source>There is no camera called {0}; {1} is shown until it is there.</source>
        <translation>No hay ninguna cámara llamada {0}; se muestra {1} hasta que aparezca.</translation>
    </message>
    <message>
        <source>There is no microphone called {0}; {1} is heard until it is there.</source>
        <translation>No hay ningún micrófono llamado {0}; se oye {1} hasta que aparezca.</translation>
    </message>
    <message>
        <source>There is no microphone called {0}.</source>
        <translation>No hay ningún micrófono llamado {0}.</translation>
    </message>
    <message>
        <source>There is no camera.</source>
        <translation>No hay ninguna cámara.</translation>
    </message>
    <message>
        <source>There is no microphone.</source>
        <translation>No hay ningún micrófono.</translation>
    </message>
    <message>
        <source>Plug it in, or choose another one for the guest in the settings.</source>
        <translation>Conéctelo, o elija otro para el invitado en los ajustes.</translation>
    </message>
    <message>
        <source>{0} speaks {1} already: nothing to translate.</source>
        <translation>{0} ya habla {1}: no hay nada que traducir.</translation>
    </message>
    <message>
        <source>{0} needs a microphone that nobody else speaks into.</source>
        <translation>{0} necesita un micrófono por el que no hable nadie más.</translation>
    </message>
    <message>
        <source>{0} cannot be a name here: leave out the equals sign.</source>
        <translation>{0} no puede ser un nombre aquí: quite el signo igual.</translation>
    </message>
    <message>
        <source>Each further speaker needs a name of their own.</source>
        <translation>Cada persona más que habla necesita un nombre propio.</translation>
    </message>
    <message>
        <source>{0} is what everybody at the far end is called: choose another name.</source>
        <translation>{0} es como se llama a todos los del otro lado: elija otro nombre.</translation>
    </message>
    <message>
        <source>A further speaker is written {0}.</source>
        <translation>Otra persona que habla se escribe {0}.</translation>
    </message>
    <message>
        <source>It says {0} twice.</source>
        <translation>Dice {0} dos veces.</translation>
    </message>
    <message>
        <source>There is no such language. Give a code such as &quot;en&quot; or a name such as &quot;English&quot;.</source>
        <translation>No existe ese idioma. Indique un código como «en» o un nombre como «English».</translation>
    </message>
    <message>
        <source>Translated Camera is running already (process {0}); one session at a time can feed the virtual devices. End it first.</source>
        <translation>Translated Camera ya está en marcha (proceso {0}); solo una sesión a la vez puede alimentar los dispositivos virtuales. Ciérrela primero.</translation>
    </message>
    <message>
        <source>Process {0} of an earlier session does not end; end it by hand.</source>
        <translation>El proceso {0} de una sesión anterior no termina; termínelo a mano.</translation>
    </message>
    <message>
        <source>The settings cannot be written to {0}: {1}.</source>
        <translation>No se pueden escribir los ajustes en {0}: {1}.</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}.</source>
        <translation>No se puede escribir {0}: {1}.</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}.</source>
        <translation>No se puede leer {0}: {1}.</translation>
    </message>
    <message>
        <source>{0} cannot be a profile&apos;s name; use letters and digits.</source>
        <translation>{0} no puede ser el nombre de un perfil; use letras y cifras.</translation>
    </message>
    <message>
        <source>At most {0} further speakers can be heard.</source>
        <translation>Se puede oír como máximo a {0} personas más.</translation>
    </message>
    <message>
        <source>The settings take {0} in place of one.</source>
        <translation>Los ajustes ponen {0} en su lugar.</translation>
    </message>
    <message>
        <source>There is no microphone. Plug one in.</source>
        <translation>No hay micrófono. Conecte uno.</translation>
    </message>
    <message>
        <source>{0} is taken meanwhile.</source>
        <translation>Entretanto se usa {0}.</translation>
    </message>
    <message>
        <source>{0} is taken.</source>
        <translation>Se usa {0}.</translation>
    </message>
    <message>
        <source>There are {0} to choose from.</source>
        <translation>Hay {0} para elegir.</translation>
    </message>
    <message>
        <source>{0} is muted.</source>
        <translation>{0} está silenciado.</translation>
    </message>
    <message>
        <source>{0} is heard.</source>
        <translation>Se oye {0}.</translation>
    </message>
    <message>
        <source>{0} gives nothing but silence. Is it switched off, or is this program not allowed to listen?</source>
        <translation>{0} solo da silencio. ¿Está apagado, o este programa no puede escuchar?</translation>
    </message>
    <message>
        <source>{0} is as loud as can be, so it distorts: turn its level down.</source>
        <translation>{0} llega al máximo y distorsiona: baje su nivel.</translation>
    </message>
    <message>
        <source>There is sound.</source>
        <translation>Hay sonido.</translation>
    </message>
    <message>
        <source>There is no camera that this user may use.</source>
        <translation>No hay ninguna cámara que este usuario pueda usar.</translation>
    </message>
    <message>
        <source>Meetings hear the translation and see a slate with a text.</source>
        <translation>En las reuniones se oye la traducción y se ve un cartel con un texto.</translation>
    </message>
    <message>
        <source>This user may not use {0}.</source>
        <translation>Este usuario no puede usar {0}.</translation>
    </message>
    <message>
        <source>The group {0} has been joined already: log out and in again.</source>
        <translation>Ya pertenece al grupo {0}: cierre la sesión y vuelva a entrar.</translation>
    </message>
    <message>
        <source>Log out and in again.</source>
        <translation>Cierre la sesión y vuelva a entrar.</translation>
    </message>
    <message>
        <source>Start the machine anew.</source>
        <translation>Reinicie el equipo.</translation>
    </message>
    <message>
        <source>{0} is open in {1}. Most cameras serve one program at a time: if no picture comes, end that program.</source>
        <translation>{0} está abierta en {1}. La mayoría de las cámaras sirven a un solo programa a la vez: si no llega imagen, cierre ese programa.</translation>
    </message>
    <message>
        <source>{0} at {1} pictures a second.</source>
        <translation>{0} a {1} imágenes por segundo.</translation>
    </message>
    <message>
        <source>Its best is {0} at {1} pictures a second: the picture will jerk.</source>
        <translation>Lo mejor que da es {0} a {1} imágenes por segundo: la imagen irá a saltos.</translation>
    </message>
    <message>
        <source>Its best is {0} at {1} pictures a second: the picture will be coarse.</source>
        <translation>Lo mejor que da es {0} a {1} imágenes por segundo: la imagen será basta.</translation>
    </message>
    <message>
        <source>Workers behind the broker do it: `translated-camera worker` starts one.</source>
        <translation>Lo hacen procesos detrás del broker: `translated-camera worker` inicia uno.</translation>
    </message>
    <message>
        <source>Switched off in the settings.</source>
        <translation>Apagado en los ajustes.</translation>
    </message>
    <message>
        <source>It is switched off in the settings.</source>
        <translation>Está apagado en los ajustes.</translation>
    </message>
    <message>
        <source>Until then the picture passes as it is: `--lips off`.</source>
        <translation>Hasta entonces la imagen pasa como está: `--lips off`.</translation>
    </message>
    <message>
        <source>{0} may not be written by this user.</source>
        <translation>Este usuario no puede escribir en {0}.</translation>
    </message>
    <message>
        <source>{0} is in the way of the folder {1}: it is a file.</source>
        <translation>{0} está en el lugar de la carpeta {1}: es un archivo.</translation>
    </message>
    <message>
        <source>(made when needed)</source>
        <translation>(se crea cuando haga falta)</translation>
    </message>
    <message>
        <source>there is none yet; everything is as it comes</source>
        <translation>todavía no hay; todo está como viene</translation>
    </message>
    <message>
        <source>(the default is used)</source>
        <translation>(se usa el valor predeterminado)</translation>
    </message>
    <message>
        <source>(it is left out)</source>
        <translation>(se omite)</translation>
    </message>
    <message>
        <source>All are there: {0}.</source>
        <translation>Están todos: {0}.</translation>
    </message>
    <message>
        <source>A guest speaks {0} already: nothing to translate.</source>
        <translation>Un invitado ya habla {0}: no hay nada que traducir.</translation>
    </message>
    <message>
        <source>A guest needs a microphone that nobody else speaks into.</source>
        <translation>Un invitado necesita un micrófono por el que no hable nadie más.</translation>
    </message>
    <message>
        <source>A guest is to be heard from a file that is not there: choose another one in the settings.</source>
        <translation>Se debe oír a un invitado desde un archivo que no está: elija otro en los ajustes.</translation>
    </message>
    <message>
        <source>No font here has the letters of {0}.</source>
        <translation>Aquí ningún tipo de letra tiene las letras de: {0}.</translation>
    </message>
    <message>
        <source>There are fonts for both languages.</source>
        <translation>Hay tipos de letra para ambos idiomas.</translation>
    </message>
    <message>
        <source>What lays out right-to-left text is missing: its letters stand apart, or reversed.</source>
        <translation>Falta lo que compone el texto de derecha a izquierda: sus letras salen separadas o al revés.</translation>
    </message>
    <message>
        <source>There is none of NVIDIA&apos;s; everything is computed on the processor.</source>
        <translation>No hay ninguna de NVIDIA; todo se calcula en el procesador.</translation>
    </message>
    <message>
        <source>There is one of NVIDIA&apos;s, but its driver does not answer; the processor is used.</source>
        <translation>Hay una de NVIDIA, pero su controlador no responde; se usa el procesador.</translation>
    </message>
    <message>
        <source>CTranslate2 computes on the card.</source>
        <translation>CTranslate2 calcula en la tarjeta.</translation>
    </message>
    <message>
        <source>CTranslate2 finds no card it can compute on: cuBLAS or cuDNN is missing.</source>
        <translation>CTranslate2 no encuentra tarjeta en la que calcular: falta cuBLAS o cuDNN.</translation>
    </message>
    <message>
        <source>Not installed; lips are drawn without it, more slowly.</source>
        <translation>No está instalado; los labios se dibujan sin él, más despacio.</translation>
    </message>
    <message>
        <source>Not installed; what needs it is left out.</source>
        <translation>No está instalado; se omite lo que lo necesita.</translation>
    </message>
    <message>
        <source>{0} with CUDA {1}</source>
        <translation>{0} con CUDA {1}</translation>
    </message>
    <message>
        <source>{0} computes on the processor only: built without CUDA, or the driver is too old.</source>
        <translation>{0} calcula solo en el procesador: hecho sin CUDA, o el controlador es demasiado antiguo.</translation>
    </message>
    <message>
        <source>It cannot be loaded: {0}</source>
        <translation>No se puede cargar: {0}</translation>
    </message>
    <message>
        <source>It could not be looked at: {0}</source>
        <translation>No se pudo mirar: {0}</translation>
    </message>
    <message>
        <source>The language is found out as you speak.</source>
        <translation>El idioma se averigua mientras habla.</translation>
    </message>
    <message>
        <source>Translated are: {0}.</source>
        <translation>Se traduce: {0}.</translation>
    </message>
    <message>
        <source>Nothing is here that translates from {0} into what a voice can speak.</source>
        <translation>Aquí no hay nada que traduzca de {0} a algo que una voz pueda decir.</translation>
    </message>
    <message>
        <source>From {0}: {1}.</source>
        <translation>De {0}: {1}.</translation>
    </message>
    <message>
        <source>The kernel module is loaded{0}.</source>
        <translation>El módulo del núcleo está cargado{0}.</translation>
    </message>
    <message>
        <source>PipeWire&apos;s camera stands in, which fewer programs see.</source>
        <translation>La cámara de PipeWire la sustituye; la ven menos programas.</translation>
    </message>
    <message>
        <source>The kernel module is installed and not loaded.</source>
        <translation>El módulo del núcleo está instalado y no cargado.</translation>
    </message>
    <message>
        <source>This system has no kernel modules of its own (a container?): load it on the host.</source>
        <translation>Este sistema no tiene módulos del núcleo propios (¿un contenedor?): cárguelo en el anfitrión.</translation>
    </message>
    <message>
        <source>The kernel module is not installed, which makes the camera for programs.</source>
        <translation>No está instalado el módulo del núcleo que crea la cámara para los programas.</translation>
    </message>
    <message>
        <source>{0} may not be opened by this user; see the permissions.</source>
        <translation>Este usuario no puede abrir {0}; vea los permisos.</translation>
    </message>
    <message>
        <source>No device is called “{0}”.</source>
        <translation>Ningún dispositivo se llama «{0}».</translation>
    </message>
    <message>
        <source>There is {0}; the setting devices.virtual_camera can name one by its path.</source>
        <translation>Hay {0}; el ajuste devices.virtual_camera puede nombrar uno por su ruta.</translation>
    </message>
    <message>
        <source>It is on, as Chromium needs it.</source>
        <translation>Está activado, como Chromium lo necesita.</translation>
    </message>
    <message>
        <source>It is off: Chromium and what is made of it never list the camera.</source>
        <translation>Está desactivado: Chromium y lo que se basa en él nunca muestran la cámara.</translation>
    </message>
    <message>
        <source>A session of this program feeds {0}.</source>
        <translation>Una sesión de este programa alimenta {0}.</translation>
    </message>
    <message>
        <source>{0} is fed by {1} at this moment; one program can at a time.</source>
        <translation>{1} alimenta {0} en este momento; solo puede un programa a la vez.</translation>
    </message>
    <message>
        <source>{0} takes no pictures while {1} holds it. End that program.</source>
        <translation>{0} no acepta imágenes mientras lo retiene {1}. Cierre ese programa.</translation>
    </message>
    <message>
        <source>{0} takes no pictures since its last writer died; the next session cures that.</source>
        <translation>{0} no acepta imágenes desde que murió quien lo alimentaba; la próxima sesión lo arregla.</translation>
    </message>
    <message>
        <source>{0} takes pictures again.</source>
        <translation>{0} vuelve a aceptar imágenes.</translation>
    </message>
    <message>
        <source>{0} holds {1} at {2}. Switch the camera off there, and on again later.</source>
        <translation>{0} retiene {1} en {2}. Apague allí la cámara y enciéndala más tarde.</translation>
    </message>
    <message>
        <source>“{0}” ({1}) takes pictures.</source>
        <translation>«{0}» ({1}) acepta imágenes.</translation>
    </message>
    <message>
        <source>They are those that were tried.</source>
        <translation>Son los que se probaron.</translation>
    </message>
    <message>
        <source>All there.</source>
        <translation>Está todo.</translation>
    </message>
    <message>
        <source>Missing: {0}.</source>
        <translation>Faltan: {0}.</translation>
    </message>
    <message>
        <source>Other than tried: {0}.</source>
        <translation>Distintos de los probados: {0}.</translation>
    </message>
    <message>
        <source>It is compiled.</source>
        <translation>Está compilada.</translation>
    </message>
    <message>
        <source>The small library that makes the camera is not compiled.</source>
        <translation>La pequeña biblioteca que crea la cámara no está compilada.</translation>
    </message>
    <message>
        <source>The PipeWire camera is compiled.</source>
        <translation>La cámara de PipeWire está compilada.</translation>
    </message>
    <message>
        <source>What compiles the small library that makes the camera is not installed.</source>
        <translation>No está instalado lo que compila la pequeña biblioteca que crea la cámara.</translation>
    </message>
    <message>
        <source>It is running.</source>
        <translation>Está en marcha.</translation>
    </message>
    <message>
        <source>PipeWire is installed and does not run for this user.</source>
        <translation>PipeWire está instalado y no funciona para este usuario.</translation>
    </message>
    <message>
        <source>PipeWire is not installed; without it and without v4l2loopback there is no camera.</source>
        <translation>PipeWire no está instalado; sin él y sin v4l2loopback no hay cámara.</translation>
    </message>
    <message>
        <source>There is no D-Bus session, so no portal: browsers cannot be given the camera.</source>
        <translation>No hay sesión de D-Bus, así que tampoco portal: no se puede dar la cámara a los navegadores.</translation>
    </message>
    <message>
        <source>It is there (version {0}).</source>
        <translation>Está (versión {0}).</translation>
    </message>
    <message>
        <source>xdg-desktop-portal is not installed: browsers cannot be given the camera.</source>
        <translation>xdg-desktop-portal no está instalado: no se puede dar la cámara a los navegadores.</translation>
    </message>
    <message>
        <source>This desktop&apos;s portal offers no cameras. Install the portal of your desktop.</source>
        <translation>El portal de este escritorio no ofrece cámaras. Instale el portal de su escritorio.</translation>
    </message>
    <message>
        <source>Whether there is one cannot be told: {0}.</source>
        <translation>No se puede saber si lo hay: {0}.</translation>
    </message>
    <message>
        <source>{0} cores{1}, without AVX2: the networks run many times slower. Use the basic engines.</source>
        <translation>{0} núcleos{1}, sin AVX2: las redes van muchas veces más lentas. Use los motores básicos.</translation>
    </message>
    <message>
        <source>{0} cores{1}: with fewer than {2}, small models and lips on `own_mouth` do best.</source>
        <translation>{0} núcleos{1}: con menos de {2} van mejor los modelos pequeños y los labios en `own_mouth`.</translation>
    </message>
    <message>
        <source>{0} cores: with fewer than {1}, small models and lips on `own_mouth` do best.</source>
        <translation>{0} núcleos: con menos de {1} van mejor los modelos pequeños y los labios en `own_mouth`.</translation>
    </message>
    <message>
        <source>{0} cores{1}; without VNNI, so eight bits gain less.</source>
        <translation>{0} núcleos{1}; sin VNNI, así que ocho bits ayudan menos.</translation>
    </message>
    <message>
        <source>{0} cores{1}.</source>
        <translation>{0} núcleos{1}.</translation>
    </message>
    <message>
        <source>How much there is cannot be told here.</source>
        <translation>Aquí no se puede saber cuánta hay.</translation>
    </message>
    <message>
        <source>{0} GB, {1} free: too little for more than the basic engines.</source>
        <translation>{0} GB, {1} libres: demasiado poco para algo más que los motores básicos.</translation>
    </message>
    <message>
        <source>{0} GB, {1} free: end what you do not need.</source>
        <translation>{0} GB, {1} libres: cierre lo que no necesite.</translation>
    </message>
    <message>
        <source>{0} GB, {1} free.</source>
        <translation>{0} GB, {1} libres.</translation>
    </message>
    <message>
        <source>{0} GB free where models and recordings lie ({1}): nothing more can be kept.</source>
        <translation>{0} GB libres donde están los modelos y las grabaciones ({1}): ya no se puede guardar nada.</translation>
    </message>
    <message>
        <source>{0} GB free where models and recordings lie ({1}): too little for the larger models.</source>
        <translation>{0} GB libres donde están los modelos y las grabaciones ({1}): demasiado poco para los modelos grandes.</translation>
    </message>
    <message>
        <source>{0} GB free where models and recordings lie ({1}).</source>
        <translation>{0} GB libres donde están los modelos y las grabaciones ({1}).</translation>
    </message>
    <message>
        <source>It is heard by {0}.</source>
        <translation>Lo oye {0}.</translation>
    </message>
    <message>
        <source>It is made when a session starts.</source>
        <translation>Se crea cuando empieza una sesión.</translation>
    </message>
    <message>
        <source>A session of this program feeds it at this moment.</source>
        <translation>Una sesión de este programa lo alimenta en este momento.</translation>
    </message>
    <message>
        <source>Every program hears it.</source>
        <translation>Todos los programas lo oyen.</translation>
    </message>
    <message>
        <source>It is in use: {0} plays into it.</source>
        <translation>Está en uso: {0} reproduce en él.</translation>
    </message>
    <message>
        <source>“{0}” is the system&apos;s default: programs that are told nothing take it.</source>
        <translation>«{0}» es el predeterminado del sistema: lo toman los programas a los que no se les dice nada.</translation>
    </message>
    <message>
        <source>The system&apos;s default loudspeaker is ours: what programs play goes into the meeting.</source>
        <translation>El altavoz predeterminado del sistema es el nuestro: lo que reproducen los programas va a la reunión.</translation>
    </message>
    <message>
        <source>There is no other to take its place.</source>
        <translation>No hay otro que ocupe su lugar.</translation>
    </message>
    <message>
        <source>{0} is the default.</source>
        <translation>{0} es el predeterminado.</translation>
    </message>
    <message>
        <source>Whether it is there shows when a session starts.</source>
        <translation>Si está, se ve cuando empieza una sesión.</translation>
    </message>
    <message>
        <source>{0} is there.</source>
        <translation>{0} está.</translation>
    </message>
    <message>
        <source>macOS asks once for camera and microphone; see System Settings, Privacy &amp; Security.</source>
        <translation>macOS pregunta una vez por la cámara y el micrófono; vea Ajustes del Sistema, Privacidad y seguridad.</translation>
    </message>
    <message>
        <source>If nothing is seen or heard: Settings, Privacy &amp; security, Camera and Microphone.</source>
        <translation>Si no se ve ni se oye nada: Configuración, Privacidad y seguridad, Cámara y Micrófono.</translation>
    </message>
    <message>
        <source>Done: {0}.</source>
        <translation>Hecho: {0}.</translation>
    </message>
    <message>
        <source>{0} cores.</source>
        <translation>{0} núcleos.</translation>
    </message>
    <message>
        <source>Start PipeWire (with pipewire-pulse) or PulseAudio.</source>
        <translation>Inicie PipeWire (con pipewire-pulse) o PulseAudio.</translation>
    </message>
    <message>
        <source>XTTS speaks with a speaker&apos;s own voice. Name the speaker in the setting voice.own; `translated-camera voices learn` teaches it one.</source>
        <translation>XTTS habla con la voz propia de alguien. Nombre a esa persona en el ajuste voice.own; `translated-camera voices learn` le enseña una.</translation>
    </message>
    <message>
        <source>The neural turn judge needs the file {0}. Get it with `translated-camera models pull smart-turn`, or install pipecat-ai, which contains it.</source>
        <translation>El juez neuronal de turnos necesita el archivo {0}. Consígalo con `translated-camera models pull smart-turn`, o instale pipecat-ai, que lo contiene.</translation>
    </message>
    <message>
        <source>There is no sound device named “{0}”.</source>
        <translation>No hay ningún dispositivo de sonido llamado «{0}».</translation>
    </message>
    <message>
        <source>Install VB-CABLE from {0}.</source>
        <translation>Instale VB-CABLE desde {0}.</translation>
    </message>
    <message>
        <source>Install BlackHole 2ch: {0}.</source>
        <translation>Instale BlackHole 2ch: {0}.</translation>
    </message>
    <message>
        <source>It is UnityCapture, registered as administrator: {0}; or the virtual camera of OBS Studio.</source>
        <translation>Es UnityCapture, registrada como administrador: {0}; o la cámara virtual de OBS Studio.</translation>
    </message>
    <message>
        <source>It is the virtual camera of OBS Studio 30 or later, started there once and stopped.</source>
        <translation>Es la cámara virtual de OBS Studio 30 o posterior, iniciada allí una vez y detenida.</translation>
    </message>
    <message>
        <source>(basic)</source>
        <translation>(básico)</translation>
    </message>
    <message>
        <source>; not {0}:</source>
        <translation>; no {0}:</translation>
    </message>
    <message>
        <source>There is no camera called {0}.</source>
        <translation>No hay ninguna cámara llamada {0}.</translation>
    </message>
    <message>
        <source>There is no camera at all.</source>
        <translation>No hay ninguna cámara.</translation>
    </message>
    <message>
        <source>There is no microphone at all.</source>
        <translation>No hay ningún micrófono.</translation>
    </message>
    <message>
        <source>There are: {0}.</source>
        <translation>Hay: {0}.</translation>
    </message>
    <message>
        <source>The kernel module is loaded.</source>
        <translation>El módulo del núcleo está cargado.</translation>
    </message>
    <message>
        <source>there is no setting {0}; did you mean {1}?</source>
        <translation>no hay ningún ajuste {0}; ¿quizá {1}?</translation>
    </message>
    <message>
        <source>there is no setting {0}; there are: {1}</source>
        <translation>no hay ningún ajuste {0}; hay: {1}</translation>
    </message>
    <message>
        <source>there is no section {0}; did you mean {1}?</source>
        <translation>no hay ninguna sección {0}; ¿quizá {1}?</translation>
    </message>
    <message>
        <source>there is no section {0}</source>
        <translation>no hay ninguna sección {0}</translation>
    </message>
    <message>
        <source>{0} is {1} or more, not {2}</source>
        <translation>{0} es {1} o más, no {2}</translation>
    </message>
    <message>
        <source>{0} is {1} or less, not {2}</source>
        <translation>{0} es {1} o menos, no {2}</translation>
    </message>
    <message>
        <source>{0} is one of {1}, not {2}</source>
        <translation>{0} es uno de {1}, no {2}</translation>
    </message>
    <message>
        <source>{0} is true or false, not {1}</source>
        <translation>{0} es true o false, no {1}</translation>
    </message>
    <message>
        <source>{0} is a whole number, not {1}</source>
        <translation>{0} es un número entero, no {1}</translation>
    </message>
    <message>
        <source>{0} is a number, not {1}</source>
        <translation>{0} es un número, no {1}</translation>
    </message>
    <message>
        <source>{0} is a text in quotes</source>
        <translation>{0} es un texto entre comillas</translation>
    </message>
    <message>
        <source>{0} is a list of texts</source>
        <translation>{0} es una lista de textos</translation>
    </message>
    <message>
        <source>{0} is a table of texts</source>
        <translation>{0} es una tabla de textos</translation>
    </message>
    <message>
        <source>this is not TOML: {0}</source>
        <translation>esto no es TOML: {0}</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Start with the desktop, without a window.</source>
        <translation>Iniciar con el escritorio, sin ventana.</translation>
    </message>
    <message>
        <source>Detect</source>
        <translation>Detectar</translation>
    </message>
    <message>
        <source>The system&apos;s</source>
        <translation>El del sistema</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automático</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Desactivado</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Idiomas</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Escucha</translation>
    </message>
    <message>
        <source>Engines</source>
        <translation>Motores</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelos</translation>
    </message>
    <message>
        <source>Graphics cards</source>
        <translation>Tarjetas gráficas</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Reconocimiento</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>Traducción</translation>
    </message>
    <message>
        <source>Delay</source>
        <translation>Retraso</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>Palabras</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Voz</translation>
    </message>
    <message>
        <source>Captions</source>
        <translation>Subtítulos</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Imagen</translation>
    </message>
    <message>
        <source>Expression</source>
        <translation>Expresión</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Dispositivos</translation>
    </message>
    <message>
        <source>The others</source>
        <translation>Los demás</translation>
    </message>
    <message>
        <source>Guests</source>
        <translation>Invitados</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Ventana</translation>
    </message>
    <message>
        <source>Where it runs</source>
        <translation>Dónde se ejecuta</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Ruido</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Atajos</translation>
    </message>
    <message>
        <source>The processor</source>
        <translation>El procesador</translation>
    </message>
    <message>
        <source>The graphics card</source>
        <translation>La tarjeta gráfica</translation>
    </message>
    <message>
        <source>As for all</source>
        <translation>Como para todos</translation>
    </message>
    <message>
        <source>Silent</source>
        <translation>En silencio</translation>
    </message>
    <message>
        <source>Noise suppressor</source>
        <translation>Supresor de ruido</translation>
    </message>
    <message>
        <source>By your lips</source>
        <translation>Por sus labios</translation>
    </message>
    <message>
        <source>Softly under the translation</source>
        <translation>Suave bajo la traducción</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Tal cual</translation>
    </message>
    <message>
        <source>Both languages</source>
        <translation>Ambos idiomas</translation>
    </message>
    <message>
        <source>Your language</source>
        <translation>Su idioma</translation>
    </message>
    <message>
        <source>Their language</source>
        <translation>El idioma de ellos</translation>
    </message>
    <message>
        <source>At the bottom</source>
        <translation>Abajo</translation>
    </message>
    <message>
        <source>At the top</source>
        <translation>Arriba</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>En vivo</translation>
    </message>
    <message>
        <source>Dubbed</source>
        <translation>Doblada</translation>
    </message>
    <message>
        <source>In this program</source>
        <translation>En este programa</translation>
    </message>
    <message>
        <source>In a process of its own</source>
        <translation>En un proceso propio</translation>
    </message>
    <message>
        <source>On another machine</source>
        <translation>En otro equipo</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Claro</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Oscuro</translation>
    </message>
    <message>
        <source>The language you speak.</source>
        <translation>El idioma que usted habla.</translation>
    </message>
    <message>
        <source>The language the others hear.</source>
        <translation>El idioma que oyen los demás.</translation>
    </message>
    <message>
        <source>When you speak the others&apos; language, pass your own voice on; needs Whisper.</source>
        <translation>Cuando habla el idioma de los demás, pasar su propia voz; requiere Whisper.</translation>
    </message>
    <message>
        <source>Seconds of silence that end a segment.</source>
        <translation>Segundos de silencio que terminan un segmento.</translation>
    </message>
    <message>
        <source>How far below your voice&apos;s peak silence begins, in dB.</source>
        <translation>Cuánto por debajo del pico de su voz empieza el silencio, en dB.</translation>
    </message>
    <message>
        <source>Seconds a segment lasts at least.</source>
        <translation>Segundos que dura un segmento como mínimo.</translation>
    </message>
    <message>
        <source>Seconds after which a segment is cut.</source>
        <translation>Segundos tras los que se corta un segmento.</translation>
    </message>
    <message>
        <source>How surely a sentence must be over to be sent before the pause ends.</source>
        <translation>Con qué seguridad debe haber terminado una frase para enviarla antes de que acabe la pausa.</translation>
    </message>
    <message>
        <source>Cut at the ends of clauses when you do not pause.</source>
        <translation>Cortar al final de las oraciones cuando no hace pausas.</translation>
    </message>
    <message>
        <source>Seconds of speech after which a clause&apos;s end may be cut at.</source>
        <translation>Segundos de habla tras los que se puede cortar al final de una oración.</translation>
    </message>
    <message>
        <source>What keeps noise and other voices away: nothing, a noise suppressor, or your lips.</source>
        <translation>Qué aparta el ruido y otras voces: nada, un supresor de ruido o sus labios.</translation>
    </message>
    <message>
        <source>How far that may go, 0 being not at all.</source>
        <translation>Hasta dónde puede llegar; 0 es nada.</translation>
    </message>
    <message>
        <source>What tells speech from noise.</source>
        <translation>Qué distingue la voz del ruido.</translation>
    </message>
    <message>
        <source>What judges whether a sentence is over.</source>
        <translation>Qué juzga si una frase ha terminado.</translation>
    </message>
    <message>
        <source>What recognises your words.</source>
        <translation>Qué reconoce sus palabras.</translation>
    </message>
    <message>
        <source>What translates them.</source>
        <translation>Qué las traduce.</translation>
    </message>
    <message>
        <source>What speaks the translation.</source>
        <translation>Qué pronuncia la traducción.</translation>
    </message>
    <message>
        <source>What finds your face.</source>
        <translation>Qué encuentra su cara.</translation>
    </message>
    <message>
        <source>What moves your lips.</source>
        <translation>Qué mueve sus labios.</translation>
    </message>
    <message>
        <source>Where neural networks compute: the graphics card, the processor, or what is best.</source>
        <translation>Dónde calculan las redes neuronales: la tarjeta gráfica, el procesador o lo que convenga.</translation>
    </message>
    <message>
        <source>The model that recognises; empty: the best that is here.</source>
        <translation>El modelo que reconoce; vacío: el mejor que haya aquí.</translation>
    </message>
    <message>
        <source>The model that translates; empty: the best that is here.</source>
        <translation>El modelo que traduce; vacío: el mejor que haya aquí.</translation>
    </message>
    <message>
        <source>The neural voice; empty: the best that is here.</source>
        <translation>La voz neuronal; vacío: la mejor que haya aquí.</translation>
    </message>
    <message>
        <source>Where your words are recognised.</source>
        <translation>Dónde se reconocen sus palabras.</translation>
    </message>
    <message>
        <source>Where the voice is made.</source>
        <translation>Dónde se hace la voz.</translation>
    </message>
    <message>
        <source>Where your lips are drawn.</source>
        <translation>Dónde se dibujan sus labios.</translation>
    </message>
    <message>
        <source>How full a card&apos;s memory may get before fewer lips are drawn at a time.</source>
        <translation>Cuánto puede llenarse la memoria de una tarjeta antes de dibujar menos labios a la vez.</translation>
    </message>
    <message>
        <source>Ways of understanding weighed up at a time.</source>
        <translation>Interpretaciones que se sopesan a la vez.</translation>
    </message>
    <message>
        <source>The same, when what came out first is doubted.</source>
        <translation>Lo mismo, cuando se duda de lo que salió primero.</translation>
    </message>
    <message>
        <source>Hear short segments in short windows: faster, at some risk.</source>
        <translation>Oír los segmentos cortos en ventanas cortas: más rápido, con algo de riesgo.</translation>
    </message>
    <message>
        <source>Sound below this is not listened to, in dB.</source>
        <translation>No se escucha el sonido por debajo de esto, en dB.</translation>
    </message>
    <message>
        <source>How surely nobody speaks before an unsure text is dropped.</source>
        <translation>Con qué seguridad no habla nadie antes de descartar un texto dudoso.</translation>
    </message>
    <message>
        <source>How unsure a text may be before it is doubted.</source>
        <translation>Lo inseguro que puede ser un texto antes de dudar de él.</translation>
    </message>
    <message>
        <source>How repetitive a text may be before it is doubted.</source>
        <translation>Lo repetitivo que puede ser un texto antes de dudar de él.</translation>
    </message>
    <message>
        <source>How often in a row the same words are believed.</source>
        <translation>Cuántas veces seguidas se creen las mismas palabras.</translation>
    </message>
    <message>
        <source>Translations weighed up at a time.</source>
        <translation>Traducciones que se sopesan a la vez.</translation>
    </message>
    <message>
        <source>Above 1, longer translations are preferred.</source>
        <translation>Por encima de 1 se prefieren traducciones más largas.</translation>
    </message>
    <message>
        <source>What runs Opus-MT.</source>
        <translation>Qué ejecuta Opus-MT.</translation>
    </message>
    <message>
        <source>Seconds the translation may stay behind you.</source>
        <translation>Segundos que la traducción puede quedar detrás de usted.</translation>
    </message>
    <message>
        <source>The fastest the voice may speak.</source>
        <translation>Lo más rápido que puede hablar la voz.</translation>
    </message>
    <message>
        <source>When behind: speak faster.</source>
        <translation>Con retraso: hablar más rápido.</translation>
    </message>
    <message>
        <source>When further behind: leave out fillers.</source>
        <translation>Con más retraso: omitir muletillas.</translation>
    </message>
    <message>
        <source>When still further behind: translate more briefly.</source>
        <translation>Con aún más retraso: traducir con más brevedad.</translation>
    </message>
    <message>
        <source>When nothing else helps: show, do not speak.</source>
        <translation>Cuando nada más ayuda: mostrar sin hablar.</translation>
    </message>
    <message>
        <source>Leave out um, uh and their like.</source>
        <translation>Omitir «eh», «este» y similares.</translation>
    </message>
    <message>
        <source>Words and names that are never translated.</source>
        <translation>Palabras y nombres que nunca se traducen.</translation>
    </message>
    <message>
        <source>Your own translations of words and phrases.</source>
        <translation>Sus propias traducciones de palabras y expresiones.</translation>
    </message>
    <message>
        <source>The voice, by the name its engine gives it; empty: its own choice.</source>
        <translation>La voz, por el nombre que le da su motor; vacío: su propia elección.</translation>
    </message>
    <message>
        <source>The speaker whose own voice is imitated, with consent; needs XTTS.</source>
        <translation>La persona cuya propia voz se imita, con su consentimiento; requiere XTTS.</translation>
    </message>
    <message>
        <source>How fast the voice speaks, 1 being its own pace.</source>
        <translation>Velocidad de la voz; 1 es su ritmo natural.</translation>
    </message>
    <message>
        <source>Your own voice: silent, softly under the translation, or as it is.</source>
        <translation>Su propia voz: en silencio, suave bajo la traducción o tal cual.</translation>
    </message>
    <message>
        <source>How loud your own voice stays under the translation, in dB.</source>
        <translation>Volumen de su propia voz bajo la traducción, en dB.</translation>
    </message>
    <message>
        <source>Show captions in the picture.</source>
        <translation>Mostrar subtítulos en la imagen.</translation>
    </message>
    <message>
        <source>Which captions are shown.</source>
        <translation>Qué subtítulos se muestran.</translation>
    </message>
    <message>
        <source>Size of the captions, 1 being the usual one.</source>
        <translation>Tamaño de los subtítulos; 1 es el habitual.</translation>
    </message>
    <message>
        <source>Where captions stand.</source>
        <translation>Dónde están los subtítulos.</translation>
    </message>
    <message>
        <source>Live: no delay, lips follow the voice. Dubbed: the picture waits for the voice.</source>
        <translation>En vivo: sin retraso, los labios siguen a la voz. Doblada: la imagen espera a la voz.</translation>
    </message>
    <message>
        <source>Seconds the dubbed picture waits.</source>
        <translation>Segundos que espera la imagen doblada.</translation>
    </message>
    <message>
        <source>Hold the mouth at rest while you speak and nothing is heard.</source>
        <translation>Mantener la boca en reposo mientras habla y no se oye nada.</translation>
    </message>
    <message>
        <source>Mark the picture as translated by a machine.</source>
        <translation>Marcar la imagen como traducida por una máquina.</translation>
    </message>
    <message>
        <source>Show that a translation is on its way and how long it takes.</source>
        <translation>Mostrar que viene una traducción y cuánto tarda.</translation>
    </message>
    <message>
        <source>The speaker whose learnt mouth is used.</source>
        <translation>La persona cuya boca aprendida se usa.</translation>
    </message>
    <message>
        <source>Match the light of the drawn mouth to the picture.</source>
        <translation>Ajustar la luz de la boca dibujada a la imagen.</translation>
    </message>
    <message>
        <source>Match its sharpness.</source>
        <translation>Ajustar su nitidez.</translation>
    </message>
    <message>
        <source>Match its colour.</source>
        <translation>Ajustar su color.</translation>
    </message>
    <message>
        <source>Add a smile.</source>
        <translation>Añadir una sonrisa.</translation>
    </message>
    <message>
        <source>Raise the brows.</source>
        <translation>Levantar las cejas.</translation>
    </message>
    <message>
        <source>Open the eyes.</source>
        <translation>Abrir los ojos.</translation>
    </message>
    <message>
        <source>The camera, by name; empty: the system&apos;s.</source>
        <translation>La cámara, por nombre; vacío: la del sistema.</translation>
    </message>
    <message>
        <source>The microphone, by name; empty: the system&apos;s.</source>
        <translation>El micrófono, por nombre; vacío: el del sistema.</translation>
    </message>
    <message>
        <source>How meeting programs get the picture: auto, off, or a way by name.</source>
        <translation>Cómo reciben la imagen los programas de reuniones: auto, off o una vía por su nombre.</translation>
    </message>
    <message>
        <source>How meeting programs get the voice: auto, off, or a device by name.</source>
        <translation>Cómo reciben la voz los programas de reuniones: auto, off o un dispositivo por su nombre.</translation>
    </message>
    <message>
        <source>Translate what the others say, for you.</source>
        <translation>Traducir para usted lo que dicen los demás.</translation>
    </message>
    <message>
        <source>Whose sound that is: a program or a device; empty: every program&apos;s.</source>
        <translation>De quién es el sonido: un programa o un dispositivo; vacío: el de todos los programas.</translation>
    </message>
    <message>
        <source>The language they speak; empty: the one they hear from you.</source>
        <translation>El idioma que hablan; vacío: el que oyen de usted.</translation>
    </message>
    <message>
        <source>The language you hear; empty: the one you speak.</source>
        <translation>El idioma que usted oye; vacío: el que habla.</translation>
    </message>
    <message>
        <source>Where you hear it, by name; empty: the system&apos;s output.</source>
        <translation>Dónde lo oye, por nombre; vacío: la salida del sistema.</translation>
    </message>
    <message>
        <source>Say the translation; else it is only shown.</source>
        <translation>Decir la traducción; si no, solo se muestra.</translation>
    </message>
    <message>
        <source>Their own voices: softly while the translation is heard, or as they are.</source>
        <translation>Sus propias voces: bajas mientras se oye la traducción, o tal cual.</translation>
    </message>
    <message>
        <source>How loud they stay under the translation, in dB.</source>
        <translation>Con qué volumen siguen bajo la traducción, en dB.</translation>
    </message>
    <message>
        <source>Who else speaks at this machine, each into a microphone of their own.</source>
        <translation>Quién más habla en este equipo, cada uno por su propio micrófono.</translation>
    </message>
    <message>
        <source>Language of this window; auto: the system&apos;s.</source>
        <translation>Idioma de esta ventana; auto: el del sistema.</translation>
    </message>
    <message>
        <source>Colours.</source>
        <translation>Colores.</translation>
    </message>
    <message>
        <source>Go on in the notification area when the window is closed.</source>
        <translation>Seguir en el área de notificación al cerrar la ventana.</translation>
    </message>
    <message>
        <source>Start or stop the translation.</source>
        <translation>Iniciar o detener la traducción.</translation>
    </message>
    <message>
        <source>Pass your own picture and voice on, at once, and back.</source>
        <translation>Transmitir su propia imagen y voz, al instante, y volver.</translation>
    </message>
    <message>
        <source>Mute, and back.</source>
        <translation>Silenciar, y volver.</translation>
    </message>
    <message>
        <source>Translate while this key is held (push to translate).</source>
        <translation>Traducir mientras se mantiene esta tecla (pulsar para traducir).</translation>
    </message>
    <message>
        <source>Where words are recognised.</source>
        <translation>Dónde se reconocen las palabras.</translation>
    </message>
    <message>
        <source>Where they are translated.</source>
        <translation>Dónde se traducen.</translation>
    </message>
    <message>
        <source>Where the translation is spoken.</source>
        <translation>Dónde se pronuncia la traducción.</translation>
    </message>
    <message>
        <source>Where lips are drawn; with a broker, where a voice without a mouth gets one.</source>
        <translation>Dónde se dibujan los labios; con un intermediario, dónde recibe su boca una voz que no la tiene.</translation>
    </message>
    <message>
        <source>The broker&apos;s address, as amqp://user:password@host/.</source>
        <translation>La dirección del intermediario, como amqp://usuario:clave@host/.</translation>
    </message>
</context>
</TS>
