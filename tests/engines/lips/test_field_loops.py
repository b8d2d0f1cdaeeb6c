"""Steps over a field's grids with compiled loops, and without."""

import cv2
import numpy as np
import pytest

from engines.lips import drawing
from engines.lips import points as at
from engines.lips.warp import COARSE, FINE, Region

pytestmark = pytest.mark.skipif(drawing.join is None, reason="numba does not work here")

_RANDOM = np.random.default_rng(3)
_WHOLE = Region(380, 290, 641, 563)


def _field(grid: tuple[int, int], layers: int) -> np.ndarray:
    return _RANDOM.standard_normal((grid[1], grid[0], layers)).astype(np.float32)


def test_both_ways_fade_alike_beyond_an_outline() -> None:
    points = (_RANDOM.standard_normal((60, 2)) * [40, 30] + [500, 420]).astype(np.float32)
    corners = np.ascontiguousarray(cv2.convexHull(points)[:, 0])
    plain, unit = _field(COARSE, 2), 60.0
    loop = plain.copy()
    plain *= drawing._share_around(corners, _WHOLE, unit)
    wide, high = _WHOLE.width / COARSE[0], _WHOLE.height / COARSE[1]
    start = _WHOLE.left + wide / 2 - 0.5, _WHOLE.top + high / 2 - 0.5
    reach = drawing._OUTSIDE * unit, drawing._FADING * unit
    drawing.fade_beyond(corners, *start, wide, high, *reach, loop)
    assert (loop == 0).any() and (loop != 0).any()
    np.testing.assert_allclose(loop, plain, atol=1e-4)


def test_both_ways_join_fine_and_coarse_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    rim, far, near = Region(430, 380, 570, 490), _field(COARSE, 2), _field(FINE, 4)
    loop = drawing._joined(near.copy(), rim, far, _WHOLE)
    monkeypatch.setattr(drawing, "join", None)
    plain = drawing._joined(near.copy(), rim, far, _WHOLE)
    np.testing.assert_allclose(loop, plain, atol=1e-4)


def test_both_ways_take_a_lips_edge_from_within_it() -> None:
    before = (_RANDOM.standard_normal((len(at.POINTS), 2)) * 30).astype(np.float32)
    opened = np.linspace(0, 1, len(at.UPPER_INNER)).astype(np.float32)
    loop, plain = before.copy(), before.copy()
    lip = at.UPPER_OUTER, at.UPPER_INNER, opened
    drawing.take_within(loop, *lip, drawing._MOST_OF_LIP, 5.0)
    drawing._take_within(plain, *lip, 5.0)
    assert np.abs(loop - before).max() > 1
    np.testing.assert_allclose(loop, plain, atol=1e-4)


@pytest.mark.parametrize("unseen", [0.12, 2.5, 99.0])
def test_both_ways_find_the_same_cells_that_move(unseen: float) -> None:
    field = _field(COARSE, 2)
    field[:3] = 0
    loop, plain = drawing.moving_cells(field, unseen), drawing._moving_cells(field, unseen)
    assert loop == plain or max(loop[1], plain[1]) == -1
