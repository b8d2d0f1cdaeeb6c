"""Right-to-left text for a Pillow that cannot lay it out itself: letters joined and in the order
in which they stand. Good for captions, not the whole of Unicode's rules."""

import unicodedata
from functools import cache
from itertools import groupby

from core.captions.graphemes import graphemes

_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_LAM, _ALEFS = "\u0644", "\u0622\u0623\u0625\u0627"
_FORMS = ("<isolated>", "<final>", "<initial>", "<medial>")


def visual(text: str, *, rtl: bool) -> str:
    """The text in the order from left to right, in a paragraph of the given direction."""
    if not rtl and not any(unicodedata.bidirectional(char) in ("R", "AL") for char in text):
        return text
    runs = [
        (right, "".join(cluster for _, cluster in group))
        for right, group in groupby(_directed(graphemes(joined(text)), rtl), key=lambda p: p[0])
    ]
    shown = [_turned(run) if right else run for right, run in runs]
    return "".join(reversed(shown) if rtl else shown)


def joined(text: str) -> str:
    """Arabic letters in the forms they take beside each other."""
    done: list[str] = []
    letters = _ligated(list(text))
    for at, char in enumerate(letters):
        before = _neighbour(letters, at, -1)
        after = _neighbour(letters, at, 1)
        linked = (before is not None and len(_forms(before)) == 4 and bool(_forms(char))) * 1
        links = (after is not None and bool(_forms(after)) and len(_forms(char)) == 4) * 2
        done.append(_forms(char).get(_FORMS[linked + links], char))
    return "".join(done)


def _neighbour(letters: list[str], at: int, step: int) -> str | None:
    at += step
    while 0 <= at < len(letters) and unicodedata.category(letters[at][0]) == "Mn":
        at += step
    return letters[at] if 0 <= at < len(letters) else None


def _ligated(chars: list[str]) -> list[str]:
    """Lam with an alef behind it is one letter."""
    done: list[str] = []
    for char in chars:
        if done and done[-1] == _LAM and char in _ALEFS:
            done[-1] += char
        else:
            done.append(char)
    return done


@cache
def _forms(letter: str) -> dict[str, str]:
    """The presentation forms of a letter, four when it joins on both sides."""
    return _all_forms().get(letter, {})


@cache
def _all_forms() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFC00), *range(0xFE70, 0xFEFD)):
        form, *letters = unicodedata.decomposition(chr(code)).split() or ("", "")
        if form in _FORMS and letters[0] != "0020":
            letter = "".join(chr(int(one, 16)) for one in letters)
            table.setdefault(letter, {})[form] = chr(code)
    return table


def _directed(clusters: list[str], rtl: bool) -> list[tuple[bool, str]]:
    """Each with its direction; numbers and Latin run to the right, what is neutral between two
    of one direction goes along, else with the paragraph."""
    strong = [_direction(cluster) for cluster in clusters]
    done: list[tuple[bool, str]] = []
    for at, cluster in enumerate(clusters):
        direction = strong[at]
        if direction is None:
            before = next((d for d in reversed(strong[:at]) if d is not None), rtl)
            after = next((d for d in strong[at:] if d is not None), rtl)
            direction = before if before == after else rtl
        done.append((direction, cluster))
    return done


def _direction(cluster: str) -> bool | None:
    kind = unicodedata.bidirectional(cluster[0])
    if kind in ("R", "AL"):
        return True
    return False if kind in ("L", "EN", "AN") else None


def _turned(run: str) -> str:
    return "".join(reversed(graphemes(run.translate(_MIRRORED))))
