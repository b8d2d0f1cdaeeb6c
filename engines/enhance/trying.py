"""A network on scenes that no training saw, as it will be used: chunk by chunk, with lips that are
told as late as a tracker tells them."""

import numpy as np

from core.types import AudioChunk, Samples
from engines.enhance.av import AvEnhancer
from engines.enhance.features import RATE
from engines.enhance.mixing import BABBLE, CLEAN, NOISE, TALKER, Mixer, Scene

_CHUNK = 640
_TAIL = 800
_SCENES = 24
"""Of each kind."""
_CLEAN_ENOUGH_DB = 25.0
"""A voice that is clearer than this is counted as if it were so clear."""


def tried(engine: AvEnhancer, mixer: Mixer, *, lips: bool, seed: int = 99) -> dict[str, float]:
    """Gains in SI-SDR, in dB, against each kind of disturbance."""
    gains = {}
    for kind in (TALKER, BABBLE, NOISE, CLEAN):
        rng = np.random.default_rng(seed)
        scenes = [mixer.scene(rng, kind) for _ in range(_SCENES)]
        gains[kind] = round(float(np.mean([_gain(engine, one, lips=lips) for one in scenes])), 2)
    return gains


def _gain(engine: AvEnhancer, scene: Scene, *, lips: bool) -> float:
    made, before = (
        min(_CLEAN_ENOUGH_DB, si_sdr(sound[:-_TAIL], scene.clean[:-_TAIL]))
        for sound in (streamed(engine, scene, lips=lips), scene.heard)
    )
    return made - before


def streamed(engine: AvEnhancer, scene: Scene, *, lips: bool = True) -> Samples:
    """What is made of a scene, as long as it."""
    engine.reset()
    waiting, out = list(scene.sights) if lips else [], []
    for at in range(0, len(scene.heard), _CHUNK):
        chunk = AudioChunk(scene.heard[at : at + _CHUNK], RATE, at / RATE)
        told = chunk.end - scene.told_late
        seen = [one for one in waiting if one.pts <= told]
        waiting = waiting[len(seen) :]
        out.append(engine.enhance(chunk, seen).samples)
    made = np.concatenate(out)
    return np.pad(made, (0, len(scene.heard) - len(made)))


def si_sdr(found: Samples, clean: Samples) -> float:
    """In dB, whatever the loudness."""
    found, clean = (one.astype(np.float64) - one.mean() for one in (found, clean))
    wanted = (found @ clean) / (clean @ clean + 1e-12) * clean
    rest = found - wanted
    return float(10 * np.log10((wanted @ wanted + 1e-12) / (rest @ rest + 1e-12)))
