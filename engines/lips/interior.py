"""What is seen between the lips: the speaker's own teeth and tongue, or a synthetic mouth.

Everything is composed in view pixels (see `bank`): there the upper teeth stand still with the
skull and the lower ones move with the jaw.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.lips.bank import ORIGIN, PATCH, PIXEL, View
from engines.lips.inside_loops import fit_columns, lay_view, shaded

Floats = NDArray[np.float32]
Image = NDArray[np.uint8]
Colour = tuple[float, float, float]


_DEEP = np.array([0.20, 0.09, 0.09], np.float32)
"""The dark of a mouth against the skin's colour."""


_SOFT = np.float32(4.0)
"""Over so many rows one part of the inside passes into another."""
_CAVE = np.array([0.24, 0.30, 0.32], np.float32)
"""The light that lips pushed forward keep out."""
_OWN_SHADE, _FULL_SHADE = 0.12, 0.28
"""How much darker it is right behind the lips. A view of the speaker's own mouth has most of
that shadow already."""


class Opening:
    """The wanted opening in view pixels: only the rows and columns that it touches."""

    def __init__(self, top: Floats, bottom: Floats) -> None:
        open_columns = np.flatnonzero(bottom - top > 0.25)
        first, last = (open_columns[0], open_columns[-1]) if len(open_columns) else (90, 101)
        self.left, self.right = max(0, int(first) - 4), min(PATCH[0], int(last) + 5)
        self.top, self.bottom = top[self.left : self.right], bottom[self.left : self.right]
        self.upper = max(0, int(self.top.min()) - 5)
        self.lower = min(PATCH[1], int(self.bottom.max()) + 6)
        self.rows = np.arange(self.upper, max(self.lower, self.upper + 1), dtype=np.float32)[
            :, None
        ]
        self.columns = np.arange(self.left, self.right, dtype=np.float32)[None]
        self.centre = float(first + last) / 2
        self.half = max(4.0, float(last - first) / 2)

    @property
    def down(self) -> Floats:
        """0 at the upper lip, 1 at the lower."""
        height = np.maximum(self.bottom - self.top, 1.0)
        return np.asarray(np.clip((self.rows - self.top) / height, 0, 1), np.float32)

    @property
    def gap(self) -> float:
        """Height in head units."""
        return float((self.bottom - self.top).max()) * PIXEL


def compose(
    opening: Opening, views: list[tuple[View, float]], skin: Floats, round_: float
) -> Image:
    """The inside of the mouth for `opening`'s rows and columns, lit like `skin`."""
    picture = _own(opening, views, skin) if views else _synthetic(opening, skin, round_)
    depth = _OWN_SHADE if views else _FULL_SHADE
    if shaded is None:
        shade = _shade(opening, round_, depth)
        return np.asarray(cv2.multiply(picture, shade, dtype=cv2.CV_8U), np.uint8)
    first, cave = float(opening.rows[0, 0]), tuple((1 - _CAVE * round_).tolist())
    reach = _reach(round_)
    return np.asarray(shaded(picture, opening.top, opening.bottom, first, depth, reach, cave))


def _own(opening: Opening, views: list[tuple[View, float]], skin: Floats) -> Floats:
    """Each view over those before, by its weight; no colour is stronger than the camera's."""
    picture = np.empty((len(opening.rows), opening.columns.shape[1], 3), np.float32)
    total = 0.0
    for view, weight in views:
        total += weight
        fall = float(opening.bottom.max() - view.bottom.max())
        dark, light = _dark(view), _light(view, skin)
        if fit_columns is None or lay_view is None:
            laid, share = _laid(opening, view, fall, dark, light), np.float32(weight / total)
            picture = laid if weight == total else picture + share * (laid - picture)
            continue
        place = opening.left, opening.top, opening.half
        fitted = fit_columns(view.top, view.bottom, view.split, *place)
        look = dark, light, weight / total
        lay_view(view.image, fitted, opening.rows[0, 0], fall, _SOFT, *look, picture)
    return picture


def _dark(view: View) -> Colour:
    """The colour of what no view shows."""
    deep = (view.skin * _DEEP).tolist()
    red, green, blue = (
        min(max(own, least), 1.4 * least)
        for own, least in zip(view.dark.tolist(), deep, strict=True)
    )
    return red, green, blue


def _light(view: View, skin: Floats) -> Colour:
    """By what a view's colours are multiplied in the present light."""
    both = zip(skin.tolist(), view.skin.tolist(), strict=True)
    red, green, blue = (min(max(now / max(then, 1.0), 0.5), 2.0) for now, then in both)
    return red, green, blue


def _laid(opening: Opening, view: View, fell: float, dark: Colour, light: Colour) -> Floats:
    """One view fitted to the opening: its upper part stays, its lower part goes with the jaw,
    and what neither shows is dark."""
    columns = _columns(opening, view)
    where = np.rint(columns[0]).astype(np.intp)
    rows, fall = opening.rows, np.float32(fell)
    top = view.top[where] + 2
    bottom = np.maximum(top + np.float32(0.5), view.bottom[where] - 2)
    middle = top + np.float32(view.split) * (bottom - top)
    # Where the lip is higher than it was then, the upper part is made longer.
    high = np.maximum(middle - np.minimum(opening.top, top), 1)
    longer = np.clip((middle - top) / high, np.float32(0.5), np.float32(1))
    above = np.where(rows < middle, middle - (middle - rows) * longer, rows)
    above = np.minimum(np.maximum(above, top), np.maximum(top, middle + 3)).astype(np.float32)
    below = np.minimum(np.maximum(rows - fall, np.minimum(middle - 3, bottom)), bottom)
    columns = np.repeat(columns, len(above), 0)
    upper = cv2.remap(view.image, columns, above, cv2.INTER_LINEAR)
    lower = cv2.remap(view.image, columns, below, cv2.INTER_LINEAR)
    share = _rising((rows - middle - fall / 2) / _SOFT + np.float32(0.5))
    picture = cv2.blendLinear(upper, lower, 1 - share, share)
    if fall > 0:
        hole = np.minimum(rows - middle, middle + fall - rows) / _SOFT + np.float32(0.5)
        depth = _rising(hole) * np.float32(min(1.0, fell / 8))
        cave = np.empty_like(picture)
        cave[:] = dark
        picture = cv2.blendLinear(picture, cave, 1 - depth, depth)
    return np.asarray(cv2.multiply(picture, np.array((*light, 0.0))), np.float32)


def _rising(ramp: Floats) -> Floats:
    return np.asarray(np.minimum(np.maximum(ramp, 0), 1), np.float32)


def _columns(opening: Opening, view: View) -> Floats:
    """Which column of the view to show where: teeth keep their width unless the wanted mouth
    is wider than the view's."""
    seen = np.flatnonzero(view.bottom - view.top > 1)
    if not len(seen):
        return opening.columns
    half = max(4.0, float(seen[-1] - seen[0]) / 2)
    centre = float(seen[0] + seen[-1]) / 2
    scale = min(1.0, half / opening.half)
    shift = 1.0 - scale
    columns = opening.columns + shift * (centre - opening.columns)
    return np.asarray(np.clip(columns, seen[0], seen[-1]), np.float32)


def _reach(round_: float) -> float:
    """Over how many rows the lips' shadow fades."""
    return (0.03 + 0.03 * round_) / PIXEL


def _shade(opening: Opening, round_: float, depth: float) -> Floats:
    """The lips' shadow, on the edges and deeper under lips that are pushed forward."""
    rows = opening.rows
    edge = np.minimum(rows - opening.top, np.float32(2.5) * (opening.bottom - rows))
    lit = _rising(edge / np.float32(_reach(round_)))
    shade = np.float32(depth) * lit + np.float32(1 - depth)
    cave = (1 - _CAVE * round_).astype(np.float32)
    return np.asarray(shade[..., None] * cave, np.float32)


def _synthetic(opening: Opening, skin: Floats, round_: float) -> Floats:
    """A plain mouth for a speaker who was not seen talking yet."""
    light = np.float32(np.clip(skin.max() / 205, 0.2, 1.1))
    x = (opening.columns - np.float32(opening.centre)) / np.float32(opening.half)
    down = opening.down
    dark, red = skin * np.array([0.16, 0.08, 0.08]), skin * np.array([0.30, 0.15, 0.14])
    picture = dark + (red - dark) * (1 - down[..., None]) * np.float32(0.5)
    tongue = np.clip((down - 0.58 - 0.25 * x**2) / 0.3, 0, 1) * np.exp(-((x / 0.75) ** 2))
    tongue = tongue * np.float32(np.clip((opening.gap - 0.06) / 0.12, 0, 1) * 0.7)
    flesh = skin * np.array([0.60, 0.40, 0.40])
    picture = picture + (flesh - picture) * tongue[..., None]
    teeth, cover = _teeth(opening, skin, light, round_)
    picture = picture + (teeth - picture) * cover[..., None]
    return np.asarray(np.clip(picture, 0, 255), np.float32)


def _teeth(
    opening: Opening, skin: Floats, light: np.float32, round_: float
) -> tuple[Floats, Floats]:
    """Colour of the upper teeth and where they cover, both for every pixel."""
    x = (opening.columns - ORIGIN[0]) * np.float32(PIXEL)
    arch = np.abs(np.sin(np.pi * (x / 0.085 + 0.5))) ** 0.4
    # The teeth's edge belongs to the skull: an opening that starts lower shows less of them.
    edge = ORIGIN[1] + np.float32(0.070 / PIXEL) * (1 - 3.0 * x**2) * (0.93 + 0.07 * arch)
    shown = np.clip((edge - opening.rows) / 2.5 + 0.5, 0, 1) * np.clip(
        (0.30 - np.abs(x)) / 0.08, 0, 1
    )
    ivory = np.array([205, 196, 178]) * light * np.float32(0.82) + skin * np.float32(0.20)
    round_off = np.exp(-((x / 0.22) ** 2)) * 0.45 + 0.5
    depth = 0.82 + 0.18 * np.clip((opening.rows - opening.top) * PIXEL / 0.05, 0, 1)
    colour = ivory * (round_off * depth * (0.88 + 0.12 * arch))[..., None]
    return np.asarray(colour, np.float32), np.asarray(shown * (1 - 0.5 * round_), np.float32)
