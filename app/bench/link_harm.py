"""What compression does to what is sent: Opus to how speech is understood, JPEG to the lips that
are found in pictures."""

import cv2
import numpy as np

from app.bench.enhance_material import voices
from app.bench.report import Figure, Figures
from core.enhancing import lips_of
from core.errors import EngineUnavailable
from core.ports import FaceTracker
from core.types import Frame, Samples
from engines.link.picture import Picture, decode, encode
from engines.link.sound import SPOKEN, SoundDecoder, SoundEncoder
from engines.registry import auto

BITS = (24_000, 12_000, 6_000)
"""Of sound, a second."""
QUALITIES = (95, 50, 20)
_LATEST = 800
"""Samples by which Opus and its resampling may be late."""
_VIEWS = 8
_SETTLES = 4
"""Pictures that a tracker has seen before it is believed."""


def harm() -> Figures:
    speech = voices().speech(np.random.default_rng(5)).sound
    figures = {
        f"opus{bits // 1000}_stoi": Figure(understood(speech, coded(speech, bits))) for bits in BITS
    }
    for quality, error in _lip_errors().items():
        figures[f"jpeg{quality}_lips_error"] = Figure(error)
    return figures


def coded(speech: Samples, bits: int) -> Samples:
    """There and back."""
    encoder, decoder = SoundEncoder(SPOKEN, bits), SoundDecoder(SPOKEN)
    chunks = speech[: len(speech) // encoder.size * encoder.size].reshape(-1, encoder.size)
    return np.concatenate([decoder.decode(encoder.encode(chunk)) for chunk in chunks])


def understood(speech: Samples, found: Samples) -> float:
    """STOI, at whatever delay fits best; NaN without the extra `measure`."""
    try:
        from pystoi import stoi
    except ImportError:
        return float("nan")
    size = min(len(speech), len(found)) - _LATEST
    fits = [float(found[lag : lag + size] @ speech[:size]) for lag in range(_LATEST)]
    late = int(np.argmax(fits))
    return float(stoi(speech[:size], found[late : late + size], SPOKEN))


def _lip_errors() -> dict[int, float]:
    """By how much the opening of a mouth (0 to 1) is told wrong in the mean; NaN without a
    tracker."""
    try:
        tracker: FaceTracker = auto("face").engine
    except EngineUnavailable:
        return dict.fromkeys(QUALITIES, float("nan"))
    try:
        views = _views()
        true = _openings(tracker, views)
        errors = {}
        for quality in QUALITIES:
            found = _openings(tracker, [decode(encode(view, quality)) for view in views])
            errors[quality] = float(np.nanmean(np.abs(found - true)))
        return errors
    finally:
        tracker.close()


def _views() -> list[Picture]:
    """A face with its mouth ever farther open: the lower part of the picture is stretched."""
    from skimage.data import astronaut

    whole: Picture = astronaut()  # type: ignore[no-untyped-call]
    face = np.ascontiguousarray(whole[:300, 80:380])
    views = []
    for number in range(_VIEWS):
        height = face.shape[0] + 4 * number
        tall = cv2.resize(face, (face.shape[1], height))
        views.append(np.asarray(cv2.resize(tall[: face.shape[0]], (352, 352)), np.uint8))
    return views


def _openings(tracker: FaceTracker, views: list[Picture]) -> np.ndarray:
    found, number = [], 0
    for view in views:
        for _ in range(_SETTLES):
            face = tracker.track(Frame(view, number / 25, number))
            number += 1
        sight = lips_of(face, number / 25)
        found.append(sight.opening if sight.trust else np.nan)
    return np.array(found)
