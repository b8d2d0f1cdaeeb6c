"""What a frame costs on its whole way through the picture's lane, and whether thirty a second
are in time."""

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from app.bench.said import speech_of
from app.picture import PicturePath, Sight
from core.captions.live import LiveCaptions
from core.config import Captions, Config, Picture
from core.orchestrator import Orchestrator
from core.timeline import Placed
from core.types import Frame, Moment, Speech
from core.visual import VisualPipeline
from engines.media.pictures import read_frames
from engines.registry import build

FPS = 30
KEPT = 60
WARM = 60
MEASURED = 150
PATIENCE = 5.0
PLAIN = Config(captions=Captions(show=False), picture=Picture(badge=False, floor=False))
SENTENCE = "Me gustaría hablar con ustedes sobre el proyecto y mañana vamos a tomar una decisión."


@dataclass(frozen=True)
class Pace:
    """CPU-ms a frame for face, lips and paste; the badge on top; frames that were not finished
    when the next one came; the share of a core at 30 frames a second, with all that the
    process does besides handing frames over."""

    path_ms: float
    overlay_ms: float
    late: int
    core_share: float


def pace(clip: Path, seconds: float) -> Pace:
    frames = list(islice(read_frames(clip), KEPT))
    speech = speech_of(SENTENCE, build("tts", "espeak", language="es"))
    with _lane(PLAIN, frames, speech) as plain:
        path_ms = plain.cost()
        late, share = plain.paced(seconds)
    badged = replace(PLAIN, picture=Picture(floor=False))
    with _lane(badged, frames, speech) as lane:
        return Pace(path_ms, max(0.0, lane.cost() - path_ms), late, share)


@dataclass
class _Timed:
    """A frame's way, and what it has cost: CPU seconds of the lane's thread, a frame each."""

    path: PicturePath
    costs: list[float] = field(default_factory=list)

    def see(self, frame: Frame) -> Sight:
        begun = time.thread_time()
        sight = self.path.see(frame)
        self.costs.append(time.thread_time() - begun)
        return sight

    def draw(self, frame: Frame, sight: Sight, moment: Moment) -> Frame:
        begun = time.thread_time()
        drawn = self.path.draw(frame, sight, moment)
        self.costs[-1] += time.thread_time() - begun
        return drawn


@contextmanager
def _lane(config: Config, frames: list[Frame], speech: Speech) -> Iterator["_Lane"]:
    lane = _Lane(config, frames, speech)
    thread = threading.Thread(target=lane.pipeline.run, name="picture")
    thread.start()
    try:
        yield lane
    finally:
        lane.pipeline.stop()
        thread.join()
        lane.way.path.close()


class _Lane:
    """The picture's lane with a camera that shows the frames forth and back without end, each
    freshly converted as a camera's are, and a voice that never stops."""

    def __init__(self, config: Config, frames: list[Frame], speech: Speech) -> None:
        self.way = _Timed(PicturePath(config, LiveCaptions("en", "es")))
        self._orchestrator = Orchestrator(config.picture)
        self.pipeline = VisualPipeline(self.way, self._orchestrator, lambda: self._number / FPS)
        images = [cv2.cvtColor(frame.image, cv2.COLOR_RGB2YUV_I420) for frame in frames]
        self._frames = [*images, *images[-2:0:-1]]
        self._speech = speech
        self._spoken = 0.0
        self._number = 0

    def cost(self) -> float:
        """CPU-ms of a frame, median; each is handed over when the one before is done."""
        for _ in range(WARM + MEASURED):
            self._push()
            self._wait()
        return 1000 * statistics.median(self.way.costs[-MEASURED:])

    def paced(self, seconds: float) -> tuple[int, float]:
        """Frames that were late, and the share of a core."""
        late = 0
        begun, worked, own = time.perf_counter(), time.process_time(), time.thread_time()
        for number in range(round(seconds * FPS)):
            time.sleep(max(0.0, begun + number / FPS - time.perf_counter()))
            late += not self._done
            self._push()
        self._wait()
        used = time.process_time() - worked - (time.thread_time() - own)
        return late, used / (time.perf_counter() - begun)

    def _push(self) -> None:
        pts = self._number / FPS
        while self._spoken <= pts:
            self._orchestrator.add(Placed(self._speech, self._spoken, 0.0))
            self._spoken += self._speech.audio.duration
        camera = self._frames[self._number % len(self._frames)]
        image = np.asarray(cv2.cvtColor(camera, cv2.COLOR_YUV2RGB_I420), np.uint8)
        self.pipeline.push(Frame(image, pts, self._number))
        self._number += 1

    def _wait(self) -> None:
        """Until the frame that was handed over is shown."""
        until = time.perf_counter() + PATIENCE
        while not self._done and time.perf_counter() < until:
            time.sleep(0.0005)

    @property
    def _done(self) -> bool:
        shown = self.pipeline.shown.peek()
        return self._number == 0 or (shown is not None and shown.number == self._number - 1)
