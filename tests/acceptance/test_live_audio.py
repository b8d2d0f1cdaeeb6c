"""The live session from outside: speech into a microphone, the translation out of another."""

import itertools
import json
import shutil
import signal
import subprocess
import sys
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soxr

from app.assembly import WORDS_A_MINUTE
from core.types import AudioChunk, Segment, Transcript, Translation
from engines.audio.tempo import stretch
from engines.tts.espeak import EspeakVoice
from tests.audio_analysis import find, judge
from tests.audio_servers import KINDS, RATE, AudioServer, audio_server, wait_until

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(
        not (shutil.which("flite") and shutil.which("apertium")),
        reason="flite and apertium are not installed: nothing to speak or to translate with",
    ),
]

SENTENCES = ("the house is very big", "we have a lot of work to do", "good morning my friends")
HEARD = "translated_microphone"


def spoken(folder: Path, sentence: str) -> np.ndarray:
    """In flite's voice, at the rate of the devices."""
    path = folder / "said.wav"
    subprocess.run(["flite", "-voice", "rms", "-t", sentence, "-o", str(path)], check=True)
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        return soxr.resample(samples.astype(np.float32) / 32768, file.getframerate(), RATE)


def talk(folder: Path, pause: float = 1.5) -> np.ndarray:
    rest = np.zeros(round(pause * RATE), np.float32)
    parts = [rest / 2, *itertools.chain(*((spoken(folder, one), rest) for one in SENTENCES))]
    return np.concatenate(parts).astype(np.float32)


def translated(text: str, seconds: float) -> np.ndarray:
    """The voice that this translation should have had, made again."""
    silence = AudioChunk(np.zeros(1, np.float32), 16000, 0.0)
    translation = Translation(Transcript(Segment(0, silence), "", "en"), text, "es")
    voice = EspeakVoice("es", rate_wpm=WORDS_A_MINUTE)
    pieces = [speech.audio for speech in voice.speak(translation)]
    whole = np.concatenate([piece.samples for piece in pieces])
    tempo = len(whole) / voice.rate / seconds
    if tempo > 1.01:
        whole = stretch(AudioChunk(whole, voice.rate, 0.0), tempo).samples
    return np.asarray(soxr.resample(whole, voice.rate, RATE), np.float32)


class Running:
    """The command at work; what it says is kept."""

    def __init__(self, server: AudioServer, log: Path, *options: object) -> None:
        words = [sys.executable, "-m", "app.main", "run", "--headless", *map(str, options)]
        self.log = log
        with log.open("wb") as file:
            self.process = subprocess.Popen(words, env=server.environment, stdout=file, stderr=file)

    def says(self, text: str) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"it has ended: {self.log.read_text()}")
        return text in self.log.read_text()

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


@contextmanager
def running(server: AudioServer, folder: Path, *options: object) -> Iterator[Running]:
    program = Running(server, folder / "log", *options)
    try:
        wait_until(lambda: HEARD in server.sources(), "the virtual microphone", 60)
        yield program
    finally:
        if program.process.poll() is None:
            program.process.kill()
            program.process.wait()


def translating(folder: Path) -> list[object]:
    return [
        "--from", "en", "--to", "es", "--camera", "pattern", "--virtual-camera", "off",
        "--microphone", "Fake Hardware Microphone", "--original", "off", "--lips", "off",
        "--json", folder / "report.json",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_said_is_heard_translated_whole_once_and_in_order(kind, tmp_path):
    with audio_server(kind) as server, running(server, tmp_path, *translating(tmp_path)) as program:
        wait_until(lambda: program.says("Translation: running"), "the translation", 60)
        with server.record(HEARD) as recording, server.record(server.microphone.source) as source:
            with server.microphone.say(talk(tmp_path)):
                pass
            recording.wait_for(recording.seconds + 8)
        assert program.end() == 0
        assert HEARD not in server.sources()
    segments = json.loads((tmp_path / "report.json").read_text())["segments"]
    said = [one for one in segments if one["fate"] != "held no words"]
    assert [one["fate"] for one in said] == ["spoken"] * len(said)
    assert len(said) >= len(SENTENCES)
    voices = [translated(one["translation"], one["voice_end"] - one["voice_start"]) for one in said]
    judgement = judge(recording.samples, voices)
    assert not judgement.flaws
    after(source, spoken(tmp_path, SENTENCES[0]), recording, voices[0])


def after(source, sentence, recording, voice):
    """The voice begins after its source has ended; how long after, is printed."""
    original, heard = find(source.samples, sentence), find(recording.samples, voice)
    assert original is not None
    assert heard is not None
    end = source.moment(original.onset) + len(sentence) / RATE
    wait = recording.moment(heard.onset) - end
    print(f"the voice began {wait:.2f} s after the last source word")
    assert wait > 0
