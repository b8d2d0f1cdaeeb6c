"""The commands on recordings: `translate` and `demo`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import (
    Badge,
    BrokerAddress,
    Into,
    Lips,
    Original,
    Out,
    ReplaceOut,
    SettingsFile,
    SpokenInClip,
)


class CaptionFormat(StrEnum):
    SRT = "srt"
    VTT = "vtt"
    TXT = "txt"
    JSON = "json"


def translate(
    source: Annotated[
        Path, typer.Argument(metavar="IN", readable=False, help="The recording to translate.")
    ],
    target: Out,
    from_: SpokenInClip = "",
    to: Into = "",
    original: Annotated[
        Original | None, typer.Option(help="The original voice under the translated one.")
    ] = None,
    captions: Annotated[
        list[CaptionFormat] | None,
        typer.Option(help="Also write captions in both languages beside OUT; may be repeated."),
    ] = None,
    json: Annotated[
        Path | None, typer.Option(help="Write what was heard, said and when to this file.")
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option(help="A term that is not translated; may be repeated.")
    ] = None,
    term: Annotated[
        list[str] | None,
        typer.Option(help="A fixed translation, as SOURCE=TARGET; may be repeated."),
    ] = None,
    config: SettingsFile = None,
    lips: Lips = "",
    badge: Badge = None,
    burn: Annotated[
        bool, typer.Option("--burn-captions", help="Draw captions into the picture.")
    ] = False,
    speaker: Annotated[
        str, typer.Option(help="Remember the speaker's mouth by this name, and use what is known.")
    ] = "",
    placement: Annotated[
        list[str] | None,
        typer.Option(
            help="Where the work is done: thread, process or broker; or of one kind, as mt=broker. "
            "May be repeated."
        ),
    ] = None,
    broker: BrokerAddress = "",
    force: ReplaceOut = False,
    sequential: Annotated[
        bool, typer.Option("--sequential", help="One step after the other: for comparison.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")] = False,
) -> None:
    """Translate a recorded clip: voice, captions, and the times they belong to."""
    from app.commands.translate import Request, run

    run(
        Request(
            source=source,
            target=target,
            from_=from_,
            to=to,
            original=original.value if original else "",
            captions=tuple(one.value for one in captions or ()),
            json=json,
            keep=tuple(keep or ()),
            terms=tuple(term or ()),
            config=config,
            lips=lips,
            badge=badge,
            burn=burn,
            speaker=speaker,
            placement=tuple(placement or ()),
            broker=broker,
            force=force,
            sequential=sequential,
            quiet=quiet,
        )
    )


def demo(
    folder: Annotated[Path, typer.Argument(help="Where the two clips are written.")] = Path(),
    to: Into = "es",
    force: Annotated[bool, typer.Option("--force", help="Replace earlier clips.")] = False,
) -> None:
    """Make a talking clip of nobody, and translate it."""
    from app.commands.demo import run

    run(folder, to, force=force)
