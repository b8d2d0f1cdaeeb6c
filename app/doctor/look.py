"""All checks, one after the other, none of which can take the others down."""

import logging
from collections.abc import Iterator, Sequence
from importlib import import_module

from app.devices.machine import Machine
from app.settings import load
from core.errors import TranslatedCameraError
from core.findings import Finding, State

log = logging.getLogger(__name__)

SUBJECTS = (
    "microphone",
    "guests",
    "sound",
    "cameras",
    "loopback",
    "pipewire",
    "elsewhere",
    "engines",
    "languages",
    "graphics",
    "processor",
    "files",
    "fonts",
    "screen",
    "packages",
)
"""Modules of this package, in the order in which people are told."""


class MachineDoctor:
    """`core.findings.Doctor` for this machine; unless one is given, with the settings that the
    user's file has at each look."""

    def __init__(self, machine: Machine | None = None, subjects: Sequence[str] = SUBJECTS) -> None:
        self._machine = machine
        self._subjects = subjects
        self._found: list[Finding] = []

    def findings(self) -> list[Finding]:
        """Seconds: engines are built, the microphone is listened to for a moment."""
        machine = self._machine or Machine(load().config)
        try:
            self._found = [one for name in self._subjects for one in _guarded(name, machine)]
        finally:
            machine.probes.close()
        return list(self._found)

    def mend(self, name: str) -> str:
        """Never raises; looks first if nobody has looked yet."""
        found = self._found or self.findings()
        fix = next((one.fix for one in found if one.name == name), None)
        if fix is None:
            return f"{name}: there is nothing that can be done about it from here."
        try:
            return fix.act()
        except (TranslatedCameraError, OSError) as exc:
            return str(exc)


def findings(machine: Machine | None = None) -> list[Finding]:
    """What is the matter with this machine, with the user's settings unless told otherwise."""
    return MachineDoctor(machine).findings()


def exit_code(found: Sequence[Finding]) -> int:
    """0 when the live session can run in some way; 6 when a device is missing without which
    nothing works, 5 when an engine is (6 when both are)."""
    return max((one.code for one in found), default=0)


def _guarded(subject: str, machine: Machine) -> Iterator[Finding]:
    """Whatever breaks on a strange machine is told like the rest."""
    try:
        yield from import_module(f"app.doctor.{subject}").check(machine)
    except Exception as exc:
        log.info("the check of %s broke", subject, exc_info=True)
        reason = str(exc) or type(exc).__name__
        if isinstance(exc, ModuleNotFoundError) and exc.name:
            reason = f"the Python module {exc.name} is missing."
        yield Finding(f"Check of {subject}", State.TROUBLE, f"It could not be looked at: {reason}")
