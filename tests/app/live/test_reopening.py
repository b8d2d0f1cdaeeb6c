"""Virtual devices that cannot be had, and those from before neither. No process, no thread."""

from types import SimpleNamespace

import pytest

from app.live import session as module
from app.live.session import LiveSession
from app.live.trouble import Trouble
from core.config import Config, Devices
from core.errors import DeviceUnavailable
from core.events import Notice
from core.live import Device

THERE = Device("Virtual", True)


class Opened:
    """An outputs process."""

    def __init__(self):
        self.closed = 0

    def call(self, method, *_, timeout):
        assert not self.closed
        return (THERE, THERE) if method == "status" else None

    def close(self):
        self.closed += 1


@pytest.fixture
def session(monkeypatch):
    """One whose outputs are open; `busy` says why others cannot be, `told` what it tells."""
    made = LiveSession.__new__(LiveSession)
    made.busy, made.told = "", []
    made._config = Config(devices=Devices(virtual_camera="one"))
    made._outputs, made._inputs = Opened(), SimpleNamespace(call=lambda *_, timeout: (THERE, THERE))
    made._devices = [Device()] * 4
    made._lacking, made._again_at = False, 0.0
    made._trouble = Trouble(module.log)
    made._translating = None
    made._guests = made._others = SimpleNamespace(check=lambda: None)
    made._echo = SimpleNamespace(look=lambda spoken: False)
    made._wish = lambda: None
    made._tell = made.told.append

    def open_(config):
        if made.busy:
            raise DeviceUnavailable(made.busy)
        return Opened()

    made._open_outputs = open_
    monkeypatch.setattr(module, "_AGAIN", 0.0)
    return made


def test_virtual_devices_that_could_not_be_had_again_are_tried_until_they_are(session):
    before, first = Config(devices=Devices(virtual_camera="two")), session._outputs
    session.busy = "Somebody else has them."
    session._do(lambda: session._reopen(before))
    assert first.closed
    assert session.config.devices.virtual_camera == "two"
    assert isinstance(session.told[0], Notice)
    session._check()
    assert [device.says for device in session._devices[2:]] == ["Somebody else has them."] * 2
    session.busy = ""
    session._check()
    assert session._devices[2:] == [THERE, THERE]
    assert not session._outputs.closed


def test_it_is_not_tried_at_each_look(session, monkeypatch):
    monkeypatch.setattr(module, "_AGAIN", 1e9)
    session.busy = "Somebody else has them."
    session._do(lambda: session._reopen(session.config))
    session.busy = ""
    session._check()
    assert session._lacking
    assert session._devices[0] == THERE


def test_what_lasts_is_logged_once(session, caplog):
    session.busy = "Somebody else has them."
    session._do(lambda: session._reopen(session.config))
    caplog.clear()
    for _ in range(3):
        session._check()
    assert caplog.text.count("Somebody else has them.") == 1


def test_the_user_may_choose_others_while_there_are_none(session):
    session.busy = "Somebody else has them."
    session._do(lambda: session._reopen(session.config))
    session.busy = ""
    session._do(lambda: session._reopen(session.config))
    session._check()
    assert session._devices[2:] == [THERE, THERE]
