"""The command `run`: the live session."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import Badge, BrokerAddress, Lips, Original, SettingsFile, Silent


class OthersOriginal(StrEnum):
    """What becomes of the others' own voices while their translation is heard."""

    DUCK = "duck"
    PASS = "pass"


class PictureMode(StrEnum):
    """Whether the picture waits for its translated voice."""

    LIVE = "live"
    DUBBED = "dubbed"


def run_live(
    headless: Annotated[bool, typer.Option("--headless", help="Without a window.")] = False,
    from_: Annotated[
        str, typer.Option("--from", help="The language you speak; auto: it is found out (Whisper).")
    ] = "",
    to: Annotated[str, typer.Option("--to", help="The language the others hear.")] = "",
    camera: Annotated[
        str | None,
        typer.Option(help="A camera by name (part of it is enough), demo, pattern or file:PATH."),
    ] = None,
    microphone: Annotated[
        str | None,
        typer.Option(help="A microphone by name, demo, tone, silence or file:PATH."),
    ] = None,
    virtual_camera: Annotated[
        str, typer.Option(help="auto, v4l2loopback, pipewire, a device, or off.")
    ] = "",
    virtual_microphone: Annotated[str, typer.Option(help="auto, a device by name, or off.")] = "",
    original: Annotated[
        Original | None, typer.Option(help="Your own voice under the translated one.")
    ] = None,
    mode: Annotated[
        PictureMode | None, typer.Option(help="The picture at once, or late enough to fit.")
    ] = None,
    lips: Lips = "",
    badge: Badge = None,
    captions: Annotated[
        bool | None, typer.Option("--captions/--no-captions", help="Captions in the picture.")
    ] = None,
    speaker: Annotated[str, typer.Option(help="Whose mouth is learnt and used.")] = "",
    placement: Annotated[
        list[str] | None,
        typer.Option(help="Where the work is done, as with `translate`; may be repeated."),
    ] = None,
    broker: BrokerAddress = "",
    guest: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=SOURCE[,from=CODE][,to=CODE][,voice=NAME]",
            help="A further speaker at this machine: their microphone (or file:PATH), and what is "
            "different for them. May be repeated. In place of those of the settings; nobody: none.",
        ),
    ] = None,
    transcript: Annotated[
        Path | None,
        typer.Option(help="At the end, write what everybody said: .srt, .vtt, .txt or .json."),
    ] = None,
    others: Annotated[
        str,
        typer.Option(
            help="Translate the others for you: all, or whose sound (a program, an output); off."
        ),
    ] = "",
    others_from: Annotated[
        str, typer.Option(help="The language they speak; by default what they hear from you.")
    ] = "",
    others_to: Annotated[
        str, typer.Option(help="The language you hear them in; by default your own.")
    ] = "",
    others_output: Annotated[str, typer.Option(help="Where you hear it: an output by name.")] = "",
    others_original: Annotated[
        OthersOriginal | None, typer.Option(help="Their own voices under the translated one.")
    ] = None,
    others_voice: Annotated[
        bool | None,
        typer.Option("--others-voice/--no-others-voice", help="Say it, or only show it."),
    ] = None,
    record: Annotated[
        Path | None, typer.Option(help="Also write what the others see and hear to this file.")
    ] = None,
    json: Annotated[
        Path | None, typer.Option(help="At the end, write what was heard and said, and when.")
    ] = None,
    config: SettingsFile = None,
    seconds: Annotated[
        float, typer.Option(min=0, help="End by itself; 0 goes on until Ctrl-C.")
    ] = 0.0,
    passthrough: Annotated[
        bool, typer.Option("--passthrough", help="Your own picture and voice, untranslated.")
    ] = False,
    words: Annotated[
        bool, typer.Option("--words", help="Show here what is heard and said.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
    quiet: Silent = False,
) -> None:
    """Translate live: your camera and microphone in, the virtual ones out."""
    from app.commands.run import run
    from app.commands.run_request import Request

    run(
        Request(
            headless=headless,
            from_=from_,
            to=to,
            camera=camera,
            microphone=microphone,
            virtual_camera=virtual_camera,
            virtual_microphone=virtual_microphone,
            original=original.value if original else "",
            mode=mode.value if mode else "",
            lips=lips,
            badge=badge,
            captions=captions,
            speaker=speaker,
            placement=tuple(placement or ()),
            broker=broker,
            guests=tuple(guest or ()),
            transcript=transcript,
            others=others,
            others_from=others_from,
            others_to=others_to,
            others_output=others_output,
            others_original=others_original.value if others_original else "",
            others_voice=others_voice,
            record=record,
            json=json,
            config=config,
            seconds=seconds,
            passthrough=passthrough,
            words=words,
            force=force,
            quiet=quiet,
        )
    )
