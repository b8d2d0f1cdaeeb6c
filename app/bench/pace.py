"""What a frame costs on its whole way, and whether thirty a second are in time."""

import statistics
import time
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from app.bench.said import said
from app.picture import PicturePath
from core.captions.live import LiveCaptions
from core.config import Captions, Config, Picture
from core.types import Frame, Moment, MouthTrack
from engines.media.pictures import read_frames
from engines.registry import build

FPS = 30
KEPT = 60
WARM = 60
MEASURED = 150
PLAIN = Config(captions=Captions(show=False), picture=Picture(badge=False, floor=False))
SENTENCE = "Me gustaría hablar con ustedes sobre el proyecto y mañana vamos a tomar una decisión."


@dataclass(frozen=True)
class Pace:
    """CPU-ms a frame for face, lips and paste; the badge on top; frames that were not finished
    when the next one came; the share of a core at 30 frames a second."""

    path_ms: float
    overlay_ms: float
    late: int
    core_share: float


def pace(clip: Path, seconds: float) -> Pace:
    frames = list(islice(read_frames(clip), KEPT))
    track = said(SENTENCE, build("tts", "espeak", language="es"))
    path = PicturePath(PLAIN, LiveCaptions("en", "es"))
    stream = _Stream(frames, track)
    for _ in range(WARM):
        path.show(*stream.next())
    plain = _median_ms(path, stream)
    late, share = _paced(path, stream, seconds)
    path.close()
    badged = PicturePath(replace(PLAIN, picture=Picture(floor=False)), LiveCaptions("en", "es"))
    again = _Stream(frames, track)
    for _ in range(WARM):
        badged.show(*again.next())
    with_badge = _median_ms(badged, again)
    badged.close()
    return Pace(plain, max(0.0, with_badge - plain), late, share)


class _Stream:
    """The frames forth and back without end, with the times of a camera, and a voice that never
    stops."""

    def __init__(self, frames: list[Frame], track: MouthTrack) -> None:
        self._frames = [*frames, *frames[-2:0:-1]]
        self._track = track
        self._number = 0

    def next(self) -> tuple[Frame, Moment]:
        pts = self._number / FPS
        image = self._frames[self._number % len(self._frames)].image
        frame = Frame(image, pts, self._number)
        self._number += 1
        return frame, Moment(self._track.at(pts % self._track.duration), 1.0)


def _median_ms(path: PicturePath, stream: _Stream) -> float:
    costs = []
    for _ in range(MEASURED):
        frame, moment = stream.next()
        begun = time.thread_time()
        path.show(frame, moment)
        costs.append(1000 * (time.thread_time() - begun))
    return statistics.median(costs)


def _paced(path: PicturePath, stream: _Stream, seconds: float) -> tuple[int, float]:
    late = 0
    begun, worked = time.perf_counter(), time.process_time()
    for number in range(round(seconds * FPS)):
        due = begun + number / FPS
        time.sleep(max(0.0, due - time.perf_counter()))
        path.show(*stream.next())
        late += time.perf_counter() > due + 1 / FPS
    return late, (time.process_time() - worked) / (time.perf_counter() - begun)
