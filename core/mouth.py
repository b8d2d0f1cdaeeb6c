"""From the sounds of an utterance and their times to the movement of the mouth.

Shapes are blended as muscles blend them: each sound pulls at jaw and lips with its own strength
for longer than it lasts, so that rounding is anticipated and nothing pops. Contacts of the lips
are laid over the blend, since a /p/ that does not close is the first thing an eye sees.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.types import MOUTH_PARAMETERS, NO_MOUTH, MouthTrack
from core.visemes import REST, Hold, Viseme, visemes

RATE = 100
"""Shapes a second."""

MAX_STEP = 0.35
"""The farthest that a parameter moves from one shape to the next."""

_FINE = 4  # the blend is computed on a grid this many times finer
_GAP = 0.06  # a nameless stretch shorter than this is no pause: the mouth passes over it
_PLATEAU = 0.04  # a contact is held at least so long, or 30 pictures a second could miss it
_RAMP = 0.07  # the lips take this long to meet, and to part
_REACH = {  # seconds (before, after) by which a sound pulls beyond its bounds, one sigma
    "jaw": (0.035, 0.030),
    "width": (0.060, 0.045),
    "round": (0.090, 0.045),
    "upper": (0.040, 0.035),
}
_CONTACTS: dict[Hold, dict[str, tuple[float, float]]] = {  # parameter: share kept, amount added
    Hold.TEETH: {"jaw": (0.2, 0.04), "round": (0.5, 0.0), "upper": (0.3, 0.25), "tuck": (0.0, 1.0)},
    Hold.NEAR: {"jaw": (0.2, 0.03), "round": (0.6, 0.0), "upper": (0.5, 0.0), "press": (0.0, 0.49)},
    Hold.LIPS: {
        "jaw": (0.0, 0.0),
        "width": (0.6, 0.0),
        "round": (0.3, 0.0),
        "upper": (0.0, 0.0),
        "press": (0.0, 0.95),
        "tuck": (0.0, 0.0),
    },
}

Curve = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Phone:
    """A sound and when it is made, in seconds; `name` is IPA, empty for a pause.

    Of a /p/ or /b/ this is the time the lips are closed, without the burst that follows.
    """

    name: str
    start: float
    end: float


def mouth_track(phones: Iterable[Phone], duration: float) -> MouthTrack:
    """The mouth from 0 to `duration`, at rest at both ends and in pauses.

    `phones` in ascending order; what lies outside the duration, or between them, is a pause.
    """
    if duration <= 0:
        return NO_MOUTH
    steps = max(1, int(np.ceil(duration * RATE - 0.05)))  # no last step too short for a float32
    fine = np.arange(steps * _FINE + 1) / (RATE * _FINE)
    gestures = list(_gestures(phones, duration))
    curves = _blend(gestures, len(fine))
    _lay_contacts(curves, gestures, fine)
    times = np.minimum(fine[::_FINE], duration)
    shapes = np.stack([curves[name][::_FINE] for name in MOUTH_PARAMETERS], axis=1)
    shapes = _rested(np.clip(shapes, 0.0, 1.0))
    return MouthTrack(times.astype(np.float32), shapes.astype(np.float32))


@dataclass(frozen=True, slots=True)
class _Gesture:
    viseme: Viseme
    start: float
    end: float


def _gestures(phones: Iterable[Phone], duration: float) -> Iterable[_Gesture]:
    """One mouth shape after the other, pauses as REST, without the nameless bits."""
    at = 0.0
    for phone in phones:
        start, end = max(at, phone.start), min(duration, phone.end)
        shapes = visemes(phone.name)
        if end <= start or not shapes:
            continue
        if start - at > (_GAP if at else 0.0):
            yield _Gesture(REST, at, start)
        bounds = np.linspace(start, end, len(shapes) + 1)
        for shape, first, last in zip(shapes, bounds, bounds[1:], strict=False):
            yield _Gesture(shape, float(first), float(last))
        at = end
    yield _Gesture(REST, at, duration)


def _blend(gestures: Sequence[_Gesture], size: int) -> dict[str, Curve]:
    """Each parameter as the mean of all pulls at a moment, weighted by their strength."""
    margin = RATE * _FINE // 2  # room for the kernels; the mouth rests before and after
    curves = {name: np.zeros(size) for name in MOUTH_PARAMETERS}
    for name, (before, after) in _REACH.items():
        pull, target = np.full(size + 2 * margin, 1e-3), np.zeros(size + 2 * margin)
        pull[:margin] = pull[margin + size :] = 1.0
        for gesture in gestures:
            first, last = (round(t * RATE * _FINE) + margin for t in (gesture.start, gesture.end))
            weight = gesture.viseme.jaw_pull if name == "jaw" else gesture.viseme.lip_pull
            pull[first : max(last, first + 1)] = weight
            target[first : max(last, first + 1)] = weight * getattr(gesture.viseme, name)
        kernel = _kernel(before, after)
        inside = slice(margin, margin + size)
        pulled = np.convolve(target, kernel, "same") / np.convolve(pull, kernel, "same")
        curves[name] = pulled[inside]
    return curves


def _kernel(before: float, after: float) -> Curve:
    """A bell whose left half is `before` wide (what comes is anticipated) and right `after`."""
    reach = int(3 * max(before, after) * RATE * _FINE)
    offset = np.arange(-reach, reach + 1) / (RATE * _FINE)
    bell: Curve = np.exp(-0.5 * (offset / np.where(offset < 0, before, after)) ** 2)
    bell[np.abs(offset) > 3 * np.where(offset < 0, before, after)] = 0.0
    bell /= bell.sum()
    return bell


def _lay_contacts(curves: dict[str, Curve], gestures: Sequence[_Gesture], times: Curve) -> None:
    """Bend the curves to the contacts, the firmest last: it wins where two are near."""
    for hold, effects in _CONTACTS.items():
        closeness = _closeness([g for g in gestures if g.viseme.hold is hold], times)
        for name, (kept, added) in effects.items():
            curves[name] = curves[name] * (1 - closeness * (1 - kept)) + closeness * added


def _closeness(contacts: Iterable[_Gesture], times: Curve) -> Curve:
    """1 while a contact is held, 0 beyond the ramps around it."""
    closeness = np.zeros_like(times)
    for contact in contacts:
        centre = (contact.start + contact.end) / 2
        half = max(contact.end - contact.start, _PLATEAU) / 2
        first, last = np.searchsorted(times, (centre - half - _RAMP, centre + half + _RAMP))
        beyond = np.clip((np.abs(times[first:last] - centre) - half) / _RAMP, 0.0, 1.0)
        near = closeness[first:last]
        np.maximum(near, 0.5 + 0.5 * np.cos(np.pi * beyond), out=near)
    return closeness


def _rested(shapes: Curve) -> Curve:
    """The same movement, leaving rest at the start and reached again at the end."""
    steps = np.arange(len(shapes)) * MAX_STEP
    nearest_end = np.minimum(steps, steps[::-1])
    rested: Curve = np.minimum(shapes, nearest_end[:, None])
    return rested
