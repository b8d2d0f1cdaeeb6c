"""A worker: one engine, in a process that is watched, at the service of whoever is at a broker."""

import logging
from dataclasses import dataclass, field
from typing import Any

from app.engine_options import engine_options
from core.config import Config
from core.errors import UsageError
from core.process import RemoteStage
from core.text.languages import language_code, language_name
from engines.broker.link import Link
from engines.broker.presence import Worker
from engines.broker.serving import Serving
from engines.hosted import patience

log = logging.getLogger(__name__)

KINDS = ("stt", "mt", "tts", "lips")


@dataclass(frozen=True)
class Job:
    """What a worker is for. `patience` in seconds ends an engine that hangs; 0: what is usual."""

    kind: str
    broker: str = field(repr=False)
    source: str = ""
    target: str = ""
    engine: str = "auto"
    patience: float = 0.0

    @property
    def languages(self) -> tuple[str, ...]:
        given = {"stt": (self.source,), "mt": (self.source, self.target), "tts": (self.target,)}
        return tuple(map(language_code, given.get(self.kind, ())))


class BrokerWorker:
    """Made when its engine is built and the broker reached; EngineUnavailable says why not. `run`
    serves until KeyboardInterrupt, or `stop` from another thread."""

    def __init__(self, job: Job, config: Config) -> None:
        if job.kind not in KINDS:
            raise UsageError(f"There is no {job.kind!r} worker; there are: {', '.join(KINDS)}.")
        self._stage = RemoteStage[Any, Any](
            "engines.hosted:hosted",
            {"kind": job.kind, "wanted": job.engine, **_options(job, config)},
            timeout=(lambda item: job.patience) if job.patience else patience,
            tries=1,  # the broker offers it again, to whoever is free
            on_restart=lambda: log.warning("The engine had to be started again."),
        )
        try:
            about = self._stage.remote.call("about")
            self._stage.remote.hereafter(wanted=about["name"])
            self.worker = Worker(
                job.kind, job.languages, about["name"], about["note"], about["rate"]
            )
            self._link = Link(job.broker, self.worker.name)
        except BaseException:
            self._stage.close()
            raise
        self._serving = Serving(self._link, self.worker, self._stage)

    @property
    def greeting(self) -> str:
        whom = " to ".join(map(language_name, self.worker.languages))
        for_whom = f" for {whom}" if whom else ""
        at = self._link.address.shown
        return f"{self.worker.kind} worker{for_whom} with {self.worker.engine}, ready at {at}."

    def run(self) -> None:
        """Until `stop`."""
        self._serving.run()

    def stop(self) -> None:
        self._serving.stop()

    def close(self) -> None:
        self._stage.close()
        self._link.close()


def _options(job: Job, config: Config) -> dict[str, Any]:
    """For the engine, as a session that has it in its own process gives them."""
    languages = job.languages
    special = engine_options(job.kind, config)
    if job.kind == "stt":
        return {"options": {"language": languages[0]}, "special": special}
    if job.kind == "mt":
        return {"options": {"source": languages[0], "target": languages[1]}, "special": special}
    if job.kind == "tts":
        return {"options": {"language": languages[0]}, "special": special}
    return {}
