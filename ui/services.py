"""What the window asks of the program around it: the settings file, what can be chosen on this
machine, the doctor, models, autostart. `app` answers; tests answer themselves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from core.config import Config, Enhance
from core.types import AudioChunk

if TYPE_CHECKING:
    from core.findings import Finding


@dataclass(frozen=True)
class Option:
    """A value that a setting of free text can have here, and what it is called."""

    value: str
    title: str
    note: str = ""


@dataclass(frozen=True)
class Offer:
    """What this machine has, as far as it has been looked at."""

    sources: tuple[str, ...] = ()
    """Languages that can be recognised."""
    targets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Languages that can be spoken, by the language that they are translated from."""
    detect: bool = False
    no_detection: str = ""
    """Why the language that is spoken cannot be found out."""
    options: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    """By the name of the setting: devices, engines, voices."""


@dataclass(frozen=True)
class ModelEntry:
    """A model that can be had or is here. `licence` is shown before a download."""

    name: str
    title: str
    kind: str
    size: int
    licence: str
    installed: bool = False
    commercial: bool = True
    note: str = ""


Progress = Callable[[int, int], bool]
"""Told the bytes that are there and all of them; False stops the download."""


class ModelStore(Protocol):
    """All of it is slow and called on threads of its own."""

    def entries(self) -> tuple[ModelEntry, ...]: ...

    def pull(self, name: str, progress: Progress) -> None:
        """Fetch it; what was fetched before an interruption is used again."""
        ...

    def remove(self, name: str) -> None: ...

    def bring(self, path: Path) -> str:
        """Take over a model from the user's disk, whose licence is accepted; its name."""
        ...


class Profiles(Protocol):
    """Settings kept by name. CannotWrite, UnreadableInput."""

    def names(self) -> tuple[str, ...]: ...

    def save(self, name: str, config: Config) -> None: ...

    def load(self, name: str) -> Config: ...

    def remove(self, name: str) -> None: ...

    def export(self, config: Config, path: Path) -> None: ...

    def bring(self, path: Path) -> tuple[Config, tuple[str, ...]]:
        """Settings from a file, and what was wrong in it."""
        ...


@dataclass(frozen=True)
class Licence:
    name: str
    version: str
    licence: str
    text: str = ""


class Services(Protocol):
    @property
    def profiles(self) -> Profiles: ...

    @property
    def models(self) -> ModelStore | None:
        """None where there is no catalogue."""
        ...

    @property
    def problems(self) -> tuple[str, ...]:
        """What was wrong in the settings file, each with its line."""
        ...

    @property
    def first_run(self) -> bool: ...

    def save(self, config: Config) -> None:
        """Write the settings file. CannotWrite."""
        ...

    def offer(self, config: Config) -> Offer:
        """Slow."""
        ...

    def enhanced(self, heard: AudioChunk, settings: Enhance) -> AudioChunk:
        """What is left of it once noise and other voices are kept away as the settings say.
        EngineUnavailable. Slow."""
        ...

    def play(self, audio: AudioChunk) -> None:
        """To the user, through the system's own loudspeaker, in place of what was played before;
        returns when it is over or replaced. DeviceUnavailable."""
        ...

    def doctor(self) -> "Sequence[Finding]":
        """Slow."""
        ...

    def fix(self, name: str) -> str:
        """Do what a finding offers; what came of it, as a sentence. Slow."""
        ...

    def log_text(self) -> str:
        """The newest lines of the log."""
        ...

    def bundle(self, path: Path) -> None:
        """Log, doctor's report, machine and settings in one file, without a word that was said.
        CannotWrite. Slow."""
        ...

    def version(self) -> str: ...

    def licences(self) -> tuple[Licence, ...]:
        """Slow."""
        ...

    @property
    def autostart(self) -> bool | None:
        """Whether the program starts with the desktop; None where that cannot be set."""
        ...

    def set_autostart(self, wanted: bool) -> None: ...
