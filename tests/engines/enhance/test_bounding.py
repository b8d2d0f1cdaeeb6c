"""Bounds are found on what networks would do to scenes; here by code instead of by a network."""

from pathlib import Path

import numpy as np
import pytest

from engines.enhance import bounding
from engines.enhance.bounding import found
from engines.enhance.corpus import Saying
from engines.enhance.features import BANDS, HOP, Analysis, banded
from engines.enhance.mixing import CLEAN, TALKER, Mixer, Scene

RATE = 16000
SECONDS = 4.0


def _tones(pitch, pace):
    times = np.arange(round(SECONDS * RATE)) / RATE
    throb = 0.6 + 0.4 * np.sin(2 * np.pi * pace * times)
    return (0.1 * throb * np.sin(2 * np.pi * pitch * times)).astype(np.float32)


VOICE, OTHER = _tones(400, 2.1), _tones(1200, 1.3)


def _made(scene, plain):
    """By a network that takes away all but the voice's own bands, whatever it is to do."""
    spectra = Analysis().spectra(scene.heard)
    gain = np.zeros((len(spectra), BANDS), np.float32)
    gain[:, 12:20] = 1.0
    sure = np.full(len(spectra), plain, np.float32)
    return bounding._Made(scene, spectra, gain, np.ones_like(gain), sure, banded(spectra))


@pytest.fixture
def sure(monkeypatch):
    """How sure the network is of talkers and of a clean voice, which is as loud above where the
    network takes all away."""
    sure = {TALKER: 0.02, CLEAN: 0.6}
    scenes = {
        TALKER: Scene(VOICE, VOICE + OTHER),
        CLEAN: Scene(VOICE + OTHER, VOICE + OTHER + 1e-3 * _tones(90, 1)),
    }
    for kind, name in ((TALKER, "_talkers"), (CLEAN, "_clean")):
        monkeypatch.setattr(bounding, name, lambda mixer, seed, kind=kind: [kind])
    monkeypatch.setattr(
        bounding, "_made", lambda model, kind, lips: _made(scenes[kind], sure[kind])
    )
    monkeypatch.setattr(bounding, "_UNSURE", (0.05, 0.4, 0.9))
    monkeypatch.setattr(bounding, "_LITTLE_DB", (-7.0,))
    monkeypatch.setattr(bounding, "_ALIKE_DB", (-9.0,))
    return sure


def test_a_network_is_let_in_where_it_is_unsure_of_talkers_alone(sure):
    assert found(Path(), []).unsure in (0.05, 0.4)


def test_a_network_that_cannot_tell_them_apart_is_never_let_in(sure):
    sure[CLEAN] = sure[TALKER]
    assert found(Path(), []).unsure == 0.0


def test_a_clean_voice_counts_as_one_of_which_it_is_less_sure(sure):
    sure[CLEAN] = 0.5
    assert found(Path(), []).unsure == 0.05


def test_clean_scenes_are_hardly_disturbed_and_seen_in_every_way(monkeypatch):
    monkeypatch.setattr(bounding, "_VOICES", 2)
    rng = np.random.default_rng(0)
    lips = rng.uniform(0, 1, (400, 2)).astype(np.float32)
    sayings = [Saying(name, VOICE.astype(np.float16), lips) for name in ("one", "other")]
    scenes = list(bounding._clean(Mixer(sayings, 2.0), 1))
    assert len(scenes) == 10
    for scene in scenes:
        rest = scene.heard - scene.clean
        assert 20 * np.log10(scene.clean.std() / rest.std()) == pytest.approx(25, abs=1)
        assert len(scene.clean) % HOP == 0
