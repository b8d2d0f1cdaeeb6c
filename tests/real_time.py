"""Whether this machine can do anything in real time at the moment.

A test that hears or sees fails where the machine stands still for a while, whatever the program
does. So one that failed is followed by two measurements in which the program has no part: how
late a process wakes while both cores are at work, and whether an independent player and recorder
get sound through a private server. Where they fail as well, the test is skipped with the figures.
"""

import subprocess
import sys
import time

import numpy as np
import pytest

from tests.audio_analysis import find, losses, silence, steady
from tests.audio_servers import FAKE_SOURCE, KINDS, audio_server, missing

_BUSY = 2
_SECONDS = 8.0
_TICK = 0.005
_LATE = 0.060
"""A picture in two, six blocks of sound."""
_found: list[str] = []


def trouble(kinds: tuple[str, ...] = KINDS) -> str:
    """What this machine cannot do; empty when it keeps up."""
    busy = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"], stdin=subprocess.DEVNULL)
        for _ in range(_BUSY)
    ]
    try:
        found = [_lateness()] + [_sound(kind) for kind in kinds if not missing(kind)]
    finally:
        for process in busy:
            process.kill()
            process.wait()
    return "; ".join(filter(None, found))


def _lateness() -> str:
    worst = 0.0
    end = time.perf_counter() + _SECONDS
    while (before := time.perf_counter()) < end:
        time.sleep(_TICK)
        worst = max(worst, time.perf_counter() - before - _TICK)
    return f"a process woke {worst * 1000:.0f} ms late" if worst > _LATE else ""


def _sound(kind: str) -> str:
    sound = steady(1, _SECONDS)
    said = np.concatenate([silence(0.5), sound, silence(0.5)])
    with (
        audio_server(kind) as server,
        server.record(FAKE_SOURCE) as recording,
        server.microphone.say(said, latency_ms=20),
    ):
        pass
    found = find(recording.samples, sound[: len(sound) // 8])
    if found is None:
        return f"{kind} let nothing through that could be recognised"
    lost = losses(recording.samples, sound, found.onset)
    return f"{kind} lost sound {lost[0]:.2f} s after its beginning" if lost else ""


def excuse(item: pytest.Item, report: pytest.TestReport, *, last: bool) -> None:
    """Turns the failure of a test in real time into a skip where the machine is to blame. Looks
    after the last attempt; sooner once it has been to blame in this run."""
    if not last and not _found:
        return
    if reason := trouble(_kinds(item)):
        _found.append(reason)
        report.outcome = "skipped"
        path, line, _ = item.location
        report.longrepr = (path, (line or 0) + 1, f"not in real time on this machine: {reason}")


def _kinds(item: pytest.Item) -> tuple[str, ...]:
    given = getattr(item, "callspec", None)
    asked = tuple(kind for kind in KINDS if given and kind in given.params.values())
    return asked or KINDS
