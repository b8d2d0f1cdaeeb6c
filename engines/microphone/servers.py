"""The microphones of a PulseAudio or PipeWire server."""

from collections.abc import Iterator
from contextlib import contextmanager

import pulsectl

from core.devices import SoundInfo
from core.errors import DeviceUnavailable
from engines.microphone.ours import Source, master_of, our_sources

_CONNECT = 2.0


class NoServer(DeviceUnavailable):
    """There is no such server here."""


def server_microphones(*, monitors: bool = False) -> list[SoundInfo]:
    """The system's default first; ours are among them and say so. With `monitors` also what
    carries the sound of a loudspeaker. NoServer."""
    with _server() as pulse:
        modules = {module.index: module.argument or "" for module in pulse.module_list()}
        raw = pulse.source_list()
        sinks = {sink.name: sink.description for sink in pulse.sink_list()}
        default = pulse.server_info().default_source_name
    sources = [
        Source(
            one.name,
            one.description,
            one.monitor_of_sink_name or "",
            one.proplist.get("device.master_device")
            or master_of(modules.get(one.owner_module, "")),
        )
        for one in raw
    ]
    ours = our_sources(sources, sinks)
    infos = [
        SoundInfo(
            one.description,
            one.name,
            channels=max(1, one.channel_count),
            ours=one.name in ours,
            default=one.name == default,
        )
        for one in raw
        if monitors or not one.monitor_of_sink_name
    ]
    return sorted(infos, key=lambda info: (info.ours, not info.default))


@contextmanager
def _server() -> Iterator[pulsectl.Pulse]:
    pulse = pulsectl.Pulse("Translated Camera", connect=False)
    try:
        pulse.connect(timeout=_CONNECT)
        yield pulse
    except (pulsectl.PulseError, pulsectl.PulseDisconnected) as exc:
        raise NoServer(
            "The sound server does not answer. Start PipeWire (with pipewire-pulse) or PulseAudio."
        ) from exc
    finally:
        pulse.close()
