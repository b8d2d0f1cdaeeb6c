"""Shortcuts by the desktop's portal (org.freedesktop.portal.GlobalShortcuts), by which programs get
keys on Wayland: the desktop asks the user, keeps the keys, and tells us of presses.

The library jeepney speaks D-Bus on a lane of its own, so that neither Qt's loop nor the window's
thread waits for a dialog of the desktop; Qt's own D-Bus cannot send the portal's nested lists.
"""

import itertools
import os
import select
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    MatchRule,
    Message,
    MessageType,
    Properties,
    message_bus,
    new_method_call,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection

APPLICATION = "translated-camera"
BUS, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
SHORTCUTS = DBusAddress(PATH, BUS, "org.freedesktop.portal.GlobalShortcuts")
REGISTRY = DBusAddress(PATH, BUS, "org.freedesktop.host.portal.Registry")
REQUEST, SESSION = "org.freedesktop.portal.Request", "org.freedesktop.portal.Session"
ANSWER_S = 5.0
"""The portal itself answers at once; only the user takes longer."""

NO_PORTAL = "This desktop offers no shortcuts to programs (its portal has no GlobalShortcuts)."
NO_BUS = "There is no session bus, so the desktop cannot be asked for shortcuts."
DECLINED = "You or the desktop declined the shortcuts; they can be given in its keyboard settings."
TAKEN_BACK = "The desktop has taken the shortcuts back."

_MODIFIERS = {"Ctrl": "CTRL", "Alt": "ALT", "Shift": "SHIFT", "Meta": "LOGO"}
_KEYS = {
    "Esc": "Escape", "Del": "Delete", "Ins": "Insert", "PgUp": "Prior", "PgDown": "Next",
    "Space": "space", "Backspace": "BackSpace", "Enter": "KP_Enter",
}  # fmt: skip


class PortalUnavailable(Exception):
    """With a sentence."""


@dataclass(frozen=True)
class Wish:
    """What a shortcut does, for the desktop's dialog, and the keys that are wished, as Qt writes
    them. The user may choose others."""

    does: str
    keys: str


class PortalKeys:
    """`run` on a lane; `stop` from any thread ends it, once."""

    def __init__(self, wishes: Mapping[str, Wish]) -> None:
        """PortalUnavailable without a session bus."""
        self._wishes = dict(wishes)
        self._tokens = (f"translated_camera_{os.getpid()}_{n}" for n in itertools.count())
        try:
            self._connection: DBusConnection = open_dbus_connection(bus="SESSION")
        except (OSError, KeyError, ValueError) as error:
            raise PortalUnavailable(NO_BUS) from error
        self._early: deque[Message] = deque()
        self._connection.filter(MatchRule(type="signal"), queue=self._early)
        self._wake, self._waker = os.pipe()

    def run(self, pressed: Callable[[str], None], refused: Callable[[str], None]) -> None:
        """`pressed` gets a wish's name. `refused` gets a sentence: when the desktop gives no keys,
        or takes them back."""
        try:
            self._check()
            session = self._session()
            if session is not None:
                self._bind(session, refused)
                self._listen(session, pressed)
        except PortalUnavailable as error:
            refused(str(error))
        except OSError:
            refused(TAKEN_BACK)
        finally:
            self._connection.close()
            os.close(self._wake)

    def stop(self) -> None:
        os.close(self._waker)

    def _check(self) -> None:
        reply = self._ask(Properties(SHORTCUTS).get("version"))
        if reply.header.message_type is not MessageType.method_return:
            raise PortalUnavailable(NO_PORTAL)
        for rule in _rules():
            self._ask(message_bus.AddMatch(rule))
        # Desktops that know programs by their desktop file alone; others do not have this.
        self._ask(new_method_call(REGISTRY, "Register", "sa{sv}", (APPLICATION, {})))

    def _session(self) -> str | None:
        token = next(self._tokens)
        options = {"session_handle_token": ("s", token)}
        results = self._request("CreateSession", "a{sv}", (), options)
        return str(results["session_handle"][1]) if results is not None else None

    def _bind(self, session: str, refused: Callable[[str], None]) -> None:
        shortcuts = [
            (
                name,
                {"description": ("s", wish.does), "preferred_trigger": ("s", trigger(wish.keys))},
            )
            for name, wish in self._wishes.items()
        ]
        results = self._request("BindShortcuts", "oa(sa{sv})sa{sv}", (session, shortcuts, ""), {})
        if results is None:
            return
        given = {name for name, _ in results.get("shortcuts", ("", shortcuts))[1]}
        missing = [wish.does for name, wish in self._wishes.items() if name not in given]
        if missing:
            refused(f"The desktop has given no keys for: {' '.join(missing)}")

    def _listen(self, session: str, pressed: Callable[[str], None]) -> None:
        for message in self._messages():
            fields = message.header.fields
            member = fields.get(HeaderFields.member)
            if member == "Activated" and message.body[:1] == (session,):
                pressed(message.body[1])
            closed = member == "Closed" and fields.get(HeaderFields.path) == session
            if closed or (member == "NameOwnerChanged" and message.body[0] == BUS):
                raise PortalUnavailable(TAKEN_BACK)

    def _request(
        self, method: str, signature: str, given: tuple[Any, ...], options: dict[str, Any]
    ) -> dict[str, Any] | None:
        """What the portal answers once it, or the user, has made up its mind; None when `stop`
        came first. Its answer is a signal, which may come before the call returns."""
        token = next(self._tokens)
        sender = self._connection.unique_name.lstrip(":").replace(".", "_")
        handle = f"{PATH}/request/{sender}/{token}"
        body = (*given, {**options, "handle_token": ("s", token)})
        reply = self._ask(new_method_call(SHORTCUTS, method, signature, body))
        if reply.header.message_type is not MessageType.method_return:
            raise PortalUnavailable(NO_PORTAL)
        others: list[Message] = []
        for message in self._messages():
            if message.header.fields.get(HeaderFields.path) in (handle, reply.body[0]):
                self._early.extend(others)
                code, results = message.body
                if code != 0:
                    raise PortalUnavailable(DECLINED)
                return dict(results)
            others.append(message)
        return None

    def _ask(self, message: Message) -> Message:
        try:
            return self._connection.send_and_get_reply(message, timeout=ANSWER_S)
        except TimeoutError as error:
            raise PortalUnavailable(NO_PORTAL) from error

    def _messages(self) -> Iterator[Message]:
        """Signals until `stop`."""
        while True:
            while self._early:
                yield self._early.popleft()
            try:
                message = self._connection.receive(timeout=0)
            except TimeoutError:
                ready, _, _ = select.select([self._connection.sock, self._wake], [], [])
                if self._wake in ready:
                    return
                continue
            if message.header.message_type is MessageType.signal:
                yield message


def _rules() -> Iterator[MatchRule]:
    """The signals that we need: answers, presses, and the end of it."""
    for interface in (REQUEST, SESSION, SHORTCUTS.interface):
        yield MatchRule(type="signal", sender=BUS, interface=interface)
    gone = MatchRule(type="signal", sender=message_bus.bus_name, member="NameOwnerChanged")
    gone.add_arg_condition(0, BUS)
    yield gone


def trigger(keys: str) -> str:
    """Qt's "Ctrl+Alt+P" as the desktop's "CTRL+ALT+p". The key pad's ("Num") are as any other."""
    *modifiers, key = keys.removesuffix("+").split("+")
    named = _KEYS.get(key, key.lower() if len(key) == 1 else key)
    held = [_MODIFIERS[one] for one in modifiers if one in _MODIFIERS]
    return "+".join([*held, named or "plus"])
