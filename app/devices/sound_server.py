"""What a PulseAudio or PipeWire server says about its devices, at one moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.errors import DeviceUnavailable

CLIENT = "Translated Camera"
"""What our own streams are called on a sound server."""
VOICE_SINK = "translated_camera_voice"
VIRTUAL_SOURCE = "translated_microphone"


@dataclass(frozen=True)
class End:
    """A device that plays or records. `users` are the programs that do so through it."""

    name: str
    title: str
    channels: int = 1
    muted: bool = False
    monitor: bool = False
    users: tuple[str, ...] = ()


@dataclass(frozen=True)
class SoundServer:
    name: str
    version: str
    default_sink: str = ""
    default_source: str = ""
    sinks: tuple[End, ...] = ()
    sources: tuple[End, ...] = ()

    def source(self, name: str) -> End | None:
        return next((one for one in self.sources if one.name == name), None)

    def sink(self, name: str) -> End | None:
        return next((one for one in self.sinks if one.name == name), None)


def sound_server() -> SoundServer:
    """DeviceUnavailable when there is none, or what it takes to ask is missing."""
    try:
        from engines.pulse.server import server
    except ImportError as exc:
        raise DeviceUnavailable(f"The Python module {exc.name} is missing.") from exc
    except OSError as exc:
        raise DeviceUnavailable(
            "The sound library libpulse is missing. Install the package libpulse0."
        ) from exc
    with server() as pulse:
        about = pulse.server_info()
        played, recorded = pulse.sink_input_list(), pulse.source_output_list()
        playing = [(one.sink, _program(one)) for one in played if not one.corked]
        # A client of None is the server's own, such as what a remapped source takes.
        recording = [
            (one.source, _program(one))
            for one in recorded
            if not one.corked and one.client is not None and one.resample_method != "peaks"
        ]
        return SoundServer(
            about.server_name,
            about.server_version,
            about.default_sink_name or "",
            about.default_source_name or "",
            tuple(_end(one, playing) for one in pulse.sink_list()),
            tuple(_end(one, recording) for one in pulse.source_list()),
        )


def set_default(kind: str, name: str) -> None:
    """Make a device of this kind ("sink" or "source") the one that programs take when they are
    told nothing. DeviceUnavailable when there is no server any more."""
    from engines.pulse.server import server

    with server() as pulse:
        devices = pulse.sink_list() if kind == "sink" else pulse.source_list()
        pulse.default_set(_called(devices, name))


def unmute(name: str) -> None:
    """Let a microphone be heard again. DeviceUnavailable."""
    from engines.pulse.server import server

    with server() as pulse:
        pulse.mute(_called(pulse.source_list(), name), False)


def _called(devices: Iterable[Any], name: str) -> Any:
    for one in devices:
        if one.name == name:
            return one
    raise DeviceUnavailable(f"{name} is not there any more.")


def _program(stream: object) -> str:
    proplist = getattr(stream, "proplist", {})
    return str(proplist.get("application.name") or getattr(stream, "name", "a program"))


def _end(device: object, streams: list[tuple[int, str]]) -> End:
    given = vars(device)
    users = {program for index, program in streams if index == given["index"]}
    return End(
        given["name"],
        given.get("description") or given["name"],
        int(given.get("channel_count", 1)),
        bool(given.get("mute")),
        bool(given.get("monitor_of_sink_name")),
        tuple(sorted(users)),
    )
