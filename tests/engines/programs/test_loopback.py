"""What an output of Windows plays, on a soundcard that is made up: none was at hand."""

import threading
from types import SimpleNamespace

import numpy as np
import pytest

from core.devices import RATE
from engines.programs import loopback
from engines.programs.loopback import LoopbackSound
from tests.audio_servers import wait_until


class Card:
    """An output whose sound is `level` all along, given as fast as it is taken."""

    def __init__(self) -> None:
        self.default, self.fails = "Speakers", False
        self.asked: list[tuple[str, bool]] = []
        self.going = threading.Semaphore(0)

    def default_speaker(self):
        return SimpleNamespace(name=self.default)

    def get_microphone(self, name, include_loopback):
        self.asked.append((name, include_loopback))
        if name == "nothing":
            raise IndexError("no device with id nothing")
        return SimpleNamespace(name=f"{name} (USB)", recorder=lambda **about: self)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        pass

    def record(self, count):
        self.going.acquire(timeout=0.05)
        if self.fails:
            self.fails = False
            raise RuntimeError("0x88890004")
        return np.tile(np.float32([0.2, 0.4]), (count, 1))


@pytest.fixture
def card():
    return Card()


@pytest.fixture
def hearing(card):
    opened = []

    def hear(wanted=""):
        opened.append(LoopbackSound(wanted, card))
        return opened[-1]

    yield hear
    for one in opened:
        one.close()


def test_all_that_the_systems_output_plays_is_heard_in_mono(card, hearing):
    sound = hearing()
    heard = None
    while heard is None:
        heard = sound.read(5.0)
    assert heard.samples == pytest.approx(0.3)
    assert len(heard.samples) % (RATE // 50) == 0
    assert card.asked[0] == ("Speakers", True)
    assert sound.device.works
    assert sound.whole == "Speakers (USB)"


def test_another_default_is_gone_with(card, hearing, monkeypatch):
    monkeypatch.setattr(loopback, "_RETRY_S", 0.0)
    sound = hearing()
    wait_until(lambda: sound.whole == "Speakers (USB)", "the first")
    card.default = "Headset"
    wait_until(lambda: sound.whole == "Headset (USB)", "the other default")


def test_an_output_that_fails_is_opened_again(card, hearing, monkeypatch):
    monkeypatch.setattr(loopback, "_RETRY_S", 0.0)
    sound = hearing("Headset")
    card.fails = True
    wait_until(lambda: len(card.asked) > 1, "another try")
    wait_until(lambda: sound.device.works, "it working")


def test_an_output_that_is_not_there_is_told(hearing):
    sound = hearing("nothing")
    wait_until(lambda: sound.device.says, "the sentence")
    assert "no device with id nothing" in sound.device.says
    assert not sound.device.works
    assert sound.whole == ""


def test_without_the_package_the_user_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "soundcard", None)
    sound = LoopbackSound()
    wait_until(lambda: "pip install soundcard" in sound.device.says, "the sentence")
    sound.close()
