"""What the processes of a live session share."""

import pytest

from app.live import desk as module
from app.live.desk import Desk, Row
from core.devices import RATE
from core.shared.sound import SharedSound


def test_who_waits_for_the_outputs_goes_on_once_they_send_no_more(monkeypatch):
    desk, looks = Desk(), iter([1.0, 2.0, 2.0])
    slept = []

    def pause(seconds):
        slept.append(seconds)
        desk.board.write(Row.SENT, next(looks))

    monkeypatch.setattr(module.time, "sleep", pause)
    desk.until_nothing_is_sent()
    desk.close()
    assert len(slept) == 3


def test_a_desk_that_cannot_be_made_whole_leaves_no_memory_behind(monkeypatch):
    made = []

    class Stopped(SharedSound):
        def __init__(self, capacity, name=None):
            if len(made) == 2:
                raise KeyboardInterrupt
            super().__init__(capacity, name)
            made.append(self.name)

    monkeypatch.setattr(module, "SharedSound", Stopped)
    with pytest.raises(KeyboardInterrupt):
        Desk()
    assert len(made) == 2
    for name in made:
        with pytest.raises(FileNotFoundError):
            SharedSound(RATE, name)
