"""One way to hear what the others say, whatever this system offers for it."""

import sys
from typing import Protocol

from core.devices import Heard
from core.live import Device
from engines.microphone.followed import FollowedMicrophone
from engines.microphone.opening import is_source

_NONE = "none was chosen"
CHOOSE = (
    "No program here may hear what others play. Let the meeting play into a cable, and choose that "
    "as the sound of the others (others.source)."
)


class OthersSound(Protocol):
    """`read` and `close` are for one thread, the rest for any. Nothing raises."""

    @property
    def device(self) -> Device:
        """Who is heard, and what the user should know of it."""
        ...

    @property
    def whole(self) -> str:
        """The output whose whole sound is heard, ours included: nothing of ours may be played
        there. Empty where our own sound is left out."""
        ...

    def read(self, timeout: float = 1.0) -> Heard | None:
        """What was heard since the last call; None when there is nothing in time."""
        ...

    def duck(self, db: float) -> None:
        """How much softer the user is to hear it, as far as that can be done here."""
        ...

    def close(self) -> None: ...


def open_others(wanted: str = "", epoch: float | None = None) -> OthersSound:
    """`wanted`: "" for every program, a program's or an output's name; or what stands in for a
    microphone ("file:PATH", "demo"), which begins at `epoch`. On macOS it is the name of a cable
    that the meeting plays into."""
    if is_source(wanted) or sys.platform == "darwin":
        return _Recorded(wanted, epoch)
    if sys.platform == "win32":
        from engines.programs.loopback import LoopbackSound

        return LoopbackSound(wanted)
    from engines.programs.pulse import ProgramSound

    return ProgramSound(wanted)


class _Recorded(FollowedMicrophone):
    """Something that is recorded from like a microphone. The user's own never takes its place:
    they would be translated as if they were the others."""

    whole = ""

    def __init__(self, wanted: str, epoch: float | None) -> None:
        super().__init__(wanted or _NONE, epoch=epoch, only="cable")
        self._chosen = bool(wanted)

    @property
    def device(self) -> Device:
        return super().device if self._chosen else Device("", False, CHOOSE)

    def duck(self, db: float) -> None:
        """It is not ours to turn down."""
