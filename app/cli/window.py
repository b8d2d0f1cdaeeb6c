"""The commands on the window: `window` and `tell`."""

from enum import StrEnum
from typing import Annotated

import typer

from app.cli.options import SettingsFile


def window(
    hidden: Annotated[
        bool, typer.Option("--hidden", help="Begin in the notification area.")
    ] = False,
    config: SettingsFile = None,
) -> None:
    """The window; it also comes without any command."""
    from app.commands.window import run as show

    raise typer.Exit(show(config, hidden=hidden))


class Word(StrEnum):
    """What the running window can be told."""

    SHOW = "show"
    START = "start"
    PANIC = "panic"
    MUTE = "mute"


def tell(
    word: Annotated[Word, typer.Argument(help="start also stops; panic and mute also undo.")],
) -> None:
    """Tell the running window what to do; for keys that your desktop binds to commands."""
    from app.commands.window import say

    say(word.value)
