"""Options and arguments that several commands have in common."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Original(StrEnum):
    """What becomes of the original voice under the translated one."""

    DUCK = "duck"
    OFF = "off"
    PASS = "pass"


SettingsFile = Annotated[
    Path | None, typer.Option(help="Settings file to use in place of your own.")
]
Silent = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing.")]

Out = Annotated[Path, typer.Argument(metavar="OUT", help="The file to write.")]
ReplaceOut = Annotated[bool, typer.Option("--force", help="Replace OUT if it exists.")]
SpokenInClip = Annotated[str, typer.Option("--from", help="Language that is spoken in it.")]
Into = Annotated[str, typer.Option("--to", help="Language to translate into.")]

Lips = Annotated[str, typer.Option(help="auto, own_mouth, wav2lip, or off: the picture as it is.")]
Badge = Annotated[
    bool | None, typer.Option("--badge/--no-badge", help="Mark the picture as translated.")
]

BrokerAddress = Annotated[
    str, typer.Option(help="The broker's address, as amqp://user:password@host/.")
]

JsonHere = Annotated[bool, typer.Option("--json", help="For programs.")]
JsonOrFile = Annotated[bool, typer.Option("--json", help="For programs, to FILE or here.")]
JsonFile = Annotated[
    Path | None, typer.Argument(metavar="FILE", help="With --json: where; - is here.")
]
