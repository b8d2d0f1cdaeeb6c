"""Everything that `devices` tells, as data."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

from app.devices.machine import Machine
from app.devices.virtual import Way, camera_ways, microphone_ways, taken
from core.chosen import choose
from core.devices import CameraInfo, CameraMode, SoundInfo
from core.errors import DeviceUnavailable, TranslatedCameraError, UsageError
from core.guests import Guest, guests

Info = CameraInfo | SoundInfo
T = TypeVar("T", bound=Info)


@dataclass(frozen=True)
class Input:
    """A camera or microphone. `taken` is set for the one that a session would take, `why` says
    so; of ours and of broken ones `why` says why they are not taken."""

    info: Info
    taken: bool = False
    why: str = ""
    rate: int = 0
    """Of a microphone, where the system tells."""

    def as_json(self) -> dict[str, Any]:
        found = {**asdict(self.info), "taken": self.taken, "why": self.why}
        if isinstance(self.info, SoundInfo):
            found["rate"] = self.rate or None
        return found


@dataclass(frozen=True)
class Inputs:
    """`trouble`: why they cannot be listed, or why none can be taken, and whose is not there;
    `mode` is what is asked of the camera that is taken."""

    all: tuple[Input, ...] = ()
    trouble: str = ""
    mode: CameraMode | None = None


@dataclass(frozen=True)
class Output:
    """A virtual device: the ways to it, and the one that is taken."""

    ways: tuple[Way, ...] = ()
    taken: Way | None = None
    trouble: str = ""


@dataclass(frozen=True)
class Overview:
    cameras: Inputs
    microphones: Inputs
    virtual_camera: Output
    virtual_microphone: Output

    def as_json(self) -> dict[str, Any]:
        return {
            "cameras": _inputs_json(self.cameras),
            "microphones": _inputs_json(self.microphones),
            "virtual_camera": _output_json(self.virtual_camera),
            "virtual_microphone": _output_json(self.virtual_microphone),
        }


def overview(machine: Machine) -> Overview:
    """Never raises for what is not there."""
    wanted = machine.config.devices
    return Overview(
        _listed("cameras", lambda: _cameras(machine)),
        _listed("microphones", lambda: _microphones(machine)),
        _output(lambda: camera_ways(machine), wanted.virtual_camera),
        _output(lambda: microphone_ways(machine), wanted.virtual_microphone),
    )


def _listed(what: str, look: Callable[[], Inputs]) -> Inputs:
    try:
        return look()
    except (TranslatedCameraError, ImportError, OSError) as exc:
        return Inputs(trouble=f"The {what} cannot be listed: {exc}")


def _cameras(machine: Machine) -> Inputs:
    from engines.camera.listing import choose_camera
    from engines.camera.opening import is_source

    infos = machine.probes.cameras()
    wanted = machine.config.devices.camera
    one, trouble = _chosen(lambda: choose_camera(wanted, infos), wanted, is_source)
    found = tuple(_input(info, one, wanted) for info in infos)
    return Inputs(found, trouble, _mode(one) if isinstance(one, CameraInfo) else None)


def _microphones(machine: Machine) -> Inputs:
    from engines.microphone.listing import choose_microphone
    from engines.microphone.opening import is_source

    infos = machine.probes.microphones()
    wanted = machine.config.devices.microphone
    one, trouble = _chosen(lambda: choose_microphone(wanted, infos), wanted, is_source)
    rates = machine.probes.rates(machine.system) if infos else {}
    known = [info.rate if _is_portaudio(info) else rates.get(info.id, 0) for info in infos]
    found = [_input(info, one, wanted, rate) for info, rate in zip(infos, known, strict=True)]
    return _with_guests(
        Inputs(tuple(found), trouble), infos, guests(machine.config.guests.speakers)
    )


def _with_guests(inputs: Inputs, infos: Sequence[SoundInfo], further: Sequence[Guest]) -> Inputs:
    """Into which of them guests speak, and whose is not there."""
    from engines.microphone.opening import is_source

    for guest in further:
        found = None if is_source(guest.source) else choose(guest.source, infos, "microphone")
        if found is not None and not found.info.ours:
            speaks = f"{guest.name} speaks into it."
            all_ = tuple(
                _more(one, speaks) if one.info is found.info else one for one in inputs.all
            )
            inputs = replace(inputs, all=all_)
        elif not is_source(guest.source):
            absent = f"{guest.name}: there is no microphone called {guest.source}."
            inputs = replace(inputs, trouble=f"{inputs.trouble} {absent}".strip())
    return inputs


def _more(one: Input, why: str) -> Input:
    return replace(one, why=f"{one.why} {why}".strip())


def _is_portaudio(info: SoundInfo) -> bool:
    """A sound server's devices take any rate; PortAudio's have one."""
    return info.id.startswith("portaudio:")


def _chosen(
    choose: Callable[[], Info], wanted: str, is_source: Callable[[str], bool]
) -> tuple[Info | None, str]:
    """What a session takes, else why it takes none."""
    if is_source(wanted):
        return None, f"The settings take {wanted} in place of a device."
    try:
        return choose(), ""
    except (DeviceUnavailable, UsageError) as exc:
        return None, str(exc)


def _input(info: Info, one: Info | None, wanted: str, rate: int = 0) -> Input:
    if info.ours:
        return Input(info, False, "Ours: refused, it would only go round in circles.", rate)
    trouble = getattr(info, "trouble", "")
    if info is not one:
        return Input(info, False, trouble, rate)
    why = "Chosen in the settings." if wanted else _first(info)
    return Input(info, True, " ".join(filter(None, (why, trouble))), rate)


def _first(info: Info) -> str:
    if getattr(info, "default", False):
        return "The system's default."
    return "The first that is not ours."


def _mode(camera: CameraInfo) -> CameraMode | None:
    from engines.camera.modes import best_mode
    from engines.camera.sources import WANTED

    return best_mode(camera.modes, WANTED)


def _output(look: Callable[[], tuple[Way, ...]], wanted: str) -> Output:
    try:
        ways = look()
    except (TranslatedCameraError, ImportError, OSError) as exc:
        return Output(trouble=f"This cannot be looked at: {exc}")
    if wanted == "off":
        return Output(ways, None, "It is switched off in the settings.")
    one = taken(ways, wanted)
    if one is None and wanted not in ("", "auto"):
        return Output(ways, None, f"The settings want {wanted}, which is not ready.")
    return Output(ways, one, "" if one else "None can be had; there is the preview only.")


def _inputs_json(inputs: Inputs) -> dict[str, Any]:
    return {
        "devices": [one.as_json() for one in inputs.all],
        "trouble": inputs.trouble,
        "mode": asdict(inputs.mode) if inputs.mode else None,
    }


def _output_json(output: Output) -> dict[str, Any]:
    return {
        "ways": [asdict(one) for one in output.ways],
        "taken": output.taken.way if output.taken else None,
        "trouble": output.trouble,
    }
