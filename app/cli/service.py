"""The commands on the service: `serve` and `stream`."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import Into, Out, ReplaceOut, SettingsFile, Silent, SpokenInClip


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
    name: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST", help="A name it has for others; can be given again."),
    ] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="Believe a proxy here whom it serves.")
    ] = False,
    certificate: Annotated[Path | None, typer.Option(help="For TLS, with --key.")] = None,
    key: Annotated[Path | None, typer.Option(help="The certificate's private key.")] = None,
    config: SettingsFile = None,
    quiet: Silent = False,
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
            names=tuple(name or ()),
            behind_proxy=behind_proxy,
            certificate=certificate,
            key=key,
            config=config,
            quiet=quiet,
        )
    )


def stream(
    source: Annotated[Path, typer.Argument(metavar="IN", help="The recording to send.")],
    target: Out,
    service: Annotated[str, typer.Option(help="Where `serve` runs.")] = "http://127.0.0.1:8750",
    from_: SpokenInClip = "",
    to: Into = "",
    token_file: Annotated[
        Path | None, typer.Option(help="The file with the service's token.")
    ] = None,
    force: ReplaceOut = False,
    quiet: Silent = False,
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
