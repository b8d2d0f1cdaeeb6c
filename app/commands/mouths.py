"""`mouths`: the speakers whose mouths are kept on this machine."""

import typer

from app import mouths
from core.errors import UsageError


def show() -> None:
    """Their names, one a line."""
    known = mouths.names()
    if not known:
        typer.echo("No speaker's mouth is kept here; one is learnt as its owner speaks.", err=True)
    for name in known:
        typer.echo(name)


def forget(name: str) -> None:
    """UsageError where there is none of this name."""
    if not mouths.forget(name):
        raise UsageError(f"Nothing is known of a speaker named {name!r}.")
