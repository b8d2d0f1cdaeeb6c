"""An error that nobody foresaw, on a thread of a device process."""

import threading

import pytest

from app.live import lanes
from app.live.lanes import lane
from core.process import Remote
from tests.audio_servers import wait_until


def broken():
    raise RuntimeError("nobody foresaw this")


def ran(work, ended):
    left = []
    thread = lane("sound", work, ended, left.append)
    thread.start()
    thread.join()
    return left


@pytest.fixture
def soon(monkeypatch):
    monkeypatch.setattr(lanes, "_SOONEST", 0.0)


def test_an_error_that_nobody_foresaw_is_logged_and_ends_the_process(caplog, soon):
    assert ran(broken, threading.Event()) == [1]
    assert "What sound does has failed" in caplog.text
    assert "nobody foresaw this" in caplog.text


def test_work_that_comes_to_its_end_ends_nothing_else():
    assert ran(lambda: None, threading.Event()) == []


def test_what_goes_wrong_while_it_is_closed_ends_nothing_else(caplog):
    ended = threading.Event()
    ended.set()
    assert ran(broken, ended) == []
    assert "nobody foresaw this" in caplog.text


def test_one_that_fails_at_once_takes_the_others_along_only_after_a_while():
    waited = []

    class Ended(threading.Event):
        def wait(self, timeout=None):
            waited.append(timeout)
            return False

    assert ran(broken, Ended()) == [1]
    (seconds,) = waited
    assert 0 < seconds <= lanes._SOONEST


WORKSHOP = """
import os, threading
from app.live import lanes
from app.live.lanes import lane
lanes._SOONEST = 0.0

class Breaking:
    def __init__(self):
        self.fails, self.ended = threading.Event(), threading.Event()
        lane("beside", self.work, self.ended).start()
    def pid(self): return os.getpid()
    def fail(self): self.fails.set()
    def work(self):
        self.fails.wait()
        raise RuntimeError("nobody foresaw this")
"""


@pytest.fixture
def remote(tmp_path, monkeypatch):
    (tmp_path / "breaking.py").write_text(WORKSHOP)
    monkeypatch.syspath_prepend(str(tmp_path))
    remote = Remote("breaking:Breaking")
    yield remote
    remote.close()


def test_another_process_takes_the_place_of_the_one_that_failed(remote):
    before = remote.call("pid")
    remote.submit("fail")
    wait_until(lambda: remote.call("pid") != before, "another process")
