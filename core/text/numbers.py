"""English numbers that were spoken as words, written in digits where that helps a translation."""

import re
from collections.abc import Sequence

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen"
)
_UNITS = {word: value for value, word in enumerate(_SMALL.split())}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_BELOW_HUNDRED = _UNITS | _TENS
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
    " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_ORDINAL = {word: value for value, word in enumerate(_ORDINALS.split())} | {
    word.removesuffix("y") + "ieth": value for word, value in _TENS.items()
}
_INNER = {"hundred", "and", "point", "oh"} | _SCALES.keys()
_BEFORE_ORDINAL = {"hundred", "and"} | _TENS.keys() | _SCALES.keys()
_HYPHEN = re.compile(rf"\b({'|'.join(_TENS)})-(?=[a-z])", re.IGNORECASE)

_YEARS = range(13, 21)
"""First halves of years that are said in two halves: nineteen eighty four, twenty nineteen."""


def digits(text: str) -> str:
    """Numbers from ten on, decimals, years and clock times in digits: "at five thirty" becomes
    "at 5:30". Small numbers stay words, and so does what could be read in two ways."""
    words = _HYPHEN.sub(r"\1 ", text).split()
    done: list[str] = []
    at = 0
    while at < len(words):
        end = _run_end(words, at)
        if end == at:
            done.append(words[at])
            at += 1
        else:
            done += _written(words, at, end)
            at = end
    return " ".join(done)


def _run_end(words: Sequence[str], start: int) -> int:
    """Where the number words that begin at `start` end."""
    if words[start] not in _BELOW_HUNDRED and not _a_hundred(words, start):
        return start
    end = start + 1
    while end < len(words) and (words[end] in _BELOW_HUNDRED or words[end] in _INNER):
        end += 1
    if (
        end < len(words)
        and words[end] in _ORDINAL
        and words[end - 1]
        in _TENS
        | _SCALES
        | {
            "hundred": 100,
            "and": 0,
        }
    ):
        return end + 1
    while words[end - 1] in ("and", "point", "oh"):
        end -= 1
    return end


def _a_hundred(words: Sequence[str], at: int) -> bool:
    """Whether "a hundred and" something begins here; "a hundred" alone stays as it is."""
    following = " ".join(words[at + 1 : at + 3])
    return words[at] == "a" and following in ("hundred and", "thousand and", "million and")


def _written(words: Sequence[str], start: int, end: int) -> list[str]:
    run = list(words[start:end])
    before = words[start - 1] if start else ""
    after = words[end] if end < len(words) else ""
    if run[-1] in _ORDINAL:
        written = _ordinal(run, before)
    else:
        written = _clock(run, before, after) or _decimal(run) or _year(run) or _whole(run)
    return [written] if written else run


def _ordinal(run: list[str], before: str) -> str:
    last = _ORDINAL[run[-1]]
    if run[-1] == "second" and before != "the":  # a twenty second delay
        return ""
    front = [word for word in run[:-1] if word != "and"]
    value = _cardinal(front) if front else None
    if value is None or value % 10:
        return ""
    total = value + last
    teen = total % 100 in (11, 12, 13)
    return f"{total}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(total % 10, 'th')}"


def _clock(run: list[str], before: str, after: str) -> str:
    if before != "at" and after not in ("am", "pm", "a.m.", "p.m."):
        return ""
    hour, minute = _UNITS.get(run[0], 0), run[1:]
    if not 1 <= hour <= 12 or not minute:
        return ""
    value = _UNITS.get(minute[1], 0) if minute[0] == "oh" and len(minute) == 2 else None
    value = _cardinal(minute) if value is None else value
    early = minute[0] != "oh" and (value or 0) < 10
    return "" if value is None or value > 59 or early else f"{hour}:{value:02d}"


def _decimal(run: list[str]) -> str:
    if "point" not in run:
        return ""
    if run[-1] in _SCALES:
        scaled = _decimal(run[:-1])
        return f"{scaled} {run[-1]}" if scaled else ""
    point = run.index("point")
    whole = _cardinal(run[:point])
    fraction = ["0" if word == "oh" else str(_UNITS.get(word, "?")) for word in run[point + 1 :]]
    if whole is None or not all(len(digit) == 1 and digit.isdigit() for digit in fraction):
        return ""
    return f"{whole}.{''.join(fraction)}"


def _year(run: list[str]) -> str:
    first = _BELOW_HUNDRED.get(run[0])
    if first not in _YEARS:
        return ""
    rest = run[1:]
    if len(rest) == 2 and rest[0] == "oh" and 0 < _UNITS.get(rest[1], 0) < 10:
        return f"{first}0{_UNITS[rest[1]]}"
    second = _cardinal(rest)
    return f"{first}{second}" if second is not None and 10 <= second < 100 else ""


def _whole(run: list[str]) -> str:
    value = _cardinal(run)
    return str(value) if value is not None and value >= 10 else ""


def _cardinal(run: Sequence[str]) -> int | None:
    """The value of number words, or None when they are not exactly one number."""
    total, group, last = 0, 0, ""
    scale_limit = 10**15
    for word in run:
        if word in _SCALES and (group or last == "a") and _SCALES[word] < scale_limit:
            scale_limit = _SCALES[word]
            total, group = total + max(group, 1) * scale_limit, 0
        elif word == "hundred" and (0 < group < 100 or last == "a"):
            group = max(group, 1) * 100
        elif (word == "and" and (last == "hundred" or last in _SCALES)) or (word == "a" == run[0]):
            pass
        elif word in _BELOW_HUNDRED and _fits(word, last):
            group += _BELOW_HUNDRED[word]
        else:
            return None
        last = word
    return None if last in ("and", "a", "") else total + group


def _fits(word: str, last: str) -> bool:
    if last in _TENS:
        return 1 <= _UNITS.get(word, 0) <= 9
    return last in ("", "and", "hundred") or last in _SCALES
