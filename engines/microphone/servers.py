"""The microphones of a PulseAudio or PipeWire server."""

from core.chosen import told_apart
from core.devices import RATE, SoundInfo
from engines.microphone.ours import Source, master_of, our_sources
from engines.microphone.pulse import native_rates
from engines.pulse.server import server


def server_microphones(*, monitors: bool = False) -> list[SoundInfo]:
    """The system's default first; ours are among them and say so. With `monitors` also what
    carries the sound of a loudspeaker. NoServer."""
    with server() as pulse:
        modules = {module.index: module.argument or "" for module in pulse.module_list()}
        raw = pulse.source_list()
        sinks = {sink.name: sink.description for sink in pulse.sink_list()}
        default = pulse.server_info().default_source_name
    rates = native_rates()
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
    names = told_apart(one.description.strip() for one in raw)
    infos = [
        SoundInfo(
            name,
            one.name,
            rates.get(one.name, RATE),
            max(1, one.channel_count),
            ours=one.name in ours,
            default=one.name == default,
        )
        for name, one in zip(names, raw, strict=True)
        if monitors or not one.monitor_of_sink_name
    ]
    return sorted(infos, key=lambda info: (info.ours, not info.default))
