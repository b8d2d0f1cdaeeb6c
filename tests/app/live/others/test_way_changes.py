"""The way back is changed while it begins, runs and ends; what happens beside is done by hand."""

import threading
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest

from app.live.others.settings import turned_round
from app.live.others.way import WayBack
from core.config import Config, Others
from core.errors import EngineFailed
from core.live import OthersStatus


class Running:
    """A run that takes any languages but the others' own."""

    status, quiet = OthersStatus(), True

    def __init__(self, config, *_):
        self.configs = [config]

    def change(self, config):
        turned_round(config)
        self.configs.append(config)

    def check(self):
        pass

    def stop(self):
        pass


@contextmanager
def held(lock):
    """By another thread."""
    there, done = threading.Event(), threading.Event()

    def hold():
        with lock:
            there.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    there.wait()
    try:
        yield
    finally:
        done.set()
        thread.join()


@pytest.fixture
def way(monkeypatch):
    """One that runs, and what is to be done beside: by hand."""
    beside = []
    monkeypatch.setattr("app.live.others.way.OthersTranslation", Running)

    def spawn(name, work):
        return SimpleNamespace(start=lambda: beside.append(work))

    way = WayBack(None, None, lambda event: None, spawn)
    way.start(Config(others=Others(translate=True)))
    beside.pop()()
    return way, beside


def test_settings_that_make_no_sense_do_not_fail_who_changes_them_while_another_run_is_due(way):
    way, beside = way
    nonsense = Config(others=Others(translate=True, speak="en", language="en"))
    way.change(nonsense)  # another run is due, and not there yet
    louder = replace(nonsense, others=replace(nonsense.others, duck_db=-3.0))
    way.change(louder)
    assert "English already" in way.status.reason
    assert len(beside) == 1


def test_what_is_changed_while_anything_begins_or_ends_is_not_lost(way):
    way, _ = way
    louder = Config(others=Others(translate=True, duck_db=-3.0))
    with held(way._changing):
        way.change(louder)
    assert way.running.configs[1:] == []
    way.check()
    assert way.running.configs[1:] == [louder]


def test_what_fails_again_and_again_is_logged_once(way, monkeypatch, caplog):
    way, _ = way

    def fail():
        raise EngineFailed("the devices gave no answer")

    monkeypatch.setattr(way.running, "check", fail)
    way.check()
    way.check()
    assert caplog.text.count("gave no answer") == 1
