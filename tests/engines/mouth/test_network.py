from pathlib import Path

import numpy as np
import pytest

from core.errors import EngineUnavailable
from core.mouth import mouth_track
from core.types import (
    MOUTH_PARAMETERS,
    NO_MOUTH,
    AudioChunk,
    Segment,
    Speech,
    Transcript,
    Translation,
)
from engines.mouth.network import WEIGHTS, load, mouth_network, with_mouth
from engines.tts.espeak import EspeakVoice
from engines.tts.utterance import Utterance, trimmed

RESOURCES = Path(__file__).parents[3] / "resources"
TEXT = "Pablo prometió una mesa bonita para la familia, pero nunca volvió a Bilbao."


def spoken(variant: str = "+f3") -> Utterance:
    return trimmed(EspeakVoice("es", voice=f"roa/es{variant}").say(TEXT))


def chunk(utterance: Utterance) -> AudioChunk:
    return AudioChunk(utterance.samples, utterance.rate, 0.0)


def column(shapes: np.ndarray, name: str) -> np.ndarray:
    return shapes[:, MOUTH_PARAMETERS.index(name)]


@pytest.mark.parametrize("variant", ["+f3", "+m4", "+Andrea"])
def test_the_mouth_of_an_unheard_voice_follows_its_sounds(variant: str) -> None:
    utterance = spoken(variant)
    audio = chunk(utterance)
    told = mouth_track(utterance.phones, audio.duration).shapes
    heard = mouth_network().track(audio).shapes
    count = min(len(told), len(heard))

    for name, least in (("jaw", 0.7), ("width", 0.7), ("round", 0.5), ("press", 0.6)):
        agreement = np.corrcoef(column(told, name)[:count], column(heard, name)[:count])[0, 1]
        assert agreement > least, name


def test_the_lips_close_at_most_of_its_p_b_and_m() -> None:
    utterance = spoken()
    track = mouth_network().track(chunk(utterance))
    closures = [(p.start + p.end) / 2 for p in utterance.phones if p.name in ("p", "b", "m")]

    assert len(closures) >= 7
    assert np.mean([track.at(closure)[0] < 0.05 for closure in closures]) > 0.6


def test_shapes_are_in_range_on_ascending_times_as_long_as_the_sound() -> None:
    audio = chunk(spoken())
    track = mouth_network().track(audio)

    assert track.shapes.min() >= 0
    assert track.shapes.max() <= 1
    assert np.all(np.diff(track.times) > 0)
    assert abs(track.duration - audio.duration) <= 0.011


def test_the_mouth_rests_in_silence() -> None:
    utterance = spoken()
    pause = np.zeros(utterance.rate // 2, np.float32)
    samples = np.concatenate((utterance.samples, pause, utterance.samples))
    track = mouth_network().track(AudioChunk(samples, utterance.rate, 0.0))
    middle = len(utterance.samples) / utterance.rate + 0.25

    assert not track.at(middle).any()
    assert not track.at(middle + 0.1).any()


@pytest.mark.parametrize(
    "samples", [np.zeros(0), np.zeros(1), np.zeros(5000), np.ones(3), np.full(4000, np.nan)]
)
def test_empty_tiny_silent_and_broken_sounds_are_safe(samples: np.ndarray) -> None:
    track = mouth_network().track(AudioChunk(samples.astype(np.float32), 16000, 0.0))

    assert np.isfinite(track.shapes).all()
    assert len(track.times) == len(track.shapes)


def test_the_same_voice_at_another_rate_has_about_the_same_mouth() -> None:
    utterance = spoken()
    here = mouth_network().track(chunk(utterance)).shapes
    times = np.arange(0, len(utterance.samples), utterance.rate / 16000)
    samples = np.interp(times, np.arange(len(utterance.samples)), utterance.samples)
    there = mouth_network().track(AudioChunk(samples.astype(np.float32), 16000, 0.0)).shapes
    count = min(len(here), len(there))

    assert np.corrcoef(here[:count, 0], there[:count, 0])[0, 1] > 0.9


def test_the_mouth_of_nothing_but_silence_or_faint_hiss_rests() -> None:
    hiss = np.random.default_rng(0).normal(0, 1e-6, 16000)

    for samples in (np.zeros(16000), hiss):
        track = mouth_network().track(AudioChunk(samples.astype(np.float32), 16000, 0.0))
        assert not track.shapes.any()


def test_only_a_voice_without_a_mouth_is_given_one() -> None:
    segment = Segment(0, AudioChunk(np.zeros(0, np.float32), 16000, 0.0))
    translation = Translation(Transcript(segment, TEXT, "es"), TEXT, "es")
    (told,) = EspeakVoice("es").speak(translation)
    silent = Speech(translation, AudioChunk(np.zeros(0, np.float32), 16000, 0.0))

    assert with_mouth(told) is told
    assert with_mouth(silent).mouth is NO_MOUTH
    assert len(with_mouth(Speech(translation, told.audio)).mouth.times) > 100


def test_the_weights_are_small_and_hold_no_objects() -> None:
    assert (RESOURCES / WEIGHTS).stat().st_size <= 300_000
    assert load(RESOURCES / WEIGHTS).layers


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut"])
def test_a_broken_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / WEIGHTS
    path.write_bytes(content)

    with pytest.raises(EngineUnavailable, match=r"mouth\.npz"):
        load(path)


def test_a_file_with_pickled_objects_is_refused(tmp_path: Path) -> None:
    path = tmp_path / WEIGHTS
    np.savez(path, mean=np.array([{"an": "object"}], dtype=object))

    with pytest.raises(EngineUnavailable, match=r"mouth\.npz"):
        load(path)


@pytest.mark.parametrize("change", ["short", "nan", "missing"])
def test_weights_that_do_not_fit_are_refused(tmp_path: Path, change: str) -> None:
    arrays = dict(mouth_network().arrays())
    if change == "short":
        arrays["matrix1"] = arrays["matrix1"][:-1]
    elif change == "nan":
        arrays["offset0"] = arrays["offset0"] * np.nan
    else:
        del arrays["offset2"]
    path = tmp_path / WEIGHTS
    np.savez(path, **arrays)

    with pytest.raises(EngineUnavailable, match=r"mouth\.npz"):
        load(path)
