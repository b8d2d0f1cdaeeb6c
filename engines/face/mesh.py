"""The face mesh: follows one face from frame to frame, 468 landmarks, pose, mouth and trust."""

import cv2
import numpy as np

from core.head import fit_head
from core.mouth_shape import RestingMouth, measure, mouth_shape
from core.types import Face, Frame
from engines.face.choice import Choice
from engines.face.crop import Crop, Landmarks, Seen, around_detection, around_landmarks
from engines.face.detector import Detection, Detector, Image, squares
from engines.face.picture import as_rgb
from engines.face.trust import Trust

_LEAST_SCORE = 0.5
_LOOK_AROUND = 1.0
_SEARCH_HARD, _SEARCH_IDLE = 1.0, 0.1


class MeshTracker:
    """Landmarks of the chosen face. Called by one thread, except `choose`, which any may call.

    The largest face is chosen at first and stays chosen while it is there, whoever else comes;
    gone for a second, its place is taken by the largest that is left.
    """

    def __init__(self, *, faces: int = 4) -> None:
        """At most `faces` are told in `boxes`. EngineUnavailable when the models are missing."""
        if faces < 1:
            raise ValueError(f"There must be at least one face to follow, not {faces}.")
        cv2.setNumThreads(1)
        self._detector = Detector()
        self._landmarks = Landmarks()
        self._choice = Choice(faces)
        self._trust = Trust()
        self._rest = RestingMouth()
        self._crop: Crop | None = None
        self._size = (0, 0)
        self._pts = -np.inf
        self._seen_at = -np.inf
        self._searched_at = -np.inf
        self._part = 0

    @property
    def boxes(self) -> tuple[Detection, ...]:
        """The faces that are in the picture, the chosen one first; for a click to choose from."""
        return self._choice.faces

    @property
    def doubt(self) -> str:
        """Why the last frame's confidence is below one, in a word; empty when it is not."""
        return self._trust.doubt

    def choose(self, x: float, y: float) -> None:
        """Follow the face at this place of the picture (pixels) from the next frame on."""
        self._choice.point(x, y)

    def track(self, frame: Frame) -> Face | None:
        """The chosen face, or None when it is not seen. Frames may come out of order, be
        missing, or change their size; none raises."""
        image = as_rgb(frame.image)
        if image is None or not np.isfinite(frame.pts):
            self._trust.lose("no picture")
            return None
        seconds = self._step(frame.pts, image.shape[:2])
        self._look_around(image, frame.pts)
        followed = self._crop is not None
        seen = self._see(image, frame.pts)
        if seen is None and followed:  # a cut, or a leap: it may be elsewhere in this very frame
            self._look_around(image, frame.pts)
            seen = self._see(image, frame.pts)
        if seen is None:
            self._trust.lose("no face")
            return None
        return self._face(seen, frame.pts, seconds)

    def close(self) -> None:
        self._crop = None

    def _step(self, pts: float, size: tuple[int, ...]) -> float:
        """Seconds since the newest frame; zero for a late one, which teaches nothing."""
        if size != self._size:
            self._size = (size[0], size[1])
            self._crop = None
            self._choice.forget()
        seconds = pts - self._pts
        if seconds < -1 or seconds > 1:  # another stream, or a long break
            self._searched_at = -np.inf
            self._pts = pts
            return 0.0
        self._pts = max(self._pts, pts)
        return max(0.0, seconds)

    def _look_around(self, image: Image, pts: float) -> None:
        """Detect when it is time: rarely while a face is followed, often when it is not."""
        since = pts - self._searched_at
        if self._crop is None:
            due = pts - self._seen_at < _SEARCH_HARD or not 0 <= since < _SEARCH_IDLE
        else:
            due = not 0 <= since < _LOOK_AROUND
        if not (due or self._choice.pointed):
            return
        self._searched_at = pts
        found = self._search(image, everywhere=self._choice.pointed)
        chosen = self._choice.among(found, pts, followed=self._crop)
        if chosen is None:
            return
        self._crop = around_detection(chosen)
        if not self._choice.same(chosen):
            self._trust.forget()
            self._rest = RestingMouth()

    def _search(self, image: Image, *, everywhere: bool) -> list[Detection]:
        """The whole picture, and one of its parts in turn, or all: small faces are found there."""
        whole, *parts = squares(image.shape[1], image.shape[0])
        if parts and not everywhere:
            self._part = (self._part + 1) % len(parts)
            parts = parts[self._part : self._part + 1]
        found: list[Detection] = []
        for square in (whole, *parts):
            for face in self._detector.detect(image, square):
                if all(face.distance(other.x, other.y) > other.size / 2 for other in found):
                    found.append(face)
        return found

    def _see(self, image: Image, pts: float) -> Seen | None:
        if self._crop is None:
            return None
        seen = self._landmarks.find(image, self._crop)
        if seen.score < _LEAST_SCORE or not np.isfinite(seen.landmarks).all():
            self._crop = None
            return None
        self._crop = around_landmarks(seen.landmarks)
        self._choice.follow(self._crop, pts)
        self._seen_at = pts
        return seen

    def _face(self, seen: Seen, pts: float, seconds: float) -> Face:
        head = fit_head(seen.landmarks)
        confidence = self._trust.judge(seen, head, self._size, seconds)
        lips = measure(head.into(seen.landmarks))
        if confidence > 0.5:
            self._rest.observe(lips, seconds)
        mouth = mouth_shape(lips, self._rest.lips)
        return Face(seen.landmarks, head.pose, mouth, confidence, pts)
