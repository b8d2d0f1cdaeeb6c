import math

import numpy as np
import pytest

from core.mouth import Phone, mouth_track
from core.types import AudioChunk, Samples, Segment, Speech, Transcript, Translation, Word
from engines.audio.tempo import faster, stretch

TEMPOS = (0.8, 1.05, 1.1, 1.25)
RATES = (8000, 16000, 22050, 48000)


def tone(pitch: float, seconds: float, rate: int = 22050) -> Samples:
    return (0.3 * np.sin(2 * np.pi * pitch * np.arange(int(seconds * rate)) / rate)).astype(
        np.float32
    )


def syllables(rate: int, seconds: float = 8.0) -> tuple[Samples, np.ndarray]:
    """A tone whose loudness moves as that of speech does, and that loudness."""
    rng = np.random.default_rng(0)
    times = np.arange(int(seconds * rate)) / rate
    loudness = np.interp(times, np.arange(0, seconds, 0.15), rng.uniform(-0.3, 1, 54)).clip(0, 1)
    return tone(200, seconds, rate) * loudness.astype(np.float32), loudness


def pitch_of(audio: AudioChunk) -> float:
    spectrum = np.abs(np.fft.rfft(audio.samples * np.hanning(len(audio.samples))))
    return float(spectrum.argmax()) * audio.rate / len(audio.samples)


@pytest.mark.parametrize("tempo", TEMPOS)
@pytest.mark.parametrize("rate", RATES)
def test_the_length_is_exact_and_the_pitch_is_kept(tempo: float, rate: int) -> None:
    audio = stretch(AudioChunk(tone(220, 2.0, rate), rate, 3.5), tempo)

    assert audio.duration == pytest.approx(2.0 / tempo, abs=1e-3)
    assert audio.pts == 3.5
    assert audio.rate == rate
    assert pitch_of(audio) == pytest.approx(220, abs=1)


@pytest.mark.parametrize("tempo", TEMPOS)
def test_a_tone_stays_a_tone_without_clicks_or_holes(tempo: float) -> None:
    audio = stretch(AudioChunk(tone(220, 2.0), 22050, 0.0), tempo)
    steepest = 0.3 * 2 * math.pi * 220 / 22050
    loudness = np.abs(audio.samples[: len(audio.samples) // 200 * 200].reshape(-1, 200)).max(axis=1)

    assert np.abs(np.diff(audio.samples)).max() < 1.1 * steepest
    assert loudness[:-3].min() > 0.29
    assert loudness.max() < 0.31


@pytest.mark.parametrize("tempo", TEMPOS)
@pytest.mark.parametrize("rate", RATES)
def test_every_sound_is_where_the_tempo_puts_it(tempo: float, rate: int) -> None:
    samples, loudness = syllables(rate)
    audio = stretch(AudioChunk(samples, rate, 0.0), tempo)
    window = np.ones(rate // 50) / (rate // 50)
    heard = np.sqrt(np.convolve(audio.samples**2, window, "same"))
    here = np.arange(len(heard)) / rate * tempo

    def agreement(lag: float) -> float:
        expected = np.interp(here + lag, np.arange(len(loudness)) / rate, loudness)
        return float(np.corrcoef(expected, heard)[0, 1])

    lags = np.arange(-0.04, 0.041, 0.002)
    assert max(agreement(lag) for lag in lags) > 0.95
    assert abs(max(lags, key=agreement)) <= 0.01


def test_tempo_one_changes_nothing() -> None:
    audio = AudioChunk(tone(220, 0.1), 22050, 0.0)

    assert stretch(audio, 1.0) is audio


@pytest.mark.parametrize("size", [0, 1, 7, 100, 500])
def test_empty_and_tiny_sounds_are_safe(size: int) -> None:
    audio = stretch(AudioChunk(np.full(size, 0.1, np.float32), 16000, 0.0), 1.25)

    assert len(audio.samples) == round(size / 1.25)
    assert audio.samples.dtype == np.float32


@pytest.mark.parametrize("tempo", [0.0, -1.0, 0.49, 2.01, math.nan, math.inf])
def test_a_tempo_out_of_range_is_refused(tempo: float) -> None:
    with pytest.raises(ValueError, match="tempo"):
        stretch(AudioChunk(tone(220, 0.1), 22050, 0.0), tempo)


def test_a_faster_speech_has_sound_words_and_mouth_at_the_same_tempo() -> None:
    segment = Segment(0, AudioChunk(np.zeros(0, np.float32), 16000, 0.0))
    translation = Translation(Transcript(segment, "x", "en"), "x", "es")
    mouth = mouth_track([Phone("a", 0.2, 0.4), Phone("p", 0.8, 1.0), Phone("a", 1.0, 1.2)], 1.5)
    words = (Word("eins", 0.2, 0.4), Word("zwei", 0.8, 1.2))
    speech = Speech(translation, AudioChunk(tone(220, 1.5), 22050, 0.0), mouth, words, last=False)

    hurried = faster(speech, 1.25)

    assert hurried.audio.duration == pytest.approx(1.2, abs=1e-3)
    assert [(w.start, w.end) for w in hurried.words] == [
        (pytest.approx(0.16), pytest.approx(0.32)),
        (pytest.approx(0.64), pytest.approx(0.96)),
    ]
    assert hurried.mouth.at(0.72) == pytest.approx(mouth.at(0.9), abs=0.01)
    assert not hurried.last
    assert faster(speech, 1.0) is speech
