"""Thin-plate fields with compiled loops, and without."""

import numpy as np
import pytest

from engines.lips import points as at
from engines.lips import warp
from engines.lips.plate_loops import bend
from engines.lips.warp import COARSE, FINE, Fields, Region

pytestmark = pytest.mark.skipif(bend is None, reason="numba does not work here")

_WHOLE, _BOX = Region(300, 200, 560, 480), Region(350, 260, 500, 400)
_EDGE = 5


def _fields(*, free: bool) -> Fields:
    random = np.random.default_rng(7)
    before = random.uniform((340, 250), (510, 410), (40, 2)).astype(np.float32)
    after = before + random.normal(0, 4, before.shape).astype(np.float32)
    return Fields(before, after, _WHOLE, free=free)


@pytest.mark.parametrize("free", [False, True])
def test_both_ways_solve_and_bend_alike(free: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = _fields(free=free)
    loops = fields.at(_BOX, FINE, fields.solve_pair(_EDGE))
    coarse = fields.at(_WHOLE, COARSE, fields.solve_pair(_EDGE)[:1], fading=True)
    monkeypatch.setattr(warp, "solve_pair", None)
    monkeypatch.setattr(warp, "bend", None)
    plain = fields.at(_BOX, FINE, fields.solve_pair(_EDGE))
    assert np.abs(plain).max() > 3
    np.testing.assert_allclose(loops, plain, atol=0.02)
    wanted = fields.at(_WHOLE, COARSE, fields.solve_pair(_EDGE)[:1], fading=True)
    np.testing.assert_allclose(coarse, wanted, atol=0.02)


def test_each_of_a_pair_goes_through_its_own_edge_alone() -> None:
    before = np.random.default_rng(8).uniform((340, 250), (510, 410), (40, 2)).astype(np.float32)
    after = before.copy()
    after[-_EDGE:] += 9  # the second field's
    fields = Fields(before, after, _WHOLE)
    first, second = fields.at(_BOX, FINE, fields.solve_pair(_EDGE)).reshape(-1, 2, 2).swapaxes(0, 1)
    assert np.abs(first).max() < 1e-2
    assert np.abs(second).max() > 5


def test_the_red_of_a_lip_that_closes_stretches_evenly() -> None:
    before = np.zeros((len(at.POINTS), 2), np.float32)
    across = np.linspace(360, 500, 11)
    rows = {0: at.UPPER_OUTER, 14: at.UPPER_INNER, 70: at.LOWER_INNER, 82: at.LOWER_OUTER}
    beyond = [*at.CHIN, *at.JAW, *at.SIDES, *at.CHEEK, *at.NOSE]
    random = np.random.default_rng(9)
    before[beyond] = random.uniform((310, 420), (550, 470), (len(beyond), 2))
    for down, contour in rows.items():
        before[contour] = np.stack([across, np.full(11, 290 + down)], 1)
    after = before.copy()
    after[at.LOWER_INNER, 1] -= 52
    after[at.LOWER_OUTER, 1] -= 46
    fields = Fields(at.NODES @ before, at.NODES @ after, _WHOLE)
    lower = fields.at(_BOX, FINE, fields.solve_pair(at.OF_A_LIP))[:, :, 2:]
    _, taken = warp.maps(np.ascontiguousarray(lower), _BOX, _BOX)
    inner, outer = after[at.LOWER_INNER[5], 1], after[at.LOWER_OUTER[5], 1]
    down = np.arange(round(float(inner)) + 1, round(float(outer)))
    red = taken[down - _BOX.top, 430 - _BOX.left]
    even = np.interp(down, [inner, outer], [360, 372])
    assert red == pytest.approx(even, abs=1.5)


def test_above_a_lip_nothing_follows_the_other_one() -> None:
    before = np.zeros((len(at.POINTS), 2), np.float32)
    before[:] = np.random.default_rng(5).uniform((330, 300), (530, 460), before.shape)
    after = before.copy()
    after[[*at.LOWER_INNER[1:-1], *at.LOWER_OUTER[2:-2]]] += (0, 9)
    fields = Fields(at.NODES @ before, at.NODES @ after, _WHOLE)
    upper = fields.at(_BOX, FINE, fields.solve_pair(at.OF_A_LIP))[:, :, :2]
    assert np.abs(upper).max() < 0.05
