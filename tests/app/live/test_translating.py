"""One run of the translation, as it ends."""

from types import SimpleNamespace

from app.live import translating
from app.live.translating import Translating
from core.config import Config
from core.errors import CannotWrite
from core.events import Notice


def test_a_mouth_that_cannot_be_kept_is_told_and_keeps_nothing_from_ending(monkeypatch):
    def full(*_):
        raise CannotWrite("The disk is full.")

    told, ended = [], []
    monkeypatch.setattr(translating, "keep", full)
    run = object.__new__(Translating)
    run.listening = run.visual = SimpleNamespace(stop=lambda: None)
    session = SimpleNamespace(tell=told.append)
    run.speaker = SimpleNamespace(stop=lambda: None, session=session)
    run.picture = SimpleNamespace(lips=object(), close=lambda: ended.append("picture"))
    run._hosts, run._config = [], Config()
    run.stop()
    assert told == [Notice("The disk is full.")]
    assert ended == ["picture"]
