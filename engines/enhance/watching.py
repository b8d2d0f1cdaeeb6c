"""Mouths as they live, and as a camera and a tracker tell them: what makes the lips of synthesised
voices like those that are seen in pictures."""

import numpy as np
from numpy.typing import NDArray

from core.types import LipSight, Samples
from engines.enhance.features import RATE

Track = NDArray[np.float32]
"""(n, 2): opening and spread."""
FINE = 100
"""Values a second in the track of a mouth."""
_PAUSE_DB = -35.0


def lived(track: Track, voice: Samples, rng: np.random.Generator, hard: float = 1.0) -> Track:
    """A mouth that is not moved by phonemes alone: it opens to breathe where nothing is said, is
    moved lazily here and widely there, and smiles. `hard`: how often and how much, up to 1."""
    opening, spread = track.T.astype(np.float32)
    count = len(track)
    if rng.random() < 0.4 * hard:
        pause = _pauses(voice, count)
        opening = opening + pause * _wandering(count, rng, 0.0, 0.8)
        spread = spread + pause * _wandering(count, rng, -0.2, 0.8)
    if rng.random() < 0.3 * hard:
        opening = opening * _wandering(count, rng, 0.3, 1.3)
    if rng.random() < 0.2 * hard:
        opening = opening - _wandering(count, rng, -0.15, 0.2)
    if rng.random() < 0.4 * hard:
        spread = spread + _wandering(count, rng, -0.3, 0.3)
    return np.stack((opening.clip(0, 1), spread.clip(-1, 1)), axis=1)


def _pauses(voice: Samples, count: int) -> NDArray[np.float32]:
    """1 within pauses, 0 while something is said, and between them as fast as a mouth moves."""
    step = RATE // FINE
    power = np.zeros(count)
    whole = len(voice) // step * step
    power[: whole // step] = np.square(voice[:whole]).reshape(-1, step).mean(axis=1)
    loud = power > power.max() * 10 ** (_PAUSE_DB / 10)
    near = np.convolve(loud, np.ones(15), "same") > 0.5
    return _smooth((~near).astype(np.float32), 5.0)


def _wandering(
    count: int, rng: np.random.Generator, low: float, high: float
) -> NDArray[np.float32]:
    """Slowly, between two bounds."""
    knots = rng.uniform(low, high, count // 50 + 3)
    return np.interp(np.arange(count) / 50, np.arange(len(knots)), knots).astype(np.float32)


def seen(
    track: Track, rng: np.random.Generator, late: float, gaps: float = 0.15, hard: float = 1.0
) -> list[LipSight]:
    """A mouth as a camera and a tracker tell it: at their pace, blurred, shaky, larger or smaller
    than it is, with smiles that say nothing, and at times not at all."""
    pace = float(rng.choice([25.0, 30.0, 15.0], p=[0.48, 0.48, 0.04]))
    length = len(track) / FINE
    moments = np.arange(rng.uniform(0, 1 / pace), length, 1 / pace)
    grid = np.arange(len(track)) / FINE
    gain, off = rng.uniform((0.45, 0.4), (1.3, 1.2)), rng.uniform((-0.02, -0.15), (0.06, 0.15))
    width = rng.uniform(0.3, 0.8 + 1.2 * hard)
    values = np.stack(
        [np.interp(moments - late, grid, _smooth(line, width)) for line in track.T], axis=1
    )
    drift = np.sin(2 * np.pi * rng.uniform(0.1, 0.7) * moments + rng.uniform(0, 6))[:, None]
    values = values * gain + off + hard * drift * rng.uniform(0, (0.03, 0.12))
    values += rng.normal(0, rng.uniform(0.003, 0.006 + 0.014 * hard), values.shape)
    trusts = np.ones(len(moments))
    if rng.random() < gaps:
        gap = rng.uniform(0, length)
        trusts[(moments > gap) & (moments < gap + rng.uniform(0.1, 1.0))] = 0.0
    columns = moments, values[:, 0].clip(0, 1), values[:, 1].clip(-1, 1), trusts
    return [LipSight(*row) for row in np.stack(columns, axis=1).tolist()]


def _smooth(line: NDArray[np.float32], width: float) -> NDArray[np.float32]:
    """Blurred by a bell of so many hundredths of a second."""
    bell = np.exp(-0.5 * (np.arange(-18, 19) / width) ** 2)
    return np.asarray(np.convolve(line, bell / bell.sum(), "same"), np.float32)
