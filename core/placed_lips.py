"""Lips that are drawn in a process of their own: pictures go there and back through shared memory.

What a native crash costs is the drawn mouth for as long as a new process takes to start: meanwhile,
and whenever drawing takes too long, the frame is shown as it is.
"""

import logging
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.errors import CannotWrite, EngineFailed, UnreadableInput
from core.patience import Patience
from core.ports import Lips
from core.process import Remote
from core.shared.frames import SharedFrames
from core.types import Face, Frame, Moment, Speech

log = logging.getLogger(__name__)

SOON_S, LATE_S = 0.05, 0.1
"""A live picture whose mouth is not drawn by then goes without: the next camera picture is due. The
latter is where drawing is always slow."""
_HANGS_S = 3.0
_REMEMBER_EVERY = 300
_SLOW_S = 30.0


class LipsDesk:
    """The other side: draws with the lips it is given, on pictures found by their number."""

    def __init__(self, lips: Lips, about: Mapping[str, Any]) -> None:
        self._lips = lips
        self._about = about
        self._given: SharedFrames | None = None
        self._drawn: SharedFrames | None = None
        self._speech: Speech | None = None
        self._seen: tuple[int, Frame | None] = 0, None

    def about(self) -> Mapping[str, Any]:
        return self._about

    def attach(self, shape: tuple[int, int, int], given: str, drawn: str) -> None:
        self._let_go()
        self._seen = 0, None
        self._given, self._drawn = SharedFrames(shape, given), SharedFrames(shape, drawn)

    def observe(self, version: int, face: Face) -> None:
        if (frame := self._picture(version)) is not None:
            self._lips.observe(frame, face)

    def hear(self, speech: Speech | None) -> None:
        """The voice that the following moments belong to."""
        self._speech = speech

    def render(self, version: int, face: Face, moment: Moment, strength: float) -> int:
        """The number under which it can be fetched; 0 when nothing was drawn."""
        frame = self._picture(version)
        if frame is None or self._drawn is None:
            return 0
        moment = replace(moment, speech=self._speech)
        drawn = self._lips.render(frame, face, moment, strength)
        if drawn.image is frame.image:
            return 0
        self._drawn.put(drawn.image, frame.pts, frame.number)
        return self._drawn.version

    def forget(self) -> None:
        self._lips.forget()

    def save(self, path: Path) -> None:
        self._lips.save(path)

    def load(self, path: Path) -> None:
        self._lips.load(path)

    def close(self) -> None:
        self._lips.close()
        self._let_go()

    def _picture(self, version: int) -> Frame | None:
        """None when it is gone already."""
        if self._given is not None and version != self._seen[0]:
            self._seen = version, self._given.at(version)
        return self._seen[1]

    def _let_go(self) -> None:
        for pictures in (self._given, self._drawn):
            if pictures is not None:
                pictures.close()


class PlacedLips:
    """`factory` makes a LipsDesk there. For one thread. A process that is started again knows the
    speaker as the last one did some seconds ago."""

    def __init__(
        self,
        factory: str,
        options: Mapping[str, Any] | None = None,
        *,
        patience: Patience | None = None,
        on_restart: Callable[[], None] = lambda: None,
    ) -> None:
        """`patience`: for how long a picture waits for its mouth; as a live one when not given."""
        self._patience = patience or Patience(SOON_S, LATE_S)
        self.remote = Remote(factory, options, timeout=_HANGS_S, on_restart=on_restart)
        about = self.remote.call("about", timeout=_SLOW_S)
        self.name, self.notice = str(about["name"]), str(about["notice"])
        self.refusals: tuple[str, ...] = tuple(about["refusals"])
        self.late = 0
        self._life = 0
        self._folder = tempfile.TemporaryDirectory(prefix="translated-camera-lips-")
        self._memory = Path(self._folder.name) / "mouth"
        self._observed = 0
        self._given: SharedFrames | None = None
        self._drawn: SharedFrames | None = None
        self._last: Frame | None = None
        self._speech: Speech | None = None
        self._awaited: Future[Any] | None = None
        self._asked = 0.0

    @property
    def note(self) -> str:
        return "in a process of its own"

    def observe(self, frame: Frame, face: Face) -> None:
        if self._busy:
            return
        self._submit("observe", self._give(frame), face)
        self._observed += 1
        if self._observed % _REMEMBER_EVERY == 0:
            self._submit("save", self._memory)

    def render(self, frame: Frame, face: Face, moment: Moment, strength: float = 1.0) -> Frame:
        if not strength:
            return frame
        if self._busy:
            self.late += 1
            return frame
        if moment.speech is not self._speech:
            self._speech = moment.speech
            self._submit("hear", self._speech)
            if self._busy:  # a new process was told so just now
                self.late += 1
                return frame
        silent = replace(moment, speech=None)
        answer = self._submit("render", self._give(frame), face, silent, strength)
        return self._awaited_from(answer) or frame

    def forget(self) -> None:
        self._memory.unlink(missing_ok=True)
        self._submit("forget")

    def save(self, path: Path) -> None:
        self._wait("save", path, CannotWrite)

    def load(self, path: Path) -> None:
        self._wait("load", path, UnreadableInput)

    def close(self) -> None:
        self.remote.close()
        for pictures in (self._given, self._drawn):
            if pictures is not None:
                pictures.close()
        self._folder.cleanup()

    @property
    def _busy(self) -> bool:
        """With a picture that is late already; none after it is waited for."""
        busy = self._awaited is not None and not self._awaited.done()
        if busy and time.monotonic() - self._asked > _HANGS_S:
            self._asked = time.monotonic()
            self._submit("about")  # which ends a process that hangs
        return busy

    def _awaited_from(self, answer: "Future[Any] | None") -> Frame | None:
        if answer is None:
            self.late += 1
            return None
        self._awaited, self._asked = answer, time.monotonic()
        try:
            version = answer.result(self._patience.seconds)
        except (TimeoutError, EngineFailed) as error:
            self.late += 1
            if isinstance(error, TimeoutError):
                self._patience.lost()
            return None
        self._patience.took(time.monotonic() - self._asked)
        return self._drawn.at(version) if self._drawn is not None else None

    def _give(self, frame: Frame) -> int:
        """The number of the frame in shared memory, where it is put once."""
        shape = frame.image.shape
        if self._given is None or self._given.shape != shape:
            self._share((shape[0], shape[1], shape[2]))
        given = self._given
        assert given is not None
        if frame is not self._last:
            given.put(frame.image, frame.pts, frame.number)
            self._last = frame
        return given.version

    def _share(self, shape: tuple[int, int, int]) -> None:
        old = self._given, self._drawn
        self._given, self._drawn = SharedFrames(shape), SharedFrames(shape)
        self._last = None
        self._attach()
        for pictures in old:
            if pictures is not None:
                pictures.close()

    def _attach(self) -> None:
        if self._given is not None and self._drawn is not None:
            with suppress(EngineFailed):
                self.remote.submit("attach", self._given.shape, self._given.name, self._drawn.name)

    def _submit(self, method: str, *arguments: Any) -> "Future[Any] | None":
        """None while there is no process to ask."""
        try:
            answer = self.remote.submit(method, *arguments)
            if self._life == self.remote.restarts:
                return answer
            self._life = self.remote.restarts
            self._remind()
            return None
        except EngineFailed as error:
            log.info("the lips' process does not answer: %s", error)
            return None

    def _remind(self) -> None:
        """Tells a new process what the last one knew; no picture waits before it knows that."""
        self._attach()
        if self._memory.exists():
            self.remote.submit("load", self._memory)
        self._awaited = self.remote.submit("hear", self._speech)
        self._asked = time.monotonic()

    def _wait(self, method: str, path: Path, failed: type[Exception]) -> None:
        try:
            self.remote.call(method, path, timeout=_SLOW_S)
        except EngineFailed as error:
            raise failed(str(error)) from error
