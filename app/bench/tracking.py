"""How still, how prompt and how cheap the tracked face is, on a portrait moved in a known way."""

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from skimage import data

from app.bench.portrait import Film, Motion, moving, still
from app.bench.report import Figure, Figures
from core.errors import EngineFailed
from core.smoothing import FaceSmoother
from core.types import Frame
from engines.face.mesh import MeshTracker
from engines.face.quick_filters import QuickOneEuro

SECONDS = 8.0
SETTLE = 1.0

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Run:
    """Landmarks over time, as measured, smoothed, and where they truly are (frames x 468 x 2);
    `speed` is how fast the true ones move, in pixels a second."""

    raw: Array
    smooth: Array
    true: Array
    speed: Array
    lost: int
    cpu_ms: float

    @property
    def jitter_reduction(self) -> float:
        """Part of the frame-to-frame tremble about the true places that smoothing takes away."""
        return 1 - _jitter(self.smooth - self.true) / _jitter(self.raw - self.true)

    @property
    def lag_ms(self) -> float:
        """By how much the smoothed face is late: the shift in time that explains most of its
        difference from the true one, a constant offset of each point aside."""
        return _lag(self.smooth - self.true, self.speed) * 1000

    @property
    def raw_lag_ms(self) -> float:
        return _lag(self.raw - self.true, self.speed) * 1000


def run() -> Figures:
    quiet, busy = follow(still), follow(moving)
    return {
        "still_jitter_reduction": Figure(quiet.jitter_reduction, at_least=0.85),
        "moving_jitter_reduction": Figure(busy.jitter_reduction),
        "moving_lag_ms": Figure(busy.lag_ms, "ms", at_most=3.0),
        "tracker_lag_ms": Figure(busy.raw_lag_ms, "ms"),
        "still_jitter_px": Figure(_jitter(quiet.smooth - quiet.true), "px"),
        "track_cpu_ms": Figure(busy.cpu_ms, "ms"),
        "lost_frames": Figure(quiet.lost + busy.lost, at_most=0),
    }


def follow(motion: Motion, seconds: float = SECONDS) -> Run:
    """Track a film of the portrait. EngineFailed when the face is not even found at rest."""
    portrait = _portrait()
    film = Film(portrait, motion, seconds)
    reference = _reference(portrait)
    tracker, smoother = MeshTracker(), FaceSmoother(QuickOneEuro)
    raw, smooth, times = [], [], []
    spent = lost = 0.0
    for frame in film.frames():
        start = time.thread_time()
        face = tracker.track(frame)
        calm = smoother.smooth(face)
        spent += time.thread_time() - start
        if face is None or calm is None:
            lost += 1
            continue
        raw.append(face.landmarks[:, :2])
        smooth.append(calm.landmarks[:, :2])
        times.append(frame.pts)
    keep = np.array(times) >= SETTLE
    return Run(
        np.array(raw, np.float64)[keep],
        np.array(smooth, np.float64)[keep],
        np.array([film.true(reference, t) for t in times])[keep],
        np.array([_speed(film, reference, t) for t in times])[keep],
        int(lost),
        spent / len(film.times) * 1000,
    )


def _portrait() -> NDArray[np.uint8]:
    """In the public domain, and part of scikit-image."""
    return np.asarray(data.astronaut(), np.uint8)  # type: ignore[no-untyped-call]


def _reference(portrait: NDArray[np.uint8]) -> Array:
    """The landmarks of the unmoved, noiseless picture."""
    tracker = MeshTracker()
    frame = next(Film(portrait, still, 0.1, noise=0.0).frames())
    faces = [tracker.track(Frame(frame.image, i / 30, i)) for i in range(10)]
    found = [face.landmarks[:, :2] for face in faces[5:] if face is not None]
    if not found:
        raise EngineFailed("The face mesh does not find the portrait's face.")
    return np.asarray(np.mean(found, 0), np.float64)


def _speed(film: Film, points: Array, t: float) -> Array:
    return (film.true(points, t + 0.005) - film.true(points, t - 0.005)) / 0.01


def _jitter(error: Array) -> float:
    """Pixels, as the standard deviation of white noise with that frame-to-frame change."""
    return float(np.diff(error, axis=0).std() / np.sqrt(2))


def _lag(error: Array, speed: Array) -> float:
    error = error - error.mean(0)
    return -float((error * speed).sum() / max(float((speed**2).sum()), 1e-9))
