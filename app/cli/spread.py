"""The commands of work that is spread over machines: `worker` and `workers`."""

from typing import Annotated

import typer

from app.cli.options import BrokerAddress, Into, SettingsFile, Silent


def worker(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="stt, mt, tts or lips.")],
    broker: BrokerAddress = "",
    from_: Annotated[str, typer.Option("--from", help="Language that is spoken.")] = "",
    to: Into = "",
    engine: Annotated[str, typer.Option(help="One engine by name, or auto.")] = "",
    patience: Annotated[
        float, typer.Option(min=0, help="Seconds after which its engine hangs; 0: as usual.")
    ] = 0.0,
    config: SettingsFile = None,
    quiet: Silent = False,
) -> None:
    """Work for sessions on other machines, through a broker (RabbitMQ)."""
    from app.commands.worker import Request, run

    run(Request(kind, broker, from_, to, engine, patience, config, quiet))


def workers(
    broker: BrokerAddress = "",
    discard: Annotated[
        bool, typer.Option("--discard", help="Throw away what workers have given up.")
    ] = False,
    config: SettingsFile = None,
) -> None:
    """Say who is at a broker, what waits there, and what was given up and why."""
    from app.commands.workers import Request, run

    run(Request(broker, discard, config))
