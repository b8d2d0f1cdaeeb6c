"""Stages whose work is done by workers on the other side of a broker: the session's end."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any
from uuid import uuid4

from core.channel import Closed
from core.errors import EngineFailed, EngineUnavailable
from core.text.languages import language_name
from engines.broker.answer import Answer
from engines.broker.link import Link
from engines.broker.parcel import Parcel, WireError
from engines.broker.presence import Attendance, Worker
from engines.broker.rabbitmq import RabbitChannel
from engines.broker.topology import PREFETCH, answers, work

log = logging.getLogger(__name__)

_LOOK_S = 0.5
_UNANSWERED_S = 60.0
"""After which a request that no worker has is sent again, then after twice as long, and so on."""
_LONELY_S = 5.0
_MOST_UNDER_WAY = 64

Tell = Callable[[str], None]


class Office:
    """A session at a broker, and what its stages share. `tell` hears, on any thread, what a user
    is to know: that a worker hangs, that none is there. EngineUnavailable when the broker cannot be
    reached. It closes when the last of its stages does."""

    def __init__(self, url: str, tell: Tell = lambda text: None) -> None:
        self.session = uuid4().hex
        self.tell = tell
        self.numbers = count()
        self.link = Link(url, "session")
        self.open = True
        self._stages: list[FarStage] = []
        try:
            self.attendance = Attendance(self.link, self._silent)
        except EngineUnavailable:
            self.link.close()
            raise

    def stage(self, kind: str, languages: tuple[str, ...], engine: str = "") -> "FarStage":
        """EngineUnavailable when no worker that is there can do it."""
        worker = self.attendance.await_one(kind, languages, engine)
        if worker is None:
            raise EngineUnavailable(_nobody(kind, languages, engine, self.link.address.shown))
        stage = FarStage(self, worker, kind, languages, engine)
        self._stages.append(stage)
        return stage

    def left(self, stage: "FarStage") -> None:
        self._stages = [one for one in self._stages if one is not stage]
        if not self._stages:
            self.close()

    def close(self) -> None:
        self.open = False
        self.attendance.close()
        self.link.close()

    def _silent(self, worker: Worker, heard: float | None) -> None:
        for stage in list(self._stages):
            stage.take_from(worker, heard)


class FarStage:
    """Sends items to those who can do them and brings what became of them, in the order asked.

    `ahead` begins with an item, `process` waits for it. Of what was asked ahead only as much is
    under way as keeps the workers busy: other speakers and sessions, whose requests lie in the same
    queue, wait for no more than that. A request whose worker hangs or is lost is sent again, a
    second answer is dropped. What workers have given up raises EngineFailed with their reason.
    """

    def __init__(
        self, office: Office, worker: Worker, kind: str, languages: tuple[str, ...], engine: str
    ) -> None:
        self.worker = worker
        self.duplicates = self.resent = 0
        self._office = office
        self._able = kind, languages, engine
        self._requests = RabbitChannel(
            office.link, work(kind, languages, engine), sound=kind == "stt"
        )
        self._answers = RabbitChannel(office.link, answers(kind, office.session))
        self._answers.listen()
        self._under_way: dict[int, Answer] = {}
        self._later: deque[Any] = deque(maxlen=_MOST_UNDER_WAY)
        self._lonely = False
        self._closed = False
        self._lock = threading.Lock()
        self._receiver = threading.Thread(target=self._receive, name=f"{kind}-answers", daemon=True)
        self._receiver.start()

    def ahead(self, item: Any) -> None:
        with self._lock:
            self._later.append(item)
        self._begin()

    def process(self, item: Any) -> Iterable[Any]:
        with self._lock:
            self._later = deque((one for one in self._later if one is not item), _MOST_UNDER_WAY)
            found = next((one for one in self._under_way.values() if one.item is item), None)
            answer = found or self._registered(item)
        if found is None:
            self._ask(answer)
        try:
            yield from answer
        finally:
            with self._lock:
                self._under_way.pop(answer.request.number, None)

    def flush(self) -> Iterable[Any]:
        return ()

    def give_up(self) -> None:
        """Whoever waits here gets EngineFailed, and so does whoever asks. Any thread."""
        with self._lock:
            self._closed = True
            left = list(self._under_way.values())
        for answer in left:
            answer.fail(EngineFailed("The session is over."))

    def close(self) -> None:
        self.give_up()
        self._requests.cancel()
        self._answers.cancel()
        self._receiver.join(2 * _LOOK_S)
        self._office.left(self)

    def take_from(self, worker: Worker, heard: float | None) -> None:
        """This worker is silent since `heard`: what it had, or may have been given since, and
        nobody else has is asked of the others. What one had that has ended (None) comes to others
        by itself."""
        if not worker.can(*self._able):
            return
        if heard is None:
            self._office.tell(self._farewell(worker))
            return
        lost = [
            one for one in self._waiting() if _name(one.request) in worker.held or one.asked > heard
        ]
        for answer in lost:
            self._again(answer)
        told = f"; {len(lost)} of its requests are sent to others" if lost else ""
        self._office.tell(f"The {worker.name} does not answer{told}.")

    def _farewell(self, worker: Worker) -> str:
        if worker.held and self._able_workers():
            return f"The {worker.name} has ended; what it had is done by others."
        return f"The {worker.name} has ended."

    def _able_workers(self) -> int:
        return sum(worker.can(*self._able) for worker in self._office.attendance.workers)

    def _begin(self) -> None:
        """With what was asked ahead, as far as it is this session's turn."""
        able = self._able_workers()
        while True:
            with self._lock:
                busy = sum(not answer.complete for answer in self._under_way.values())
                if not self._later or busy > PREFETCH * max(1, able):
                    return
                answer = self._registered(self._later.popleft())
            self._ask(answer)

    def _registered(self, item: Any) -> Answer:
        """Under way from here on, so that nobody asks it a second time. With the lock held."""
        number = next(self._office.numbers)
        request = Parcel(item, self._office.session, number, reply=self._answers.name)
        self._forget_old()
        self._under_way[number] = Answer(item, request)
        return self._under_way[number]

    def _ask(self, answer: Answer) -> None:
        if self._closed:
            answer.fail(EngineFailed("The session is over."))
        else:
            self._send(answer)

    def _send(self, answer: Answer, *, again: bool = False) -> None:
        try:
            self._requests.send(answer.request, again=again)
        except WireError as error:
            answer.fail(EngineFailed(str(error)))

    def _again(self, answer: Answer) -> None:
        self.resent += 1
        answer.sendings += 1
        self._send(answer, again=True)

    def _forget_old(self) -> None:
        """Items that were asked ahead and never wanted (drafts, cancelled turns)."""
        while len(self._under_way) >= _MOST_UNDER_WAY:
            del self._under_way[next(iter(self._under_way))]

    def _waiting(self) -> list[Answer]:
        """Requests that are not answered, and that no worker who is there has in hand."""
        held = {name for worker in self._office.attendance.workers for name in worker.held}
        with self._lock:
            waiting = [one for one in self._under_way.values() if not one.complete]
        return [one for one in waiting if _name(one.request) not in held]

    def _receive(self) -> None:
        while True:
            try:
                parcel = self._answers.get(_LOOK_S)
            except TimeoutError:
                self._look_after()
                continue
            except Closed:
                return
            with self._lock:
                answer = self._under_way.get(parcel.number)
            ours = parcel.session == self._office.session
            if answer is None or not ours or not answer.take(parcel):
                self.duplicates += 1
            self._answers.ack()
            self._begin()

    def _look_after(self) -> None:
        if not self._office.link.up:
            return
        waiting = self._waiting()
        now = time.monotonic()
        for answer in waiting:
            if now - answer.asked > _UNANSWERED_S * 2 ** (answer.sendings - 1):
                self._again(answer)
        able = self._able_workers()
        old = any(now - answer.asked > _LONELY_S for answer in waiting)
        if old and not able and not self._lonely:
            shown = self._office.link.address.shown
            self._office.tell(f"{len(waiting)} segments wait. {_nobody(*self._able, shown)}")
        self._lonely = old and not able


def _name(request: Parcel) -> str:
    return f"{request.session}/{request.number}"


def _nobody(kind: str, languages: tuple[str, ...], engine: str, at: str) -> str:
    whom = " to ".join(map(language_name, languages))
    options = {1: ("--from" if kind == "stt" else "--to",), 2: ("--from", "--to")}
    how = " ".join(
        f"{option} {code}"
        for option, code in zip(options.get(len(languages), ()), languages, strict=True)
    )
    start = " ".join(filter(None, (f"translated-camera worker {kind} --broker …", how)))
    if not languages:
        return f"No {kind} worker is at {at}. Start one: {start}"
    return (
        f"No {kind} worker for {whom}{f' with {engine}' if engine else ''} is at {at}. "
        f"Start one: {start}{f' --engine {engine}' if engine else ''}"
    )
