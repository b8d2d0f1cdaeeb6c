"""The commands on this machine: `devices`, `doctor` and `bench`."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import JsonFile, JsonOrFile, SettingsFile


def devices(
    json: JsonOrFile = False,
    file: JsonFile = None,
    config: SettingsFile = None,
) -> None:
    """Tell which cameras and microphones there are, and what meeting programs get."""
    from app.commands.devices import run

    run(json, file, config)


def doctor(
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what can be mended; asks where root is needed.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: JsonOrFile = False,
    file: JsonFile = None,
    config: SettingsFile = None,
) -> None:
    """Tell what is missing on this machine, and what mends it.

    Ends with 0 when a live session can run in some way, 6 when a device is missing without which
    nothing works, 5 when an engine is.
    """
    from app.commands.doctor import run

    raise typer.Exit(run(fix=fix, yes=yes, json=json, target=file, config=config))


def bench(
    name: Annotated[str, typer.Argument(help="Which one; `list` names them all.")],
    clips: Annotated[
        list[Path] | None,
        typer.Argument(
            help="For `visual`: clips whose faces to judge; for `enhance`: clips, folders of "
            "voices, networks (.onnx)."
        ),
    ] = None,
    json: Annotated[Path | None, typer.Option(help="Also write the figures to this file.")] = None,
    device: Annotated[str, typer.Option(help="For `lips`: cpu, or cuda as well.")] = "",
) -> None:
    """Measure this machine: ratios within one run, with the machine and its load."""
    from app.commands.bench import run

    run(name, json, clips or (), device)
