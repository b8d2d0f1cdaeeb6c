"""Grabs of keys follow each other; only the last one is heard."""

import threading

import pytest

from app.desktop import portal_keys
from app.desktop.global_keys import GlobalKeys
from core.pipeline import thread_host


class SlowPortal:
    """A desktop that answers after the program has stopped to wait for it."""

    made: "list[SlowPortal]"

    def __init__(self, wishes):
        self.stopped, self.answers, self.done = (threading.Event() for _ in range(3))
        self.made.append(self)

    def run(self, pressed, refused):
        try:
            self.stopped.wait(20)
            self.answers.wait(20)
            refused("No.")
            pressed("panic")
        finally:
            self.done.set()

    def stop(self):
        self.stopped.set()


@pytest.fixture
def made(monkeypatch):
    monkeypatch.setattr(SlowPortal, "made", [], raising=False)
    monkeypatch.setattr(portal_keys, "PortalKeys", SlowPortal)
    monkeypatch.setattr("app.desktop.global_keys.way", lambda: "portal")
    yield SlowPortal.made
    for one in SlowPortal.made:
        one.stopped.set()
        one.answers.set()
        assert one.done.wait(20)


def test_the_window_does_not_wait_for_a_desktop_whose_late_answer_is_not_heard(qtbot, made):
    keys, told = GlobalKeys(thread_host), []
    keys.bind({"panic": "F9"}, told.append, told.append)
    keys.bind({"panic": "F8"}, told.append, told.append)
    first, second = made
    assert first.stopped.is_set() and not first.done.is_set()
    for one in (first, second):
        one.stopped.set()
        one.answers.set()
        assert one.done.wait(20)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[0].startswith("No.") and told[1] == "panic"
    keys.close()
