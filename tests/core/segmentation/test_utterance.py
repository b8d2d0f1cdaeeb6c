import numpy as np
import pytest

from core.segmentation.utterance import PAD, RATE, Utterance

FRAME = 512
SECONDS = FRAME / RATE


def noise(level: float) -> np.ndarray:
    rng = np.random.default_rng(7)
    return (rng.standard_normal(FRAME) * level).astype(np.float32)


def utterance(levels: list[float]) -> Utterance:
    whole = Utterance(2.0, FRAME)
    for level in levels:
        whole.append(noise(level), loud=level > 0.05)
    return whole


def test_length_ends_with_the_last_speech_and_silence_begins_there():
    spoken = utterance([0.2] * 10 + [0.001] * 5)
    assert spoken.length == pytest.approx(10 * SECONDS)
    assert spoken.silence == pytest.approx(5 * SECONDS)


def test_audio_keeps_the_dying_away_and_no_more():
    spoken = utterance([0.2] * 10 + [0.001] * 20)
    audio = spoken.audio()
    assert audio.pts == 2.0
    assert audio.duration == pytest.approx(10 * SECONDS + PAD, abs=1 / RATE)


def test_the_quietest_place_is_in_the_dip():
    spoken = utterance([0.2] * 20 + [0.01] * 4 + [0.2] * 20)
    at = spoken.quietest(2.0, spoken.end)
    assert 2.0 + 20 * SECONDS <= at <= 2.0 + 24 * SECONDS


def test_a_dip_is_told_from_steady_speech():
    spoken = utterance([0.2] * 20 + [0.002] * 4 + [0.2] * 20)
    assert spoken.dip(2.0, 2.3) < 0.1
    assert spoken.dip(2.0 + 20 * SECONDS, 2.0 + 23 * SECONDS) > 0.9


def test_cutting_at_a_boundary_loses_and_repeats_no_sample():
    spoken = utterance([0.2] * 30)
    at = spoken.quietest(2.4, 2.6)
    rest = spoken.tail(at)
    together = np.concatenate([spoken.audio(at).samples, rest.audio(rest.end).samples])
    assert np.array_equal(together, spoken.audio(spoken.end).samples)
    assert rest.pts == pytest.approx(at)
