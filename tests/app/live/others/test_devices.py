"""Where a system gives an output's whole sound alone, nothing of ours is played there."""

import threading
from types import SimpleNamespace

import numpy as np
import pytest

from app.live.others.devices import OthersDevices
from core.live import Device


class Output:
    def __init__(self, name):
        self.device = Device(name, True)
        self.played = []

    def play(self, block):
        self.played.append(block)


@pytest.fixture
def devices():
    """Made by hand: no thread, no real device."""

    def make(whole, output):
        made = OthersDevices.__new__(OthersDevices)
        made._sound = SimpleNamespace(whole=whole, device=Device(whole, True))
        made._output = Output(output)
        return made

    return make


BLOCK = np.ones(960, np.float32)


def test_into_the_output_that_is_heard_nothing_is_played_and_the_user_is_told(devices):
    made = devices("Speakers (Realtek(R) Audio)", "Speakers (Realtek(R) Audio)")
    made._say(BLOCK)
    assert not made._output.played[0].any()
    assert not made.status()[1].works
    assert "choose another output" in made.status()[1].says


@pytest.mark.parametrize("whole", ["", "Speakers (Realtek(R) Audio)"])
def test_into_any_other_output_it_is(devices, whole):
    made = devices(whole, "Headset")
    made._say(BLOCK)
    assert made._output.played[0].all()
    assert made.status()[1].works


def test_at_its_end_the_others_are_turned_up_before_anything_is_waited_for(devices):
    made, done = devices("", "Headset"), []
    made._ended = threading.Event()
    made._sound.duck = lambda db: done.append(("duck", db))
    made._sound.close = lambda: done.append("closed")
    made._output.close = lambda: None
    made._lanes = [SimpleNamespace(join=lambda timeout: done.append("joined"))]
    made.close()
    assert done == [("duck", 0.0), "joined", "closed"]
