import numpy as np
import pytest

from engines.media.mono import Mono
from engines.media.reader import OriginalSound, read_audio

RATE = 48000
TIMES = np.arange(2 * RATE) / RATE


def voice(level: float = 0.5) -> np.ndarray:
    return (level * np.sin(2 * np.pi * 220 * TIMES)).astype(np.float32)


def folded(left: np.ndarray, right: np.ndarray, block: int = 1024) -> np.ndarray:
    mono, both = Mono(RATE), np.stack([left, right]).astype(np.float32)
    parts = [mono.fold(both[:, at : at + block]) for at in range(0, both.shape[1], block)]
    assert all(part.shape[0] == 1 for part in parts)
    return np.concatenate(parts, 1)[0]


def steepest(wave: np.ndarray) -> float:
    return float(np.abs(np.diff(wave)).max())


@pytest.mark.parametrize("block", [1, 100, 1024, 4096, 2 * RATE])
def test_opposite_channels_are_heard_from_the_first_sample_on(block):
    assert np.allclose(folded(voice(), -voice(), block), voice(), atol=1e-6)


@pytest.mark.parametrize("right", [voice(), voice(0.0), -0.2 * voice()])
def test_ordinary_stereo_is_the_mean_of_its_channels(right):
    assert np.allclose(folded(voice(), right), (voice() + right) / 2, atol=1e-6)


def test_wide_stereo_is_left_alone():
    left, right = np.random.default_rng(3).normal(0, 0.2, (2, 2 * RATE)).astype(np.float32)
    assert np.allclose(folded(left, right), (left + right) / 2, atol=1e-6)


def test_of_opposite_channels_the_louder_one_is_taken():
    assert np.allclose(folded(-0.7 * voice(), voice()), voice(), atol=1e-6)


@pytest.mark.parametrize("block", [1024, 48000])
def test_a_change_on_the_way_comes_soon_and_without_a_click(block):
    sign = np.where((TIMES > 0.7) & (TIMES < 1.4), -1.0, 1.0)
    result = folded(voice(), (sign * voice()).astype(np.float32), block)
    assert steepest(result) < 1.5 * steepest(voice())
    for begin, end in ((0.0, 0.7), (0.85, 1.4), (1.5, 2.0)):
        inside = slice(round(begin * RATE), round(end * RATE))
        assert np.allclose(result[inside], voice()[inside], atol=1e-3)


def test_it_does_not_waver_between_the_two_near_the_limit():
    wobble = 0.52 + 0.05 * np.sin(2 * np.pi * 9 * TIMES)
    result = folded(voice(), (-wobble * voice()).astype(np.float32))
    loudness = np.abs(result).reshape(-1, 4800).max(1)
    assert np.ptp(loudness[2:]) < 0.05


def test_pauses_change_nothing():
    pause = np.where((TIMES > 0.5) & (TIMES < 1.5), 0.0, 1.0).astype(np.float32)
    assert np.allclose(folded(pause * voice(), -pause * voice()), pause * voice(), atol=1e-6)


@pytest.mark.parametrize(("name", "audio"), [("a.wav", "pcm_s16le"), ("a.mp4", "aac")])
def test_a_recording_with_exchanged_poles_is_not_silent_to_the_recogniser(make_clip, name, audio):
    both = np.stack([voice(), -voice()])
    path = make_clip(name, video=None, audio=audio, samples=both)
    heard = np.concatenate([chunk.samples for chunk in read_audio(path)])
    assert np.sqrt(np.mean(heard[1600:30000] ** 2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.05)
    original = OriginalSound(path).read(1.5)[RATE // 2 :]
    assert np.allclose(original[:, 0], -original[:, 1], atol=0.02)
