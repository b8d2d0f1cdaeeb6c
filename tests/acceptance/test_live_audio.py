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
from typing import Any

import numpy as np
import pytest
import soxr

from core.types import AudioChunk, Frame
from engines.audio.tempo import stretch
from engines.media.writer import MediaWriter, PictureFormat
from tests.audio_analysis import find, judge, word
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


# Espeak's breath is random, and goes on from voice to voice: only another process that speaks the
# same sentences in the same order says exactly the same.
AGAIN = """
import json, sys
import numpy as np
from app.engine_options import WORDS_A_MINUTE
from core.types import AudioChunk, Segment, Transcript, Translation
from engines.tts.espeak import EspeakVoice
voice = EspeakVoice("es", rate_wpm=WORDS_A_MINUTE)
nothing = Segment(0, AudioChunk(np.zeros(1, np.float32), 16000, 0.0))
said = {}
for number, text in enumerate(json.load(sys.stdin)):
    translation = Translation(Transcript(nothing, "", "en"), text, "es")
    pieces = [speech.audio.samples for speech in voice.speak(translation)]
    said[str(number)] = np.concatenate(pieces)
np.savez(sys.argv[1], rate=voice.rate, **said)
"""


def voices_of(said: list[dict[str, Any]], folder: Path) -> list[np.ndarray]:
    """The voices that these translations should have had, made again."""
    file, texts = folder / "voices.npz", json.dumps([one["translation"] for one in said])
    subprocess.run([sys.executable, "-c", AGAIN, str(file)], input=texts, text=True, check=True)
    with np.load(file) as found:
        rate = int(found["rate"])
        return [
            as_heard(found[str(number)], rate, one["voice_end"] - one["voice_start"])
            for number, one in enumerate(said)
        ]


def filmed(path: Path, sound: Path) -> Path:
    """The sound under a grey picture."""
    grey = np.full((180, 320, 3), 90, np.uint8)
    with wave.open(str(sound)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    samples = soxr.resample(samples.astype(np.float32) / 32768, 16000, RATE)
    with MediaWriter(path, None, PictureFormat(320, 180, 30), language="en") as writer:
        for number in range(round(len(samples) / RATE * 30)):
            writer.write_frame(Frame(grey, number / 30, number))
        writer.write_sound(np.repeat(samples[:, None], 2, axis=1))
        return writer.finish()


def as_heard(samples: np.ndarray, rate: int, seconds: float) -> np.ndarray:
    """At the tempo at which it was played, and at the rate of the devices."""
    tempo = len(samples) / rate / seconds
    if tempo > 1.01:
        samples = stretch(AudioChunk(samples, rate, 0.0), tempo).samples
    return np.asarray(soxr.resample(samples, rate, RATE), np.float32)


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
    """Once more where a busy machine has cut a sound, be it in the players of the test."""
    for again in range(3):
        flaws = flaws_of_a_talk(kind, tmp_path / str(again))
        if not flaws:
            return
    pytest.fail(f"flawed three times, the last time: {flaws}")


def flaws_of_a_talk(kind: str, folder: Path) -> tuple[str, ...]:
    folder.mkdir()
    with audio_server(kind) as server, running(server, folder, *translating(folder)) as program:
        wait_until(lambda: program.says("Translation: running"), "the translation", 60)
        with server.record(HEARD) as recording, server.record(server.microphone.source) as source:
            with server.microphone.say(talk(folder)):
                pass
            recording.wait_for(recording.seconds + 8)
        assert program.end() == 0
        assert HEARD not in server.sources()
    segments = json.loads((folder / "report.json").read_text())["segments"]
    said = [one for one in segments if one["fate"] != "held no words"]
    assert [one["fate"] for one in said] == ["spoken"] * len(said)
    assert len(said) >= len(SENTENCES)
    voices = voices_of(said, folder)
    flaws = judge(recording.samples, voices).flaws
    if not flaws:
        after(source, spoken(folder, SENTENCES[0]), recording, voices[0])
    return flaws


def passing(server: AudioServer, seed: int) -> None:
    """What is said into the microphone comes out of the virtual one, whole and in order. Short
    words, since the pace of two clocks is evened out within them; a busy machine may cut one, in
    the players of the test too, and all is said again then."""
    for again in range(4):
        words = [word(100 * seed + 10 * again + number, 0.2) for number in range(6)]
        with server.record(HEARD) as recording:
            recording.wait_for(0.5)
            with server.microphone.say(np.concatenate(words)):
                pass
            recording.wait_for(recording.seconds + 1.5)
        judgement = judge(recording.samples, words)
        if not judgement.flaws:
            return
    pytest.fail(f"cut four times, the last one: {judgement.flaws}")


def original(*more: object) -> list[object]:
    return [
        "--passthrough", "--camera", "pattern", "--virtual-camera", "off",
        "--microphone", "Fake Hardware Microphone", *more,
    ]  # fmt: skip


def heard_now(program: Running) -> bool:
    return program.says("Microphone: Fake Hardware Microphone")


@pytest.mark.parametrize("kind", KINDS)
def test_the_microphone_may_be_pulled_out_and_put_back(kind, tmp_path):
    with audio_server(kind) as server, running(server, tmp_path, *original()) as program:
        wait_until(lambda: heard_now(program), "the microphone")
        passing(server, 1)
        server.microphone.unplug()
        wait_until(lambda: program.says("unplugged"), "the loss being told")
        server.microphone.plug()
        told = program.log.read_text().count("Microphone: Fake Hardware Microphone\n")
        wait_until(
            lambda: (
                program.log.read_text().count("Microphone: Fake Hardware Microphone\n") > told
                or told > 1
            ),
            "the microphone being back",
        )
        passing(server, 2)
        assert program.end() == 0


@pytest.mark.parametrize("kind", KINDS)
def test_when_the_program_is_killed_the_original_goes_on_and_its_successor_takes_over(
    kind, tmp_path
):
    with audio_server(kind) as server:
        with running(server, tmp_path, *original()) as program:
            wait_until(lambda: heard_now(program), "the microphone")
            program.process.kill()
            program.process.wait()
            passing(server, 3)
        with running(server, tmp_path, *original()) as program:
            wait_until(lambda: heard_now(program), "the microphone")
            passing(server, 4)
            assert program.end() == 0
        wait_until(lambda: HEARD not in server.sources(), "the virtual microphone going")


def test_a_second_session_is_refused_with_a_sentence(tmp_path):
    with audio_server("pulseaudio") as server, running(server, tmp_path, *original()):
        second = Running(server, tmp_path / "second", *original())
        assert second.process.wait(60) == 6
        assert "running already" in (tmp_path / "second").read_text()


def test_our_own_microphone_is_refused_as_an_input(tmp_path):
    options = original()
    options[options.index("Fake Hardware Microphone")] = "Translated Microphone"
    with audio_server("pulseaudio") as server, running(server, tmp_path, *options) as program:
        wait_until(lambda: program.says("Microphone: "), "the refusal")
        wait_until(lambda: program.says("this program itself sends"), "its reason")
        assert program.end() == 0


def test_a_language_that_cannot_be_had_ends_with_its_code(tmp_path):
    with audio_server("pulseaudio") as server:
        program = Running(server, tmp_path / "log", "--to", "tlh", *original()[1:])
        assert program.process.wait(60) in (2, 5)
        assert "tlh" in (tmp_path / "log").read_text()


def after(source, sentence, recording, voice):
    """The voice begins after its source has ended; how long after, is printed."""
    original, heard = find(source.samples, sentence), find(recording.samples, voice)
    assert original is not None
    assert heard is not None
    end = source.moment(original.onset) + len(sentence) / RATE
    wait = recording.moment(heard.onset) - end
    print(f"the voice began {wait:.2f} s after the last source word")
    assert wait > 0


def test_a_file_that_is_not_there_ends_with_the_code_of_inputs(tmp_path):
    with audio_server("pulseaudio") as server:
        program = Running(server, tmp_path / "log", "--to", "es", "--camera", "file:nothing.mp4")
        assert program.process.wait(60) == 3
        assert "no file nothing.mp4" in (tmp_path / "log").read_text()


def test_a_recording_that_is_played_in_ends_the_session_when_it_was_translated(tmp_path):
    sound = tmp_path / "talk.wav"
    samples = soxr.resample(talk(tmp_path), RATE, 16000)
    with wave.open(str(sound), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype(np.int16).tobytes())
    report, picture = tmp_path / "report.json", filmed(tmp_path / "talk.mp4", sound)
    with audio_server("pulseaudio") as server:
        options = ["--camera", f"file:{picture}", "--microphone", f"file:{picture}", "--to", "es"]
        options += ["--virtual-camera", "off", "--lips", "off", "--json", str(report)]
        program = Running(server, tmp_path / "log", *options)
        assert program.process.wait(120) == 0
    said = [one for one in json.loads(report.read_text())["segments"] if one["translation"]]
    assert len(said) >= len(SENTENCES)
    assert {one["fate"] for one in said} == {"spoken"}
