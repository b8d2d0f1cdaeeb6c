"""The Python packages that the program runs on, at the versions that were tried."""

import re
from collections.abc import Iterator
from pathlib import Path

import app
from app.devices.machine import Machine
from app.doctor.mending import mended, script
from core.findings import Finding, State

PACKAGES = "Python packages"
_ROOT = Path(app.__file__).parent.parent
_LOCK = _ROOT / "packaging/requirements.txt"
_SET_UP = _ROOT / "packaging/setup"
_PINNED = re.compile(r"^([\w.-]+)==([^ ;\\]+)\s*(?:;\s*(.+?))?\s*\\?$", re.MULTILINE)
_NAMED = re.compile(r"^([\w.-]+)(?:\[[^]]*\])?[^;]*(?:;\s*(.+))?$")


def check(machine: Machine) -> Iterator[Finding]:
    lock = machine.system.text(_LOCK)
    missing, other = _compared(machine, lock) if lock else (_absent(machine), [])
    if not missing and not other:
        yield Finding(
            PACKAGES, State.OK, "They are those that were tried." if lock else "All there."
        )
        return
    says = " ".join(
        [
            *([f"Missing: {', '.join(missing)}."] if missing else []),
            *([f"Other than tried: {', '.join(other)}."] if other else []),
        ]
    )
    finding = Finding(PACKAGES, State.TROUBLE if missing else State.HINT, says)
    fix = script(machine, _SET_UP) if lock else None
    yield mended(finding, fix, "pip install --upgrade translated-camera")


def _compared(machine: Machine, lock: str) -> tuple[list[str], list[str]]:
    """What is missing, and what has another version than the lock says."""
    missing, other = [], []
    for name, wanted, marker in _PINNED.findall(lock):
        if not applies(marker):
            continue
        found = machine.system.package(name)
        if not found:
            missing.append(name)
        elif found.split("+")[0] != wanted.split("+")[0]:
            other.append(f"{name} {found} (tried: {wanted})")
    return missing, other


def _absent(machine: Machine) -> list[str]:
    """Of an installation without a lock: what it asks for and has not."""
    wanted = (_NAMED.match(one) for one in machine.system.requirements("translated-camera"))
    return [
        one[1]
        for one in wanted
        if one and applies(one[2] or "") and not machine.system.package(one[1])
    ]


def applies(marker: str) -> bool:
    """Whether a requirement with this condition is one on this system."""
    if not marker:
        return True
    try:
        from packaging.markers import InvalidMarker, Marker
    except ImportError:
        return False
    try:
        return Marker(marker).evaluate({"extra": ""})
    except InvalidMarker:
        return False
