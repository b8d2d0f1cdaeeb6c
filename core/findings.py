"""What is the matter with this machine: the form in which the doctor says it, and what mends it.

Whoever shows findings (the command line, the window) knows no more than this.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class State(StrEnum):
    OK = "ok"
    HINT = "hint"
    """It works, and could work better; or it does not matter for everybody."""
    TROUBLE = "trouble"
    """Something that people expect of this program does not work."""


@dataclass(frozen=True)
class Fix:
    """What mends a finding. `does` is what a person is shown before: the command that is run, or
    a sentence. With `root` it needs the administrator's rights, so ask first."""

    does: str
    act: Callable[[], str]
    """Does it; what came of it, as a sentence. Slow. TranslatedCameraError when it fails."""
    root: bool = False


@dataclass(frozen=True)
class Finding:
    """What was found about one thing. `name` is unique among the findings of one look."""

    name: str
    state: State
    says: str
    command: str = ""
    """The one command that mends it, for a person to run; empty when there is nothing to mend."""
    fix: Fix | None = field(default=None, compare=False, repr=False)
    code: int = 0
    """Other than 0: because of this the live session cannot run at all. 5 when it is for the lack
    of an engine, 6 of a device (core.errors)."""

    @property
    def good(self) -> bool:
        return self.state is State.OK


class Doctor(Protocol):
    """Looks at the machine. Slow, and never raises: a check that breaks is a finding too."""

    def findings(self) -> list[Finding]: ...

    def mend(self, name: str) -> str:
        """Do what the finding of this name offers; what came of it, as a sentence."""
        ...
