"""Who else speaks at this machine, beside the user: as it is written, and what it means."""

import re
from collections.abc import Callable, Iterator, Sequence
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
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


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
    """Written as FORM. The source may hold commas and equals signs of its own; one that would be
    taken for something else stands in double quotes. UsageError, without the text: who speaks is
    nothing for a log."""
    name, equals, rest = text.partition("=")
    given: dict[str, str] = {}
    while (option := _option(rest)) is not None:
        rest, key, value = option.groups()
        if key in given:
            raise UsageError(f"It says {key}= twice.")
        given[key] = value.strip()
    name, source = called(name), _unquoted(rest.strip())
    if not (equals and name and source):
        raise UsageError(f"A further speaker is written {FORM}.")
    return Guest(name, source, given.get("from", ""), given.get("to", ""), given.get("voice", ""))


def called(name: str) -> str:
    """A name as it is kept: on one line, with single blanks."""
    return " ".join(name.split())


def written(one: Guest) -> str:
    """As `guest` reads it. UsageError for one whose name cannot be written so."""
    given = (("from", one.from_), ("to", one.to), ("voice", one.voice))
    options = "".join(f",{key}={said}" for key, said in given if said)
    for source in (one.source, _quoted(one.source)):
        text = f"{one.name}={source}{options}"
        if _means(text, one):
            return text
    raise UsageError(f"{one.name} cannot be a name here: leave out the equals sign.")


def _means(text: str, one: Guest) -> bool:
    try:
        return guest(text) == one
    except UsageError:
        return False


def guests(texts: Sequence[str], before: Sequence[Guest] = ()) -> tuple[Guest, ...]:
    """All that are written well, each with a voice of their own: the one that they had `before`,
    if nobody has asked for it since."""
    bad = wrong(texts)
    found = [guest(text) for at, text in enumerate(texts) if at not in bad]
    free = [voice for voice in VOICES if not any(one.voice.endswith(voice) for one in found)]
    had = {one.name: one.voice for one in before}
    voices = {one.name: one.voice for one in found if one.voice}
    for one in found:
        if one.name not in voices and had.get(one.name) in free:
            voices[one.name] = free.pop(free.index(had[one.name]))
    return tuple(replace(one, voice=voices.get(one.name) or free.pop(0)) for one in found)


def wrong(texts: Sequence[str]) -> dict[int, str]:
    """What is wrong with those that count for nothing, by their places; whatever the rest of the
    settings."""
    good: list[Guest] = []
    bad: dict[int, str] = {}
    for at, text in enumerate(texts):
        try:
            one = guest(text)
            _refuse(one, good)
        except UsageError as error:
            bad[at] = str(error)
        else:
            good.append(one)
    return bad


def check(texts: Sequence[str]) -> None:
    """UsageError, with the text, for the first that counts for nothing."""
    for at, why in wrong(texts).items():
        raise UsageError(f"{texts[at]!r}: {why}")


def _refuse(one: Guest, others: Sequence[Guest]) -> None:
    """UsageError."""
    if one.name.casefold() == _OTHERS:
        raise UsageError(as_the_others(one.name))
    if one.name.casefold() in (other.name.casefold() for other in others):
        raise UsageError("Each further speaker needs a name of their own.")
    if not (_is_language(one.from_, spoken_code) and _is_language(one.to, language_code)):
        raise UsageError(
            'There is no such language. Give a code such as "en" or a name such as "English".'
        )
    if len(others) >= MOST:
        raise UsageError(f"At most {MOST} further speakers can be heard.")


def _is_language(given: str, read: Callable[[str], str]) -> bool:
    try:
        return not given or bool(read(given))
    except UsageError:
        return False


def _option(text: str) -> re.Match[str] | None:
    """The last one; what stands in quotes is none."""
    return None if _QUOTED.fullmatch(text.strip()) else _OPTION.fullmatch(text)


def _quoted(source: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", source) + '"'


def _unquoted(text: str) -> str:
    quoted = _QUOTED.fullmatch(text)
    return re.sub(r"\\(.)", r"\1", quoted[1], flags=re.DOTALL) if quoted else text


def as_the_others(name: str) -> str:
    """That the others are called so: a sentence."""
    return f"{name} is what everybody at the far end is called: choose another name."


def needs_own(one: Guest) -> str:
    """That their microphone is also somebody else's: a sentence."""
    return f"{one.name} needs a microphone that nobody else speaks into."


def faults(
    all_: Sequence[Guest], config: "Config", *, translated: bool = True
) -> Iterator[tuple[Guest, str]]:
    """Who of them cannot be heard, or cannot be `translated`, beside the user of these settings,
    and why."""
    for one in all_:
        why = _same_language(one, config) if translated else ""
        if why := why or _same_microphone(one, all_, config):
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
    """As far as the names tell; what is opened may be the same under another one."""
    taken = (config.devices.microphone, *(other.source for other in all_ if other is not one))
    return needs_own(one) if one.source.casefold() in map(str.casefold, taken) else ""
