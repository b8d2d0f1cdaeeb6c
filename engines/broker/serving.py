"""A worker's end of the broker: takes a request, has a stage do it, sends what became of it, and
only then lets go of the request."""

import logging
import threading
from typing import Any

from aio_pika.abc import AbstractIncomingMessage

from core.channel import Closed
from core.stage import Stage
from engines.broker.envelope import sealed
from engines.broker.link import Link
from engines.broker.parcel import Failure, Item, Parcel
from engines.broker.presence import Announcer, Worker
from engines.broker.rabbitmq import RabbitChannel
from engines.broker.topology import work

log = logging.getLogger(__name__)

_LOOK_S = 0.5


class Serving:
    """One request after the other, until `stop`. What the stage fails on three times, here or at
    another worker, goes to the dead letters, and so does what three workers ended over; the session
    is told why."""

    def __init__(self, link: Link, worker: Worker, stage: Stage[Any, Item]) -> None:
        self.done = self.failed = 0
        self._link = link
        self._stage = stage
        boxes = [work(worker.kind, worker.languages)]
        boxes.append(work(worker.kind, worker.languages, worker.engine))
        self._requests = RabbitChannel(link, *boxes, sound=False, refused=self._refused)
        self._requests.listen()
        self._announcer = Announcer(link, worker, lambda: self._requests.held)
        self._stopping = threading.Event()

    def run(self) -> None:
        try:
            while not self._stopping.is_set():
                try:
                    request = self._requests.get(_LOOK_S)
                except TimeoutError:
                    continue
                self._serve(request)
        except Closed:
            pass
        finally:
            self._announcer.close()
            self._requests.cancel()

    def stop(self) -> None:
        """The request at hand is finished; what else it holds goes to other workers. Any thread,
        or a signal."""
        self._stopping.set()

    def _serve(self, request: Parcel) -> None:
        try:
            results = list(self._stage.process(request.item))
            messages = [sealed(answer, sound=False) for answer in _answers(request, results)]
        except Exception as error:
            log.exception("A request failed")
            self._give_back(request, str(error) or type(error).__name__)
            return
        sent = [
            self._link.start(self._link.publish(request.reply, message, must=False))
            for message in messages
            if request.reply
        ]
        self._requests.ack(after=sent)
        self.done += 1

    def _give_back(self, request: Parcel, reason: str) -> None:
        if self._requests.reject(reason):
            return
        self.failed += 1
        log.error("A request is given up: %s", reason)
        self._report(request.reply, request.session, request.number, reason)

    def _report(self, reply: str, session: str, number: int, reason: str) -> None:
        if reply:
            told = sealed(Parcel(Failure(reason), session, number))
            self._link.start(self._link.publish(reply, told, must=False))

    def _refused(self, message: AbstractIncomingMessage, reason: str) -> None:
        """Its envelope may still tell who waits for it."""
        self.failed += 1
        session, _, number = (message.message_id or "").rpartition("/")
        if number.isdecimal():
            self._report(message.reply_to or "", session, int(number), reason)


def _answers(request: Parcel, results: list[Item]) -> list[Parcel]:
    of = request.session, request.number
    if not results:
        return [Parcel(None, *of, piece=0, pieces=0)]
    count = len(results)
    return [Parcel(result, *of, piece=i, pieces=count) for i, result in enumerate(results)]
