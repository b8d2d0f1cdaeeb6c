"""What was found, for people and for programs."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.doctor.look import exit_code
from core.findings import Finding, State

_COLOURS = {State.OK: "green", State.HINT: "yellow", State.TROUBLE: "bold red"}
_RUNS = {
    0: "The live session can run.",
    5: "The live session cannot run: an engine is missing.",
    6: "The live session cannot run: a device is missing.",
}


def as_json(found: Sequence[Finding]) -> dict[str, Any]:
    code = exit_code(found)
    return {"code": code, "can_run": code == 0, "findings": [_finding_json(one) for one in found]}


def show(found: Sequence[Finding], console: Console) -> None:
    for one in found:
        row = Table.grid(padding=(0, 1))
        row.add_column(width=7)
        row.add_column()
        row.add_row(Text(one.state.value, _COLOURS[one.state]), _sentence(one))
        console.print(row)
        if one.command:
            # Unbroken, so that it can be copied.
            console.print(Text(f"        {one.command}", "cyan"), soft_wrap=True)
    console.print()
    console.print(Text(summary(found)), soft_wrap=True)


def summary(found: Sequence[Finding]) -> str:
    troubles = sum(one.state is State.TROUBLE for one in found)
    hints = sum(one.state is State.HINT for one in found)
    counted = f"{_count(troubles, 'trouble')}, {_count(hints, 'hint')}.".capitalize()
    said = f"{_RUNS[exit_code(found)]} {counted}"
    fixes = sum(one.fix is not None for one in found)
    if fixes:
        said += f" `translated-camera doctor --fix` mends {fixes} of them."
    return said


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _sentence(one: Finding) -> Text:
    return Text.assemble((one.name, "bold"), ": ", one.says)


def _finding_json(one: Finding) -> dict[str, Any]:
    return {
        "name": one.name,
        "state": one.state.value,
        "says": one.says,
        "command": one.command,
        "fixable": one.fix is not None,
        "root": one.fix.root if one.fix else False,
        "code": one.code,
    }
