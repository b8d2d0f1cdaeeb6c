"""A desktop's portal on a session bus of its own, with the answers that a test wants."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Thread
from typing import Any

import pytest
from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import open_dbus_connection

NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
SHORTCUTS = DBusAddress(PATH, NAME, "org.freedesktop.portal.GlobalShortcuts")
_OPTIONS_AT = {"CreateSession": 0, "BindShortcuts": 3}


@contextmanager
def session_bus() -> Iterator[str]:
    """Its address."""
    program = shutil.which("dbus-daemon")
    if program is None:
        pytest.skip("dbus-daemon is not installed (apt-get install dbus)")
    bus = subprocess.Popen(
        [program, "--session", "--nofork", "--nopidfile", "--print-address"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert bus.stdout is not None
    try:
        yield bus.stdout.readline().strip()
    finally:
        bus.terminate()
        bus.wait()
        bus.stdout.close()


class Portal:
    """`declines`: the user says no. `early`: it answers before the call returns. `gives`: the
    shortcuts that get keys, when not all do. `asked` holds what was wished."""

    def __init__(
        self,
        address: str,
        *,
        declines: bool = False,
        early: bool = False,
        gives: tuple[str, ...] | None = None,
    ) -> None:
        self.asked: SimpleQueue[tuple[str, tuple[Any, ...]]] = SimpleQueue()
        self._declines, self._early, self._gives = declines, early, gives
        self._connection = open_dbus_connection(bus=address)
        self._connection.send_and_get_reply(message_bus.RequestName(NAME))
        self._session = ""
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def press(self, name: str) -> None:
        self._tell(SHORTCUTS, "Activated", "osta{sv}", (self._session, name, 1, {}))

    def close_session(self) -> None:
        address = DBusAddress(self._session, NAME, "org.freedesktop.portal.Session")
        self._tell(address, "Closed", "a{sv}", ({},))

    def close(self) -> None:
        self._tell(DBusAddress(PATH, NAME, "test.Portal"), "Ended", "", ())
        self._connection.sock.shutdown(2)
        self._thread.join(5)
        self._connection.close()

    def _run(self) -> None:
        while True:
            try:
                message = self._connection.receive()
            except OSError:
                return
            if message.header.message_type is MessageType.method_call:
                self._answer(message)

    def _answer(self, call: Message) -> None:
        method, body = call.header.fields[HeaderFields.member], call.body
        self.asked.put((method, body))
        if method == "Get":
            self._connection.send(new_method_return(call, "v", (("u", 1),)))
        elif method in _OPTIONS_AT:
            token = body[_OPTIONS_AT[method]]["handle_token"][1]
            sender = call.header.fields[HeaderFields.sender].lstrip(":").replace(".", "_")
            handle = f"{PATH}/request/{sender}/{token}"
            answers = [lambda: self._connection.send(new_method_return(call, "o", (handle,)))]
            answers.insert(0 if self._early else 1, lambda: self._respond(method, body, handle))
            for answer in answers:
                answer()
        else:
            self._connection.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))

    def _respond(self, method: str, body: tuple[Any, ...], handle: str) -> None:
        address = DBusAddress(handle, NAME, "org.freedesktop.portal.Request")
        results: dict[str, Any] = {}
        if method == "CreateSession":
            self._session = f"{PATH}/session/{body[0]['session_handle_token'][1]}"
            results = {"session_handle": ("s", self._session)}
        elif not self._declines:
            given = [one for one in body[1] if self._gives is None or one[0] in self._gives]
            results = {"shortcuts": ("a(sa{sv})", given)}
        code = 1 if self._declines and method == "BindShortcuts" else 0
        self._tell(address, "Response", "ua{sv}", (code, results))

    def _tell(self, address: DBusAddress, name: str, signature: str, body: tuple[Any, ...]) -> None:
        self._connection.send(new_signal(address, name, signature or None, body))
