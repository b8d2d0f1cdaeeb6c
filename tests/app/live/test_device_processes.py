"""Virtual devices that cannot be had, and those from before neither. No process, no thread."""

from types import SimpleNamespace

import pytest

from app.live import device_processes as module
from app.live.device_processes import DeviceProcesses
from app.live.trouble import GONE
from core.config import Devices
from core.errors import DeviceUnavailable
from core.live import Device
from core.process import WorkerDied

THERE = Device("Virtual", True)
ONE, TWO = Devices(virtual_camera="one"), Devices(virtual_camera="two")


class Opened:
    """A process of devices, which `machine` lets open or not."""

    def __init__(self, machine, factory, options):
        if machine.busy and factory.endswith("Outputs"):
            raise DeviceUnavailable(machine.busy)
        if machine.deaf and factory.endswith("Inputs"):
            raise DeviceUnavailable(machine.deaf)
        self.camera, self.closed = options["camera"], False
        self.names, self.invited = options["names"], ()
        self.spared, self.told = options.get("spared"), ()
        self.known = None
        machine.opened.append(self)

    def hereafter(self, **options):
        self.names = options.get("names", self.names)
        self.spared = options.get("spared", self.spared)
        self.known = options.get("known", self.known)

    def call(self, method, *arguments, timeout):
        assert not self.closed
        if method == "invite":
            (self.invited,) = arguments
        if method == "spare":
            (self.told,) = arguments
        return {"status": (THERE, THERE), "known": "what it knows"}.get(method)

    def close(self):
        self.closed = True


@pytest.fixture
def machine(monkeypatch):
    """`busy` says why virtual devices cannot be had, `deaf` why others cannot."""
    machine = SimpleNamespace(busy="", deaf="", opened=[])
    monkeypatch.setattr(
        module, "Remote", lambda factory, options, outlive: Opened(machine, factory, options)
    )
    monkeypatch.setattr(module, "_AGAIN", 0.0)
    return machine


@pytest.fixture
def processes(machine):
    return DeviceProcesses(SimpleNamespace(), ONE, 0.0)


def test_what_cannot_be_opened_whole_leaves_nothing_open(machine):
    machine.deaf = "No camera."
    with pytest.raises(DeviceUnavailable, match="No camera"):
        DeviceProcesses(SimpleNamespace(), ONE, 0.0)
    assert [one.closed for one in machine.opened] == [True]


def test_other_virtual_devices_take_the_place_of_the_former(processes):
    first = processes.outputs
    assert processes.reopen(TWO) == ""
    assert first.closed
    assert processes.outputs.camera == "two"
    processes.check()
    assert processes.status == (THERE,) * 4


def test_when_only_others_cannot_be_had_those_from_before_are_there_again(processes, monkeypatch):
    opened = processes._open_outputs
    refuse = iter([True, False])

    def open_(devices):
        if next(refuse):
            raise DeviceUnavailable("Not this one.")
        return opened(devices)

    monkeypatch.setattr(processes, "_open_outputs", open_)
    assert processes.reopen(TWO) == "Not this one."
    assert not processes.lacking
    assert processes.outputs.camera == "one"


def test_virtual_devices_that_could_not_be_had_again_are_tried_until_they_are(processes, machine):
    machine.busy = "Somebody else has them."
    assert processes.reopen(TWO) == "Somebody else has them."
    processes.check()
    assert [device.says for device in processes.status[2:]] == ["Somebody else has them."] * 2
    machine.busy = ""
    processes.check()
    assert processes.status[2:] == (THERE, THERE)
    assert processes.outputs.camera == "one"


def test_it_is_not_tried_at_each_look(processes, machine, monkeypatch):
    monkeypatch.setattr(module, "_AGAIN", 1e9)
    machine.busy = "Somebody else has them."
    processes.reopen(TWO)
    machine.busy = ""
    processes.check()
    assert processes.lacking
    assert processes.status[0] == THERE


def test_what_lasts_is_logged_once(processes, machine, caplog):
    machine.busy = "Somebody else has them."
    processes.reopen(TWO)
    for _ in range(3):
        processes.check()
    assert caplog.text.count("Somebody else has them.") == 1


def test_the_user_may_choose_others_while_there_are_none(processes, machine):
    machine.busy = "Somebody else has them."
    processes.reopen(TWO)
    machine.busy = ""
    assert processes.reopen(TWO) == ""
    processes.check()
    assert processes.status[2:] == (THERE, THERE)


def test_what_is_opened_while_all_is_closed_is_closed(processes):
    processes.close()
    processes.reopen(TWO)
    assert processes.outputs.closed


def test_other_guests_are_told_to_what_runs_and_known_to_what_will_be_started(machine, processes):
    names = SimpleNamespace(guests=("a desk",))
    processes.invite(names)
    assert processes.outputs.invited == ("a desk",)
    assert {one.names.guests for one in machine.opened} == {("a desk",)}
    assert processes.reopen(TWO) == ""
    assert processes.outputs.names is names


def test_guests_who_come_while_there_are_no_virtual_devices_are_known_when_there_are(
    machine, processes
):
    machine.busy = "Busy."
    assert processes.reopen(TWO) == "Busy."
    names = SimpleNamespace(guests=("a desk",))
    processes.invite(names)
    machine.busy = ""
    processes.check()
    assert not processes.lacking
    assert processes.outputs.names is names


def test_whose_microphones_are_not_the_users_is_told_to_what_runs_and_to_what_will(processes):
    assert not processes.inputs.spared
    processes.spare(["Table"])
    assert processes.inputs.told == processes.inputs.spared == ["Table"]


def test_what_a_process_knows_of_its_devices_is_known_to_the_next(processes):
    processes.check()
    assert processes.inputs.known == "what it knows"


def test_an_error_that_nobody_foresaw_leaves_virtual_devices_that_are_tried_again(
    processes, monkeypatch
):
    opened = processes._open_outputs

    def broken(devices):
        raise KeyError("nobody foresaw this")

    monkeypatch.setattr(processes, "_open_outputs", broken)
    with pytest.raises(KeyError):
        processes.reopen(TWO)
    monkeypatch.setattr(processes, "_open_outputs", opened)
    processes.check()
    assert processes.status == (THERE,) * 4
    assert processes.outputs.camera == "one"


@pytest.mark.parametrize(("failing", "left"), [("inputs", slice(2, 4)), ("outputs", slice(0, 2))])
def test_devices_of_a_process_that_there_is_not_do_not_work(
    processes, monkeypatch, caplog, failing, left
):
    def dead(method, *arguments, timeout):
        raise WorkerDied("app.live:Part crashed")

    processes.check()
    monkeypatch.setattr(getattr(processes, failing), "call", dead)
    processes.check()
    assert processes.status[left] == (THERE, THERE)
    assert sorted(processes.status, key=str).count(Device(says=GONE)) == 2
    assert caplog.text.count("crashed") == 1
