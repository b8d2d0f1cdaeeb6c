"""Whether this machine can do anything in real time at the moment.

A test that hears or sees fails where the machine stands still for a while, whatever the program
does. So each attempt of such a test that failed for want of time is followed by two measurements in
which the program has no part, and by another attempt: how late a process wakes while both cores are
at work, and whether an independent player and recorder get sound through a private server. Only
where every attempt fails, and most of the looks found the machine at fault, is the test skipped
with their figures; one that failed over something that time has no part in is not tried again. What
was skipped so is summed up at the end of the run.
"""

import queue
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

import httpx2
import numpy as np
import pytest
import pytestqt.exceptions

from core.errors import DeviceUnavailable, EngineFailed
from tests.audio_analysis import find, losses, silence, steady
from tests.audio_servers import FAKE_SOURCE, KINDS, audio_server, missing

RERUNS = 2
_BUSY = 2
_SECONDS = 8.0
_TICK = 0.005
_LATE = 0.060
"""A picture in two, six blocks of sound."""
_LOOKS = pytest.StashKey[list[str]]()
"""What was found after each failed attempt of a test; empty where the machine kept up."""
_EXCUSED = "excused"
_OF_TIME = (
    AssertionError,
    TimeoutError,
    subprocess.TimeoutExpired,
    queue.Empty,
    httpx2.TimeoutException,
    pytestqt.exceptions.TimeoutError,
    EngineFailed,
    DeviceUnavailable,
)
"""The last two are what the program says of a worker, a service or a device that did not answer."""
_TIMEOUT = "Timeout "
"""How pytest-timeout's begins; what else fails by this exception did not raise."""
TRIED_AGAIN = (*_OF_TIME, rf"^Failed: {_TIMEOUT}")
"""The same for pytest-rerunfailures."""


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


def excuse(
    item: pytest.Item, report: pytest.TestReport, error: BaseException, *, last: bool
) -> None:
    """Turns the failure of a test in real time into a skip where the machine is to blame."""
    if not of_time(error):
        return
    looks = item.stash.setdefault(_LOOKS, [])
    if not last:
        looks.append(trouble(_kinds(item)))
        return
    if len(looks) < RERUNS:
        return  # an attempt ended over something else
    if len(set(map(bool, looks))) > 1:
        looks.append(trouble(_kinds(item)))
    if found := _to_blame(looks):
        report.outcome = "skipped"
        path, line, _ = item.location
        report.longrepr = (path, (line or 0) + 1, f"not in real time on this machine: {found}")
        report.user_properties.append((_EXCUSED, found))


def of_time(error: BaseException) -> bool:
    """Whether an attempt can have failed so for want of time: something that was awaited did not
    come, or what came was not as it should be, and all else came of that. Any other exception is
    the program's or the test's own."""
    return any(
        str(one).startswith(_TIMEOUT)
        if isinstance(one, pytest.fail.Exception)
        else isinstance(one, _OF_TIME)
        for one in _behind(error)
    )


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """It and what it came of, as pytest-rerunfailures looks at it."""
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _to_blame(looks: Sequence[str]) -> str:
    """The figures, where most of the looks have some."""
    bad = [one for one in looks if one]
    return (
        f"{len(bad)} of {len(looks)} looks: {' | '.join(bad)}" if 2 * len(bad) > len(looks) else ""
    )


def sum_up(reporter: pytest.TerminalReporter) -> None:
    """Tells at the end how many tests were skipped because of the machine, and why each."""
    told = [
        f"{report.nodeid}: {why}"
        for report in reporter.stats.get("skipped", ())
        for name, why in getattr(report, "user_properties", ())
        if name == _EXCUSED
    ]
    if not told:
        return
    tests = "1 TEST WAS" if len(told) == 1 else f"{len(told)} TESTS WERE"
    reporter.section(f"{tests} EXCUSED: THIS MACHINE IS NOT IN REAL TIME", yellow=True)
    for line in told:
        reporter.line(line)


def _kinds(item: pytest.Item) -> tuple[str, ...]:
    given = getattr(item, "callspec", None)
    asked = tuple(kind for kind in KINDS if given and kind in given.params.values())
    return asked or KINDS
