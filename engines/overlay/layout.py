"""How large everything is and where it stands, for a picture of a given size."""

from dataclasses import dataclass

from core.config import Captions, Picture
from engines.overlay.captions import LINES, Place
from engines.overlay.lettering import line_height
from engines.overlay.marks import pill_height

SAFE = 0.05
"""The share of the picture along each edge that stays free."""
SMALLEST_PICTURE = 96
SMALLEST = 10
"""Pixels of type below which nobody reads it."""
_TYPE = 0.042
_MARK = 0.026
_SOURCE = 0.82
_EMS = 24
"""Width of a line in sizes of its type: about 45 letters."""
_MOST = 0.6
"""The share of the height that captions may take."""
_WHITE = (255, 255, 255)
_SOFT = (214, 222, 235)


@dataclass(frozen=True)
class Block:
    """One language's captions: "source" or "target", the size of their type, their place."""

    side: str
    size: int
    place: Place


@dataclass(frozen=True)
class Corner:
    """Where badge and floor indicator stand: the first one's right and top edge."""

    size: int
    right: int
    top: int
    room: int
    up: bool


def readable(width: int, height: int) -> bool:
    return min(width, height) >= SMALLEST_PICTURE


def blocks(captions: Captions, width: int, height: int) -> list[Block]:
    """From the top: what is spoken above what is heard."""
    if not captions.show or not readable(width, height):
        return []
    sides = ("source", "target") if captions.languages == "both" else (captions.languages,)
    size = _size(captions, len(sides), width, height)
    sizes = [max(SMALLEST, round(size * _share(side, sides))) for side in sides]
    heights = [LINES * line_height(one) for one in sizes]
    gap = round(size * 0.2)
    whole = sum(heights) + gap * (len(sides) - 1)
    margin = round(height * SAFE)
    top = margin if captions.position == "top" else height - margin - whole
    room = min(round(width * (1 - 2 * SAFE) - size), round(size * _EMS))
    done = []
    for side, one, tall in zip(sides, sizes, heights, strict=True):
        place = Place((width - room) // 2, top, room, _SOFT if _second(side, sides) else _WHITE)
        done.append(Block(side, one, place))
        top += tall + gap
    return done


def corner(captions: Captions, picture: Picture, width: int, height: int) -> Corner | None:
    """The upper right one, the lower one when captions stand at the top."""
    if not (picture.badge or picture.floor) or not readable(width, height):
        return None
    size = max(SMALLEST, round(_reference(width, height) * _MARK))
    up = captions.show and captions.position == "top"
    margin = round(height * SAFE)
    tall = pill_height(line_height(size))
    right = width - round(width * SAFE)
    top = height - margin - tall if up else margin
    return Corner(size, right, top, round(width * (1 - 2 * SAFE)), up)


def _reference(width: int, height: int) -> float:
    """The height; less in an upright picture, which has no room for lines of that size."""
    return min(height, 1.2 * width)


def _size(captions: Captions, sides: int, width: int, height: int) -> float:
    wanted = _reference(width, height) * _TYPE * captions.size
    fitting = _MOST * height / (sides * LINES * line_height(100) / 100)
    narrowest = width * (1 - 2 * SAFE) / 8
    return max(SMALLEST, min(wanted, fitting, narrowest))


def _second(side: str, sides: tuple[str, ...]) -> bool:
    return side == "source" and len(sides) > 1


def _share(side: str, sides: tuple[str, ...]) -> float:
    return _SOURCE if _second(side, sides) else 1.0
