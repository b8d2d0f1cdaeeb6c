"""Smooth warp fields."""

import numpy as np
from numpy.typing import NDArray

from engines.lips.warp import COARSE, FINE, Fields, Region


def _points() -> NDArray[np.float32]:
    x, y = np.meshgrid(np.linspace(70, 130, 5), np.linspace(60, 110, 4))
    return np.stack([x.ravel(), y.ravel()], 1).astype(np.float32)


_WHOLE, _BOX = Region(0, 0, 200, 200), Region(60, 50, 140, 120)


def test_the_field_points_from_where_a_landmark_goes_to_where_it_was() -> None:
    before = _points()
    after = before + np.array([3, -2], np.float32)
    fields = Fields(before, after, _WHOLE)
    field = fields.over(_BOX, FINE, fields.solve(np.arange(len(after))))[0]
    for x, y in after:
        here = field[round(float(y)) - _BOX.top, round(float(x)) - _BOX.left]
        assert np.allclose(here, [-3, 2], atol=0.25)


def test_nothing_moves_at_the_rim() -> None:
    before = _points()
    fields = Fields(before, before + 10, _WHOLE)
    field = fields.over(_WHOLE, COARSE, fields.solve(np.arange(len(before))), fading=True)[0]
    rim = np.concatenate([field[0], field[-1], field[:, 0], field[:, -1]])
    assert np.abs(rim).max() < 0.05


def test_points_left_out_have_no_say() -> None:
    before = _points()
    after = before.copy()
    after[0] += 12
    fields = Fields(before, after, _WHOLE)
    field = fields.over(_BOX, FINE, fields.solve(np.arange(1, len(after))))[0]
    assert np.abs(field).max() < 1e-2


def test_regions_cut_each_other() -> None:
    cut = Region(-5, -5, 10, 10).clipped(Region(0, 0, 6, 100))
    assert (cut.left, cut.top, cut.right, cut.bottom) == (0, 0, 6, 10)
    apart = Region(0, 0, 2, 2).clipped(Region(5, 5, 9, 9))
    assert apart.width == 0 and apart.height == 0
