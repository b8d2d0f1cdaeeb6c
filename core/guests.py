"""Who else speaks at this machine, beside the user: as it is written, and what it means."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.text.languages import language_code, language_name, spoken_code

if TYPE_CHECKING:  # the settings hold what is written as here, and check it
    from core.config import Config

MOST = 8
VOICES = ("+f3", "+m3", "+f5", "+m7", "+f2", "+m5", "+f4", "+m1")
"""How they sound when nobody says it: none as the user, and none as another. Voices that know
nothing of it sound alike."""
FORM = "NAME=SOURCE[,from=CODE][,to=CODE][,voice=NAME]"

_OTHERS = "others"
"""Under this name `core.events.OTHERS` are told of."""
_OPTION = re.compile(r"(.*),\s*(from|to|voice)\s*=\s*([^,]*)", re.DOTALL)


@dataclass(frozen=True)
class Guest:
    """A further speaker: a microphone by name, or what else may stand for one, and what is
    different from the user's settings; empty means: nothing."""

    name: str
    source: str
    from_: str = ""
    to: str = ""
    voice: str = ""

    def config(self, config: "Config") -> "Config":
        """The settings of the session as they are for this speaker."""
        languages = config.languages
        return replace(
            config,
            languages=replace(
                languages,
                source=self.from_ or languages.source,
                target=self.to or languages.target,
            ),
            # Whose own voice the user's settings imitate has agreed for no one else.
            voice=replace(config.voice, name=self.voice, own=""),
        )


def guest(text: str) -> Guest:
    """Written as FORM. The source may hold commas and equals signs of its own. UsageError."""
    name, equals, rest = text.partition("=")
    given: dict[str, str] = {}
    while (option := _OPTION.fullmatch(rest)) is not None:
        rest, key, value = option.groups()
        if key in given:
            raise UsageError(f"{text!r} says {key}= twice.")
        given[key] = value.strip()
    name, source = name.strip(), rest.strip()
    if not (equals and name and source):
        raise UsageError(f"{text!r} is no further speaker; it is written {FORM}.")
    return Guest(name, source, given.get("from", ""), given.get("to", ""), given.get("voice", ""))


def written(one: Guest) -> str:
    """As `guest` reads it. UsageError for one whose name or microphone cannot be written so."""
    given = (("from", one.from_), ("to", one.to), ("voice", one.voice))
    text = f"{one.name}={one.source}" + "".join(f",{key}={said}" for key, said in given if said)
    if guest(text) != one:
        raise UsageError(f"{one.name} cannot be a name here: leave out the equals sign.")
    return text


def guests(texts: Sequence[str]) -> tuple[Guest, ...]:
    """Each under a name and with a voice of their own. UsageError."""
    found = tuple(
        replace(one, voice=one.voice or VOICES[number % MOST])
        for number, one in enumerate(map(guest, texts))
    )
    names = {one.name.casefold() for one in found}
    if _OTHERS in names:
        raise UsageError("Others is what everybody at the far end is called: choose another name.")
    if len(names) < len(found):
        raise UsageError("Each further speaker needs a name of their own.")
    if len(found) > MOST:
        raise UsageError(f"At most {MOST} further speakers can be heard.")
    return found


def check(texts: Sequence[str]) -> None:
    """UsageError where a list of guests makes no sense, whatever the rest of the settings."""
    for one in guests(texts):
        if one.from_:
            spoken_code(one.from_)
        if one.to:
            language_code(one.to)


def needs_own(one: Guest) -> str:
    """That their microphone is also somebody else's: a sentence."""
    return f"{one.name} needs a microphone that nobody else speaks into."


def faults(all_: Sequence[Guest], config: "Config") -> Iterator[tuple[Guest, str]]:
    """Who of them cannot be heard or translated beside the user of these settings, and why."""
    for one in all_:
        if why := _same_language(one, config) or _same_microphone(one, all_, config):
            yield one, why


def _same_language(one: Guest, config: "Config") -> str:
    languages = one.config(config).languages
    try:
        if spoken_code(languages.source) != language_code(languages.target):
            return ""
    except UsageError as error:
        return f"{one.name}: {error}"
    return f"{one.name} speaks {language_name(languages.target)} already: nothing to translate."


def _same_microphone(one: Guest, all_: Sequence[Guest], config: "Config") -> str:
    taken = (config.devices.microphone, *(other.source for other in all_ if other is not one))
    return "" if one.source and one.source not in taken else needs_own(one)
