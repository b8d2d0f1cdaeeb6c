"""Turning other programs down while a translation of them is heard, and up again.

A sound server remembers a program's volume for the next time, also of one that ends while it is
turned down. So what was turned down is noted in a file until it is turned up again, however much
later it plays again: whoever comes after a crash finds it there.
"""

import contextlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import pulsectl

from engines.programs.playing import Program
from engines.pulse.server import BROKEN

_SAME = 0.01
"""Volumes that differ by less were not changed by anybody."""


def folder() -> Path:
    """Of the note. It lasts as long as what the server remembers: after a reboot, too."""
    return platformdirs.user_state_path("translated-camera", appauthor=False)


@dataclass(frozen=True)
class _Turned:
    name: str
    before: tuple[float, ...]
    after: tuple[float, ...]

    def is_at(self, volumes: tuple[float, ...]) -> bool:
        pairs = zip(self.after, volumes, strict=False)
        return len(self.after) == len(volumes) and all(abs(a - b) < _SAME for a, b in pairs)


class Ducking:
    """One thread. `db` is how far programs are turned down, `since` when (monotonic)."""

    def __init__(self, note: Path | None = None) -> None:
        self.db = 0.0
        self.since = 0.0
        self._note = note or folder() / "turned-down.json"
        self._turned: dict[int, _Turned] = {}
        self._left = self._found()

    def mend(self, pulse: pulsectl.Pulse, found: Sequence[Program]) -> None:
        """What a process before this one has left turned down, or what was gone when it was to be
        turned up: as soon as it plays again. Nothing while others are to be down."""
        if self.db:
            return
        mended = []
        for program in found:
            left = next((one for one in self._left if self._fits(one, program)), None)
            if left is not None:
                _turn(pulse, program, left.before)
                mended.append(left)
        self._left = [one for one in self._left if one not in mended]
        self._write()

    @property
    def owes(self) -> bool:
        """Whether there is something to mend."""
        return bool(self._left) and not self.db

    def down(self, pulse: pulsectl.Pulse, found: Sequence[Program], db: float) -> None:
        """Those that are down already stay where they are."""
        if not self.db:
            self.db, self.since = db, time.monotonic()
        factor = 10 ** (self.db / 60)  # volumes are cubic
        for program in found:
            if program.index in self._turned:
                continue
            # A stream begins with the volume that one before it of its program has, or had last.
            known = (*self._turned.values(), *self._left)
            alike = (one for one in known if self._fits(one, program))
            before = next(alike, _Turned("", program.volumes, ())).before
            after = tuple(volume * factor for volume in before)
            self._turned[program.index] = _Turned(program.name, before, after)
            self._write()
            _turn(pulse, program, after)

    def up(self, pulse: pulsectl.Pulse, found: Sequence[Program]) -> None:
        """As they were; one whose volume somebody has changed in between is left as it is."""
        for program in found:
            turned = self._turned.get(program.index)
            if turned is not None and turned.is_at(program.volumes):
                _turn(pulse, program, turned.before)
        there = {program.index for program in found}
        gone = (one for index, one in self._turned.items() if index not in there)
        self._left = list(dict.fromkeys((*self._left, *gone)))
        self._turned.clear()
        self.db = 0.0
        self._write()

    @staticmethod
    def _fits(turned: _Turned, program: Program) -> bool:
        return turned.name == program.name and turned.is_at(program.volumes)

    def _found(self) -> list[_Turned]:
        with contextlib.suppress(OSError, ValueError, TypeError):
            noted = json.loads(self._note.read_text())
            return [_Turned(name, tuple(before), tuple(after)) for name, before, after in noted]
        return []

    def _write(self) -> None:
        """Best effort: without it all is well unless this process is killed."""
        turned = [*self._left, *self._turned.values()]
        with contextlib.suppress(OSError):
            if not turned:
                self._note.unlink(missing_ok=True)
                return
            self._note.parent.mkdir(parents=True, exist_ok=True)
            self._note.write_text(json.dumps([(one.name, one.before, one.after) for one in turned]))


def _turn(pulse: pulsectl.Pulse, program: Program, volumes: tuple[float, ...]) -> None:
    """A stream that is over by now needs no volume."""
    with contextlib.suppress(*BROKEN):
        pulse.sink_input_volume_set(program.index, pulsectl.PulseVolumeInfo(list(volumes)))
