"""Captions as cues: short enough to be shown, long enough to be read, one after the other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.captions.caption import Caption
from core.captions.wrap import COLUMNS, LINES, clean, columns, evenly, fits, lines

SHORTEST = 1000
LONGEST = 7000
_LEAST = 500
"""Milliseconds. A cue lasts SHORTEST where there is room before the next, and never less than
_LEAST: of two that begin together the later one waits that long."""

_PER_COLUMN = 55
"""Milliseconds that a reader takes for a column: 18 letters a second."""


@dataclass(frozen=True)
class Cue:
    """Some lines, from `start` to `end` in whole milliseconds."""

    start: int
    end: int
    lines: tuple[str, ...]
    speaker: str = ""


def cues(captions: Iterable[Caption], sides: Sequence[str]) -> list[Cue]:
    """The captions in the order of their start, none overlapping another. `sides` names the
    texts of each: "source", "translation" or both, the first on top; all of them together never
    have more than two lines."""
    shown = sorted(
        (caption for caption in captions if _texts(caption, sides)),
        key=lambda caption: (caption.start, caption.number),
    )
    done: list[Cue] = []
    for index, caption in enumerate(shown):
        free = done[-1].end if done else 0
        start = max(free, _milliseconds(caption.start))
        following = shown[index + 1].start if index + 1 < len(shown) else None
        blocks = _blocks(_texts(caption, sides))
        until = None if following is None else _milliseconds(following)
        end = _end(start, _milliseconds(caption.end), until, blocks)
        done += _spread(blocks, start, end, caption.speaker)
    return done


def _texts(caption: Caption, sides: Sequence[str]) -> list[str]:
    texts = {"source": clean(caption.source), "translation": clean(caption.translation)}
    return [texts[side] for side in sides] if any(texts[side] for side in sides) else []


def _blocks(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """The texts cut alongside each other into as few blocks as have room for their lines."""
    each = LINES // len(texts)
    count = max(1, *(-(-columns(text) // (each * COLUMNS)) for text in texts))
    while not all(fits(piece, each) for text in texts for piece in evenly(text, count)):
        count += 1 + count // 32
    blocks = (
        tuple(line for piece in together for line in lines(piece))
        for together in zip(*(evenly(text, count) for text in texts), strict=True)
    )
    return [block for block in blocks if block]


def _end(start: int, wanted: int, until: int | None, blocks: Sequence[tuple[str, ...]]) -> int:
    """When the last cue ends: as spoken, later if it could not be read by then, earlier if the
    next begins."""
    width = sum(columns(line) for block in blocks for line in block)
    readable = max(SHORTEST * len(blocks), _PER_COLUMN * width)
    end = max(wanted, start + readable)
    if until is not None:
        end = min(end, until)
    return min(max(end, start + _LEAST * len(blocks)), start + LONGEST * len(blocks))


def _spread(blocks: Sequence[tuple[str, ...]], start: int, end: int, speaker: str) -> Iterator[Cue]:
    """Each block for a share of the time that goes with its length, none below _LEAST."""
    widths = [sum(map(columns, block)) or 1 for block in blocks]
    spare = end - start - _LEAST * len(blocks)
    edges = [start]
    for index, _ in enumerate(blocks, start=1):
        share = spare * sum(widths[:index]) // sum(widths)
        edges.append(start + _LEAST * index + share)
    for (begin, stop), block in zip(pairwise(edges), blocks, strict=True):
        yield Cue(begin, min(stop, begin + LONGEST), block, speaker)


def _milliseconds(seconds: float) -> int:
    return max(0, round(seconds * 1000))
