"""When a network that has been trained is to be let in: found on people whom it has learnt from, so
that what it is judged on stays unseen.

Each network is as sure as its seed made it. What it would do to scenes is kept once, and then
spared by one set of bounds after the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.types import LipSight
from engines.enhance.acoustics import coloured, in_room, narrow
from engines.enhance.av import AvEnhancer
from engines.enhance.corpus import Saying
from engines.enhance.features import BEFORE, HOP, Analysis, Rows, Spectra, Synthesis, spread
from engines.enhance.mixing import SEEN_LATE, TALKER, Mixer, Scene
from engines.enhance.sparing import Bounds, Sparing
from engines.enhance.trying import si_sdr, streamed
from engines.enhance.watching import seen

_TALKERS, _VOICES = 24, 16
_SECONDS = 5.0
_HISS_DB = 25.0
_RATIOS_DB = (-5.0, 0.0, 5.0)
_LOST_DB = 0.3
"""The most that any clean voice may lose, whatever lips are seen."""
_STRANGER = 2.0
"""Recordings are stranger than these scenes: a network is taken to find the odds that a clean voice
is one so many times less."""
_DRY = 0.2
"""How many of the clean voices are in no room."""
_UNSURE = tuple(float(np.exp(one)) for one in np.arange(-5.1, -0.9, 0.3))
_SURER = 2.0
"""How much surer than unsure a network is to be before it is believed again."""
_LITTLE_DB = (-7.0,)
_ALIKE_DB = (-12.0, -9.0)
"""Less of either would bring more here, and do harm to real faces and voices among others."""
_NEVER = Bounds(unsure=0.0, sure=0.0)
_LOUD = 0.08
_TOLD_LATE = 0.05
_TAIL = 800


@dataclass(frozen=True)
class _Made:
    """What a network would do to a scene: to what it heard, with lips and without, and how sure it
    was that nothing disturbs."""

    scene: Scene
    spectra: Spectra
    gain: Rows
    unseen: Rows
    plain: NDArray[np.floating]
    powers: Rows

    def gained(self, bounds: Bounds) -> float:
        """In dB, of what is left of it."""
        left = Sparing(bounds).spared(self.gain, self.unseen, self.plain, self.powers)
        sound = Synthesis().samples(self.spectra * spread(left))[BEFORE:]
        size = len(sound) - _TAIL
        clean, heard = self.scene.clean[:size], self.scene.heard[:size]
        return si_sdr(sound[:size], clean) - si_sdr(heard, clean)


class _Keeping(Sparing):
    """Keeps what a network would do, and leaves it as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[tuple[Rows, ...]] = []

    def spared(self, gain: Rows, unseen: Rows, plain: NDArray[np.floating], powers: Rows) -> Rows:
        self.kept.append((gain.copy(), unseen.copy(), plain.copy(), powers.copy()))
        return gain


def found(model: Path, sayings: Sequence[Saying], *, lips: bool = True, seed: int = 97) -> Bounds:
    """The bounds with which most is brought against talkers while no clean voice loses much."""
    mixer = Mixer(sayings, _SECONDS)
    talkers = [_made(model, scene, lips) for scene in _talkers(mixer, seed)]
    clean = [_doubted(_made(model, scene, lips)) for scene in _clean(mixer, seed)]
    brought = {one: float(np.mean([made.gained(one) for made in talkers])) for one in _tried()}
    for bounds in sorted(brought, key=lambda one: -brought[one]):
        if all(made.gained(bounds) > -_LOST_DB for made in clean):
            return bounds
    return _NEVER


def _tried() -> Iterator[Bounds]:
    for unsure, little, alike in product(_UNSURE, _LITTLE_DB, _ALIKE_DB):
        yield Bounds(round(unsure, 4), round(_SURER * unsure, 4), little, alike)


def _doubted(made: _Made) -> _Made:
    odds = made.plain / (1 - made.plain + 1e-6) / _STRANGER
    return replace(made, plain=odds / (1 + odds))


def _talkers(mixer: Mixer, seed: int) -> Iterator[Scene]:
    for number in range(_TALKERS):
        rng = np.random.default_rng((seed, number))
        yield mixer.scene(rng, TALKER, _RATIOS_DB[number % len(_RATIOS_DB)])


def _clean(mixer: Mixer, seed: int) -> Iterator[Scene]:
    """As if recorded: in rooms, over a line, over hiss; with lips that are anything."""
    before: tuple[LipSight, ...] = ()
    for number in range(_VOICES):
        rng = np.random.default_rng((seed, _TALKERS + number))
        speech = mixer.speech(rng)
        sound = in_room(coloured(speech.sound, rng), rng, _DRY)
        spectrum = np.fft.rfft(sound)
        line = np.fft.irfft(spectrum * narrow(len(spectrum), rng), len(sound))
        clean = (line * _LOUD / (line.std() + 1e-6)).astype(np.float32)
        hiss = rng.standard_normal(len(clean)) * clean.std() * 10 ** (-_HISS_DB / 20)
        heard = (clean + hiss).astype(np.float32)
        own = tuple(seen(speech.track, rng, SEEN_LATE, gaps=0))
        for sights in _lips(own, before):
            yield Scene(clean, heard, tuple(sights), _TOLD_LATE)
        before = own


def _lips(own: Sequence[LipSight], others: Sequence[LipSight]) -> Iterator[list[LipSight]]:
    """The speaker's, a photo's, somebody else's, of both in turn, late, and early."""
    yield list(own)
    yield [replace(one, opening=0.3, spread=0.0) for one in own]
    if others:
        yield list(others)
        both = zip(own, others, strict=False)
        yield [replace(b if a.pts % 1.0 > 0.5 else a, pts=a.pts) for a, b in both]
    for late in (0.3, -0.3):
        yield [replace(one, pts=one.pts + late) for one in own]


def _made(model: Path, scene: Scene, lips: bool) -> _Made:
    keeping = _Keeping()
    engine = AvEnhancer(model=model, sparing=lambda: keeping)
    streamed(engine, scene, lips=lips)
    engine.close()
    kept = [np.concatenate(parts) for parts in zip(*keeping.kept, strict=True)]
    whole = scene.heard[: len(kept[0]) * HOP]
    return _Made(scene, Analysis().spectra(whole), *kept)
