"""The commands on what is kept of speakers: `voices` and `mouths`."""

from pathlib import Path
from typing import Annotated

import typer

voices = typer.Typer(help="Speakers whose own voice may be imitated.", no_args_is_help=True)
mouths = typer.Typer(help="The mouths that were learnt.", no_args_is_help=True)

SpeakerName = Annotated[str, typer.Argument(help="The speaker's name.")]


@voices.command("list")
def list_voices() -> None:
    """Name the speakers who agreed, and when."""
    from app.commands.voices import show

    show()


@voices.command("learn")
def learn_voice(
    name: SpeakerName,
    recording: Annotated[Path, typer.Argument(help="6 to 12 seconds of the speaker alone.")],
    agreed: Annotated[
        bool, typer.Option("--i-agree", help="I am the speaker, and agree to be imitated.")
    ] = False,
) -> None:
    """Learn a speaker's own voice, for XTTS."""
    from app.commands.voices import learn

    learn(name, recording, agreed=agreed)


@voices.command("forget")
def forget_voice(name: SpeakerName) -> None:
    """Delete a speaker's consent and voice."""
    from app.commands.voices import forget

    forget(name)


@mouths.command("list")
def list_mouths() -> None:
    """Name the speakers whose mouths are kept on this machine."""
    from app.commands.mouths import show

    show()


@mouths.command("forget")
def forget_mouth(name: SpeakerName) -> None:
    """Delete what is known of a speaker's mouth."""
    from app.commands.mouths import forget

    forget(name)
