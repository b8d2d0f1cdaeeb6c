"""The sound server, the virtual microphone on it, and what was made the default (Linux)."""

from collections.abc import Iterator

from app.devices.machine import Machine
from app.devices.sound_server import VIRTUAL_SOURCE, VOICE_SINK, SoundServer
from app.devices.virtual import microphone_ways
from app.doctor.mending import called, command, mended, packages
from app.doctor.pipewire import user_service
from core.devices import MICROPHONE_NAME
from core.errors import DeviceUnavailable
from core.findings import Finding, State

SERVER, VIRTUAL = "Sound server", "Virtual microphone"
DEFAULT_SOURCE, DEFAULT_SINK = "Default microphone", "Default loudspeaker"
_OURS = (VIRTUAL_SOURCE, VOICE_SINK, f"{VOICE_SINK}.monitor")


def check(machine: Machine) -> Iterator[Finding]:
    if not machine.system.linux:
        return
    try:
        server = machine.probes.sound_server()
    except DeviceUnavailable as exc:
        yield _silent(machine, str(exc))
        return
    yield Finding(SERVER, State.OK, f"{server.name} {server.version}".strip())
    yield _virtual(machine)
    yield from _defaults(machine, server)


def _silent(machine: Machine, says: str) -> Finding:
    finding = Finding(SERVER, State.TROUBLE, says)
    system = machine.system
    if "Python" in says:
        return finding
    if "libpulse" in says:
        fix = packages(
            machine,
            apt="libpulse0",
            dnf="pulseaudio-libs",
            pacman="libpulse",
            zypper="libpulse0",
        )
        return mended(finding, fix)
    if system.which("pipewire-pulse"):
        fix = user_service(machine, "pipewire", "wireplumber", "pipewire-pulse")
        return mended(finding, fix, "systemctl --user start pipewire wireplumber pipewire-pulse")
    if system.which("pulseaudio"):
        return mended(finding, command(machine, "pulseaudio", "--start"))
    fix = packages(
        machine,
        apt="pipewire-pulse wireplumber",
        dnf="pipewire-pulseaudio wireplumber",
        pacman="pipewire-pulse wireplumber",
        zypper="pipewire-pulseaudio wireplumber",
    )
    return mended(finding, fix)


def _virtual(machine: Machine) -> Finding:
    if machine.config.devices.virtual_microphone == "off":
        return Finding(VIRTUAL, State.HINT, "It is switched off in the settings.")
    (way,) = microphone_ways(machine)
    if not way.ready:
        return Finding(VIRTUAL, State.HINT, way.says)
    readers = f" It is heard by {', '.join(way.users)}." if way.users else ""
    return Finding(VIRTUAL, State.OK, f"“{MICROPHONE_NAME}”: {way.says}{readers}")


def _defaults(machine: Machine, server: SoundServer) -> Iterator[Finding]:
    """Ours as a default would put the meeting's own sound, or our own, into the meeting."""
    if server.default_source in _OURS:
        others = [one for one in server.sources if one.name not in _OURS and not one.monitor]
        says = (
            f"“{MICROPHONE_NAME}” is the system's default: programs that are told nothing take it."
        )
        yield _default(machine, DEFAULT_SOURCE, says, "source", [one.name for one in others])
    if server.default_sink in _OURS:
        says = "The system's default loudspeaker is ours: what programs play goes into the meeting."
        sinks = [one.name for one in server.sinks if one.name not in _OURS]
        yield _default(machine, DEFAULT_SINK, says, "sink", sinks)


def _default(machine: Machine, name: str, says: str, kind: str, others: list[str]) -> Finding:
    state = State.TROUBLE if kind == "sink" else State.HINT
    if not others:
        return Finding(name, state, f"{says} There is no other to take its place.")
    first = others[0]
    fix = called(
        f"pactl set-default-{kind} {first}",
        lambda: machine.probes.set_default(kind, first),
        f"{first} is the default.",
    )
    return mended(Finding(name, state, says), fix)
