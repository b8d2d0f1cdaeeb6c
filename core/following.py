"""Keeps to the device that was chosen: another one while it is gone, itself when it is back.

It finds devices by looking at the list of those that are there, since neither PortAudio nor
OpenCV tells when one comes or goes.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from core.chosen import Found, Info, absent, own
from core.devices import SourceEnded
from core.errors import TranslatedCameraError
from core.live import Device

log = logging.getLogger(__name__)

_FIRST_PENALTY, _LONGEST_PENALTY = 2.0, 30.0
_FORGIVEN = 60.0
_MISSES = 2
"""How often in a row a device must be missing from the list to be gone."""


class Closable(Protocol):
    def close(self) -> None: ...


I = TypeVar("I", bound=Info)  # noqa: E741
D = TypeVar("D", bound=Closable)


@dataclass(frozen=True)
class Kind(Generic[I, D]):
    """What there is to follow. The functions raise TranslatedCameraError or OSError, with a
    sentence for people, and may take their time."""

    noun: str
    shown: str
    """What is done with it: "shown", "heard"."""
    listing: Callable[[], Sequence[I]]
    """The best first."""
    find: Callable[[str, Sequence[I]], Found[I] | None]
    """What is meant by a name; by "" the first that is not ours."""
    open: Callable[[I], D]
    is_source: Callable[[str], bool]
    open_source: Callable[[str], D]
    remark: Callable[[D], str] = lambda device: ""
    """What the user should know of it while it works."""
    default: Callable[[Sequence[I]], I | None] | None = None
    """Where the system has a default that changes; else the first that was opened is kept to."""
    spared: Callable[[Sequence[I]], Collection[str]] = lambda infos: ()
    """The ids of those that are taken by name only, not because another one is gone."""
    alone: bool = False
    """Nothing else is taken in its place."""


@dataclass(frozen=True)
class Known:
    """What was learnt of the `wanted` one; who follows it next, in another process, is told."""

    wanted: str = ""
    name: str = ""
    seen: bool = False
    opened: str = ""
    """The id of what alone will do from then on."""

    def of(self, wanted: str) -> "Known":
        """Nothing, where it is of another one."""
        return self if self.wanted == wanted else Known(wanted)


_NOTHING = Known()


@dataclass(frozen=True)
class _Held(Generic[D]):
    name: str
    id: str
    device: D


class Follower(Generic[I, D]):
    """`step` looks once and opens what is to be opened; a thread of its own does it each second
    (`watch`), tests do it by hand. One reading thread calls `device` and `lost`; it alone
    closes devices. Everything else may be called from any thread. What is `known` of another
    one than `wanted` counts for nothing."""

    def __init__(
        self,
        wanted: str,
        kind: Kind[I, D],
        *,
        now: Callable[[], float] = time.perf_counter,
        on_change: Callable[[Device], None] | None = None,
        known: Known = _NOTHING,
    ) -> None:
        self._kind = kind
        self._now = now
        self._on_change = on_change
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._arrived = threading.Event()
        self._ended = False
        self._thread: threading.Thread | None = None
        self._held: _Held[D] | None = None  # what was opened last and is not lost
        self._read: _Held[D] | None = None  # what the reader has
        self._status = Device()
        self._wish(wanted, known.of(wanted))

    def _wish(self, wanted: str, known: Known) -> None:
        self._wanted = wanted
        self._name = known.name or wanted
        self._seen = known.seen
        self._finished = ""
        self._misses = 0
        self._troubles: dict[str, str] = {}
        self._penalties: dict[str, tuple[float, float]] = {}  # seconds, and until when

    @property
    def status(self) -> Device:
        return self._status

    @property
    def known(self) -> Known:
        with self._lock:
            return Known(self._wanted, self._name, self._seen)

    def watch(self, every: float = 1.0) -> None:
        """Begin to look, each second."""
        name = f"{self._kind.noun} follower"
        self._thread = threading.Thread(target=self._run, args=(every,), name=name, daemon=True)
        self._thread.start()

    def choose(self, wanted: str) -> None:
        """Another device from here on; what is open stays so until the new one is."""
        with self._lock:
            self._wish(wanted, _NOTHING)
        self._wake.set()

    def device(self, timeout: float = 0.0) -> D | None:
        """Reader: what to read from, waited for that long; None when there is nothing."""
        if self._held is None and timeout:
            self._arrived.wait(timeout)
        with self._lock:
            old, new = self._read, self._held
            self._read = new
            if new is None:
                self._arrived.clear()
        if old is not None and old is not new:
            old.device.close()
        return new.device if new else None

    def lost(self, error: Exception) -> None:
        """Reader: what `device` gave is of no use any more."""
        log.info("%s lost: %s", self._kind.noun, error)
        with self._lock:
            gone, self._read = self._read, None
            if gone is not None and self._held is gone:
                self._held = None
                if isinstance(error, SourceEnded):
                    self._finished = str(error)
                self._penalise(gone.id, str(error))
        if gone is not None:
            gone.device.close()
        self._wake.set()

    def close(self) -> None:
        """By the reader, or after it has ended."""
        self._ended = True
        self._wake.set()
        self._arrived.set()
        if self._thread is not None:
            self._thread.join(5.0)
        for held in {id(one): one for one in (self._held, self._read) if one}.values():
            held.device.close()
        self._held = self._read = None

    def step(self) -> None:
        """Look once."""
        wanted = self._wanted
        if self._kind.is_source(wanted):
            self._step_source(wanted)
            self._say(self._source_says(wanted))
        else:
            infos = self._listed()
            found = self._found(wanted, infos)
            self._step_device(wanted, found, infos)
            self._say(self._says(wanted, found, infos))

    def _run(self, every: float) -> None:
        while not self._ended:
            self._wake.clear()
            try:
                self.step()
            except Exception:
                log.exception("looking for a %s failed", self._kind.noun)
            self._wake.wait(every)

    def _step_source(self, wanted: str) -> None:
        if self._finished or (self._held and self._held.id == wanted) or self._waits(wanted):
            return
        self._open(wanted, wanted, lambda: self._kind.open_source(wanted), wanted)

    def _listed(self) -> Sequence[I]:
        try:
            return self._kind.listing()
        except (TranslatedCameraError, OSError) as exc:
            log.info("no list of %ss: %s", self._kind.noun, exc)
            return ()

    def _found(self, wanted: str, infos: Sequence[I]) -> Found[I] | None:
        if wanted or self._kind.default is None:
            return self._kind.find(wanted or self._name, infos)
        if self._seen:
            infos = self._free(infos)
        default = self._kind.default(infos)
        if default is None and self._held:
            default = next((info for info in infos if info.id == self._held.id), None)
        return Found(default) if default else self._kind.find("", infos)

    def _step_device(self, wanted: str, found: Found[I] | None, infos: Sequence[I]) -> None:
        self._notice_absence(infos)
        target = found.info if found and not found.info.ours else None
        if target is not None:
            self._name, self._seen = target.name, True
            if self._held and self._held.id == target.id:
                return
            if self._open_device(wanted, target) or self._fits(infos):
                return
        elif self._fits(infos):
            return
        for info in self._free(infos):
            if not info.ours and info is not target and self._open_device(wanted, info):
                return
        self._drop()

    def _free(self, infos: Sequence[I]) -> Sequence[I]:
        """What may take another one's place, or has."""
        spared, held = self._kind.spared(infos), self._held
        return [one for one in infos if one.id not in spared or (held and held.id == one.id)]

    def _fits(self, infos: Sequence[I]) -> bool:
        """Whether what is open will do until the wanted one is there."""
        held = self._held
        return held is not None and (self._misses > 0 or any(held.id == one.id for one in infos))

    def _notice_absence(self, infos: Sequence[I]) -> None:
        held, there = self._held, {info.id for info in infos}
        for id_ in set(self._penalties) - there:
            self._penalties.pop(id_, None)
            self._troubles.pop(id_, None)
        if held is None or held.id in there or self._kind.is_source(held.id):
            self._misses = 0
            return
        self._misses += 1
        if self._misses >= _MISSES:
            self._misses = 0
            self._drop()

    def _drop(self) -> None:
        """The reader closes what it has."""
        with self._lock:
            held, self._held = self._held, None
            unread = held if held is not self._read else None
        if unread is not None:
            unread.device.close()

    def _open_device(self, wanted: str, info: I) -> bool:
        if self._waits(info.id):
            return False
        return self._open(info.name, info.id, lambda: self._kind.open(info), wanted)

    def _open(self, name: str, id_: str, opener: Callable[[], D], wanted: str) -> bool:
        try:
            device = opener()
        except (TranslatedCameraError, OSError) as exc:
            self._penalise(id_, str(exc))
            return False
        held = _Held(name, id_, device)
        with self._lock:
            welcome = self._wanted == wanted and not self._ended
            unread = self._held if self._held is not self._read else None
            if welcome:
                self._held = held
                self._troubles.pop(id_, None)
        for one in (unread,) if welcome else (held,):
            if one is not None:
                one.device.close()
        self._arrived.set()
        return welcome

    def _penalise(self, id_: str, trouble: str) -> None:
        now = self._now()
        before, until = self._penalties.get(id_, (0.0, now))
        again = before if now - until < _FORGIVEN else 0.0
        seconds = min(max(again * 2, _FIRST_PENALTY), _LONGEST_PENALTY)
        self._penalties[id_] = (seconds, now + seconds)
        self._troubles[id_] = trouble

    def _waits(self, id_: str) -> bool:
        return self._now() < self._penalties.get(id_, (0.0, float("-inf")))[1]

    def _source_says(self, wanted: str) -> str:
        return self._finished or self._troubles.get(wanted, "")

    def _says(self, wanted: str, found: Found[I] | None, infos: Sequence[I]) -> str:
        held, noun = self._held, self._kind.noun
        if self._misses:
            return self._status.says  # not sure yet
        if found and held and held.id == found.info.id:
            return found.remark or self._kind.remark(held.device)
        other = f"{held.name} is {self._kind.shown}" if held else ""
        if found and found.info.ours:
            return own(wanted, noun) + (f" Until then {other}." if other else "")
        if found:
            trouble = self._troubles.get(found.info.id, "")
            return f"{trouble} {other} until it works.".strip() if other else trouble
        if self._seen:
            gone = f"The {noun} {self._name} was unplugged"
            if self._kind.alone:
                return f"{gone}."
            return f"{gone}; {other} until it is back." if other else f"{gone}; there is no other."
        if other:
            return f"There is no {noun} called {wanted}; {other} until it is there."
        alone = f"There is no {noun} called {wanted}."
        return alone if self._kind.alone else absent(wanted, infos, noun)

    def _say(self, says: str) -> None:
        held = self._held
        status = Device(held.name if held else "", held is not None, says)
        if status != self._status:
            self._status = status
            if self._on_change is not None:
                self._on_change(status)
