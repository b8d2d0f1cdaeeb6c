"""The usual kinds of fixes: a command, a package of the system, a function of ours."""

import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import app
from app.devices.machine import Machine
from core.findings import Finding, Fix

_SET_UP = Path(app.__file__).parent.parent / "packaging/linux/install"
_MANAGERS = (
    ("apt-get", ("apt-get", "install", "-y")),
    ("dnf", ("dnf", "install", "-y")),
    ("pacman", ("pacman", "-S", "--needed", "--noconfirm")),
    ("zypper", ("zypper", "--non-interactive", "install")),
)


def command(machine: Machine, *words: str, root: bool = False, then: str = "") -> Fix:
    """Runs a command; `then` is what remains for a person to do."""
    shown = f"sudo {shlex.join(words)}" if root else shlex.join(words)

    def act() -> str:
        machine.system.perform(*words, root=root)
        return f"Done: {shown}. {then}".rstrip()

    return Fix(shown, act, root)


def packages(
    machine: Machine, *, apt: str = "", dnf: str = "", pacman: str = "", zypper: str = ""
) -> Fix | None:
    """Installs what this system calls its packages (several with blanks between); None where it
    is not known, or there is no program to install with."""
    names = {"apt-get": apt, "dnf": dnf, "pacman": pacman, "zypper": zypper}
    for manager, words in _MANAGERS:
        if machine.system.which(manager):
            named = names[manager].split()
            return command(machine, *words, *named, root=True) if named else None
    return None


def set_up(machine: Machine) -> Fix | None:
    """Our own script for the kernel module and its options, in a checkout."""
    if not machine.system.exists(_SET_UP):
        return None
    return command(machine, str(_SET_UP), root=True)


def script(machine: Machine, path: Path) -> Fix:
    """One of ours that asks for the administrator's rights by itself where it needs them."""
    return replace(command(machine, str(path)), root=True)


def called(does: str, act: Callable[[], object], done: str) -> Fix:
    def perform() -> str:
        act()
        return done

    return Fix(does, perform)


def mended(finding: Finding, fix: Fix | None, otherwise: str = "") -> Finding:
    """The finding with its fix; without one, with the command that a person may run."""
    return replace(finding, command=fix.does if fix else otherwise, fix=fix)
