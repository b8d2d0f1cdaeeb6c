import os
import sys
import threading

import pytest

from app.live.lanes import lane
from engines import priority
from engines.hosted import hosted_lips
from tests.workshop import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads have a priority on Linux")


@pytest.fixture
def asked(monkeypatch):
    """What RealtimeKit was asked, and of which thread."""
    asked = []
    monkeypatch.setattr("engines.rtkit.hurry", lambda thread, nice: asked.append((thread, nice)))
    return asked


def refused(*_):
    raise PermissionError("only the administrator may")


def test_where_the_user_may_not_realtimekit_is_asked(monkeypatch, asked):
    monkeypatch.setattr(os, "setpriority", refused)
    priority.hurry(priority.DEVICES)
    until(lambda: asked)
    assert asked == [(threading.get_native_id(), -11)]


def test_where_the_user_may_nobody_is_asked(monkeypatch, asked):
    given = []
    monkeypatch.setattr(os, "setpriority", lambda *wish: given.append(wish))
    priority.hurry(priority.DEVICES)
    assert given == [(os.PRIO_PROCESS, 0, -11)]
    assert not asked


def test_without_either_all_goes_on_as_it_was(monkeypatch):
    monkeypatch.setattr(os, "setpriority", refused)
    monkeypatch.setattr("engines.rtkit.hurry", refused)
    priority.hurry(priority.DEVICES)


def test_nobody_waits_for_a_bus_that_does_not_answer(monkeypatch):
    monkeypatch.setattr(os, "setpriority", refused)
    answers, answered = threading.Event(), []
    monkeypatch.setattr("engines.rtkit.hurry", lambda *_: answered.append(answers.wait(20)))
    priority.hurry(priority.DEVICES)
    assert not answered
    answers.set()
    until(lambda: answered)


def test_every_lane_asks_for_itself(monkeypatch, asked):
    monkeypatch.setattr(os, "setpriority", refused)
    mine = []
    thread = lane("sound", lambda: mine.append(threading.get_native_id()), threading.Event())
    thread.start()
    thread.join()
    until(lambda: asked)
    assert asked == [(mine[0], -11)]


def test_live_lips_go_before_other_work_and_those_of_a_recording_do_not(monkeypatch):
    given = []
    monkeypatch.setattr(os, "setpriority", lambda *wish: given.append(wish))
    hosted_lips("own_mouth", live=False).close()
    assert not given
    hosted_lips("own_mouth").close()
    assert given == [(os.PRIO_PROCESS, 0, -6)]
