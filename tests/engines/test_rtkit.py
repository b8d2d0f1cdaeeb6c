"""Asking RealtimeKit, which is played on a bus of the test's own."""

import threading
from contextlib import contextmanager

import pytest

pytest.importorskip("jeepney", reason="D-Bus is of Linux")

from jeepney import (
    DBusAddress,
    DBusErrorResponse,
    HeaderFields,
    message_bus,
    new_error,
    new_method_call,
    new_method_return,
)
from jeepney.io.blocking import open_dbus_connection

from engines import rtkit
from tests.desktop_portal import session_bus

NAME = "org.freedesktop.RealtimeKit1"
KIT = DBusAddress("/org/freedesktop/RealtimeKit1", NAME, NAME)


@contextmanager
def kit(address, answer):
    """One call is answered; what it asked is in the list."""
    asked = []
    with open_dbus_connection(bus=address) as bus:
        bus.send_and_get_reply(message_bus.RequestName(NAME))

        def serve():
            while not asked:
                call = bus.receive()
                if call.header.fields.get(HeaderFields.member) == "MakeThreadHighPriority":
                    asked.append(call.body)
                    bus.send(answer(call))

        thread = threading.Thread(target=serve)
        thread.start()
        yield asked
        thread.join()


@pytest.fixture
def bus(monkeypatch):
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield address


def test_the_thread_is_named_with_the_priority_that_is_wished(bus):
    with kit(bus, new_method_return) as asked:
        rtkit.hurry(threading.get_native_id(), -11)
    assert asked == [(threading.get_native_id(), -11)]


def test_a_refusal_is_an_error_that_the_system_knows(bus):
    refusing = f"{NAME}.AccessDenied"
    with (
        kit(bus, lambda call: new_error(call, refusing, "s", ("enough",))),
        pytest.raises(PermissionError, match="enough"),
    ):
        rtkit.hurry(threading.get_native_id(), -11)


def test_a_bus_without_realtimekit_is_one(bus):
    with pytest.raises(OSError, match="refuses"):
        rtkit.hurry(threading.get_native_id(), -11)


def test_a_bus_that_takes_nobody_else_is_one(monkeypatch):
    def full(*_, **__):
        raise DBusErrorResponse(
            new_error(new_method_call(KIT, "Hello"), "LimitsExceeded", "s", ("",))
        )

    monkeypatch.setattr("jeepney.io.blocking.open_dbus_connection", full)
    with pytest.raises(OSError, match="cannot be used"):
        rtkit.hurry(threading.get_native_id(), -11)


@pytest.mark.parametrize("address", ["unix:path=/nowhere/bus", "tcp:host=localhost", "nonsense"])
def test_no_bus_is_one(monkeypatch, address):
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    with pytest.raises(OSError):
        rtkit.hurry(threading.get_native_id(), -11)
