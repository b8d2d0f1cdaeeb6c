"""The sound's half of the outputs, into a device that keeps what it was given."""

from collections.abc import Iterator

import numpy as np
import pytest

from app.live import said
from app.live.desk import Desk, GuestDesk, Order, Row, guest_desks
from app.live.said import BLOCK, SoundOut
from core.blend import SWITCH
from core.devices import RATE
from core.types import Samples
from engines.virtual_microphone.opening import Opened

KEY = 100
"""The block at which the panic key is pressed."""


class Kept:
    """A virtual microphone in which twenty milliseconds wait to be heard."""

    name, backend, underruns, latency, at_ease = "Kept", "kept", 0, 0.02, False
    watched: bool | None = None

    def __init__(self, can_replace: bool) -> None:
        self.sound: Samples = np.zeros(0, np.float32)
        self.pieces: list[int] = []
        self.then = {KEY: lambda: None, KEY + 10: lambda: None}
        self._can_replace = can_replace

    def play(self, samples: Samples) -> None:
        self.sound = np.concatenate([self.sound, samples])
        self.pieces.append(len(samples))
        self.then.get(len(self.sound) // BLOCK, lambda: None)()

    def replace(self, samples: Samples) -> bool:
        if self._can_replace:
            self.sound[-len(samples) :] = samples
        return self._can_replace

    def close(self) -> None:
        pass


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.close()


def played(desk: Desk, monkeypatch, order: Order, *, can_replace: bool = True) -> Samples:
    """A voice that fills the session; the order changes, and ten blocks later it ends."""
    kept = Kept(can_replace)
    monkeypatch.setattr(said, "open_virtual_microphone", lambda wanted: Opened(kept, ""))
    times = np.arange(2 * RATE) / RATE
    desk.voice.write(0, (0.3 * np.sin(2 * np.pi * 300 * times)).astype(np.float32))
    desk.board.write(Row.ORDER, Order.TRANSLATED)
    out = SoundOut(desk, "auto")
    kept.then[KEY] = lambda: desk.board.write(Row.ORDER, order)
    kept.then[KEY + 10] = out.stop
    out.run()
    return kept.sound


@pytest.mark.parametrize("order", [Order.ORIGINAL, Order.MUTED])
def test_the_panic_key_silences_what_was_played_and_is_not_heard_yet(desk, monkeypatch, order):
    sound = played(desk, monkeypatch, order)
    begun = (KEY - 4) * BLOCK  # what a listener hears at this moment
    assert np.abs(sound[begun - BLOCK : begun]).max() > 0.2
    assert not sound[begun + round((0.003 + SWITCH) * RATE) :].any()
    assert np.abs(np.diff(sound)).max() < 0.03
    np.testing.assert_array_equal(desk.said.read(0, len(sound)), sound)


def test_a_device_that_takes_nothing_back_hears_the_voice_out_without_a_click(desk, monkeypatch):
    sound = played(desk, monkeypatch, Order.ORIGINAL, can_replace=False)
    assert np.abs(sound[(KEY - 1) * BLOCK : KEY * BLOCK]).max() > 0.2
    assert not sound[(KEY + 1) * BLOCK :].any()
    assert np.abs(np.diff(sound)).max() < 0.03


def test_while_nobody_hears_it_it_is_made_in_fewer_pieces(desk, monkeypatch):
    kept = Kept(can_replace=True)
    monkeypatch.setattr(said, "open_virtual_microphone", lambda wanted: Opened(kept, ""))
    monkeypatch.setattr(said, "_HURRIED", 0.0)
    out = SoundOut(desk, "auto")

    def watched(now: bool) -> None:
        kept.watched = now

    kept.then = {40: lambda: watched(False), 80: lambda: watched(True), 90: out.stop}
    out.run()
    assert kept.pieces == [BLOCK] * 40 + [4 * BLOCK] * 10 + [BLOCK] * 10
    assert kept.at_ease is False


def test_what_is_recorded_is_made_as_if_it_were_heard(desk, monkeypatch):
    kept = Kept(can_replace=True)
    monkeypatch.setattr(said, "open_virtual_microphone", lambda wanted: Opened(kept, ""))
    monkeypatch.setattr(said, "_HURRIED", 0.0)
    desk.board.write(Row.WISHES, 30, 1)
    kept.watched = False
    out = SoundOut(desk, "auto")
    kept.then = {20: out.stop}
    out.run()
    assert kept.pieces == [BLOCK] * 20


@pytest.fixture
def guests() -> Iterator[list[GuestDesk]]:
    """Two further speakers."""
    guests = [GuestDesk(), GuestDesk()]
    yield guests
    for one in guests:
        one.close()


def test_other_guests_are_heard_from_the_next_block_on(desk, guests, monkeypatch):
    before, after = guests
    kept = Kept(can_replace=True)
    monkeypatch.setattr(said, "open_virtual_microphone", lambda wanted: Opened(kept, ""))
    desk.board.write(Row.ORDER, Order.TRANSLATED)
    desk.invite(guest_desks([before.names]))
    after.voice.write(0, np.full(RATE, 0.3, np.float32))
    out = SoundOut(desk, "auto")
    kept.then = {20: lambda: out.invite([after.names]), 60: out.stop}
    out.run()
    assert not kept.sound[: 20 * BLOCK].any()
    assert kept.sound[-1] > 0.2
    assert [one.names for one in desk.guests] == [after.names]


def test_the_memory_of_guests_who_left_is_put_away_off_the_thread_of_the_sound(
    desk, guests, monkeypatch
):
    kept, closed = Kept(can_replace=True), []
    monkeypatch.setattr(said, "open_virtual_microphone", lambda wanted: Opened(kept, ""))
    monkeypatch.setattr(GuestDesk, "close", lambda one: closed.append(one))
    there = [guest_desks([one.names]) for one in guests]
    desk.invite(there[0])
    out = SoundOut(desk, "off")
    monkeypatch.setattr("app.live.choir.guest_desks", lambda names: there[1] if names else ())
    out.invite([guests[1].names])
    out.invite([])
    kept.then = {1: out.stop}
    out.run()
    assert not closed
    out.look()
    assert closed == [*there[0], *there[1]]
