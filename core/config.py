"""Every setting, declared once: name, type, default, range, and a line for the user.

A section is a frozen dataclass, a setting one of its fields. The settings dialog, the settings
file and the command line are made from `declared()`; nothing else lists settings.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core import guests
from core.setting import Setting, setting, settings_of

PLACES = ("thread", "process", "broker")


@dataclass(frozen=True)
class Languages:
    source: str = setting("en", "The language you speak.", live=False)
    """A code such as `en`, or `auto`: it is found out."""
    target: str = setting("es", "The language the others hear.", live=False)
    """A code such as `es`."""
    pass_theirs: bool = setting(
        False,
        "When you speak the others' language, pass your own voice on; needs Whisper.",
        live=False,
    )


@dataclass(frozen=True)
class Segmentation:
    silence: float = setting(0.5, "Seconds of silence that end a segment.", low=0.1, high=3.0)
    drop_db: float = setting(
        -35.0, "How far below your voice's peak silence begins, in dB.", low=-60.0, high=-5.0
    )
    shortest: float = setting(1.5, "Seconds a segment lasts at least.", low=0.2, high=3.0)
    longest: float = setting(10.0, "Seconds after which a segment is cut.", low=3.0, high=30.0)
    complete: float = setting(
        0.85, "How surely a sentence must be over to be sent before the pause ends.", low=0, high=1
    )
    clauses: bool = setting(True, "Cut at the ends of clauses when you do not pause.")
    clause_after: float = setting(
        1.6, "Seconds of speech after which a clause's end may be cut at.", low=0.5, high=10.0
    )


@dataclass(frozen=True)
class Enhance:
    engine: str = setting(
        "off",
        "What keeps noise and other voices away: nothing, a noise suppressor, or your lips.",
        choices=("off", "auto", "rnnoise", "av"),
    )
    strength: float = setting(1.0, "How far that may go, 0 being not at all.", low=0.0, high=1.0)


@dataclass(frozen=True)
class Engines:
    vad: str = setting("auto", "What tells speech from noise.", live=False)
    turn: str = setting("auto", "What judges whether a sentence is over.", live=False)
    stt: str = setting("auto", "What recognises your words.", live=False)
    mt: str = setting("auto", "What translates them.", live=False)
    tts: str = setting("auto", "What speaks the translation.", live=False)
    face: str = setting("auto", "What finds your face.", live=False)
    lips: str = setting("auto", "What moves your lips.", live=False)


@dataclass(frozen=True)
class Models:
    device: str = setting(
        "auto",
        "Where neural networks compute: the graphics card, the processor, or what is best.",
        choices=("auto", "cpu", "cuda"),
        live=False,
    )
    stt: str = setting("", "The model that recognises; empty: the best that is here.", live=False)
    mt: str = setting("", "The model that translates; empty: the best that is here.", live=False)
    tts: str = setting("", "The neural voice; empty: the best that is here.", live=False)


AS_FOR_ALL = "default"
CARDS = (AS_FOR_ALL, "auto", "cpu", *(f"cuda:{number}" for number in range(8)))


CARDLESS = ("expression", "face", "enhance", "vad", "turn")
"""Stages that compute on the processor whatever cards there are: next to nothing, or no network."""


@dataclass(frozen=True)
class Cards:
    """Where each stage's network computes; `default` is as models.device says for all. Those that
    are CARDLESS have none."""

    stt: str = setting(AS_FOR_ALL, "Where your words are recognised.", choices=CARDS, live=False)
    mt: str = setting(AS_FOR_ALL, "Where they are translated.", choices=CARDS, live=False)
    tts: str = setting(AS_FOR_ALL, "Where the voice is made.", choices=CARDS, live=False)
    lips: str = setting(AS_FOR_ALL, "Where your lips are drawn.", choices=CARDS, live=False)
    memory: float = setting(
        0.85,
        "How full a card's memory may get before fewer lips are drawn at a time.",
        low=0.1,
        high=1.0,
        live=False,
    )


@dataclass(frozen=True)
class Recognition:
    beam: int = setting(
        1, "Ways of understanding weighed up at a time.", low=1, high=10, live=False
    )
    beam_again: int = setting(
        5, "The same, when what came out first is doubted.", low=1, high=10, live=False
    )
    own_length: bool = setting(
        True, "Hear short segments in short windows: faster, at some risk.", live=False
    )
    quietest_db: float = setting(
        -55.0, "Sound below this is not listened to, in dB.", low=-90.0, high=-20.0, live=False
    )
    no_speech: float = setting(
        0.6, "How surely nobody speaks before an unsure text is dropped.", low=0, high=1, live=False
    )
    log_probability: float = setting(
        -1.0, "How unsure a text may be before it is doubted.", low=-5.0, high=0.0, live=False
    )
    compression: float = setting(
        2.4, "How repetitive a text may be before it is doubted.", low=1.0, high=10.0, live=False
    )
    repeats: int = setting(
        3, "How often in a row the same words are believed.", low=1, high=20, live=False
    )


@dataclass(frozen=True)
class Translating:
    beam: int = setting(1, "Translations weighed up at a time.", low=1, high=10, live=False)
    length: float = setting(
        1.0, "Above 1, longer translations are preferred.", low=0.2, high=2.0, live=False
    )
    backend: str = setting(
        "auto",
        "What runs Opus-MT.",
        choices=("auto", "ctranslate2", "transformers"),
        live=False,
    )


@dataclass(frozen=True)
class Lag:
    budget: float = setting(4.0, "Seconds the translation may stay behind you.", low=1.0, high=30.0)
    max_tempo: float = setting(1.25, "The fastest the voice may speak.", low=1.0, high=1.25)
    allow_tempo: bool = setting(True, "When behind: speak faster.")
    allow_fillers: bool = setting(True, "When further behind: leave out fillers.")
    allow_shorter: bool = setting(True, "When still further behind: translate more briefly.")
    allow_captions_only: bool = setting(True, "When nothing else helps: show, do not speak.")


@dataclass(frozen=True)
class Text:
    drop_fillers: bool = setting(True, "Leave out um, uh and their like.")
    keep: tuple[str, ...] = setting((), "Words and names that are never translated.")
    glossary: Mapping[str, str] = setting({}, "Your own translations of words and phrases.")


@dataclass(frozen=True)
class Voice:
    name: str = setting("", "The voice, by the name its engine gives it; empty: its own choice.")
    own: str = setting(
        "", "The speaker whose own voice is imitated, with consent; needs XTTS.", live=False
    )
    rate: float = setting(1.0, "How fast the voice speaks, 1 being its own pace.", low=0.5, high=2)
    original: str = setting(
        "duck",
        "Your own voice: silent, softly under the translation, or as it is.",
        choices=("off", "duck", "pass"),
    )
    duck_db: float = setting(
        -18.0, "How loud your own voice stays under the translation, in dB.", low=-60.0, high=0.0
    )


@dataclass(frozen=True)
class Captions:
    show: bool = setting(True, "Show captions in the picture.")
    languages: str = setting(
        "both", "Which captions are shown.", choices=("both", "source", "target")
    )
    size: float = setting(1.0, "Size of the captions, 1 being the usual one.", low=0.5, high=3.0)
    position: str = setting("bottom", "Where captions stand.", choices=("bottom", "top"))


@dataclass(frozen=True)
class Picture:
    mode: str = setting(
        "live",
        "Live: no delay, lips follow the voice. Dubbed: the picture waits for the voice.",
        choices=("live", "dubbed"),
        live=False,
    )
    delay: float = setting(4.0, "Seconds the dubbed picture waits.", low=0.5, high=9.5, live=False)
    rest: bool = setting(False, "Hold the mouth at rest while you speak and nothing is heard.")
    badge: bool = setting(True, "Mark the picture as translated by a machine.")
    floor: bool = setting(True, "Show that a translation is on its way and how long it takes.")
    profile: str = setting("default", "The speaker whose learnt mouth is used.", live=False)


@dataclass(frozen=True)
class Expression:
    relight: bool = setting(True, "Match the light of the drawn mouth to the picture.")
    sharpness: bool = setting(True, "Match its sharpness.")
    colour: bool = setting(True, "Match its colour.")
    smile: float = setting(0.0, "Add a smile.", low=0.0, high=1.0)
    brows: float = setting(0.0, "Raise the brows.", low=0.0, high=1.0)
    eyes: float = setting(0.0, "Open the eyes.", low=0.0, high=1.0)


@dataclass(frozen=True)
class Devices:
    camera: str = setting("", "The camera, by name; empty: the system's.")
    microphone: str = setting("", "The microphone, by name; empty: the system's.")
    virtual_camera: str = setting(
        "auto", "How meeting programs get the picture: auto, off, or a way by name."
    )
    virtual_microphone: str = setting(
        "auto", "How meeting programs get the voice: auto, off, or a device by name."
    )


@dataclass(frozen=True)
class Others:
    """The way back: what the others say, for the user."""

    translate: bool = setting(False, "Translate what the others say, for you.")
    source: str = setting("", "Whose sound that is: a program or a device; empty: every program's.")
    speak: str = setting("", "The language they speak; empty: the one they hear from you.")
    language: str = setting("", "The language you hear; empty: the one you speak.")
    output: str = setting("", "Where you hear it, by name; empty: the system's output.")
    spoken: bool = setting(True, "Say the translation; else it is only shown.")
    original: str = setting(
        "duck",
        "Their own voices: softly while the translation is heard, or as they are.",
        choices=("duck", "pass"),
    )
    duck_db: float = setting(
        -15.0, "How loud they stay under the translation, in dB.", low=-40.0, high=0.0
    )


@dataclass(frozen=True)
class Guests:
    speakers: tuple[str, ...] = setting(
        (),
        "Who else speaks at this machine, each into a microphone of their own.",
        live=False,
        wrong=guests.wrong,
    )
    """Each written as core.guests.FORM. What is not counts for nothing, and stays."""


@dataclass(frozen=True)
class Window:
    language: str = setting("auto", "Language of this window; auto: the system's.")
    theme: str = setting("system", "Colours.", choices=("system", "light", "dark"))
    tray: bool = setting(True, "Go on in the notification area when the window is closed.")


@dataclass(frozen=True)
class Shortcuts:
    """Key combinations in Qt's portable form; empty: none."""

    start: str = setting("Ctrl+Return", "Start or stop the translation.")
    panic: str = setting("Ctrl+Alt+P", "Pass your own picture and voice on, at once, and back.")
    mute: str = setting("Ctrl+Alt+M", "Mute, and back.")
    talk: str = setting("F9", "Translate while this key is held (push to translate).")


@dataclass(frozen=True)
class Placement:
    """Thread: in this program. Process: in one of its own, whose crash costs a restart. Broker:
    with workers on whatever machines."""

    stt: str = setting("thread", "Where words are recognised.", choices=PLACES, live=False)
    mt: str = setting("thread", "Where they are translated.", choices=PLACES, live=False)
    tts: str = setting("thread", "Where the translation is spoken.", choices=PLACES, live=False)
    lips: str = setting(
        "thread",
        "Where lips are drawn; with a broker, where a voice without a mouth gets one.",
        choices=PLACES,
        live=False,
    )
    broker: str = setting("", "The broker's address, as amqp://user:password@host/.", live=False)


@dataclass(frozen=True)
class Config:
    languages: Languages = field(default_factory=Languages)
    segmentation: Segmentation = field(default_factory=Segmentation)
    enhance: Enhance = field(default_factory=Enhance)
    engines: Engines = field(default_factory=Engines)
    models: Models = field(default_factory=Models)
    cards: Cards = field(default_factory=Cards)
    recognition: Recognition = field(default_factory=Recognition)
    translating: Translating = field(default_factory=Translating)
    lag: Lag = field(default_factory=Lag)
    text: Text = field(default_factory=Text)
    voice: Voice = field(default_factory=Voice)
    captions: Captions = field(default_factory=Captions)
    picture: Picture = field(default_factory=Picture)
    expression: Expression = field(default_factory=Expression)
    devices: Devices = field(default_factory=Devices)
    others: Others = field(default_factory=Others)
    guests: Guests = field(default_factory=Guests)
    window: Window = field(default_factory=Window)
    shortcuts: Shortcuts = field(default_factory=Shortcuts)
    placement: Placement = field(default_factory=Placement)


def declared() -> Iterator[Setting]:
    """Every setting, in the order of declaration."""
    return settings_of(Config)
