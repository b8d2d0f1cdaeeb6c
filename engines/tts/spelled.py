"""English text as a program that knows plain letters only is to read it: signs and prices become
words, in the order in which they are said."""

import re
import unicodedata

_PUNCTUATION = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": ",", "—": ",", "…": ","}  # noqa: RUF001
)
_COINS = {
    "€": ("euro", "euros"),
    "£": ("pound", "pounds"),
    "¥": ("yen", "yen"),
    "$": ("dollar", "dollars"),
}
_SIGNS = {"€": "euros", "£": "pounds", "¥": "yen", "°": "degrees"}
_PARTS = {
    "½": ("half", "a half"),
    "¼": ("a quarter", "a quarter"),
    "¾": ("three quarters", "three quarters"),
    "⅓": ("a third", "a third"),
    "⅔": ("two thirds", "two thirds"),
}
"""Alone, and after a number."""
_SCALES = {"k": "thousand", "m": "million", "mn": "million", "bn": "billion", "tn": "trillion"}
_SCALES |= {name: name for name in ("hundred", "thousand", "million", "billion", "trillion")}
_INSIDE = "\u00a0"
"""Between words that are said for one: a blank is where the next one begins."""

_PART = "".join(_PARTS)
_NUMBER = rf"\d+(?:[.,]\d+)*[{_PART}]?"
_PRICES = re.compile(
    rf"(?P<before>\w?)(?P<coin>[{''.join(_COINS)}])(?P<gap> ?)"
    rf"(?P<number>{_NUMBER}(?:-{_NUMBER})?|[{_PART}])"
    rf"(?:(?P<blank>[ -]?)(?P<scale>{'|'.join(_SCALES)})\b)?(?P<after>\w?)",
    re.IGNORECASE,
)
_FRACTIONS = re.compile(rf"(?P<whole>\d ?)?(?P<part>[{_PART}])(?P<after>\w?)")
_NAMED = re.compile(rf"(?P<sign>[{''.join(_SIGNS)}])(?P<after>\w?)")
_RANGE = re.compile(r"(?<=\d)[–—](?=\d)")  # noqa: RUF001


def spelled(sentence: str) -> list[str]:
    """What is said for each of `sentence.split()`, empty where that is nothing. Letters lose their
    accents; other scripts are left out."""
    text = _RANGE.sub("-", " ".join(sentence.split()))
    text = _FRACTIONS.sub(_fraction, _PRICES.sub(_price, text))
    text = _NAMED.sub(lambda found: _joined("", _SIGNS[found["sign"]], found["after"]), text)
    return [_ascii(word) for word in text.split(" ")] if text else []


def _price(found: re.Match[str]) -> str:
    """What one has is said last: how much, and then of what."""
    coin, number, scale = found["coin"], found["number"], found["scale"]
    if coin == "$" and not scale:
        return found[0]  # programs know dollars, and cents of them
    said = number
    if scale:
        said += (" " if found["blank"] == " " else _INSIDE) + _SCALES[scale.lower()]
    name = _COINS[coin][0 if said == "1" else 1]
    before = found["before"] + found["gap"]
    return before + _joined("", said + _INSIDE + name, found["after"])


def _fraction(found: re.Match[str]) -> str:
    alone, behind = _PARTS[found["part"]]
    whole = found["whole"] or ""
    said = f"and {behind}" if whole else alone
    return _joined(whole, said.replace(" ", _INSIDE), found["after"])


def _joined(before: str, said: str, after: str) -> str:
    return f"{before}{_INSIDE}{said}{_INSIDE if after else ''}{after}"


def _ascii(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.translate(_PUNCTUATION))
    return " ".join(plain.encode("ascii", "ignore").decode().split())
