"""Whether drawn lips do what they are asked: on a clip's frames, against what the face tracker
sees in the result."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from core.ports import FaceTracker
from core.smoothing.face import FaceSmoother
from core.types import MOUTH_PARAMETERS, Face, Frame, Moment, MouthTrack
from engines.media.pictures import read_frames
from engines.registry import auto, build

JAW = MOUTH_PARAMETERS.index("jaw")
_LOWER_FACE = (
    132,
    58,
    172,
    136,
    150,
    149,
    176,
    148,
    152,
    377,
    400,
    378,
    379,
    365,
    397,
    288,
    361,
    2,
)
"""Landmarks along the jaw from ear to ear, and below the nose."""
_BELOW = 0.3
"""The chin goes down with the jaw and takes the skin of the neck along: so far, as a share of the
face's height, the mouth's region goes beyond the jaw."""
_ABOVE = 0.12
IDENTICAL = 999.0
SENTENCE = "Me gustaría hablar con ustedes sobre el proyecto y mañana vamos a tomar una decisión."


@dataclass(frozen=True)
class FaceFigures:
    """`correlation`: opening asked for and seen. `residual`: the speaker's own opening that is
    left when a closed mouth is asked for, as a share of what there was. `outside_db`: how alike
    source and result are away from the lower face. `lost`: frames without a face."""

    correlation: float
    residual: float
    outside_db: float
    lost: int


def judge_face(clip: Path, frames: int) -> FaceFigures:
    """On the first frames of a clip; the speaker's mouth is learnt from them beforehand."""
    whole = list(islice(read_frames(clip), frames))
    faces = _tracked(whole)
    lips = auto("lips", "own_mouth").engine
    for frame, face in zip(whole, faces, strict=True):
        if face is not None:
            lips.observe(frame, face)
    track = _spanish()

    def drawn(shape: Callable[[float], NDArray[np.float32]]) -> list[Frame]:
        shown = []
        for frame, face in zip(whole, faces, strict=True):
            if face is None:
                shown.append(frame)
                continue
            lips.observe(frame, face)
            shown.append(lips.render(frame, face, Moment(shape(frame.pts), 1.0), 1.0))
        return shown

    speaking = drawn(lambda pts: track.at(pts % track.duration))
    resting = drawn(lambda pts: np.zeros(len(MOUTH_PARAMETERS), np.float32))
    asked = np.array([track.at(frame.pts % track.duration)[JAW] for frame in whole])
    seen, own, left = (_openings(some) for some in (speaking, whole, resting))
    return FaceFigures(
        correlation=float(np.corrcoef(asked, seen)[0, 1]),
        residual=float(np.std(left) / max(1e-6, float(np.std(own)))),
        outside_db=_outside(whole, speaking, faces),
        lost=sum(face is None for face in faces),
    )


def _spanish() -> MouthTrack:
    from app.bench.said import said

    return said(SENTENCE, build("tts", "espeak", language="es"))


def _tracked(frames: list[Frame]) -> list[Face | None]:
    tracker: FaceTracker = auto("face").engine
    smoother = FaceSmoother()
    faces = [smoother.smooth(tracker.track(frame)) for frame in frames]
    tracker.close()
    return faces


def _openings(frames: list[Frame]) -> NDArray[np.float64]:
    """Of the mouth in each frame, by a tracker that knows nothing of what was asked; a frame
    without a face takes over from its neighbours."""
    values = np.array(
        [np.nan if face is None else float(face.mouth[JAW]) for face in _tracked(frames)]
    )
    known = np.flatnonzero(~np.isnan(values))
    return np.asarray(np.interp(np.arange(len(values)), known, values[known]))


def _outside(before: list[Frame], after: list[Frame], faces: list[Face | None]) -> float:
    """The worst frame's likeness away from the lower face, in dB; IDENTICAL when nothing at all
    is different."""
    worst = IDENTICAL
    for source, result, face in zip(before, after, faces, strict=True):
        if face is None:
            continue
        outside = _away_from_mouth(source.image.shape, face)
        difference = source.image[outside].astype(np.float64) - result.image[outside]
        error = float(np.mean(np.square(difference)))
        if error:
            worst = min(worst, 10 * np.log10(255**2 / error))
    return worst


def _away_from_mouth(shape: tuple[int, ...], face: Face) -> NDArray[np.bool_]:
    jaw = face.landmarks[list(_LOWER_FACE), :2]
    down = np.array([0, face.pose[5]], np.float32)
    whole = np.concatenate([jaw - _ABOVE * down, jaw + _BELOW * down])
    hull = cv2.convexHull(whole.astype(np.int32))
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, hull, 1)
    around = max(3, int(0.15 * face.pose[5]))
    return np.asarray(cv2.dilate(mask, np.ones((around, around), np.uint8)) == 0)
