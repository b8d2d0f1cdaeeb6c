"""The outputs process, and what may not be in it."""

import os
import signal
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest

from app.live import outputs
from app.live.desk import Desk, Order, Row
from app.live.outputs import Outputs
from core.live import Device


class Part:
    """Half of the outputs, on a device that somebody uses until it is taken away."""

    def __init__(self, desk, wanted):
        self.fails, self.ended, self.closed = threading.Event(), threading.Event(), False
        self.says = wanted
        self.device = Device("Device", True, "", True)

    def run(self):
        while not self.ended.wait(0.005):
            if self.fails.is_set():
                raise ZeroDivisionError("nobody thought of it")

    def look(self):
        pass

    def stop(self):
        self.ended.set()

    def close(self):
        self.closed = True
        if self.says == "will not close":
            raise OSError("The device does not let go.")


class Seat:
    def leave(self):
        self.left = True


@pytest.fixture
def desk():
    desk = Desk()
    yield desk
    desk.close()


@pytest.fixture
def made(desk, monkeypatch):
    """Makes outputs that nobody but the test knows; with what their process ended, in `left`."""
    monkeypatch.setattr(outputs, "PictureOut", Part)
    monkeypatch.setattr(outputs, "SoundOut", Part)
    monkeypatch.setattr(outputs, "Seat", Seat)
    monkeypatch.setattr(outputs, "hurry", lambda nice: None)
    monkeypatch.setattr("app.live.lanes._SOONEST", 0.0)
    monkeypatch.setattr(outputs, "_LOOK", 0.01)
    asked = signal.getsignal(signal.SIGTERM)
    all_ = []

    def make(camera="off", microphone="off"):
        gone = threading.Event()
        one = Outputs(desk.names, camera, microphone, leave=lambda code: gone.set())
        one.gone = gone
        all_.append(one)
        return one

    yield make
    for one in all_:
        one._ended.set()
        one._desk.close()
    signal.signal(signal.SIGTERM, asked)


def test_the_devices_of_a_program_that_lives_stay_for_the_next_process(made):
    one = made()
    one._parts[0].fails.set()
    assert one.gone.wait(5)
    assert not any(part.closed for part in one._parts)


def test_without_a_program_they_are_taken_along_when_a_thread_fails(made, desk, monkeypatch):
    one = made()
    monkeypatch.setattr(one, "_pass_on", lambda: (one._parts[0].fails.set(), one.gone.wait(5)))
    one.orphaned()
    assert one.gone.is_set()
    assert all(part.closed for part in one._parts)
    assert desk.board.read(Row.ORDER)[0] == Order.ORIGINAL


@pytest.mark.skipif(sys.platform == "win32", reason="nobody is asked to end there, only ended")
def test_without_a_program_they_go_when_the_next_one_takes_over(made, monkeypatch):
    one = made()
    ended = SimpleNamespace(
        monotonic=time.monotonic, sleep=lambda s: os.kill(os.getpid(), signal.SIGTERM)
    )
    monkeypatch.setattr(outputs, "time", ended)
    one.orphaned()
    assert all(part.closed for part in one._parts)


def test_a_device_that_does_not_let_go_keeps_nothing_else(made):
    one = made("will not close", "auto")
    with pytest.raises(OSError, match="does not let go"):
        one.close()
    assert all(part.closed for part in one._parts)
    assert one._seat.left


def test_nothing_that_must_not_meet_pyvirtualcams_licence_is_in_its_process():
    code = (
        "import sys, app.live.outputs, engines.virtual_camera.loopback\n"
        "forbidden = {'cv2', 'openvino', 'mediapipe', 'onnxruntime', 'torch'}\n"
        "print(*sorted(forbidden & {name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
