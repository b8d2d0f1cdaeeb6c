"""The demo speaker's mouth: lips, teeth and tongue for six mouth parameters, drawn each time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.demo.head import MOUTH_Y, Plane, vector

JAW = 0.2
"""How far the chin goes down, in units of the head, when the jaw is open."""
LEFT, TOP, RIGHT, BOTTOM = -0.55, 0.62, 0.55, 1.42
"""The part of the head's plane that is redrawn."""
_UPPER_LIP = vector(184, 104, 94)
_LOWER_LIP = vector(196, 116, 104)


@dataclass(frozen=True)
class Lips:
    """Edges of the lips for each column: upper lip from `top` to `inner_top`, lower lip from
    `inner_bottom` to `bottom`; `within` is 0 beyond the corners. `teeth`: how far the upper
    teeth show, 0 to 1."""

    top: Plane
    inner_top: Plane
    inner_bottom: Plane
    bottom: Plane
    within: Plane
    along: Plane
    teeth: float


def lips(shape: NDArray[np.float32], x: Plane) -> Lips:
    """`shape` as in core.types.MOUTH_PARAMETERS, `x` in units of the head."""
    jaw, width, rounded, upper, press, tuck = (float(value) for value in shape)
    half = 0.33 * (1 + 0.16 * width - 0.4 * rounded - 0.05 * jaw)
    along = np.clip(np.abs(x) / half, 0, 1)
    arch = np.sqrt(1 - along**2)
    gap = max(0.0, (0.98 * JAW * jaw + 0.03 * upper) * (1 - 0.95 * press))
    thin = 1 - 0.5 * press
    line = MOUTH_Y - 0.038 * along**2 * (1 - rounded) + 0.35 * JAW * jaw * along**2
    inner_top = line - (0.035 * upper + 0.02 * jaw) * arch + 0.008 * (1 - arch)
    inner_bottom = np.maximum(inner_top, line + gap * arch ** (1.2 - 0.4 * rounded))
    inner_bottom -= 0.03 * tuck * arch
    inner_bottom = np.maximum(inner_bottom, inner_top)
    bow = 1 - 0.22 * np.exp(-((x / 0.05) ** 2)) + 0.06 * np.exp(-(((np.abs(x) - 0.09) / 0.05) ** 2))
    top = inner_top - (0.082 + 0.02 * rounded) * thin * arch**1.3 * bow
    full = (0.1 + 0.025 * rounded - 0.012 * jaw) * thin * (1 - 0.55 * tuck)
    bottom = inner_bottom + full * arch**0.8
    return Lips(
        top, inner_top, inner_bottom, bottom, (along < 1).astype(np.float32), along, 1 - rounded
    )


def paint_mouth(
    skin: NDArray[np.uint8], shape: NDArray[np.float32], x: Plane, y: Plane, unit: float
) -> NDArray[np.uint8]:
    """The mouth on a piece of RGB skin whose columns lie at `x` and rows at `y` (head units)."""
    edge = lips(shape, x)
    down = y[:, None]

    def between(upper: Plane, lower: Plane, soft: float = 1.0) -> Plane:
        grow = unit / soft
        inside = np.clip((down - upper) * grow + 0.5, 0, 1) * np.clip(
            (lower - down) * grow + 0.5, 0, 1
        )
        return inside * edge.within

    colour = skin.astype(np.float32)
    soft_shadow = between(edge.bottom, edge.bottom + 0.05, 5) * (1 - edge.along)
    colour *= (1 - 0.22 * soft_shadow)[..., None]
    if (edge.inner_bottom - edge.inner_top).max() * unit > 0.6:
        inside = between(edge.inner_top, edge.inner_bottom)
        _over(colour, _interior(edge, x, down, unit), inside)
    _over(colour, _upper_lip(edge, down), between(edge.top, edge.inner_top))
    _over(colour, _lower_lip(edge, x, down), between(edge.inner_bottom, edge.bottom))
    _over(colour, vector(104, 44, 42), _seam(edge, down, unit))
    return colour.clip(0, 255).astype(np.uint8)


def _upper_lip(edge: Lips, down: Plane) -> Plane:
    height = np.maximum(edge.inner_top - edge.top, 1e-4)
    rise = np.clip((down - edge.top) / height, 0, 1)
    return np.asarray(_UPPER_LIP * (1.08 - 0.34 * rise)[..., None])


def _lower_lip(edge: Lips, x: Plane, down: Plane) -> Plane:
    height = np.maximum(edge.bottom - edge.inner_bottom, 1e-4)
    fall = np.clip((down - edge.inner_bottom) / height, 0, 1)
    shine = np.exp(-(((fall - 0.42) / 0.2) ** 2)) * np.exp(-(((x + 0.05) / 0.13) ** 2))
    tone = _LOWER_LIP * (0.78 + 0.3 * np.sin(fall * 2.4))[..., None]
    return np.asarray(tone + 34 * shine[..., None])


def _seam(edge: Lips, down: Plane, unit: float) -> Plane:
    """The dark line between lips that touch."""
    middle = 0.5 * (edge.inner_top + edge.inner_bottom)
    closed = np.clip(1 - (edge.inner_bottom - edge.inner_top) * unit / 3, 0, 1)
    seam = np.exp(-(((down - middle) * unit / 1.3) ** 2))
    return np.asarray(0.85 * seam * closed * edge.within)


def _interior(edge: Lips, x: Plane, down: Plane, unit: float) -> Plane:
    """Dark, with the upper teeth behind the upper lip and the tongue at the bottom."""
    gap = edge.inner_bottom - edge.inner_top
    colour = np.zeros((len(down), len(x), 3), np.float32) + vector(62, 22, 24)
    tongue = np.hypot(x / 0.2, (down - edge.inner_bottom.max() - 0.015) / 0.085)
    _over(colour, vector(176, 84, 84), 0.9 * np.clip((1 - tongue) * 4, 0, 1))
    low = edge.inner_top + edge.teeth * np.minimum(0.062, 0.8 * gap)
    teeth = np.clip((low - 0.02 * edge.along**2 - down) * unit + 0.5, 0, 1) * (edge.along < 0.9)
    shade = (1 - 0.3 * edge.along**2) * (
        0.84 + 0.16 * np.clip((down - edge.inner_top) / 0.05, 0, 1)
    )
    _over(colour, vector(238, 232, 222) * shade[..., None], teeth)
    return colour


def _over(colour: Plane, paint: Plane, amount: Plane) -> None:
    colour += (paint - colour) * amount[..., None]
