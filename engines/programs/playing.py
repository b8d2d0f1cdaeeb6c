"""The programs that play something on a PulseAudio or PipeWire server, and which of them are meant.

What this program plays is left out by who plays it, not by where: so the translation may be heard
in the same headphones as the meeting and is still never taken for the meeting's sound.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pulsectl

from core.chosen import choose
from core.devices import SoundInfo
from engines.headphones.listing import server_outputs
from engines.pulse.connection import CLIENT
from engines.pulse.library import UNSET
from engines.pulse.server import server

_SCREEN_READER = "speech-dispatcher"


@dataclass(frozen=True)
class Program:
    """One stream of sound that a program plays. `index` is the server's number for it."""

    index: int
    name: str
    title: str
    sink: str
    """The name of the device that it plays into."""
    volumes: tuple[float, ...] = (1.0,)
    """Of its channels, as mixers show them: 1 is unchanged."""


def programs(pulse: pulsectl.Pulse, outputs: Iterable[SoundInfo]) -> list[Program]:
    """All that could carry somebody's voice to the user, the oldest first. Not among them: what
    we play, what is played into an output of ours, and what the server passes on by itself."""
    heard = {info.id for info in outputs if not info.ours}
    sinks = {one.index: one.name for one in pulse.sink_list()}
    return [
        Program(
            one.index,
            one.proplist.get("application.name") or one.name or "a program",
            one.name or "",
            sinks[one.sink],
            tuple(one.volume.values),
        )
        for one in pulse.sink_input_list()
        if sinks.get(one.sink) in heard and _is_somebody(one)
    ]


def playing() -> tuple[str, ...]:
    """The names of the programs that play something now, each once. NoServer."""
    with server() as pulse:
        found = programs(pulse, server_outputs(pulse))
    return tuple(dict.fromkeys(one.name for one in found))


def meant(wanted: str, found: Sequence[Program], outputs: Iterable[SoundInfo]) -> list[Program]:
    """`wanted` is "" for all, a program's name or part of it, or an output device's, for all that
    play into it. Capitals do not matter."""
    low = wanted.casefold()
    named = [one for one in found if low in f"{one.name}\n{one.title}".casefold()]
    if named:
        return named
    output = choose(wanted, list(outputs), "output")
    return [one for one in found if output is not None and one.sink == output.info.id]


def _is_somebody(one: pulsectl.PulseSinkInputInfo) -> bool:
    """A stream without a client, or made by a module, repeats what others play."""
    about = one.proplist
    return (
        one.client not in (None, UNSET)
        and "pulse.module.id" not in about
        and about.get("application.name") != CLIENT
        and about.get("application.process.binary") != _SCREEN_READER
        and about.get("media.role") != "event"
    )
