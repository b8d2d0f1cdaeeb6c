"""A hundred segments through workers behind a broker, while each of them is killed once."""

import os
import signal
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from app.assembly import Assembly
from core.config import Config, Engines, Languages, Placement
from core.process import Remote
from core.session import Session
from core.types import AudioChunk, Samples, Transcript
from engines.broker.private import PrivateBroker
from engines.stt.tones import RATE, VOCABULARY, utter

KINDS = ("stt", "mt", "tts")
LANGUAGES = ("de", "es")
_DIGITS = VOCABULARY[:10]
_AWAY_S = 1.0
_PATIENCE_S = 60.0
_BLOCK = RATE // 10


@dataclass(frozen=True)
class Toll:
    """Of so many segments; `disorder` counts those that came before an earlier one."""

    lost: int
    duplicates: int
    disorder: int
    restarts: int


def toll(broker: PrivateBroker, segments: int) -> Toll:
    """Every worker is killed once, and the broker. Whoever runs workers starts them again, as a
    service manager does; here that is the bench."""
    factory = "app.bench.far_worker:EngineWorker"
    with ExitStack() as ending:
        workers = []
        for kind in KINDS:
            options = {"broker": broker.url, "kind": kind, "languages": LANGUAGES}
            workers.append(Remote(factory, options))
            ending.callback(workers[-1].close)
        deaths = {
            (number + 1) * segments // (len(KINDS) + 2): worker
            for number, worker in enumerate(workers)
        }
        spoken = _spoken(broker, segments, deaths)
        restarts = sum(worker.restarts for worker in workers)
    return Toll(
        lost=len(set(range(segments)) - set(spoken)),
        duplicates=len(spoken) - len(set(spoken)),
        disorder=sum(later < earlier for earlier, later in pairwise(spoken)),
        restarts=restarts,
    )


def _spoken(broker: PrivateBroker, segments: int, deaths: dict[int, Remote]) -> list[int]:
    """The numbers of the segments as they are spoken."""
    assembly = Assembly(_config(broker.url))
    session = Session(lambda session: assembly.pipeline(session))
    session.start()
    feeder = threading.Thread(target=_feed, args=(session, segments), daemon=True)
    feeder.start()
    spoken: list[int] = []
    try:
        while (speech := session.receive(_PATIENCE_S)) is not None:
            if not speech.last:
                continue
            spoken.append(_number(speech.translation.transcript))
            if (worker := deaths.get(len(spoken))) is not None:
                os.kill(worker.pid, signal.SIGKILL)
            if len(spoken) == segments * (len(KINDS) + 1) // (len(KINDS) + 2):
                broker.vanish(_AWAY_S)
    except TimeoutError:
        pass  # what has not come is counted as lost
    finally:
        session.stop()
    return spoken


def _config(url: str) -> Config:
    engines = Engines(vad="fake", turn="fake", stt="fake", mt="fake", tts="fake")
    places = Placement("broker", "broker", "broker", broker=url)
    # No ear on this machine knows the language: every word comes from a worker.
    languages = Languages(*LANGUAGES)
    return replace(Config(), languages=languages, engines=engines, placement=places)


def _feed(session: Session, segments: int) -> None:
    try:
        at = 0.0
        for number in range(segments):
            sound = _sentence(number)
            for first in range(0, len(sound), _BLOCK):
                chunk = AudioChunk(sound[first : first + _BLOCK], RATE, at + first / RATE)
                if not session.feed(chunk):
                    return
            at += len(sound) / RATE
            time.sleep(0.05)
    finally:
        session.finish()


def _number(heard: Transcript) -> int:
    """Which sentence it is by its words; -1 when they are wrong."""
    tens, ones, *_ = [*heard.text.lower().split(), "", ""]
    if tens not in _DIGITS or ones not in _DIGITS:
        return -1
    return 10 * _DIGITS.index(tens) + _DIGITS.index(ones)


def _sentence(number: int) -> Samples:
    """Says which it is."""
    text = f"{_DIGITS[number // 10 % 10]} {_DIGITS[number % 10]} we go home today"
    return np.concatenate([utter(text), np.zeros(RATE, np.float32)])
