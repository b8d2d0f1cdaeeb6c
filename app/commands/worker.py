"""`worker KIND`: serves sessions elsewhere through a broker, until it is told to end."""

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from app.placement import broker_address
from app.settings import load_asked
from app.worker import BrokerWorker, Job


@dataclass(frozen=True)
class Request:
    """The command line as it was given; empty means: as the settings say."""

    kind: str
    broker: str = ""
    from_: str = ""
    to: str = ""
    engine: str = ""
    patience: float = 0.0
    config: Path | None = None
    quiet: bool = False


def run(request: Request) -> None:
    """Until Ctrl-C or SIGTERM; what it has in hand then goes to another worker."""
    console = Console(stderr=True, soft_wrap=True, highlight=False, quiet=request.quiet)
    config = load_asked(request.config).config
    job = Job(
        request.kind,
        broker_address(request.broker or config.placement.broker),
        request.from_ or config.languages.source,
        request.to or config.languages.target,
        request.engine or getattr(config.engines, request.kind, "auto"),
        request.patience,
    )
    worker = BrokerWorker(job, config)
    try:
        console.print(worker.greeting, markup=False)
        worker.run()
    except KeyboardInterrupt:
        console.print("Ended.")
    finally:
        worker.close()
