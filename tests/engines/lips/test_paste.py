"""Laying pictures over others, with compiled loops and without."""

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.lips import paste, paste_loops

_RANDOM = np.random.default_rng(5)

Image = NDArray[np.uint8]


def _picture(height: int, width: int) -> Image:
    return _RANDOM.integers(0, 256, (height, width, 3), dtype=np.uint8)


def _mask() -> Image:
    """Nothing in its first and last rows and columns, everything in its middle."""
    mask = _RANDOM.integers(0, 256, (20, 30), dtype=np.uint8)
    mask[[0, -1]] = mask[:, [0, 1, -1]] = 0
    mask[8:12] = 255
    return mask


@pytest.fixture(params=["compiled", "plain"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "plain":
        monkeypatch.setattr(paste_loops, "lay", None)
        monkeypatch.setattr(paste_loops, "lay_sharper", None)
    elif paste_loops.lay is None:
        pytest.skip("numba does not work here")
    return str(request.param)


def test_a_picture_is_laid_by_its_mask(way: str) -> None:
    below, above, mask = _picture(40, 50), _picture(20, 30), _mask()
    canvas = below.copy()
    paste.lay(canvas, 9, 11, above, mask)
    share = mask[..., None] / 255
    wanted = below.astype(float)
    wanted[9:29, 11:41] += share * (above - wanted[9:29, 11:41])
    assert np.abs(canvas - wanted).max() < 0.52


def test_nothing_changes_where_the_mask_is_0(way: str) -> None:
    below, above, mask = _picture(40, 50), _picture(20, 30), _mask()
    for amount in (0.0, 0.8):
        canvas = below.copy()
        paste.lay_sharper(canvas, 9, 11, above, mask, amount)
        assert (canvas != below).any()
        canvas[9:29, 11:41][mask > 0] = below[9:29, 11:41][mask > 0]
        assert (canvas == below).all()


def test_both_ways_sharpen_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    if paste_loops.lay_sharper is None:
        pytest.skip("numba does not work here")
    canvas, above, mask = _picture(40, 50), _picture(20, 30), _mask()
    loop, plain = canvas.copy(), canvas.copy()
    paste.lay_sharper(loop, 9, 11, above, mask, 0.6)
    monkeypatch.setattr(paste_loops, "lay_sharper", None)
    paste.lay_sharper(plain, 9, 11, above, mask, 0.6)
    assert np.abs(loop.astype(int) - plain).max() <= 1
