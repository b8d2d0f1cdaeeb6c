"""A live session of which each worker process is killed: what those in the meeting notice.

The demo speaker talks into a microphone of a sound server, with a soft high tone underneath: where
that is not heard, nothing was. What is heard is recorded by an independent program; what is seen is
what the outputs process hands to the virtual camera.
"""

import contextlib
import math
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.bench.report import Figure, Figures
from app.bench.sound_rig import MICROPHONE, Recording, SoundRig
from app.live.diary import Diary, Entry
from app.live.session import LiveSession
from core.config import Captions, Config, Devices, Picture, Placement, Voice
from core.devices import RATE
from core.errors import EngineFailed
from core.events import Fate, State
from core.placed_lips import PlacedLips
from core.process import Remote, RemoteStage
from core.shared.frames import SLOTS, SharedFrames
from core.types import Samples
from engines.demo.performance import demo_performance

HEARD = "translated_microphone"
WORKERS = 4
"""Recognition, translation, voice and lips."""
KILLS = 2
"""Of each worker."""
EVERY = 6.0
_PILOT_HZ, _PILOT = 6000.0, 0.004
_WINDOW = RATE // 200
_START = 90.0
_SLOW = 15.0
"""Seconds more that a worker may take to be back, and sound goes on."""
_LOST = (Fate.FAILED.value, Fate.CANCELLED.value, "")


def run(kills: int = KILLS, every: float = EVERY) -> Figures:
    """Kills each worker so many times, with so many seconds in between."""
    seconds = 2 * every + 4 * kills * every
    with SoundRig() as rig, _session() as (session, diary), rig.record(HEARD) as heard:
        playing = rig.play(_talk(seconds + 4 * kills * _SLOW))
        pictures = Pictures(session.desk.sent)
        with _watched(pictures):
            time.sleep(every)
            first = time.perf_counter()
            back = [_killed(worker, every) for _ in range(kills) for worker in workers(session)]
            last = time.perf_counter()
        session.hold(False)
        _until(lambda: session.quiet)
        playing.kill()
        playing.wait()
    return {
        "live_kill_sound_gap_ms": Figure(1000 * silence(heard, first, last), "ms", at_most=100),
        "live_kill_picture_gap_ms": Figure(1000 * pictures.longest(first), "ms", at_most=100),
        "live_kill_pictures_missed": Figure(pictures.missed),
        **_survived(back, kills),
        **_told(diary.entries),
    }


def workers(session: LiveSession) -> list[Remote]:
    """The processes that do the work of a session that is translating."""
    translating = session._translating
    assert translating is not None
    engines = [choice.engine for choice in translating.speaker.assembly.choices]
    at_work = [getattr(getattr(one, "_rungs", None), "engine", one) for one in engines]
    stages = [getattr(engine, "_stage", None) for engine in at_work]
    found = [stage.remote for stage in stages if isinstance(stage, RemoteStage)]
    lips = translating.picture.lips
    return [*found, lips.remote] if isinstance(lips, PlacedLips) else found


def silence(heard: Recording, first: float, last: float, hertz: float = _PILOT_HZ) -> float:
    """The longest time, between these moments, in which the tone was not heard."""
    begin = max(0, round((first - heard.start) * RATE))
    sound = heard.samples[begin : round((last - heard.start) * RATE)]
    turned = sound * np.exp(-2j * np.pi * hertz * np.arange(len(sound)) / RATE)
    whole = len(turned) // _WINDOW * _WINDOW
    level = np.abs(turned[:whole].reshape(-1, _WINDOW).mean(axis=1))
    if not len(level):
        return last - first
    quiet = np.concatenate([[False], level <= np.median(level) / 4, [False]])
    edges = np.flatnonzero(np.diff(quiet.astype(int)))
    return max((edges[1::2] - edges[::2]), default=0) * _WINDOW / RATE


@dataclass(frozen=True)
class _Sent:
    moment: float
    number: int


class Pictures:
    """When each new picture of the camera went out. `look` at least as often as `SLOTS` pictures
    are sent: then none is missed."""

    def __init__(self, sent: SharedFrames) -> None:
        self.missed = 0
        """Those that had been replaced at the look: a gap there may be the looker's own."""
        self._frames = sent
        self._version = sent.version
        self._sent: list[_Sent] = []

    def look(self) -> None:
        newest = self._frames.version
        for version in range(self._version + 1, newest + 1):
            told = self._frames.told(version) if version > newest - SLOTS else None
            if told is None:
                self.missed += 1
            elif not self._sent or told[1] != self._sent[-1].number:
                self._sent.append(_Sent(*told))
        self._version = newest

    def longest(self, since: float) -> float:
        """The longest time for which no new one was seen."""
        moments = [one.moment for one in self._sent if one.moment >= since]
        return max((after - before for before, after in pairwise(moments)), default=float("inf"))


@contextmanager
def _watched(pictures: Pictures) -> Iterator[None]:
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.002):
            pictures.look()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@contextmanager
def _session() -> Iterator[tuple[LiveSession, Diary]]:
    config = Config(
        devices=Devices("demo", MICROPHONE, virtual_camera="off"),
        voice=Voice(original="pass"),
        captions=Captions(show=False),
        picture=Picture(badge=False, floor=False),
        placement=Placement("process", "process", "process", "process"),
    )
    session, diary = LiveSession(config), Diary()
    try:
        session.listen(diary.take)
        session.record(True)
        session.start()
        _until(lambda: session.status().state in (State.RUNNING, State.FAILED))
        if session.status().state is State.FAILED:
            raise EngineFailed(session.status().reason)
        _until(lambda: session.clock.runs and session.status().camera.works)
        yield session, diary
    finally:
        session.close()


def _killed(worker: Remote, every: float) -> float:
    """Seconds until another one answers; returns when the next may be killed."""
    begun = time.perf_counter()
    os.kill(worker.pid, signal.SIGKILL)
    _until(lambda: _answers(worker))
    back = time.perf_counter() - begun
    time.sleep(max(0.0, every - back))
    return back


def _answers(worker: Remote) -> bool:
    """It may be ended once more meanwhile, by who waits for it in vain."""
    with contextlib.suppress(EngineFailed):
        worker.call("about")
        return True
    return False


def _survived(back: list[float], kills: int) -> Figures:
    """Of so many kills of each worker: seconds until each answered again."""
    return {
        "live_kill_back_s": Figure(max(back, default=math.nan), "s", at_most=3),
        "live_kills": Figure(len(back), at_least=WORKERS * kills),
    }


def _told(entries: list[Entry]) -> Figures:
    """What became of what was said; `disorder` counts voices that came before an earlier one."""
    starts = [entry.voice_start for entry in entries if entry.voice_start is not None]
    return {
        "live_kill_segments": Figure(len(entries), at_least=1),
        "live_kill_lost": Figure(sum(entry.fate in _LOST for entry in entries), at_most=0),
        "live_kill_disorder": Figure(sum(b < a for a, b in pairwise(starts)), at_most=0),
    }


def _talk(seconds: float) -> Samples:
    count = round(seconds * RATE)
    pilot = _PILOT * np.sin(2 * np.pi * _PILOT_HZ * np.arange(count) / RATE)
    return (demo_performance().samples(0, count) + pilot).astype(np.float32)


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + _START
    while not condition():
        if time.monotonic() > end:
            raise EngineFailed("The live session does not do what the bench waits for.")
        time.sleep(0.01)
