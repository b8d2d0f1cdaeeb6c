"""The microphone: whether there is one, and whether it hears anything."""

from collections.abc import Iterator, Sequence

from app.devices.machine import Machine
from app.doctor.mending import called, mended
from core.devices import SoundInfo
from core.errors import DeviceUnavailable
from core.findings import Finding, State

MICROPHONE, HEARD = "Microphone", "Microphone's sound"
_SILENCE = 1e-6
_FULL = 0.999


def check(machine: Machine) -> Iterator[Finding]:
    from engines.microphone.opening import is_source

    wanted = machine.config.devices.microphone
    if is_source(wanted):
        yield Finding(MICROPHONE, State.OK, f"The settings take {wanted} in place of one.")
        return
    try:
        infos = machine.probes.microphones()
    except DeviceUnavailable as exc:
        yield Finding(MICROPHONE, State.TROUBLE, str(exc), code=DeviceUnavailable.exit_code)
        return
    real = [one for one in infos if not one.ours]
    if not real:
        says = "There is no microphone. Plug one in."
        yield Finding(MICROPHONE, State.TROUBLE, says, code=DeviceUnavailable.exit_code)
        return
    chosen, finding = _chosen(wanted, infos, real)
    yield finding
    yield _heard(machine, chosen, alone=len(real) == 1)


def _chosen(
    wanted: str, infos: Sequence[SoundInfo], real: Sequence[SoundInfo]
) -> tuple[SoundInfo, Finding]:
    from engines.microphone.listing import choose_microphone

    try:
        chosen = choose_microphone(wanted, infos)
    except DeviceUnavailable as exc:
        says = f"{exc} {real[0].name} is taken meanwhile."
        return real[0], Finding(MICROPHONE, State.HINT, says)
    others = f" There are {len(real)} to choose from." if len(real) > 1 else ""
    return chosen, Finding(MICROPHONE, State.OK, f"{chosen.name} is taken.{others}")


def _heard(machine: Machine, chosen: SoundInfo, *, alone: bool) -> Finding:
    if _muted(machine, chosen):
        does = f"pactl set-source-mute {chosen.id} 0"
        fix = called(does, lambda: machine.probes.unmute(chosen.id), f"{chosen.name} is heard.")
        return mended(Finding(HEARD, State.HINT, f"{chosen.name} is muted."), fix)
    try:
        peak = machine.probes.peak(chosen.id)
    except DeviceUnavailable as exc:
        code = DeviceUnavailable.exit_code if alone else 0
        return Finding(HEARD, State.TROUBLE, str(exc), code=code)
    if peak <= _SILENCE:
        says = (
            f"{chosen.name} gives nothing but silence. Is it switched off, or is this program not "
            "allowed to listen?"
        )
        return Finding(HEARD, State.HINT, says)
    if peak >= _FULL:
        says = f"{chosen.name} is as loud as can be, so it distorts: turn its level down."
        return Finding(HEARD, State.HINT, says)
    return Finding(HEARD, State.OK, "There is sound.")


def _muted(machine: Machine, chosen: SoundInfo) -> bool:
    if not machine.system.linux:
        return False
    try:
        source = machine.probes.sound_server().source(chosen.id)
    except DeviceUnavailable:
        return False
    return source is not None and source.muted
