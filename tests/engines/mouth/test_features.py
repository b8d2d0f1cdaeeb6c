import numpy as np
import pytest

from engines.mouth.features import CONTEXT, MELS, in_context, log_mels


def tone(pitch: float, rate: int, level: float = 0.3) -> np.ndarray:
    return (level * np.sin(2 * np.pi * pitch * np.arange(rate) / rate)).astype(np.float32)


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 24000, 48000])
def test_a_second_has_a_hundred_frames_and_one_at_its_end(rate: int) -> None:
    assert log_mels(tone(300, rate), rate).shape == (101, MELS)


@pytest.mark.parametrize("rate", [16000, 22050, 48000])
def test_a_tone_lights_the_same_band_at_every_rate(rate: int) -> None:
    bands = [log_mels(tone(pitch, rate), rate)[50].argmax() for pitch in (300, 1000, 3000)]
    expected = [log_mels(tone(pitch, 16000), 16000)[50].argmax() for pitch in (300, 1000, 3000)]

    assert np.abs(np.subtract(bands, expected)).max() <= 1
    assert bands == sorted(set(bands))


def test_loudness_does_not_matter() -> None:
    hiss = np.random.default_rng(0).normal(0, 0.3, 16000).astype(np.float32)
    loud, soft = (log_mels(hiss * np.float32(level), 16000) for level in (1.0, 0.01))

    assert np.abs(loud - soft).max() < 0.01


def test_silence_is_at_the_floor_everywhere() -> None:
    mels = log_mels(np.zeros(1600, np.float32), 16000)

    assert np.all(mels == -5)


def test_a_frame_sees_its_neighbours_in_the_order_of_the_context() -> None:
    mels = np.arange(100, dtype=np.float32)[:, None] * np.ones(MELS, np.float32)
    seen = in_context(mels)

    assert seen.shape == (100, MELS * len(CONTEXT))
    assert seen[50, ::MELS].tolist() == [50 + offset for offset in CONTEXT]
