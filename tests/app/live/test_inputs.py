"""The inputs processes."""

from dataclasses import replace

import pytest

from app.live import guest_inputs, inputs
from app.live.desk import Desk
from app.live.guest_inputs import GuestInputs
from app.live.inputs import Inputs
from core.following import Known


def test_the_users_own_devices_do_not_wait_for_the_memory_of_guests(monkeypatch):
    monkeypatch.setattr(inputs, "hurry", lambda nice: None)
    desk = Desk()
    names = replace(desk.names, guests=(("left", "long", "ago"),))
    one = Inputs(names, "pattern", "silence", 0.0)
    one.close()
    one._desk.close()
    desk.close()


@pytest.fixture
def guests(monkeypatch):
    """Makes the process of the guests' microphones, here."""
    monkeypatch.setattr(guest_inputs, "hurry", lambda nice: None)
    desk = Desk(guests=2)
    made = []

    def make(**options):
        made.append(GuestInputs(desk.names, ["silence", "tone"], 0.0, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()
        one._desk.close()
    desk.close()


def test_each_guests_microphone_goes_by_what_was_known_of_it(guests):
    known = [Known("silence", "Hers"), Known("tone", "His", seen=True, opened="7")]
    assert guests(known=known).known() == tuple(known)
    assert [one.wanted for one in guests().known()] == ["silence", "tone"]


def test_the_users_devices_go_by_what_was_known_of_them(monkeypatch):
    monkeypatch.setattr(inputs, "hurry", lambda nice: None)
    desk = Desk()
    known = Known("pattern", "BRIO", seen=True), Known("silence", "Yeti", seen=True)
    one = Inputs(desk.names, "pattern", "silence", 0.0, known=known)
    one.close()
    assert one.known() == known
    one._desk.close()
    desk.close()
