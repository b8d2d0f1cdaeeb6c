"""`doctor`: what is missing on this machine, and mending it."""

import sys
from pathlib import Path

import typer
from rich.console import Console

from app import json_output
from app.devices.machine import Machine
from app.doctor.fixing import Ask, Say, fix_all
from app.doctor.look import MachineDoctor, exit_code
from app.doctor.report import as_json, show
from app.settings import load_asked


def run(
    *,
    fix: bool = False,
    yes: bool = False,
    json: bool = False,
    target: Path | None = None,
    config: Path | None = None,
) -> int:
    """The exit code: 0 when the live session can run in some way, 6 when a device is missing
    without which nothing works, 5 when an engine is."""
    json_output.check(json, target)
    doctor = MachineDoctor(Machine(load_asked(config).config))
    # What is said on the way must not stand in the middle of the JSON.
    aside = Console(stderr=json, highlight=False, soft_wrap=True)
    found = fix_all(doctor, _ask(yes), _say(aside)) if fix else doctor.findings()
    if json:
        json_output.write(as_json(found), target)
    else:
        show(found, Console(highlight=False))
    return exit_code(found)


def _ask(yes: bool) -> Ask:
    """Without a terminal nobody can say yes: then only --yes does."""
    if yes:
        return lambda does: True
    if sys.stdin is None or not sys.stdin.isatty():
        return lambda does: False
    return lambda does: typer.confirm(f"  Run: {does}", err=True)


def _say(console: Console) -> Say:
    return lambda text: console.print(text, markup=False)
