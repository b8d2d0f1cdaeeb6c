"""What the outputs process hands to the virtual camera, kept to be looked at afterwards."""

import time
from collections.abc import Iterator

import cv2
import numpy as np

from app.bench.seen import mouth_seen
from app.live.desk import Desk
from core.sync import Track
from core.types import Frame

_HALF = (640, 360)


class SentPictures:
    """Pictures with the moment at which each was sent, small and compressed: forty seconds of
    them must fit into memory, and looking at them must wait until nothing is measured."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._kept: list[tuple[float, bytes]] = []

    def collect(self, seconds: float) -> "SentPictures":
        version, end = self._desk.sent.version, time.perf_counter() + seconds
        while time.perf_counter() < end:
            held = self._desk.sent.get(version)
            if held is None:
                time.sleep(0.004)
                continue
            version, frame = held
            small = cv2.resize(frame.image, _HALF, interpolation=cv2.INTER_AREA)
            good, packed = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 92])
            if good:
                self._kept.append((frame.pts, packed.tobytes()))
        return self

    def mouth(self) -> Track:
        """How far the lips are apart, by moments of the machine's clock."""
        return mouth_seen(self._frames())

    def _frames(self) -> Iterator[Frame]:
        for number, (moment, packed) in enumerate(self._kept):
            image = cv2.imdecode(np.frombuffer(packed, np.uint8), cv2.IMREAD_COLOR)
            assert image is not None
            yield Frame(np.asarray(image, np.uint8), moment, number)
