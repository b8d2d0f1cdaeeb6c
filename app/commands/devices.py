"""`devices`: what there is to see and hear with, what would be taken, and why."""

from pathlib import Path

from rich.console import Console

from app import json_output
from app.devices.machine import Machine
from app.devices.overview import overview
from app.devices.tables import show
from app.settings import load_asked


def run(json: bool = False, target: Path | None = None, config: Path | None = None) -> None:
    """With `json` a program's form, to `target` or the standard output."""
    json_output.check(json, target)
    found = overview(Machine(load_asked(config).config))
    if json:
        json_output.write(found.as_json(), target)
    else:
        show(found, Console(highlight=False))
