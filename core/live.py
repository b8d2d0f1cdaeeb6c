"""What the live session shows to and takes from those who steer it: the window, the command line.

The session itself is app's; a window, a test or a remote control knows no more than this.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from core.config import Config
from core.events import Event, State
from core.latest import Latest
from core.types import AudioChunk, Frame

HEARS_ITSELF = (
    "The microphone hears the translated voice. Use headphones, or turn down the loudspeakers: "
    "else it is translated again."
)
"""A notice of what `LiveStatus.hears_itself` tells for as long as it is so."""


class Voiced(Enum):
    """What the meeting hears."""

    TRANSLATED = "translated"
    ORIGINAL = "original"
    """The speaker as they are, in picture and sound: the panic key, or by choice."""
    MUTED = "muted"
    """Nothing, and nothing is translated; the picture is the speaker's own."""


@dataclass(frozen=True)
class Level:
    """The microphone at this moment, in dB full scale, with what the segmenter makes of it."""

    db: float = -120.0
    speech: float = 0.0
    """How surely this is speech, 0 to 1."""
    threshold_db: float = -120.0
    """What is quieter counts as silence."""
    silence: float = 0.0
    """Seconds of silence so far; `segmentation.silence` of them end a segment."""


@dataclass(frozen=True)
class Device:
    """One of the four devices: what is in use, whether it works, and a sentence when it does not
    or when it is not the one that was asked for."""

    name: str = ""
    works: bool = False
    says: str = ""
    watched: bool | None = None
    """Of the two virtual ones: whether a program reads it; None when that cannot be told."""


@dataclass(frozen=True)
class Rung:
    """The engine of a kind that is at work, and why it is this one."""

    kind: str
    name: str
    reason: str


@dataclass(frozen=True)
class OthersStatus:
    """The translation of the others' voices for the user; what happens to them is told by
    `core.events.SpeakerEvent` with the speaker OTHERS."""

    state: State = State.IDLE
    reason: str = ""
    languages: tuple[str, str] = ("", "")
    """The codes of the language that they speak and of the one that the user hears."""
    source: Device = Device()
    """Whose sound is heard,"""
    output: Device = Device()
    """and where the user hears its translation."""
    level: Level = Level()
    lag: float = 0.0
    lag_step: str = "normal"
    hears_itself: bool = False
    rungs: tuple[Rung, ...] = ()


@dataclass(frozen=True)
class GuestStatus:
    """A further speaker at this machine; what happens to them is told by `core.events.SpeakerEvent`
    with their name."""

    name: str
    microphone: Device = Device()
    level: Level = Level()
    lag: float = 0.0
    rungs: tuple[Rung, ...] = ()
    source: str = ""
    """What they speak into, as the settings had it."""


@dataclass(frozen=True)
class LiveStatus:
    """All that is shown about a moment; seconds unless the name says otherwise."""

    state: State = State.IDLE
    reason: str = ""
    voiced: Voiced = Voiced.TRANSLATED
    level: Level = Level()
    stages: Mapping[str, float] = field(default_factory=dict)
    """The newest typical time of each stage: recognise, translate, speak, picture."""
    before_db: float = -120.0
    """What the microphone hears, in dB full scale,"""
    after_db: float = -120.0
    """and what is left of it once noise and other voices are kept away."""
    language: str = ""
    """In which the newest segment was spoken, where that is found out."""
    own: bool = False
    """It was the others' own language: the speaker's voice is passed on as it is."""
    lag: float = 0.0
    """How far the newest voice began behind the end of what it translates."""
    lag_step: str = "normal"
    skew_ms: float = 0.0
    """How far the picture is from the voice at the outputs."""
    fps: float = 0.0
    dropped: int = 0
    underruns: int = 0
    idle: bool = False
    """The picture is not drawn because nobody looks."""
    hears_itself: bool = False
    camera: Device = Device()
    microphone: Device = Device()
    virtual_camera: Device = Device()
    virtual_microphone: Device = Device()
    rungs: tuple[Rung, ...] = ()
    others: OthersStatus = OthersStatus()
    guests: tuple[GuestStatus, ...] = ()


class LiveControl(Protocol):
    """A live session. Every method returns at once and may be called from any thread; what comes
    of it is told by events and seen in `status`."""

    @property
    def shown(self) -> Latest[Frame]:
        """The translated picture, while there is a translation."""
        ...

    @property
    def taken(self) -> Latest[Frame]:
        """The camera's picture, which is also what goes out when nothing is translated."""
        ...

    @property
    def config(self) -> Config: ...

    def listen(self, listener: Callable[[Event], None]) -> None:
        """Be told what happens (core.events), on whatever thread; be quick."""
        ...

    def start(self) -> None:
        """Begin to translate. The devices are there already."""
        ...

    def stop(self) -> None:
        """End the translation; the devices stay and pass the original on."""
        ...

    def voice(self, voiced: Voiced) -> None:
        """Panic key, mute and back. Takes effect at the outputs within a frame."""
        ...

    def hold(self, talking: bool) -> None:
        """Push to translate: only what is said while this is true is translated."""
        ...

    def preview(self, wanted: bool) -> None:
        """Whether somebody looks at `shown`, so that it is drawn though no program reads it."""
        ...

    def choose_face(self, x: float, y: float) -> None:
        """Follow the face at this place of the picture, in pixels."""
        ...

    def recent(self, seconds: float) -> tuple[AudioChunk, AudioChunk | None]:
        """What the microphone heard last, as it is, and what is left of it once noise and other
        voices are kept away: None where that is not done at this moment."""
        ...

    def change(self, config: Config) -> tuple[str, ...]:
        """Other settings from here on; the names of those that need `stop` and `start`."""
        ...

    def status(self) -> LiveStatus: ...

    def close(self) -> None:
        """The end: the virtual devices disappear."""
        ...
