import os

import numpy as np
import pytest

from core.errors import EngineFailed
from core.types import NO_MOUTH, AudioChunk, MouthTrack, Speech
from engines.demo.clip import make_clip, mouth_from_loudness
from engines.media.pictures import read_frames
from engines.media.reader import probe, read_audio

RATE = 22050


class Beeper:
    """Says every sentence as beeps of 0.2 s; the mouth is open exactly during a beep."""

    language = "en"
    rate = RATE

    def __init__(self, *, mouth: bool = True, fails: bool = False) -> None:
        self._mouth = mouth
        self._fails = fails

    def speak(self, translation):
        if self._fails:
            raise EngineFailed("the beeper broke")
        for _ in translation.text.split():
            times = np.arange(round(0.4 * RATE)) / RATE
            wave = 0.6 * np.sin(2 * np.pi * 500 * times) * (times < 0.2)
            shapes = np.zeros((4, 6), np.float32)
            shapes[:2, 0] = 1.0
            track = MouthTrack(np.float32([0, 0.2, 0.201, 0.39]), shapes)
            yield Speech(
                translation,
                AudioChunk(wave.astype(np.float32), RATE, 0.0),
                track if self._mouth else NO_MOUTH,
            )

    def close(self) -> None:
        pass


def beeps(path) -> list[float]:
    samples = np.concatenate([chunk.samples for chunk in read_audio(path)])
    loud = np.convolve(np.abs(samples), np.ones(160) / 160, "same") > 0.1
    return list(np.flatnonzero(np.diff(loud.astype(int)) == 1) / 16000)


def openings(path) -> list[float]:
    """When the inside of the mouth (dark) appears."""
    frames = list(read_frames(path))
    dark = [(frame.image[199:212, 152:168].mean(axis=2) < 90).mean() for frame in frames]
    wide = np.array(dark) > 0.15
    return [frames[at + 1].pts for at in np.flatnonzero(np.diff(wide.astype(int)) == 1)]


@pytest.mark.parametrize("mouth", [True, False])
def test_picture_and_sound_of_the_clip_are_in_sync(tmp_path, mouth):
    path = tmp_path / "demo.mp4"
    make_clip(path, ["one two", "three"], Beeper(mouth=mouth), size=(320, 360), fps=50)
    heard, seen = beeps(path), openings(path)
    assert heard == pytest.approx([0.5, 0.9, 2.1], abs=0.012)
    assert seen == pytest.approx(heard, abs=0.05)


def test_the_clip_says_that_it_is_synthetic(tmp_path):
    path = make_clip(tmp_path / "demo.mp4", ["one"], Beeper(), size=(160, 120), language="en")
    info = probe(path)
    assert "synthetic" in info.tags["comment"]
    assert info.audio_language == "eng"
    assert info.duration == pytest.approx(0.5 + 0.4 + 1.0, abs=0.1)


def test_a_voice_that_breaks_leaves_no_file(tmp_path):
    with pytest.raises(EngineFailed):
        make_clip(tmp_path / "demo.mp4", ["one"], Beeper(fails=True), size=(160, 120))
    assert os.listdir(tmp_path) == []


def test_a_mouth_made_from_loudness_rests_in_silence():
    sound = np.concatenate([np.zeros(8000), 0.5 * np.sin(np.arange(8000)), np.zeros(8000)])
    track = mouth_from_loudness(AudioChunk(sound.astype(np.float32), 16000, 0.0))
    assert track.at(0.2)[0] == track.at(1.4)[0] == 0
    assert track.at(0.75)[0] > 0.6
