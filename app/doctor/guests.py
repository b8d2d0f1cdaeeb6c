"""Those who speak beside the user: whether they could be heard and translated. Who they are is for
nobody to read who is sent the report, nor which files stand for them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.devices.machine import Machine
from core.chosen import choose
from core.devices import SoundInfo
from core.errors import DeviceUnavailable
from core.findings import Finding, State
from core.guests import Guest, faults, guests, needs_own

MICROPHONES = "Guests' microphones"
SOMEBODY = "A guest"
_ABSENT_FILE = (
    "A guest is to be heard from a file that is not there: choose another one in the settings."
)


def check(machine: Machine) -> Iterator[Finding]:
    """Nothing where nobody is expected, or where the microphone's own check tells it already."""
    unknown = [replace(one, name=SOMEBODY) for one in guests(machine.config.guests.speakers)]
    if not unknown:
        return
    wrong = [why for _, why in faults(unknown, machine.config)]
    wrong += _absent_files(unknown, machine)
    try:
        infos = machine.probes.microphones()
    except DeviceUnavailable:
        if wrong:
            yield _hint(wrong)
        return
    if _shared(unknown, machine.config.devices.microphone, infos):
        wrong.append(needs_own(unknown[0]))
    if wrong := [*wrong, *_absent(unknown, infos)]:
        yield _hint(wrong)
    else:
        there = ", ".join(_called(one.source) for one in unknown)
        yield Finding(MICROPHONES, State.OK, f"All are there: {there}.")


def _hint(wrong: Sequence[str]) -> Finding:
    return Finding(MICROPHONES, State.HINT, " ".join(dict.fromkeys(wrong)))


def _absent_files(all_: Sequence[Guest], machine: Machine) -> list[str]:
    from engines.microphone.opening import FILE

    paths = [one.source.removeprefix(FILE) for one in all_ if one.source.startswith(FILE)]
    return [_ABSENT_FILE for path in paths if not machine.system.exists(path)]


def _absent(all_: Sequence[Guest], infos: Sequence[SoundInfo]) -> list[str]:
    """What is said of microphones that are not there, and what can be done."""
    from engines.microphone.opening import is_source

    wanted = [one.source for one in all_ if not is_source(one.source)]
    absent = [
        f"There is no microphone called {one}." for one in wanted if _meant(one, infos) is None
    ]
    advice = "Plug it in, or choose another one for the guest in the settings."
    return [*absent, advice] if absent else []


def _shared(all_: Sequence[Guest], own: str, infos: Sequence[SoundInfo]) -> bool:
    """Whether two of them, or one and the user, are heard by the same one, by whatever names."""
    from engines.microphone.opening import is_source

    wanted = [one.source for one in all_ if not is_source(one.source)]
    meant = [_meant(one, infos) for one in wanted]
    if not is_source(own):
        # While the user's is away, another is heard in its place.
        meant.append(_meant(own, infos) or _meant("", infos))
    heard = [info.id for info in meant if info is not None]
    return len(set(heard)) < len(heard)


def _meant(wanted: str, infos: Sequence[SoundInfo]) -> SoundInfo | None:
    found = choose(wanted, infos, "microphone")
    return None if found is None or found.info.ours else found.info


def _called(source: str) -> str:
    from engines.microphone.opening import FILE

    return "file" if source.startswith(FILE) else source
