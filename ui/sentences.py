"""Sentences of engines and devices in the window's language, as far as they are known here; the
rest stays in English. What they name (files, commands, devices) stays as it is; languages are
called as everywhere in the window."""

import re
from functools import cache, lru_cache, partial

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from core.text.languages import codes, language_name
from ui.languages import language_title

CONTEXT = "sentences"
KNOWN = (
    QT_TRANSLATE_NOOP("sentences", "No recognition model is here."),
    QT_TRANSLATE_NOOP("sentences", "No translation model is here."),
    QT_TRANSLATE_NOOP("sentences", "No voice model is here."),
    QT_TRANSLATE_NOOP("sentences", "No recognition model for {0} is here."),
    QT_TRANSLATE_NOOP("sentences", "No voice model for {0} is here."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "No translation model from {0} to {1} is here, directly or through English.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "See what there is with `translated-camera models list --kind {0}`, and get one with "
        "`translated-camera models pull NAME`.",
    ),
    QT_TRANSLATE_NOOP("sentences", "Get one with `translated-camera models pull {0}`."),
    QT_TRANSLATE_NOOP(
        "sentences", "The {0} models that are here need a graphics card, and there is none."
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "pocketsphinx recognises English only, not {0}. Choose another recogniser for it.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences", "pocketsphinx recognises English only and finds out no other language."
    ),
    QT_TRANSLATE_NOOP("sentences", "The {0} engine {1} needs {2}."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "XTTS needs a graphics card: on a processor it takes twice as long as it speaks.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "Wav2Lip needs a checkpoint, which this program does not bring along. Put yours into {0} "
        "as wav2lip.pth or wav2lip.onnx. Its licence allows non-commercial use only.",
    ),
    QT_TRANSLATE_NOOP("sentences", "A part of the program has failed; it is being started again."),
    QT_TRANSLATE_NOOP("sentences", "You are heard as you are: {0}"),
    QT_TRANSLATE_NOOP(
        "sentences", "No recogniser here finds out which language is spoken. Choose your language."
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "Your own voice is not passed on by itself: the recogniser at work does not find out which "
        "language is spoken.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "Finding out which language is spoken needs a Whisper model for many languages. Get one "
        "under Models.",
    ),
    QT_TRANSLATE_NOOP("sentences", "Nothing here translates {0} into {1}."),
    QT_TRANSLATE_NOOP("sentences", "the voice was too far behind"),
    QT_TRANSLATE_NOOP("sentences", "The camera {0} was unplugged or has stopped."),
    QT_TRANSLATE_NOOP("sentences", "The camera {0} is used by {1}; close it there."),
    QT_TRANSLATE_NOOP("sentences", "The microphone {0} was unplugged."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "The microphone {0} gives nothing but silence. Is it muted, or is this program not allowed "
        "to listen?",
    ),
    QT_TRANSLATE_NOOP(
        "sentences", "The microphone {0} is too loud and distorts: turn its level down."
    ),
    QT_TRANSLATE_NOOP("sentences", "The virtual camera is switched off."),
    QT_TRANSLATE_NOOP("sentences", "No program can see “{0}”, there is the preview only."),
    QT_TRANSLATE_NOOP(
        "sentences", "There is no v4l2loopback device. Install v4l2loopback-dkms; {0}."
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "PipeWire is not running for this user. Start it: systemctl --user start pipewire",
    ),
    QT_TRANSLATE_NOOP("sentences", "The sound server does not answer."),
    QT_TRANSLATE_NOOP("sentences", "The sound server is gone, and with it the virtual microphone."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "The shortcuts work in our own windows only. In the desktop's keyboard settings you can "
        "bind keys to: translated-camera tell panic",
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "macOS gives keys everywhere only to programs that may watch everything that is typed, "
        "which this one does not ask for. The shortcuts work in our own windows; the icon in the "
        "menu bar has them too.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "This desktop offers no shortcuts to programs (its portal has no GlobalShortcuts).",
    ),
    QT_TRANSLATE_NOOP(
        "sentences", "There is no session bus, so the desktop cannot be asked for shortcuts."
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "You or the desktop declined the shortcuts; they can be given in its keyboard settings.",
    ),
    QT_TRANSLATE_NOOP("sentences", "The desktop has taken the shortcuts back."),
    QT_TRANSLATE_NOOP("sentences", "Another program has taken {0} already."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "Your microphone hears the translation that is meant for you. Use headphones: else it is "
        "translated for the others.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "What is played for you comes back as the others' sound. It is only shown from here on; "
        "choose another output (others.output) and turn it on again.",
    ),
    QT_TRANSLATE_NOOP("sentences", "The others cannot be translated for you."),
    QT_TRANSLATE_NOOP("sentences", "The others speak {0} already: nothing to translate for you."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "Which language do you hear the others in? Your own is found out while you speak; set "
        "others.language (--others-to).",
    ),
    QT_TRANSLATE_NOOP("sentences", "the voice is turned off"),
    QT_TRANSLATE_NOOP("sentences", "{0} plays nothing; it is heard as soon as it does."),
    QT_TRANSLATE_NOOP("sentences", "No program plays anything; it is heard as soon as one does."),
    QT_TRANSLATE_NOOP("sentences", "{0} failed ({1}); {2} goes on."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "This machine is too busy for {0}, which takes {1} times as long as it may; {2} goes on.",
    ),
    QT_TRANSLATE_NOOP("sentences", "{0} does well here again and is back in place of {1}."),
    QT_TRANSLATE_NOOP("sentences", "This machine is too busy for it at the moment."),
    QT_TRANSLATE_NOOP("sentences", "It failed ({0})."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "CUDA was asked for (models.device), but no graphics card that has it is found; the "
        "processor works instead.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "Install NVIDIA's driver with cuBLAS and cuDNN, or set models.device to auto.",
    ),
    QT_TRANSLATE_NOOP("sentences", "The process of {0} had to be started again."),
    QT_TRANSLATE_NOOP("sentences", "The {0} does not answer."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "The {0} does not answer; {1} of its requests are sent to others.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "{0} was asked for ({1}), but no graphics card is found; the processor works instead.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "{0} was asked for ({1}), but it is not among the graphics cards that are found; the first "
        "one works instead.",
    ),
    QT_TRANSLATE_NOOP("sentences", "The {0} has ended; what it had is done by others."),
    QT_TRANSLATE_NOOP("sentences", "The {0} worker {1} on {2} has ended."),
    QT_TRANSLATE_NOOP("sentences", "{0} segments wait."),
    QT_TRANSLATE_NOOP("sentences", "No {0} worker for {1} is at {2}. Start one: {3}"),
    QT_TRANSLATE_NOOP("sentences", "No {0} worker is at {1}. Start one: {2}"),
    QT_TRANSLATE_NOOP("sentences", "Three workers have ended over it; it is not tried again."),
    QT_TRANSLATE_NOOP("sentences", "The broker at {0} refuses this user name or password."),
    QT_TRANSLATE_NOOP(
        "sentences", "The broker at {0} has no such virtual host, or not for this user."
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "A queue at {0} was declared with other settings ({1}). Delete it there (rabbitmqctl "
        "delete_queue NAME), or use a virtual host of your own.",
    ),
    QT_TRANSLATE_NOOP("sentences", "The broker at {0} refuses: {1}."),
    QT_TRANSLATE_NOOP("sentences", "The certificate of the broker at {0} is not trusted ({1})."),
    QT_TRANSLATE_NOOP("sentences", "What answers at {0} does not speak TLS as asked ({1})."),
    QT_TRANSLATE_NOOP("sentences", "No broker answers at {0}. Is RabbitMQ running there?"),
    QT_TRANSLATE_NOOP(
        "sentences", "A broker's address is written amqp://user:password@host:5672/."
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "Which broker? Name it: --broker amqp://user:password@host/, the setting placement.broker, "
        "or the variable {0}.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "This message is of wire version {0}; this program understands version {1}. Let the same "
        "release run at both ends.",
    ),
    QT_TRANSLATE_NOOP("sentences", "A message of {0} MB is too large to be sent."),
    QT_TRANSLATE_NOOP("sentences", "The devices stay as they were."),
    QT_TRANSLATE_NOOP("sentences", "The camera {0} was unplugged; {1} is shown until it is back."),
    QT_TRANSLATE_NOOP("sentences", "The camera {0} was unplugged; there is no other."),
    QT_TRANSLATE_NOOP(
        "sentences", "The microphone {0} was unplugged; {1} is heard until it is back."
    ),
    QT_TRANSLATE_NOOP("sentences", "The microphone {0} was unplugged; there is no other."),
    QT_TRANSLATE_NOOP(
        "sentences", "There is no camera called {0}; {1} is shown until it is there."
    ),
    QT_TRANSLATE_NOOP(
        "sentences", "There is no microphone called {0}; {1} is heard until it is there."
    ),
    QT_TRANSLATE_NOOP("sentences", "There is no microphone called {0}."),
    QT_TRANSLATE_NOOP("sentences", "There is no camera called {0}."),
    QT_TRANSLATE_NOOP("sentences", "There is no camera."),
    QT_TRANSLATE_NOOP("sentences", "There is no microphone."),
    QT_TRANSLATE_NOOP("sentences", "There is no camera at all."),
    QT_TRANSLATE_NOOP("sentences", "There is no microphone at all."),
    QT_TRANSLATE_NOOP("sentences", "There are: {0}."),
    QT_TRANSLATE_NOOP(
        "sentences", "Plug it in, or choose another one for the guest in the settings."
    ),
    QT_TRANSLATE_NOOP("sentences", "{0} speaks {1} already: nothing to translate."),
    QT_TRANSLATE_NOOP("sentences", "{0} needs a microphone that nobody else speaks into."),
    QT_TRANSLATE_NOOP("sentences", "{0} cannot be a name here: leave out the equals sign."),
    QT_TRANSLATE_NOOP("sentences", "Each further speaker needs a name of their own."),
    QT_TRANSLATE_NOOP(
        "sentences", "{0} is what everybody at the far end is called: choose another name."
    ),
    QT_TRANSLATE_NOOP("sentences", "At most {0} further speakers can be heard."),
    QT_TRANSLATE_NOOP("sentences", "A further speaker is written {0}."),
    QT_TRANSLATE_NOOP("sentences", "It says {0} twice."),
    QT_TRANSLATE_NOOP(
        "sentences",
        'There is no such language. Give a code such as "en" or a name such as "English".',
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "Translated Camera is running already (process {0}); one session at a time can feed the "
        "virtual devices. End it first.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences", "Process {0} of an earlier session does not end; end it by hand."
    ),
    QT_TRANSLATE_NOOP("sentences", "The settings cannot be written to {0}: {1}."),
    QT_TRANSLATE_NOOP("sentences", "{0} cannot be written: {1}."),
    QT_TRANSLATE_NOOP("sentences", "{0} cannot be read: {1}."),
    QT_TRANSLATE_NOOP("sentences", "{0} cannot be a profile's name; use letters and digits."),
)


def isolated(text: str) -> str:
    """A name or text in its own direction, whatever that of what stands around it."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def translated(text: str, sentences: tuple[object, ...] = KNOWN) -> str:
    """The text with every sentence that is known here in the window's language."""
    return _translated(text, sentences, QLocale().name()) if text else text


@lru_cache(maxsize=256)
def _translated(text: str, sentences: tuple[object, ...], language: str) -> str:
    for known in map(str, sentences):
        there = QCoreApplication.translate(CONTEXT, known)
        if there != known:
            text = _pattern(known).sub(partial(_put, there, known), text)
    return text


def _put(there: str, known: str, found: re.Match[str]) -> str:
    """Languages as the window calls them; what a sentence begins with is a name."""
    first, *more = found.groups() or ("",)
    begins = known.startswith("{0}")
    return there.format(first if begins else _languages(first), *map(_languages, more))


def _languages(text: str) -> str:
    """A language, or several, by their titles; anything else as it is."""
    known = [_codes().get(name) for name in text.split(", ")]
    return ", ".join(language_title(code) for code in known if code) if all(known) else text


@cache
def _codes() -> dict[str, str]:
    """By their English names."""
    return {language_name(code): code for code in codes()}


_FIRST = r"(?:^|(?<=[.!?] ))(?=\S)((?:(?![.!?] ).)+?)"
"""What a sentence begins with, and nothing of the one before."""


@cache
def _pattern(known: str) -> re.Pattern[str]:
    """Its places stand for whatever is in this one sentence."""
    parts = [re.escape(part) for part in re.split(r"\{\d\}", known)]
    ends = {"}": "$", ".": r"(?!\w)"}.get(known[-1], "")  # names have dots of their own
    if not parts[0]:
        parts[:2] = [_FIRST + parts[1]]
    return re.compile("(.+?)".join(parts) + ends)
