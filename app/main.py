"""The command line: what each command takes; the work is done elsewhere."""

import logging
import sys
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from app.failures import guarded
from app.interrupts import ignore, listen
from core.process import run_if_worker

cli = typer.Typer(
    help="Speak your language into your webcam; the meeting sees and hears you speak theirs.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)


class OthersOriginal(StrEnum):
    """What becomes of the others' own voices while their translation is heard."""

    DUCK = "duck"
    PASS = "pass"


class Original(StrEnum):
    """What becomes of the original voice under the translated one."""

    DUCK = "duck"
    OFF = "off"
    PASS = "pass"


class PictureMode(StrEnum):
    """Whether the picture waits for its translated voice."""

    LIVE = "live"
    DUBBED = "dubbed"


class CaptionFormat(StrEnum):
    SRT = "srt"
    VTT = "vtt"
    TXT = "txt"
    JSON = "json"


def _version(wanted: bool) -> None:
    if wanted:
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


@cli.command()
def translate(
    source: Annotated[
        Path, typer.Argument(metavar="IN", readable=False, help="The recording to translate.")
    ],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write.")],
    from_: Annotated[str, typer.Option("--from", help="Language that is spoken in it.")] = "",
    to: Annotated[str, typer.Option("--to", help="Language to translate into.")] = "",
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
    config: Annotated[
        Path | None, typer.Option(help="Settings file to use in place of your own.")
    ] = None,
    lips: Annotated[
        str, typer.Option(help="auto, own_mouth, wav2lip, or off: the picture as it is.")
    ] = "",
    badge: Annotated[
        bool | None, typer.Option("--badge/--no-badge", help="Mark the picture as translated.")
    ] = None,
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
    broker: Annotated[
        str, typer.Option(help="The broker's address, as amqp://user:password@host/.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace OUT if it exists.")] = False,
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


@cli.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Where the two clips are written.")] = Path(),
    to: Annotated[str, typer.Option("--to", help="Language to translate into.")] = "es",
    force: Annotated[bool, typer.Option("--force", help="Replace earlier clips.")] = False,
) -> None:
    """Make a talking clip of nobody, and translate it."""
    from app.commands.demo import run

    run(folder, to, force=force)


@cli.command(name="run")
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
    lips: Annotated[
        str, typer.Option(help="auto, own_mouth, wav2lip, or off: the picture as it is.")
    ] = "",
    badge: Annotated[
        bool | None, typer.Option("--badge/--no-badge", help="Mark the picture as translated.")
    ] = None,
    captions: Annotated[
        bool | None, typer.Option("--captions/--no-captions", help="Captions in the picture.")
    ] = None,
    speaker: Annotated[str, typer.Option(help="Whose mouth is learnt and used.")] = "",
    placement: Annotated[
        list[str] | None,
        typer.Option(help="Where the work is done, as with `translate`; may be repeated."),
    ] = None,
    broker: Annotated[
        str, typer.Option(help="The broker's address, as amqp://user:password@host/.")
    ] = "",
    guest: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=SOURCE[,from=CODE][,to=CODE][,voice=NAME]",
            help="A further speaker at this machine: their microphone (or file:PATH), and what is "
            "different for them. May be repeated.",
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
    config: Annotated[
        Path | None, typer.Option(help="Settings file to use in place of your own.")
    ] = None,
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
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing.")] = False,
) -> None:
    """Translate live: your camera and microphone in, the virtual ones out."""
    from app.commands.run import Request, run

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


@cli.command()
def devices(
    json: Annotated[bool, typer.Option("--json", help="For programs, to FILE or here.")] = False,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="With --json: where; - is here.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="Settings file to use in place of your own.")
    ] = None,
) -> None:
    """Tell which cameras and microphones there are, and what meeting programs get."""
    from app.commands.devices import run

    run(json, file, config)


models = typer.Typer(help="Models that others made, for better results.", no_args_is_help=True)
cli.add_typer(models, name="models")
ACCEPT = typer.Option("--accept-licence", help="The licence was read and is accepted.")


@models.command("list")
def list_models(
    kind: Annotated[str, typer.Option(help="Only of this kind: stt, mt, tts or turn.")] = "",
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Name the models that can be had, and say which are here and which fit this machine."""
    from app.commands.models import show

    show(kind, as_json=json)


@models.command("pull")
def pull_model(
    name: Annotated[str, typer.Argument(help="Its name; `models list` tells them.")],
    accept: Annotated[bool, ACCEPT] = False,
) -> None:
    """Fetch a model; what was fetched before an interruption is used."""
    from app.commands.models import get

    get(name, accept=accept)


@models.command("import")
def import_model(
    path: Annotated[Path, typer.Argument(help="A folder, or the file of a voice.")],
    name: Annotated[str, typer.Option(help="What it shall be called.")] = "",
    accept: Annotated[bool, ACCEPT] = False,
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
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    config: Annotated[Path | None, typer.Option(help="Another settings file.")] = None,
) -> None:
    """Measure again how quick the engines and models here are, and say which a session takes."""
    from app.commands.measure import run

    run(config, as_json=json)


@models.command("remove")
def remove_model(name: Annotated[str, typer.Argument(help="Its name.")]) -> None:
    """Delete a model."""
    from app.commands.models import drop

    drop(name)


@cli.command()
def doctor(
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what can be mended; asks where root is needed.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: Annotated[bool, typer.Option("--json", help="For programs, to FILE or here.")] = False,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="With --json: where; - is here.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="Settings file to use in place of your own.")
    ] = None,
) -> None:
    """Tell what is missing on this machine, and what mends it.

    Ends with 0 when a live session can run in some way, 6 when a device is missing without which
    nothing works, 5 when an engine is.
    """
    from app.commands.doctor import run

    raise typer.Exit(run(fix=fix, yes=yes, json=json, target=file, config=config))


@cli.command()
def window(
    hidden: Annotated[
        bool, typer.Option("--hidden", help="Begin in the notification area.")
    ] = False,
    config: Annotated[
        Path | None, typer.Option(help="Settings file to use in place of your own.")
    ] = None,
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


@cli.command()
def tell(
    word: Annotated[Word, typer.Argument(help="start also stops; panic and mute also undo.")],
) -> None:
    """Tell the running window what to do; for keys that your desktop binds to commands."""
    from app.commands.window import say

    say(word.value)


voices = typer.Typer(help="Speakers whose own voice may be imitated.", no_args_is_help=True)
cli.add_typer(voices, name="voices")


@voices.command("list")
def list_voices() -> None:
    """Name the speakers who agreed, and when."""
    from app.commands.voices import show

    show()


@voices.command("learn")
def learn_voice(
    name: Annotated[str, typer.Argument(help="The speaker's name.")],
    recording: Annotated[Path, typer.Argument(help="6 to 12 seconds of the speaker alone.")],
    agreed: Annotated[
        bool, typer.Option("--i-agree", help="I am the speaker, and agree to be imitated.")
    ] = False,
) -> None:
    """Learn a speaker's own voice, for XTTS."""
    from app.commands.voices import learn

    learn(name, recording, agreed=agreed)


@voices.command("forget")
def forget_voice(name: Annotated[str, typer.Argument(help="The speaker's name.")]) -> None:
    """Delete a speaker's consent and voice."""
    from app.commands.voices import forget

    forget(name)


mouths = typer.Typer(help="The mouths that were learnt.", no_args_is_help=True)
cli.add_typer(mouths, name="mouths")


@mouths.command("list")
def list_mouths() -> None:
    """Name the speakers whose mouths are kept on this machine."""
    from app.mouths import names

    known = names()
    if not known:
        typer.echo("No speaker's mouth is kept here; one is learnt as its owner speaks.", err=True)
    for name in known:
        typer.echo(name)


@mouths.command("forget")
def forget_mouth(name: Annotated[str, typer.Argument(help="The speaker's name.")]) -> None:
    """Delete what is known of a speaker's mouth."""
    from app.mouths import forget
    from core.errors import UsageError

    if not forget(name):
        raise UsageError(f"Nothing is known of a speaker named {name!r}.")


@cli.command()
def worker(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="stt, mt, tts or lips.")],
    broker: Annotated[
        str, typer.Option(help="The broker's address, as amqp://user:password@host/.")
    ] = "",
    from_: Annotated[str, typer.Option("--from", help="Language that is spoken.")] = "",
    to: Annotated[str, typer.Option("--to", help="Language to translate into.")] = "",
    engine: Annotated[str, typer.Option(help="One engine by name, or auto.")] = "",
    patience: Annotated[
        float, typer.Option(min=0, help="Seconds after which its engine hangs; 0: as usual.")
    ] = 0.0,
    config: Annotated[
        Path | None, typer.Option(help="Settings file to use in place of your own.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing.")] = False,
) -> None:
    """Work for sessions on other machines, through a broker (RabbitMQ)."""
    from app.commands.worker import Request, run

    run(Request(kind, broker, from_, to, engine, patience, config, quiet))


@cli.command()
def workers(
    broker: Annotated[
        str, typer.Option(help="The broker's address, as amqp://user:password@host/.")
    ] = "",
    discard: Annotated[
        bool, typer.Option("--discard", help="Throw away what workers have given up.")
    ] = False,
    config: Annotated[
        Path | None, typer.Option(help="Settings file to use in place of your own.")
    ] = None,
) -> None:
    """Say who is at a broker, what waits there, and what was given up and why."""
    from app.commands.workers import Request, run

    run(Request(broker, discard, config))


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = 8750,
    folder: Annotated[Path | None, typer.Option(help="Where jobs are kept.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Jobs at work at once.")] = None,
    streams: Annotated[int | None, typer.Option(min=0, help="Live streams at once.")] = None,
    largest: Annotated[int | None, typer.Option(min=1, help="MiB that a video may have.")] = None,
    longest: Annotated[float | None, typer.Option(min=1, help="Seconds it may last.")] = None,
    waiting: Annotated[int | None, typer.Option(min=1, help="Jobs that may wait.")] = None,
    spare: Annotated[int | None, typer.Option(min=0, help="MiB left free on the disk.")] = None,
    keep: Annotated[
        float | None, typer.Option(min=0.0001, help="Hours for which results can be fetched.")
    ] = None,
    per_minute: Annotated[
        int | None, typer.Option(min=1, help="Jobs and streams of one owner in a minute.")
    ] = None,
    stall: Annotated[
        float | None, typer.Option(min=0.1, help="Seconds without a byte that end an upload.")
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option(help="Tokens, one a line as NAME TOKEN; one is made otherwise.")
    ] = None,
    no_token: Annotated[
        bool, typer.Option("--no-token", help="Let every program on this machine in.")
    ] = False,
    certificate: Annotated[Path | None, typer.Option(help="For TLS, with --key.")] = None,
    key: Annotated[Path | None, typer.Option(help="The certificate's private key.")] = None,
    config: Annotated[
        Path | None, typer.Option(help="Settings file to use in place of your own.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing.")] = False,
) -> None:
    """Serve clips and live streams to other programs over HTTP; docs/service.md tells how."""
    from app.commands.serve import Request, run

    run(
        Request(
            host=host,
            port=port,
            folder=folder,
            workers=workers,
            streams=streams,
            largest_mib=largest,
            longest=longest,
            waiting=waiting,
            spare_mib=spare,
            keep_hours=keep,
            per_minute=per_minute,
            stall=stall,
            token_file=token_file,
            no_token=no_token,
            certificate=certificate,
            key=key,
            config=config,
            quiet=quiet,
        )
    )


@cli.command()
def stream(
    source: Annotated[Path, typer.Argument(metavar="IN", help="The recording to send.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write.")],
    service: Annotated[str, typer.Option(help="Where `serve` runs.")] = "http://127.0.0.1:8750",
    from_: Annotated[str, typer.Option("--from", help="Language that is spoken in it.")] = "",
    to: Annotated[str, typer.Option("--to", help="Language to translate into.")] = "",
    token_file: Annotated[
        Path | None, typer.Option(help="The file with the service's token.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace OUT if it exists.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing.")] = False,
    enhance: Annotated[
        str, typer.Option(help="What keeps other sounds away there: off, auto, rnnoise, av.")
    ] = "",
    jpeg: Annotated[
        int, typer.Option(min=10, max=100, help="Quality of pictures, both ways.")
    ] = 85,
    opus: Annotated[
        int, typer.Option(min=6, max=128, help="Thousand bits a second for the sound.")
    ] = 24,
) -> None:
    """Send a recording through a service live, as a camera would, and tell how the link did."""
    from app.commands.stream import Request, run
    from engines.link.client import Compression

    compression = Compression(jpeg, 1000 * opus)
    run(Request(source, target, service, from_, to, token_file, force, quiet, enhance, compression))


@cli.command()
def bench(
    name: Annotated[str, typer.Argument(help="Which one; `list` names them all.")],
    clips: Annotated[
        list[Path] | None,
        typer.Argument(
            help="For `visual`: clips whose faces to judge; for `enhance`: voices to try."
        ),
    ] = None,
    json: Annotated[Path | None, typer.Option(help="Also write the figures to this file.")] = None,
    device: Annotated[str, typer.Option(help="For `lips`: cpu, or cuda as well.")] = "",
) -> None:
    """Measure this machine: ratios within one run, with the machine and its load."""
    from app.commands.bench import run

    run(name, json, clips or (), device)


def main() -> None:
    """The console script."""
    run_if_worker()
    listen()
    # A thread that computes in Python would hold up the others for 5 ms at a time.
    sys.setswitchinterval(0.0005)
    code = guarded(lambda: cli(standalone_mode=False))
    ignore()
    sys.exit(code)


if __name__ == "__main__":
    main()
