"""The command line as a whole; app/cli declares what each command takes."""

import logging
import sys
from typing import Annotated

import typer

from app.cli.clips import demo, translate
from app.cli.live import run_live
from app.cli.machine import bench, devices, doctor
from app.cli.models import models
from app.cli.service import serve, stream
from app.cli.speakers import mouths, voices
from app.cli.spread import worker, workers
from app.cli.window import tell, window
from app.failures import guarded
from app.interrupts import leave, listen
from core.process import run_if_worker

cli = typer.Typer(
    help="Speak your language into your webcam; the meeting sees and hears you speak theirs.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("translated-camera"))
        raise typer.Exit


@cli.callback()
def options(
    context: typer.Context,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say what is done.")] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    logging.basicConfig(
        level=logging.INFO if verbose else logging.ERROR,
        format="%(levelname)s %(name)s: %(message)s",
    )
    if context.invoked_subcommand is None:
        from app.commands.window import run as show

        raise typer.Exit(show())


# In the order in which --help tells them.
cli.command()(translate)
cli.command()(demo)
cli.command("run")(run_live)
for command in (devices, doctor, window, tell, worker, workers, serve, stream, bench):
    cli.command()(command)
for group, name in ((models, "models"), (voices, "voices"), (mouths, "mouths")):
    cli.add_typer(group, name=name)


def main() -> None:
    """The console script."""
    run_if_worker()
    listen()
    # A thread that computes in Python would hold up the others for 5 ms at a time.
    sys.setswitchinterval(0.0005)
    leave(guarded(lambda: cli(standalone_mode=False)))


if __name__ == "__main__":
    main()
