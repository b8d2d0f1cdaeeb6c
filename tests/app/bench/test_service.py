import itertools
import math
import threading

import httpx2
import pytest
from rich.console import Console

from app.bench import service
from app.bench.service import _crowd, _Told, table


def test_there_is_a_line_for_each_number_of_users():
    alone = _Told([3.0], frames=90, wall=3.0, memory=600e6)
    five = _Told([4.0, 5.0, 6.0, 7.0, 8.0], frames=450, wall=9.0, memory=610e6, failed=1)
    console = Console(width=100)
    with console.capture() as said:
        console.print(table({1: alone, 5: five}))
    lines = [line.split("│") for line in said.get().splitlines() if line.startswith("│")]
    cells = [[cell.strip() for cell in line[1:-1]] for line in lines]
    assert cells == [
        ["1", "30.0", "30.00", "3.0 s", "3.0 s", "600 MB", "0"],
        ["5", "50.0", "10.00", "6.0 s", "7.8 s", "610 MB", "1"],
    ]


@pytest.fixture
def serves(monkeypatch):
    """Lets each job come to what is given, in turn: figures, or an error."""

    def serves(*ends):
        following = itertools.cycle(ends)

        def job(url, clip):
            if isinstance(end := next(following), Exception):
                raise end
            return end

        monkeypatch.setattr(service, "_job", job)
        monkeypatch.setattr(service, "_memory", lambda url: 1e8)

    return serves


def test_a_job_that_breaks_or_is_refused_has_failed_and_no_time(serves):
    serves({"frames": 90, "cpu_seconds": 1.5}, httpx2.ReadTimeout("late"), {})
    told = _crowd("", b"", 9)
    assert (len(told.seconds), told.failed, told.frames, told.cpu_a_job) == (3, 6, 270, 1.5)


def test_where_no_job_is_done_nothing_is_measured(serves):
    serves(httpx2.ReadTimeout("late"))
    told = _crowd("", b"", 2)
    assert told.failed == 2
    assert all(map(math.isnan, (told.rate, told.cpu_a_job, told.latency(50))))


def test_a_crowd_ends_with_its_last_job_and_not_with_a_look_at_the_memory(serves, monkeypatch):
    serves({"frames": 102})
    now = [0.0]

    class Time:
        @staticmethod
        def monotonic():
            return now[0]

        @staticmethod
        def sleep(seconds):
            for one in threading.enumerate():
                if one.name.endswith("(user)"):
                    one.join()
            now[0] += seconds

    def job(url, clip, before=service._job):
        now[0] += 1.02
        return before(url, clip)

    monkeypatch.setattr(service, "_job", job)
    monkeypatch.setattr(service, "time", Time)
    assert _crowd("", b"", 1).rate == pytest.approx(100)
