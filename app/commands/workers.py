"""`workers`: who is at a broker, what waits there, and what was given up."""

from dataclasses import dataclass
from pathlib import Path
from time import sleep

from rich.console import Console
from rich.table import Table

from app.placement import broker_address
from app.settings import load_asked
from core.config import Config
from core.text.languages import language_code, spoken_code
from engines.broker.link import Link
from engines.broker.presence import BEAT_S, Attendance, Worker
from engines.broker.survey import Findings, survey
from engines.broker.topology import Box, work


@dataclass(frozen=True)
class Request:
    """The command line as it was given; empty means: as the settings say."""

    broker: str = ""
    discard: bool = False
    config: Path | None = None


def run(request: Request) -> None:
    config = load_asked(request.config).config
    link = Link(broker_address(request.broker or config.placement.broker), "survey")
    try:
        workers = _attending(link)
        found = [survey(link, box, discard=request.discard) for box in _boxes(workers, config)]
    finally:
        link.close()
    _show(workers, [one for one in found if one is not None], request.discard)


def _attending(link: Link) -> list[Worker]:
    attendance = Attendance(link)
    sleep(1.5 * BEAT_S)
    workers = attendance.workers
    attendance.close()
    return sorted(workers, key=lambda worker: (worker.kind, worker.languages, worker.name))


def _boxes(workers: list[Worker], config: Config) -> list[Box]:
    """Of those who are there, and those that this user's sessions would put into."""
    source, target = spoken_code(config.languages.source), language_code(config.languages.target)
    own = {"stt": (source,), "mt": (source, target), "tts": (target,), "lips": ()}
    wanted: list[tuple[str, tuple[str, ...]]] = list(own.items())
    wanted += [(worker.kind, worker.languages) for worker in workers]
    engines = [(worker.kind, worker.languages, worker.engine) for worker in workers]
    boxes = [work(kind, languages) for kind, languages in wanted]
    boxes += [work(*engine) for engine in engines]
    return list(dict.fromkeys(boxes))


def _show(workers: list[Worker], found: list[Findings], discarded: bool) -> None:
    console = Console(soft_wrap=True, highlight=False)
    table = Table("worker", "languages", "engine", "where", "in hand")
    for worker in workers:
        languages, held = " to ".join(worker.languages), str(len(worker.held))
        where = f"{worker.host} ({worker.pid})"
        table.add_row(worker.kind, languages, worker.engine, where, held)
    console.print(table if workers else "No worker is there.")
    for one in found:
        if one.waiting or one.dead:
            console.print(f"{one.box.name}: {one.waiting} wait, {one.dead} given up", markup=False)
        for reason in one.reasons:
            console.print(f"  {reason}", markup=False)
        if one.dead and discarded:
            console.print("  thrown away")
