"""The outputs that the user may hear something with."""

import sys
from collections.abc import Mapping

import pulsectl

from core.chosen import told_apart
from core.devices import RATE, SoundInfo
from core.errors import DeviceUnavailable
from engines.microphone.ours import Source, master_of, our_sources

_LINUX = sys.platform.startswith("linux")
_CABLES = ("CABLE Input", "BlackHole 2ch")
"""What is played into these is heard by the meeting."""


def outputs(hearing: str = "") -> list[SoundInfo]:
    """The system's default first. `ours`: what is played there would be heard by the meeting,
    directly or through `hearing`, the user's microphone by name or id ("": the system's).
    DeviceUnavailable."""
    if not _LINUX:
        return _portaudio()
    from engines.pulse.server import server

    with server() as pulse:
        return server_outputs(pulse, hearing)


def server_outputs(pulse: pulsectl.Pulse, hearing: str = "") -> list[SoundInfo]:
    """Of a PulseAudio or PipeWire server."""
    raw = pulse.sink_list()
    info = pulse.server_info()
    default = info.default_sink_name
    titles = {one.name: one.description for one in raw}
    refused = _heard_sinks(pulse, titles, hearing or _microphone(info.default_source_name))
    infos = [
        SoundInfo(
            name,
            one.name,
            RATE,
            max(1, one.channel_count),
            ours=one.name in refused,
            default=one.name == default,
        )
        for name, one in zip(told_apart(one.description for one in raw), raw, strict=True)
    ]
    return sorted(infos, key=lambda info: (info.ours, not info.default))


def _microphone(default: str) -> str:
    """Without a microphone, servers take what a loudspeaker plays for one; we do not."""
    return "" if default.endswith(".monitor") else default


def _heard_sinks(pulse: pulsectl.Pulse, titles: Mapping[str, str], hearing: str) -> set[str]:
    """The names of the sinks whose sound gets to the meeting."""
    modules = {module.index: module.argument or "" for module in pulse.module_list()}
    raw = pulse.source_list()
    sources = {
        one.name: Source(
            one.name,
            one.description,
            one.monitor_of_sink_name or "",
            one.proplist.get("device.master_device")
            or master_of(modules.get(one.owner_module, "")),
        )
        for one in raw
    }
    ours = our_sources(sources.values(), titles)
    told = dict(zip(told_apart(one.description for one in raw), sources, strict=True))
    ours |= {hearing, told.get(hearing, hearing)} & sources.keys()
    heard: set[str] = set()
    for name in ours:
        passed: set[str] = set()
        while name in sources and name not in passed:
            passed.add(name)
            heard.add(sources[name].monitor_of)
            name = sources[name].master
    return heard - {""}


def _portaudio() -> list[SoundInfo]:
    try:
        from engines.microphone.portaudio import look
    except OSError as exc:
        raise DeviceUnavailable(
            "The sound library PortAudio is missing. Install the package libportaudio2."
        ) from exc
    preferred = {"win32": "Windows WASAPI", "darwin": "Core Audio"}.get(sys.platform, "")
    systems, devices = look()
    there = [
        device
        for device in devices
        if device["max_output_channels"] > 0 and systems[device["hostapi"]]["name"] == preferred
    ]
    infos = [
        SoundInfo(
            name,
            name,
            RATE,
            device["max_output_channels"],
            ours=name.startswith(_CABLES),
            default=device["index"] == systems[device["hostapi"]]["default_output_device"],
        )
        for name, device in zip(told_apart(one["name"] for one in there), there, strict=True)
    ]
    return sorted(infos, key=lambda info: (info.ours, not info.default))
