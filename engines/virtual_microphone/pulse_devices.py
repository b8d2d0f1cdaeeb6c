"""The two devices of the virtual microphone on a PulseAudio or PipeWire server.

A null sink, into which the voice is played, and a source remapped from its monitor, which
programs can pick (Chromium hides bare monitors). Both are known by their names, so those that a
crash left behind are found again; what this program made carries a mark, and only that is ever
removed: devices which the user has set up for good stay.
"""

import contextlib
import logging
import os
import time
from collections.abc import Callable

import pulsectl

from core.devices import MICROPHONE_NAME, RATE
from core.errors import DeviceUnavailable
from engines.pulse.connection import CLIENT
from engines.pulse.server import BROKEN

log = logging.getLogger(__name__)

SINK = "translated_camera_voice"
SOURCE = "translated_microphone"
_OURS = (SINK, SOURCE, f"{SINK}.monitor")
_SINK_TITLE = "Translated Camera voice"
_MARK = "translated_camera.temporary=1"
_APPEAR_S = 3.0
_LINGERS_S = 1.0
_SETTLING_S = 10.0
"""Servers choose their defaults anew for so long after a device has come or gone; what changes
later is the user's own wish."""
_QUIET = "priority.session=-1 priority.driver=-1"
"""PipeWire's session manager makes the device with the highest of these the default; devices
without them count as 0."""


class PulseDevices:
    """Keeps both devices there. One thread."""

    sink = SINK

    def __init__(self, pulse: pulsectl.Pulse) -> None:
        self._pulse = pulse
        self._defaults: dict[str, str] = {}
        self._present: frozenset[str] = frozenset()
        self._changed = time.monotonic()
        self._refuse_second()
        self.give_back_defaults()

    def ensure(self) -> bool:
        """Makes what is missing; whether that was anything. DeviceUnavailable."""
        sink, source = self._sink(), self._source()
        if sink and source:
            return False
        if not sink:
            self.remove()  # a source that is left without its sink is silent for ever
            self._load("module-null-sink", _sink_arguments())
            self._await(self._sink)
        if not sink or not source:
            self._load("module-remap-source", _source_arguments())
            self._await(self._source)
        return True

    def rest(self) -> None:
        """Before a stream is opened. PulseAudio's null sink would otherwise go on sleeping, for
        two seconds, by the block that it chose when nobody was there."""
        if sink := self._sink():
            self._pulse.sink_suspend(sink.index, True)

    def wake(self) -> None:
        """Lets the sink take sound again, whoever has suspended it."""
        if sink := self._sink():
            self._pulse.sink_suspend(sink.index, False)

    def remove(self) -> None:
        """Takes away what this program made, here or before a crash."""
        ours = [module for module in self._pulse.module_list() if _MARK in (module.argument or "")]
        for module in reversed(ours):
            with contextlib.suppress(*BROKEN):
                self._pulse.module_unload(module.index)

    def listeners(self) -> tuple[str, ...]:
        """The programs that record from the virtual microphone. Level meters do not count."""
        source = self._source()
        if source is None:
            return ()
        outputs = [one for one in self._pulse.source_output_list() if one.source == source.index]
        return tuple(
            one.proplist.get("application.name", one.name)
            for one in outputs
            if not one.corked and one.resample_method != "peaks" and one.client is not None
        )

    def give_back_defaults(self) -> None:
        """Neither device is ever the default: where the server has just made it so, the one
        before becomes it again. (Into a default sink the meeting's own sound would be played.)"""
        sinks = {one.name: one for one in self._pulse.sink_list()}
        sources = {one.name: one for one in self._pulse.source_list()}
        if (present := frozenset(sinks) | frozenset(sources)) != self._present:
            self._present, self._changed = present, time.monotonic()
        settling = time.monotonic() - self._changed < _SETTLING_S
        now = self._pulse.server_info()
        for kind, devices, name in (
            ("sink", sinks, now.default_sink_name),
            ("source", sources, now.default_source_name),
        ):
            if name not in _OURS:
                self._defaults[kind] = name
            elif settling and (before := devices.get(self._defaults.get(kind))):
                log.info("the sound server made our %s its default; %s again", kind, before.name)
                with contextlib.suppress(*BROKEN):  # a session manager that is not ready
                    self._pulse.default_set(before)

    def _refuse_second(self) -> None:
        """A second, so that what a dead process has left behind can go."""
        end = time.monotonic() + _LINGERS_S
        while self._another():
            if time.monotonic() > end:
                raise DeviceUnavailable(
                    "Another Translated Camera plays into the virtual microphone already."
                    " Close it first."
                )
            time.sleep(0.05)

    def _another(self) -> bool:
        """Whether a process of the same name plays into our sink."""
        sink = self._sink()
        return sink is not None and any(
            one.sink == sink.index
            and one.proplist.get("application.name") == CLIENT
            and one.proplist.get("application.process.id") != str(os.getpid())
            for one in self._pulse.sink_input_list()
        )

    def _sink(self) -> pulsectl.PulseSinkInfo | None:
        return next((one for one in self._pulse.sink_list() if one.name == SINK), None)

    def _source(self) -> pulsectl.PulseSourceInfo | None:
        return next((one for one in self._pulse.source_list() if one.name == SOURCE), None)

    def _load(self, module: str, arguments: str) -> None:
        try:
            self._pulse.module_load(module, arguments)
        except BROKEN as exc:
            raise DeviceUnavailable(
                f"The sound server refuses to make the virtual microphone ({module})."
            ) from exc

    def _await(self, device: Callable[[], object]) -> None:
        """PipeWire answers before the device is there."""
        end = time.monotonic() + _APPEAR_S
        while device() is None:
            if time.monotonic() > end:
                raise DeviceUnavailable("The sound server did not make the virtual microphone.")
            time.sleep(0.01)


def _sink_arguments() -> str:
    return (
        f"sink_name={SINK} rate={RATE} channels=1 channel_map=mono"
        f" sink_properties={_properties(_SINK_TITLE)}"
    )


def _source_arguments() -> str:
    return (
        f"master={SINK}.monitor source_name={SOURCE}"
        " channels=1 channel_map=mono master_channel_map=mono remix=no"
        f" source_properties={_properties(MICROPHONE_NAME)}"
    )


def _properties(title: str) -> str:
    """A name with a space survives only as a quoted string within the quoted argument."""
    return (
        f"'device.description=\"{title}\" device.icon_name=audio-input-microphone {_QUIET} {_MARK}'"
    )
