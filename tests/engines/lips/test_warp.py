"""Smooth warp fields."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engines.lips import warp
from engines.lips.warp import COARSE, FINE, Fields, Movable, Region, fetch, maps, swing


def _points() -> NDArray[np.float32]:
    x, y = np.meshgrid(np.linspace(70, 130, 5), np.linspace(60, 110, 4))
    return np.stack([x.ravel(), y.ravel()], 1).astype(np.float32)


_WHOLE, _BOX = Region(0, 0, 200, 200), Region(60, 50, 140, 120)


def _dense(field: NDArray[np.float32], box: Region) -> NDArray[np.float32]:
    """Displacements of all pixels of the box."""
    columns, rows = maps(field, box, box)
    x, y = np.meshgrid(np.arange(box.left, box.right), np.arange(box.top, box.bottom))
    return np.stack([columns - x, rows - y], -1)


def test_the_field_points_from_where_a_landmark_goes_to_where_it_was() -> None:
    before = _points()
    after = before + np.array([3, -2], np.float32)
    fields = Fields(before, after, _WHOLE)
    field = _dense(fields.at(_BOX, FINE, fields.solve(np.arange(len(after)))), _BOX)
    for x, y in after:
        here = field[round(float(y)) - _BOX.top, round(float(x)) - _BOX.left]
        assert np.allclose(here, [-3, 2], atol=0.25)


def test_nothing_moves_at_the_rim() -> None:
    before = _points()
    fields = Fields(before, before + 10, _WHOLE)
    field = _dense(
        fields.at(_WHOLE, COARSE, fields.solve(np.arange(len(before))), fading=True), _WHOLE
    )
    rim = np.concatenate([field[0], field[-1], field[:, 0], field[:, -1]])
    assert np.abs(rim).max() < 0.05


def test_points_left_out_have_no_say() -> None:
    before = _points()
    after = before.copy()
    after[0] += 12
    fields = Fields(before, after, _WHOLE)
    field = _dense(fields.at(_BOX, FINE, fields.solve(np.arange(1, len(after)))), _BOX)
    assert np.abs(field).max() < 1e-2


def test_a_part_is_mapped_as_it_is_in_the_whole() -> None:
    field = np.random.default_rng(0).normal(0, 3, (FINE[1], FINE[0], 2)).astype(np.float32)
    part = Region(70, 60, 90, 80)
    whole, cut = maps(field, _BOX, _BOX), maps(field, _BOX, part)
    for one, other in zip(whole, cut, strict=True):
        assert np.allclose(one[part.within(_BOX)], other, atol=1e-3)


def test_a_map_leads_on_into_another_picture() -> None:
    field = np.ones((FINE[1], FINE[0], 2), np.float32)
    matrix = np.array([[0, 2, 5], [3, 0, 7]], np.float32)
    columns, rows = maps(field, _BOX, _BOX, matrix)
    assert np.isclose(columns[0, 0], 2 * (50 + 1) + 5)
    assert np.isclose(rows[0, 0], 3 * (60 + 1) + 7)


def test_both_ways_map_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    field = np.random.default_rng(0).normal(0, 3, (FINE[1], FINE[0], 2)).astype(np.float32)
    part = Region(63, 70, 120, 115)
    loop = maps(field, _BOX, part)
    monkeypatch.setattr(warp, "spread_down", None)
    for one, other in zip(loop, maps(field, _BOX, part), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-3)


@pytest.mark.parametrize("box", [_BOX, Region(-9, 120, 70, 205)])
def test_a_moved_picture_is_the_one_that_is_fetched(box: Region) -> None:
    random = np.random.default_rng(2)
    source = cv2.GaussianBlur(random.integers(0, 256, (200, 200, 3), dtype=np.uint8), (0, 0), 3)
    field = random.normal(0, 4, (COARSE[1], COARSE[0], 2)).astype(np.float32)
    part = box.clipped(_WHOLE)
    fetched = fetch(source, *maps(field, box, part), cv2.INTER_LINEAR)
    around = Movable(source, part.widened(swing(field)))
    difference = around.moved(box, (field, part)).astype(int) - fetched
    assert np.abs(difference).max() <= 3


def test_pieces_of_a_moved_picture_lie_one_below_the_other() -> None:
    random = np.random.default_rng(2)
    source = random.integers(0, 256, (200, 200, 3), dtype=np.uint8)
    one, other = random.normal(0, 4, (2, COARSE[1], COARSE[0], 2)).astype(np.float32)
    around = Movable(source, _WHOLE)
    above, below = _BOX.rows(slice(0, 30)), _BOX.rows(slice(20, 70))
    both = around.moved(_BOX, (one, above), (other, below))
    assert (both[:30] == around.moved(_BOX, (one, above))).all()
    assert (both[30:] == around.moved(_BOX, (other, below))).all()


def test_regions_cut_each_other() -> None:
    cut = Region(-5, -5, 10, 10).clipped(Region(0, 0, 6, 100))
    assert (cut.left, cut.top, cut.right, cut.bottom) == (0, 0, 6, 10)
    apart = Region(0, 0, 2, 2).clipped(Region(5, 5, 9, 9))
    assert apart.width == 0 and apart.height == 0
