"""What the processes of a live session share."""

import pytest

from app.live import desk as module
from app.live.desk import Desk, GuestDesk, Row, guest_desks
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


def test_other_guests_leave_those_from_before_to_be_closed_later():
    desk = Desk(guests=2)
    first = desk.guests
    assert desk.invite(guest_desks([None])) == first
    assert len(desk.names.guests) == 1
    GuestDesk(first[0].names).close()  # still to be found
    for one in first:
        one.close()
    desk.close()


def test_guests_who_cannot_all_be_seated_leave_no_memory_behind(monkeypatch):
    made = []

    class Kept(GuestDesk):
        def __init__(self, names=None):
            super().__init__(names)
            made.append(self.names)

    monkeypatch.setattr(module, "GuestDesk", Kept)
    with pytest.raises(FileNotFoundError):
        guest_desks([None, ("nobody", "is", "there")])
    assert len(made) == 1
    for name in made[0][:2]:
        with pytest.raises(FileNotFoundError):
            SharedSound(RATE, name)
