"""Engines that several speakers share: a lane for each engine, on which they take turns.

Each speaker has stages and channels of their own, so order, drafts and what waits are theirs;
only the engine's work meets here.
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Generator, Hashable, Iterable, Iterator
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from core.errors import EngineFailed
from core.pipeline import Spawn, thread_host
from core.ports import Ear, Recogniser, Translator, Voice
from core.types import Segment, Speech, Transcript, Translation

T = TypeVar("T")

_FAREWELL_S = 2.0


class Turns(Generic[T]):
    """Who is next: of all who wait, the one who was served longest ago; among those who never
    were, the one who came first. So nobody waits for more than one turn of each of the others,
    however much those have to ask."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[Hashable, deque[T]] = OrderedDict()
        self._served: dict[Hashable, int] = {}
        self._turn = 0

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def join(self, source: Hashable, asked: T) -> None:
        """What one source asks is done in the order of asking."""
        self._waiting.setdefault(source, deque()).append(asked)

    def next(self) -> T | None:
        """None when nobody waits."""
        if not self._waiting:
            return None
        source = min(self._waiting, key=lambda one: self._served.get(one, -1))
        mine = self._waiting[source]
        asked = mine.popleft()
        if not mine:
            del self._waiting[source]
        self._turn += 1
        self._served[source] = self._turn
        return asked

    def leave(self, source: Hashable) -> list[T]:
        """It does not wait any more; what it had asked."""
        self._served.pop(source, None)
        return list(self._waiting.pop(source, ()))


class _Asked:
    """Work, and where its results go: any number, then an end or an error. It ends with the piece
    at hand when nobody takes them any more."""

    def __init__(self, work: Callable[[], Iterable[Any]]) -> None:
        self._work = work
        self._answers: SimpleQueue[tuple[Any, bool, Exception | None]] = SimpleQueue()
        self._unwanted = False

    def do(self) -> None:
        try:
            pieces = iter(self._work())
            try:
                self._give(pieces)
            finally:
                if isinstance(pieces, Generator):
                    pieces.close()
            self._answers.put((None, True, None))
        except Exception as error:  # noqa: BLE001 - raised where the results are taken
            self.fail(error)

    def fail(self, error: Exception) -> None:
        self._answers.put((None, True, error))

    def results(self) -> Iterator[Any]:
        try:
            while True:
                piece, ended, error = self._answers.get()
                if error is not None:
                    raise error
                if ended:
                    return
                yield piece
        finally:
            self._unwanted = True

    def _give(self, pieces: Iterator[Any]) -> None:
        for piece in pieces:
            self._answers.put((piece, False, None))
            if self._unwanted:
                return


class SharedLane:
    """One thread that does what several sources ask, an item at a time and by turns. An item is
    done as fast as the engine can, however slowly its results are taken; once nobody takes them
    any more, no further."""

    def __init__(self, name: str, ended: Callable[[], None], spawn: Spawn = thread_host) -> None:
        """`ended` is called on the lane's thread when it is over."""
        self._turns: Turns[_Asked] = Turns()
        self._ended = ended
        self._closed = False
        self._changed = threading.Condition()
        self._host = spawn(name, self._run)
        self._host.start()

    @property
    def waiting(self) -> int:
        """Items that nobody works on yet. Any thread."""
        with self._changed:
            return len(self._turns)

    def ask(self, source: Hashable, work: Callable[[], Iterable[T]]) -> Iterator[T]:
        """The results of the work, as they come. Raises what it raised, and EngineFailed when
        the lane is over."""
        asked = _Asked(work)
        with self._changed:
            if self._closed:
                raise EngineFailed("The session is over.")
            self._turns.join(source, asked)
            self._changed.notify_all()
        return asked.results()

    def leave(self, source: Hashable) -> None:
        """Whoever waits for this source gets EngineFailed. Any thread."""
        with self._changed:
            left = self._turns.leave(source)
        for asked in left:
            asked.fail(EngineFailed("The session is over."))

    def close(self) -> None:
        """What waits is still done. Any thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._host.join(_FAREWELL_S)

    def _run(self) -> None:
        try:
            while (asked := self._next()) is not None:
                asked.do()
        finally:
            self._ended()

    def _next(self) -> _Asked | None:
        with self._changed:
            self._changed.wait_for(lambda: len(self._turns) or self._closed)
            return self._turns.next()


class SharedEngine:
    """An engine with its lane. `join` is one speaker's way to it; the engine is closed when the
    last who joined has closed theirs, and `over` is called then."""

    def __init__(
        self,
        kind: str,
        engine: Any,
        over: Callable[[], None] = lambda: None,
        spawn: Spawn = thread_host,
    ) -> None:
        self.lane = SharedLane(f"shared {kind}", engine.close, spawn)
        self._kind, self._engine, self._over = kind, engine, over
        self._users: dict[_Shared, Callable[[], None]] = {}
        self._ended = False
        self._lock = threading.Lock()

    def join(self, left: Callable[[], None] = lambda: None) -> Any:
        """`left` is called when this share is closed. EngineFailed when the last has left."""
        joined = _KINDS[self._kind](self._engine, self)
        with self._lock:
            if self._ended:
                raise EngineFailed("The session is over.")
            self._users[joined] = left
        return joined

    def left(self, user: "_Shared") -> None:
        with self._lock:
            if user not in self._users:
                return
            left = self._users.pop(user)
            last = self._ended = not self._users
        left()
        self.lane.leave(user)
        if last:
            self._over()
            self.lane.close()


class _Shared:
    def __init__(self, engine: Any, shared: SharedEngine) -> None:
        self._engine = engine
        self._shared = shared

    @property
    def note(self) -> str:
        return str(getattr(self._engine, "note", ""))

    def give_up(self) -> None:
        """Whoever waits here for its turn gets EngineFailed. Any thread."""
        self._shared.lane.leave(self)

    def close(self) -> None:
        self._shared.left(self)

    def _ask(self, work: Callable[[], Iterable[T]]) -> Iterator[T]:
        return self._shared.lane.ask(self, work)


class SharedRecogniser(_Shared):
    """What listens while a segment grows is each speaker's own, and does not wait here."""

    _engine: Recogniser

    @property
    def languages(self) -> Collection[str]:
        return self._engine.languages

    def recognise(self, segment: Segment) -> Transcript:
        (heard,) = self._ask(lambda: [self._engine.recognise(segment)])
        return heard

    def ear(self) -> Ear | None:
        return self._engine.ear()


class SharedTranslator(_Shared):
    _engine: Translator

    @property
    def source(self) -> str:
        return self._engine.source

    @property
    def target(self) -> str:
        return self._engine.target

    def translate(self, text: str) -> str:
        (translated,) = self._ask(lambda: [self._engine.translate(text)])
        return translated


class SharedVoice(_Shared):
    _engine: Voice

    @property
    def language(self) -> str:
        return self._engine.language

    @property
    def rate(self) -> int:
        return self._engine.rate

    def speak(self, translation: Translation) -> Iterable[Speech]:
        return self._ask(lambda: self._engine.speak(translation))


_KINDS: dict[str, type[_Shared]] = {
    "stt": SharedRecogniser,
    "mt": SharedTranslator,
    "tts": SharedVoice,
}
