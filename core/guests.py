"""Who else speaks at this machine, beside the user: as it is written, and what it means."""

import re
from dataclasses import dataclass, replace

from core.config import Config
from core.errors import UsageError

MOST = 8
_VOICES = ("+f3", "+m3", "+f5", "+m7", "+f2", "+m5", "+f4", "+m1")
"""How they sound when nobody says it: none as the user, and none as another. Voices that know
nothing of it sound alike."""
FORM = "NAME=SOURCE[,from=CODE][,to=CODE][,voice=NAME]"

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

    def config(self, config: Config) -> Config:
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


def guests(texts: tuple[str, ...]) -> tuple[Guest, ...]:
    """Each under a name of their own. UsageError."""
    found = tuple(
        replace(one, voice=one.voice or _VOICES[number % MOST])
        for number, one in enumerate(map(guest, texts))
    )
    if len({one.name.casefold() for one in found}) < len(found):
        raise UsageError("Each further speaker needs a name of their own.")
    if len(found) > MOST:
        raise UsageError(f"At most {MOST} further speakers can be heard.")
    return found
