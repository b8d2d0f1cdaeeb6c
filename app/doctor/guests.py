"""The microphones of those who speak beside the user: whether they are there. Who they are is for
nobody to read who is sent the report."""

from collections.abc import Iterator, Sequence

from app.devices.machine import Machine
from core.chosen import choose
from core.devices import SoundInfo
from core.errors import DeviceUnavailable
from core.findings import Finding, State
from core.guests import guests

MICROPHONES = "Guests' microphones"


def check(machine: Machine) -> Iterator[Finding]:
    """Nothing where nobody is expected, or where the microphone's own check tells it already."""
    from engines.microphone.opening import is_source

    wanted = [one.source for one in guests(machine.config.guests.speakers)]
    if not wanted:
        return
    try:
        infos = machine.probes.microphones()
    except DeviceUnavailable:
        return
    missing = [one for one in wanted if not is_source(one) and not _is_there(one, infos)]
    if not missing:
        yield Finding(MICROPHONES, State.OK, f"All are there: {', '.join(wanted)}.")
        return
    absent = " ".join(f"There is no microphone called {one}." for one in missing)
    says = f"{absent} Plug it in, or choose another one for the guest in the settings."
    yield Finding(MICROPHONES, State.HINT, says)


def _is_there(wanted: str, infos: Sequence[SoundInfo]) -> bool:
    found = choose(wanted, infos, "microphone")
    return found is not None and not found.info.ours
