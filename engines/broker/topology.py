"""The queues at the broker: their names, and how each is declared. The one place that knows.

They bear the paper's names, and after a dot whom they are for: what a worker must be able to do
(`text_queue.en.es`, or with one engine only `text_queue.en.es.apertium`), or the session that waits
for answers (`text_queue.` and its id).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractQueue

from core.channel import PAUSES_S

REQUESTS = {
    "stt": "audio_queue",
    "mt": "text_queue",
    "tts": "translation_queue",
    "lips": "audio_output_queue",
}
"""What each kind of worker takes from: the paper's queues, by kind."""
ANSWERS = {
    "stt": "text_queue",
    "mt": "translation_queue",
    "tts": "audio_output_queue",
    "lips": "audio_output_queue.lips",
}
"""What each kind's answers come by, one a session and kind."""
WORKERS = "translated-camera.workers"
"""The exchange where workers tell everybody what they can do and what they are at."""

LIMIT = 256 * 1024 * 1024
PREFETCH = 2
_DEAD_LIMIT = 64 * 1024 * 1024
_DAY_MS = 24 * 3600 * 1000
_IDLE_MS = 10 * 60 * 1000
_GONE_MS = 60 * 1000


@dataclass(frozen=True)
class Box:
    """A queue at the broker. A private one belongs to one session and goes when that has been away
    for ten minutes; the others stay, and have retry queues, one for suspects and one for dead
    letters."""

    name: str
    private: bool = False
    limit: int = LIMIT

    @property
    def dead(self) -> str:
        return f"{self.name}.dead"

    @property
    def suspects(self) -> str:
        """Where a message waits whose receiver ended with it in hand."""
        return f"{self.name}.suspects"

    def retry(self, attempt: int) -> str:
        """Where a message waits that has failed so many times."""
        return f"{self.name}.retry{attempt}"

    def declarations(self) -> Mapping[str, dict[str, Any]]:
        """Every queue that belongs to this one, with its arguments.

        A full queue refuses what is put (the default would drop the oldest). What waits for another
        attempt goes back through the default exchange. Dead letters hold what people said, so they
        are not kept for longer than a day."""
        main: dict[str, Any] = {"x-max-length-bytes": self.limit, "x-overflow": "reject-publish"}
        if self.private:
            return {self.name: main | {"x-expires": _IDLE_MS}}
        back = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": self.name}
        retries = {
            self.retry(attempt): {"x-message-ttl": round(1000 * pause), **back}
            for attempt, pause in enumerate(PAUSES_S, start=1)
        }
        dead = {"x-max-length-bytes": _DEAD_LIMIT, "x-message-ttl": _DAY_MS}
        return {self.name: main, self.suspects: main, **retries, self.dead: dead}


def work(kind: str, languages: tuple[str, ...], engine: str = "") -> Box:
    """Where requests wait for a worker of this kind that can do these languages."""
    return Box(".".join((REQUESTS[kind], *languages, *([engine] if engine else []))))


def answers(kind: str, session: str) -> Box:
    return Box(f"{ANSWERS[kind]}.{session}", private=True)


def presence(worker: str) -> str:
    """A queue that is there as long as the connection is by which this worker receives."""
    return f"{WORKERS}.{worker}"


async def declare_presence(channel: AbstractChannel, worker: str) -> AbstractQueue:
    """`x-expires`: one that the broker finds on its disk after a restart may be nobody's."""
    return await channel.declare_queue(
        presence(worker), durable=True, auto_delete=True, arguments={"x-expires": _GONE_MS}
    )


async def declare(channel: AbstractChannel, box: Box) -> None:
    """ChannelPreconditionFailed when one is there already with other arguments."""
    for name, arguments in box.declarations().items():
        await channel.declare_queue(name, durable=True, arguments=arguments)


async def declare_workers(channel: AbstractChannel) -> AbstractExchange:
    return await channel.declare_exchange(WORKERS, ExchangeType.FANOUT)
