"""The inside of a mouth with compiled loops, and without."""

import numpy as np
import pytest

from engines.lips import interior
from engines.lips.bank import PATCH, View
from engines.lips.compiled import compiled
from engines.lips.interior import Opening, compose

pytestmark = pytest.mark.skipif(interior.lay_view is None, reason="numba does not work here")

_SKIN = np.array([200, 160, 140], np.float32)


def _edges(first: int, last: int, height: float) -> tuple[np.ndarray, np.ndarray]:
    x = np.linspace(-1, 1, last - first)
    top, bottom = (np.full(PATCH[0], 30, np.float32) for _ in range(2))
    bottom[first:last] += (height * (1 - x * x)).astype(np.float32)
    return top, bottom


def _view(height: float, seed: int) -> View:
    random = np.random.default_rng(seed)
    image = np.repeat(random.integers(20, 220, (14, 24, 3), np.uint8), 8, 0).repeat(8, 1)
    top, bottom = _edges(50, 140, height)
    dark = np.array([40, 20, 20], np.float32)
    facing = (0.0, 0.1)
    return View(
        np.ascontiguousarray(image), top, bottom, 0.5, 0.1, 0.9, facing, _SKIN, 1, 0.5, 0.4, dark
    )


@pytest.mark.parametrize("height", [8.0, 25.0, 45.0])
@pytest.mark.parametrize("round_", [0.0, 0.8])
def test_both_ways_draw_the_same(
    height: float, round_: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening = Opening(*_edges(40, 150, height))
    views = [(_view(20.0, 1), 0.7), (_view(30.0, 2), 0.3)]
    light = _SKIN * np.float32(0.8)
    compiled_ = compose(opening, views, light, round_).astype(int)
    for loop in ("fit_columns", "lay_view", "shaded"):
        assert getattr(interior, loop) is not None
        monkeypatch.setattr(interior, loop, None)
    plain = compose(opening, views, light, round_).astype(int)
    # OpenCV looks between pixels in steps of a 32nd.
    assert np.abs(compiled_ - plain).max() <= 8
    assert np.abs(compiled_ - plain).mean() < 1


def test_what_cannot_be_compiled_is_done_without() -> None:
    @compiled("f4(f4)")
    def impossible(value: float) -> float:
        return _Unknown(value).half

    assert impossible is None


class _Unknown:
    def __init__(self, value: float) -> None:
        self.half = value / 2
