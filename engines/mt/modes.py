"""Which pairs of languages Apertium has here, and the way from one language to another."""

import re
import shlex
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from core.errors import EngineUnavailable, UsageError
from core.text.languages import language_code, language_name

MODES = Path("/usr/share/apertium/modes")

Pair = tuple[str, str]

_MODE_NAME = re.compile(r"([a-z]{2,3})(?:_\w+)?-([a-z]{2,3})(?:_\w+)?")

# Apertium treats some languages as one, or has one of several standards.
_STANDS_FOR = {"no": "nb", "bs": "sh", "hr": "sh", "sr": "sh"}


def installed(folder: Path = MODES) -> dict[Pair, Path]:
    """The mode file of every pair, by codes as `language_code` gives them. Where a pair has
    regional variants, the plain one counts."""
    pairs: dict[Pair, Path] = {}
    for path in sorted(folder.glob("*.mode"), key=lambda path: (len(path.stem), path.stem)):
        if match := _MODE_NAME.fullmatch(path.stem):
            try:
                pairs.setdefault((language_code(match[1]), language_code(match[2])), path)
            except UsageError:
                continue
    return pairs


def reachable(source: str, pairs: Mapping[Pair, Path]) -> dict[str, tuple[str, ...]]:
    """Every language that can be reached, with the shortest way there (both ends included).
    Of ways with the same length, the one through the language with most pairs."""
    degree: dict[str, int] = {}
    for _, target in pairs:
        degree[target] = degree.get(target, 0) + 1
    ways: dict[str, tuple[str, ...]] = {source: (source,)}
    waiting = deque([source])
    while waiting:
        here = waiting.popleft()
        onward = {target for start, target in pairs if start == here} - ways.keys()
        for there in sorted(onward, key=lambda code: (-degree[code], code)):
            ways[there] = (*ways[here], there)
            waiting.append(there)
    del ways[source]
    return ways


def route(source: str, target: str, pairs: Mapping[Pair, Path]) -> tuple[str, ...]:
    """The languages to go through, ("es", "en") when there is a direct pair. EngineUnavailable
    with what can be reached when there is no way."""
    spoken = {code for pair in pairs for code in pair}
    first, last = (_STANDS_FOR.get(c, c) if c not in spoken else c for c in (source, target))
    ways = reachable(first, pairs)
    if last in ways:
        return ways[last]
    raise EngineUnavailable(_no_way(source, target, sorted(ways)))


def programs(mode: Path) -> list[list[str]]:
    """The commands of a mode file, made fit to be kept running: null flush for each, and no
    marks on unknown words."""
    lines = mode.read_text(encoding="utf-8").splitlines()
    chain = next(line for line in lines if line.strip() and not line.startswith("#"))
    return [_kept_running(shlex.split(step)) for step in chain.split("|")]


def _kept_running(command: list[str]) -> list[str]:
    program, *arguments = command
    return [program, "-z", *("-n" if a == "$1" else a for a in arguments if a != "$2")]


def _no_way(source: str, target: str, reached: list[str]) -> str:
    name = language_name(source)
    known = ", ".join(f"{language_name(code)} ({code})" for code in reached)
    return (
        f"Apertium has no way from {name} to {language_name(target)} here; "
        + (f"from {name} it reaches {known}. " if known else f"it has no pair from {name}. ")
        + "More pairs: `apt-cache search apertium-`, then `sudo apt-get install apertium-eng-spa` "
        + "or the like."
    )
