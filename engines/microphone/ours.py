"""Which sources of a sound server would let the program hear what it plays itself."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.devices import CAMERA_NAME, MICROPHONE_NAME

_MASTERS = ("master", "source_master", "source")
"""How modules call the source that they take their sound from."""
_MARKS = (CAMERA_NAME.casefold(), MICROPHONE_NAME.casefold())


@dataclass(frozen=True)
class Source:
    """A source as the server tells it: `monitor_of` is the sink whose sound it is, `master` the
    source that a module makes it from; both empty otherwise."""

    name: str
    description: str
    monitor_of: str = ""
    master: str = ""


def master_of(argument: str) -> str:
    """The source that a module was told to take its sound from; empty when it was told none."""
    try:
        words = shlex.split(argument)
    except ValueError:
        words = argument.split()
    given = dict(word.split("=", 1) for word in words if "=" in word)
    return next((given[name] for name in _MASTERS if name in given), "")


def our_sources(sources: Iterable[Source], sinks: Mapping[str, str]) -> set[str]:
    """The names of those that carry our own sound, however often it was passed on. `sinks`:
    what people call each sink, by its name."""
    by_name = {source.name: source for source in sources}
    our_sinks = {name for name, title in sinks.items() if _is_ours(name, title)}
    for source in by_name.values():
        if _is_ours(source.name, source.description):
            our_sinks |= {one.monitor_of for one in _chain(source, by_name) if one.monitor_of}
    return {
        source.name
        for source in by_name.values()
        if any(
            one.monitor_of in our_sinks or _is_ours(one.name, one.description)
            for one in _chain(source, by_name)
        )
    }


def _chain(source: Source, by_name: Mapping[str, Source]) -> list[Source]:
    """The source, the one that it is made from, and so on."""
    chain = [source]
    while (before := by_name.get(chain[-1].master)) is not None and before not in chain:
        chain.append(before)
    return chain


def _is_ours(name: str, title: str) -> bool:
    words = f"{name.replace('_', ' ')}\n{title}".casefold()
    return any(mark in words for mark in _MARKS)
