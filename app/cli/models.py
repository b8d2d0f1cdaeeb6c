"""The commands of `models`."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import JsonHere, SettingsFile

models = typer.Typer(help="Models that others made, for better results.", no_args_is_help=True)

Accepted = Annotated[
    bool, typer.Option("--accept-licence", help="The licence was read and is accepted.")
]


@models.command("list")
def list_models(
    kind: Annotated[str, typer.Option(help="Only of this kind: stt, mt, tts or turn.")] = "",
    json: JsonHere = False,
) -> None:
    """Name the models that can be had, and say which are here and which fit this machine."""
    from app.commands.models import show

    show(kind, as_json=json)


@models.command("pull")
def pull_model(
    name: Annotated[str, typer.Argument(help="Its name; `models list` tells them.")],
    accept: Accepted = False,
) -> None:
    """Fetch a model; what was fetched before an interruption is used."""
    from app.commands.models import get

    get(name, accept=accept)


@models.command("import")
def import_model(
    path: Annotated[Path, typer.Argument(help="A folder, or the file of a voice.")],
    name: Annotated[str, typer.Option(help="What it shall be called.")] = "",
    accept: Accepted = False,
) -> None:
    """Take a model over from the disk: for machines without a network."""
    from app.commands.models import take

    take(path, name, accept=accept)


@models.command("verify")
def verify_models(
    name: Annotated[str, typer.Argument(help="Only this one.")] = "",
) -> None:
    """Compare the files of models with their hashes, and try the models out."""
    from app.commands.models import verify

    verify(name)


@models.command("measure")
def measure_models(
    json: JsonHere = False,
    config: SettingsFile = None,
) -> None:
    """Measure again how quick the engines and models here are, and say which a session takes."""
    from app.commands.measure import run

    run(config, as_json=json)


@models.command("remove")
def remove_model(name: Annotated[str, typer.Argument(help="Its name.")]) -> None:
    """Delete a model."""
    from app.commands.models import drop

    drop(name)
