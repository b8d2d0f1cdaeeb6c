"""What a session tells those who listen. Small values; they may arrive on any thread."""

from dataclasses import dataclass
from enum import Enum

from core.types import Segment, Speech, Transcript, Translation

OTHERS = "Others"
"""The speaker who stands for everybody that the user hears."""


class State(Enum):
    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"


class Fate(Enum):
    """How a spoken segment ended. None is ever lost without one of these."""

    SPOKEN = "spoken"
    CAPTION = "shown as caption"
    EMPTY = "held no words"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True)
class Event:
    """The base of everything that is told."""


@dataclass(frozen=True)
class StateChanged(Event):
    state: State
    reason: str = ""


@dataclass(frozen=True)
class Hearing(Event):
    """The running transcript of a segment that is still growing; it only ever gets longer."""

    number: int
    text: str


@dataclass(frozen=True)
class Guessing(Event):
    """What was understood of a growing segment beyond its running transcript. The next one takes
    its place; it may have other words, or none."""

    number: int
    text: str


@dataclass(frozen=True)
class Cut(Event):
    segment: Segment


@dataclass(frozen=True)
class Recognised(Event):
    transcript: Transcript


@dataclass(frozen=True)
class Translated(Event):
    translation: Translation


@dataclass(frozen=True)
class VoicePlaced(Event):
    """A translated voice, or a piece of one, has its place: it is heard from `start` on. It is
    silent when only a caption is due."""

    speech: Speech
    start: float
    lag: float


@dataclass(frozen=True)
class Settled(Event):
    """A segment has met its fate; `reason` says why when it failed or was not spoken."""

    number: int
    fate: Fate
    reason: str = ""


@dataclass(frozen=True)
class LagChanged(Event):
    """The lag governor took a step up or down."""

    step: str
    lag: float


@dataclass(frozen=True)
class EngineChosen(Event):
    """Which rung of a kind is at work, and why."""

    kind: str
    name: str
    reason: str


@dataclass(frozen=True)
class Notice(Event):
    """A sentence for the user: something goes wrong elsewhere, and the session goes on."""

    text: str


@dataclass(frozen=True)
class SpeakerEvent(Event):
    """What happens to the voice of somebody else than the user: `speaker` says whose, and `event`
    is told of them. Segments are numbered by each speaker anew."""

    speaker: str
    event: Event


@dataclass(frozen=True)
class LanesStuck(Event):
    """Stop returned although these lanes hang in their engines."""

    names: tuple[str, ...]
