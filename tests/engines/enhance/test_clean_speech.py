"""Whatever is seen, and however a clean voice was recorded, it loses no more than half a dB."""

from dataclasses import replace

import numpy as np
import pytest

from core.types import LipSight
from engines.enhance.av import AvEnhancer
from engines.enhance.corpus import unheard
from engines.enhance.mixing import CLEAN, SEEN_LATE, Mixer, Scene
from engines.enhance.trying import si_sdr, streamed

WORST_DB = 0.5
SECONDS = 4.0
VOICES = 5
HISS_DB = 25.0


@pytest.fixture(scope="module")
def scenes():
    """Of voices that no training heard, 25 dB over hiss."""
    sayings = unheard(np.random.default_rng(5), 6, 4)
    if not sayings:
        pytest.skip("needs the voices of espeak-ng")
    mixer, made = Mixer(sayings, SECONDS), []
    for number in range(VOICES):
        rng = np.random.default_rng((3, number))
        scene = _soft(mixer.scene(rng, CLEAN, 0.0, late=SEEN_LATE))
        hiss = rng.standard_normal(len(scene.clean)) * np.std(scene.clean) * 10 ** (-HISS_DB / 20)
        made.append(replace(scene, heard=(scene.clean + hiss).astype(np.float32), told_late=0.05))
    return made


def _soft(scene):
    """With room for an offset."""
    return replace(scene, clean=scene.clean * np.float32(0.5 / np.abs(scene.clean).max()))


@pytest.fixture(scope="module")
def engine():
    engine = AvEnhancer()
    yield engine
    engine.close()


def _loss(engine, scene):
    made = streamed(engine, scene)[:-800]
    clean = scene.clean[:-800]
    return si_sdr(np.nan_to_num(scene.heard[:-800]), clean) - si_sdr(made, clean)


def _late(seconds):
    def moved(sights, others):
        return [LipSight(s.pts + seconds, s.opening, s.spread, s.trust) for s in sights]

    return moved


def _in_turn(sights, others):
    """A tracker that goes from one face to the other, and back."""
    return [(others if s.pts % 1.0 > 0.5 else sights)[n] for n, s in enumerate(sights)]


SEEN = {
    "the speaker": lambda sights, others: sights,
    "nobody": lambda sights, others: [],
    "a still photo": lambda sights, others: [LipSight(s.pts, 0.3, 0.0, 1.0) for s in sights],
    "somebody else": lambda sights, others: others,
    "two faces in turn": _in_turn,
    "the speaker, 300 ms late": _late(0.3),
    "the speaker, 300 ms early": _late(-0.3),
}


@pytest.mark.parametrize("seen", SEEN)
def test_clean_speech_stays_clean_whoever_is_seen(engine, scenes, seen):
    for number, scene in enumerate(scenes):
        others = [
            replace(other, pts=own.pts)
            for own, other in zip(scene.sights, scenes[number - 1].sights, strict=False)
        ]
        own = scene.sights[: len(others)]
        sights = tuple(SEEN[seen](own, others))
        assert _loss(engine, replace(scene, sights=sights)) <= WORST_DB


def _clipped(scene):
    most = 0.3 * np.abs(scene.clean).max()
    return replace(scene, clean=scene.clean.clip(-most, most), heard=scene.heard.clip(-most, most))


def _with_holes(scene):
    heard = scene.heard.copy()
    heard[::4001] = np.nan
    return replace(scene, heard=heard)


def _offset(scene):
    return replace(scene, heard=scene.heard + np.float32(0.1))


@pytest.mark.parametrize("spoil", [_clipped, _with_holes, _offset])
def test_clean_speech_stays_as_clean_however_it_is_recorded(engine, scenes, spoil):
    assert max(_loss(engine, spoil(scene)) for scene in scenes) <= WORST_DB


def test_where_much_disturbs_the_sound_does_not_stay_as_it_is(engine, scenes):
    rng = np.random.default_rng(9)
    for scene in scenes:
        hiss = rng.standard_normal(len(scene.clean)) * np.std(scene.clean)
        loud = replace(scene, heard=(scene.clean + hiss).astype(np.float32))
        assert _loss(engine, loud) < -1.5


def test_silence_and_an_offset_alone_stay_so(engine):
    silence = np.zeros(16000, np.float32)
    assert not streamed(engine, Scene(silence, silence)).any()
    made = streamed(engine, Scene(silence, silence + np.float32(0.1)))
    assert np.abs(made).max() <= 0.1 + 1e-3
