"""The live session at its devices: how late the original passes, how quick the panic key is,
whether anything breaks within ten minutes, and whether picture and voice stay together.

What is heard is recorded by an independent program on the sound server; what is seen is what the
outputs process hands to the virtual camera, with the moment of handing over.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from app.bench.report import Figure, Figures
from app.bench.sent import SentPictures
from app.bench.sound_rig import MICROPHONE, Recording, SoundRig
from app.live.choice import Kind
from app.live.desk import Row
from app.live.session import LiveSession
from core.config import Captions, Config, Devices, Picture
from core.config import Voice as VoiceSettings
from core.devices import FPS, RATE
from core.errors import EngineFailed
from core.events import State
from core.live import Voiced
from core.sync import Skew, loudness, measure_skew
from core.types import AudioChunk, Samples

HEARD = "translated_microphone"
SOAK = 600.0
"""Seconds of translation without a pause."""
WINDOW = 40.0
"""Seconds at the beginning and at the end of it in which picture and voice are compared."""
PASSED = 10.0
PANICS = 10
_START = 60.0


def run() -> Figures:
    soak = float(os.environ.get("TRANSLATED_CAMERA_SOAK_S", SOAK))
    with SoundRig() as rig:
        passed = _passthrough(rig)
        panics = _panic(rig)
        idle = _idle()
        soaked = _soak(rig, soak)
    return {**passed, **panics, **idle, **soaked, "soak_s": Figure(soak, "s")}


def _config(camera: str, microphone: str, *, original: str = "off") -> Config:
    return Config(
        devices=Devices(camera=camera, microphone=microphone, virtual_camera="off"),
        voice=VoiceSettings(original=original),
        captions=Captions(show=False),
        picture=Picture(rest=True, badge=False, floor=False),
    )


@contextmanager
def _session(config: Config, *, translating: bool) -> Iterator[LiveSession]:
    session = LiveSession(config)
    try:
        session.record(True)
        if translating:
            session.start()
            _until(lambda: session.status().state in (State.RUNNING, State.FAILED))
            if session.status().state is State.FAILED:
                raise EngineFailed(session.status().reason)
        _until(lambda: session.clock.runs and session.desk.taken.version > FPS)
        yield session
    finally:
        session.close()


def _passthrough(rig: SoundRig) -> Figures:
    """The original, untranslated: from the camera to the virtual one, and so the microphone."""
    with _session(_config("pattern", MICROPHONE), translating=False) as session:
        bursts = _bursts(round(PASSED))
        with rig.record(rig.source) as source, rig.record(HEARD) as heard:
            time.sleep(1.0)
            playing = rig.play(bursts)
            waits = _waits(session, PASSED + 1)
            playing.wait()
        late = _delay(source, heard)
    return {
        "passthrough_frames": Figure(float(np.percentile(waits, 95)) * FPS, at_most=2),
        "mic_to_mic_ms": Figure(1000 * late, "ms", at_most=60),
    }


def _panic(rig: SoundRig) -> Figures:
    """A voice is heard and lips are drawn; then the key. The worst of ten."""
    pictures, sounds = [], []
    with _session(_config("demo", MICROPHONE), translating=True) as session:
        playing = rig.play(_tone(1000.0, 4.0 * PANICS))
        with rig.record(HEARD) as heard:
            time.sleep(1.0)
            keys = []
            for number in range(PANICS):
                start = round((session.clock.now() + 0.1) * RATE)
                session.desk.voice.write(start, _tone(400.0, 1.5))
                _until(lambda: session.desk.board.read(Row.SENT)[2] == Kind.DRAWN)
                time.sleep(1.0 + 0.007 * number)  # not always at the same place of a frame
                keys.append(time.perf_counter())
                session.voice(Voiced.ORIGINAL)
                pictures.append(_seen_after(session, keys[-1]))
                time.sleep(0.5)
                session.voice(Voiced.TRANSLATED)
            time.sleep(0.5)
        playing.kill()
        playing.wait()
        sounds = [_heard_after(heard, key) for key in keys]
    return {
        "panic_ms": Figure(1000 * max(*pictures, *sounds), "ms", at_most=33),
        "panic_picture_ms": Figure(1000 * float(np.median(pictures)), "ms"),
        "panic_sound_ms": Figure(1000 * float(np.median(sounds)), "ms"),
    }


def _idle() -> Figures:
    """Nobody looks: what the picture's ways cost in all three processes."""
    with _session(_config("pattern", "silence"), translating=True) as session:
        session.record(False)
        time.sleep(2.0)
        before, begun = session.picture_cpu, time.perf_counter()
        time.sleep(PASSED)
        share = (session.picture_cpu - before) / (time.perf_counter() - begun)
    return {"idle_core_share": Figure(share, at_most=0.03)}


def _soak(rig: SoundRig, seconds: float) -> Figures:
    with _session(_config("demo", "demo"), translating=True) as session, rig.record(HEARD) as heard:
        begun, board = time.perf_counter(), session.desk.board
        underruns, late = board.read(Row.CLOCK)[2], board.read(Row.SENT)[1]
        first = SentPictures(session.desk).collect(min(WINDOW, seconds / 2))
        time.sleep(max(0.0, begun + seconds - min(WINDOW, seconds / 2) - time.perf_counter()))
        last = SentPictures(session.desk).collect(min(WINDOW, seconds / 2))
        underruns = board.read(Row.CLOCK)[2] - underruns
        late = board.read(Row.SENT)[1] - late
    skews = [_skew(one, heard) for one in (first, last)]
    return {
        "underruns": Figure(underruns, at_most=0),
        "late_pictures": Figure(late),
        "skew_max_ms": Figure(1000 * max(abs(one.seconds) for one in skews), "ms", at_most=40),
        "skew_drift_ms": Figure(1000 * abs(skews[1].seconds - skews[0].seconds), "ms"),
        "skew_confidence": Figure(min(one.confidence for one in skews)),
    }


def _skew(pictures: SentPictures, heard: Recording) -> Skew:
    mouth = pictures.mouth()
    first = max(0, round((mouth.times[0] - heard.start) * RATE))
    last = round((mouth.times[-1] - heard.start) * RATE)
    voice = AudioChunk(heard.samples[first:last], RATE, heard.start + first / RATE)
    return measure_skew(loudness(voice), mouth)


def _waits(session: LiveSession, seconds: float) -> list[float]:
    """How long each picture took from the camera to the virtual one."""
    waits, count, end = [], 0.0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        sent = session.desk.board.read(Row.SENT)
        if sent[0] != count and sent[2] == Kind.ORIGINAL:
            count = sent[0]
            waits.append(sent[3])
        time.sleep(0.005)
    return waits


def _seen_after(session: LiveSession, key: float) -> float:
    _until(lambda: session.desk.board.read(Row.SENT)[2] == Kind.ORIGINAL)
    return time.perf_counter() - key


def _heard_after(heard: Recording, key: float) -> float:
    """Until the original is there at nine tenths of its loudness."""
    at = round((key - heard.start) * RATE)
    sound = heard.samples[at : at + RATE // 2]
    times = np.arange(len(sound)) / RATE
    width = RATE // 200
    turned = np.convolve(sound * np.exp(-2j * np.pi * 1000.0 * times), np.ones(width) / width)
    level = np.abs(turned[: len(sound)])
    full = float(np.median(level[-RATE // 5 :]))
    return float(np.argmax(level > 0.9 * full)) / RATE


def _delay(source: Recording, heard: Recording) -> float:
    """How much later the second one hears what the first one heard."""
    begun = max(source.start, heard.start)
    first, second = (one.samples[round((begun - one.start) * RATE) :] for one in (source, heard))
    count = min(len(first), len(second))
    size = 1 << (2 * count - 1).bit_length()
    spectrum = np.conj(np.fft.rfft(first[:count], size)) * np.fft.rfft(second[:count], size)
    return float(np.argmax(np.fft.irfft(spectrum, size)[:RATE])) / RATE


def _bursts(count: int) -> Samples:
    noise = 0.2 * np.random.default_rng(3).standard_normal(count * RATE)
    return (noise * (np.arange(count * RATE) % RATE < RATE // 4)).astype(np.float32)


def _tone(hertz: float, seconds: float) -> Samples:
    times = np.arange(round(seconds * RATE)) / RATE
    return (0.2 * np.sin(2 * np.pi * hertz * times)).astype(np.float32)


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + _START
    while not condition():
        if time.monotonic() > end:
            raise EngineFailed("The live session does not do what the bench waits for.")
        time.sleep(0.001)
