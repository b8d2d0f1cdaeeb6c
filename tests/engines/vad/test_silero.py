import shutil
import subprocess

import numpy as np
import pytest
import soxr

from core.errors import EngineUnavailable
from engines.vad import silero
from engines.vad.silero import SileroVad

RATE = 16000


def likelihoods(vad, samples):
    whole = len(samples) // vad.frame * vad.frame
    frames = np.asarray(samples[:whole], np.float32).reshape(-1, vad.frame)
    return np.array([vad.speech(frame) for frame in frames])


@pytest.fixture
def vad():
    detector = SileroVad()
    yield detector
    detector.close()


def seconds(duration):
    return np.arange(int(duration * RATE)) / RATE


def chord():
    times = seconds(3)
    notes = [
        np.sin(2 * np.pi * pitch * times * harmonic) / harmonic
        for pitch in (220.0, 277.2, 329.6)
        for harmonic in (1, 2, 3, 4)
    ]
    return 0.05 * np.sum(notes, 0) * (0.6 + 0.4 * np.exp(-(times % 0.5) * 6))


def clicks():
    samples = np.zeros(3 * RATE)
    samples[:: RATE // 4] = 0.9
    return samples


SOUNDS = {
    "silence": lambda: np.zeros(3 * RATE),
    "white noise": lambda: 0.2 * np.random.default_rng(1).standard_normal(3 * RATE),
    "a tone": lambda: 0.3 * np.sin(2 * np.pi * 440 * seconds(3)),
    "a chord": chord,
    "clicks": clicks,
    "infinities and NaN": lambda: np.resize([np.nan, np.inf, 0.0, -np.inf], 3 * RATE),
}


@pytest.mark.parametrize("sound", SOUNDS)
def test_what_is_no_speech_is_not_taken_for_it(vad, sound):
    assert likelihoods(vad, SOUNDS[sound]()).max() < 0.5


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    if not shutil.which("flite"):
        pytest.skip("flite, which says the sentence, is not installed")
    path = tmp_path_factory.mktemp("voice") / "said.wav"
    text = "we will meet you at the station tomorrow morning"
    subprocess.run(["flite", "-voice", "rms", "-t", text, "-o", str(path)], check=True)
    raw = np.frombuffer(path.read_bytes()[44:], np.int16).astype(np.float32) / 32768
    return soxr.resample(raw, 16000, RATE)


def test_a_sentence_is_heard_between_its_silences(vad, spoken):
    silence = np.zeros(RATE, np.float32)
    heard = likelihoods(vad, np.concatenate((silence, spoken, silence))) > 0.5
    second = RATE // vad.frame
    assert not heard[: second - 1].any()
    assert heard[second:-second].mean() > 0.7
    assert not heard[-second // 2 :].any()


def test_bad_samples_do_not_deafen_it(vad, spoken):
    likelihoods(vad, np.full(vad.frame * 3, np.nan))
    assert likelihoods(vad, spoken).max() > 0.9


def test_after_reset_the_same_sound_gives_the_same_answers(vad, spoken):
    first = likelihoods(vad, spoken)
    vad.reset()
    np.testing.assert_array_equal(likelihoods(vad, spoken), first)


def test_a_frame_of_another_length_is_refused(vad):
    with pytest.raises(ValueError, match="512"):
        vad.speech(np.zeros(100, np.float32))


def test_without_faster_whisper_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(silero, "find_spec", lambda name: None)
    with pytest.raises(EngineUnavailable, match="Install faster-whisper"):
        SileroVad()


def test_a_file_that_is_no_model_is_refused_with_its_name(tmp_path):
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"not a network")
    with pytest.raises(EngineUnavailable, match=r"broken\.onnx"):
        SileroVad(model=broken)
