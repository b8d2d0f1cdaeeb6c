"""The Real-time Visual Pipeline: newest camera frame in, frame to show out, on a lane of its own.

Nothing of the translation is waited for here, and nothing here holds up the translation.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from core.latest import Latest
from core.metrics import Metrics
from core.orchestrator import WINDOW, Orchestrator
from core.ring import FrameRing
from core.types import Frame, Moment

log = logging.getLogger(__name__)

KEPT = 300
"""Frames that the dubbed picture can wait for: ten seconds at thirty a second."""
_IDLE = 0.5

Sight = TypeVar("Sight")


class Way(Protocol[Sight]):
    """What is done to a frame: `see` when it comes, `draw` when it is shown."""

    def see(self, frame: Frame) -> Sight: ...

    def draw(self, frame: Frame, sight: Sight, moment: Moment) -> Frame: ...


class VisualPipeline(Generic[Sight]):
    """The camera's thread calls `push`, any thread runs `run`, whoever shows reads `shown`.

    `heard` gives the position on the session clock that the listeners hear now. A frame that
    comes while another is at work takes the place of one that still waits: only the newest
    matters. The dubbed picture keeps frames with what was seen in them, and shows the one that
    is nearest to the wanted time; until it has one, the newest.
    """

    def __init__(
        self,
        way: Way[Sight],
        orchestrator: Orchestrator,
        heard: Callable[[], float],
        metrics: Metrics | None = None,
        shown: Latest[Frame] | None = None,
    ) -> None:
        self.shown: Latest[Frame] = shown or Latest()
        self.cpu = 0.0
        """Seconds of computing that the lane has cost so far."""
        self._way = way
        self._orchestrator = orchestrator
        self._heard = heard
        self._metrics = metrics or Metrics()
        self._come: Latest[Frame] = Latest()
        self._waiting = threading.Event()
        self._ended = threading.Event()
        self._ring: FrameRing[Sight] = FrameRing(2, (1, 1, 3))
        self._shape: tuple[int, ...] = ()
        self._failing = False

    def push(self, frame: Frame) -> None:
        self._come.put(frame)
        self._waiting.set()

    def run(self) -> None:
        """Until `stop`."""
        while not self._ended.is_set():
            self._waiting.wait(_IDLE)
            self._waiting.clear()
            frame = self._come.take()
            if frame is not None and not self._ended.is_set():
                with self._metrics.timed("picture"):
                    self.shown.put(self._show(frame))
            self.cpu = time.thread_time()

    @property
    def skipped(self) -> int:
        """Pictures that gave way to newer ones before they were drawn."""
        return self._come.skipped

    def stop(self) -> None:
        self._ended.set()
        self._waiting.set()

    def _show(self, frame: Frame) -> Frame:
        """A frame that something fails on is shown as it is."""
        try:
            sight = self._way.see(frame)
            if self._orchestrator.dubbed:
                return self._dubbed(frame, sight)
            return self._way.draw(frame, sight, self._orchestrator.moment(self._heard()))
        except Exception:
            self._metrics.count("picture.failed")
            if not self._failing:
                log.exception("The picture is shown as it is")
            self._failing = True
            return frame

    def _dubbed(self, frame: Frame, sight: Sight) -> Frame:
        if frame.image.shape != self._shape:
            self._shape = frame.image.shape
            self._ring = FrameRing(KEPT, self._shape)
        heard = self._heard()
        wanted = self._orchestrator.wanted(heard)
        self._ring.skip(before=wanted - WINDOW)
        self._ring.push(frame.image, frame.pts, sight)
        held = self._ring.nearest(wanted, WINDOW)
        moment = self._orchestrator.moment(heard)
        if held is None or held.tag is None:
            return self._way.draw(frame, sight, moment)
        return self._way.draw(held.frame, held.tag, moment)
