"""The mesh network with a second look at the lips."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.data import astronaut

from engines.face.crop import Crop, _view
from engines.face.fine_mesh import FineMesh
from engines.face.nets import LANDMARKS, Net

_OUTER = [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185]
_INNER = [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191]


@pytest.fixture(scope="module")
def view() -> NDArray[np.uint8]:
    """The portrait's face as the network wants it."""
    return _view(astronaut(), Crop(224.0, 125.0, 210.0, 0.0).to_image)


def _filled(view: NDArray[np.uint8], points: NDArray[np.float32]) -> NDArray[np.bool_]:
    mask = np.zeros(view.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.rint(points).astype(np.int32)], 1)
    return np.asarray(mask, bool)


def _contrast(view: NDArray[np.uint8], points: NDArray[np.float32]) -> float:
    """How much redder the lips are than a ring of the same width outside them."""
    points = points.reshape(-1, 3)[:, :2]
    outer, inner = points[_OUTER], points[_INNER]
    lips = _filled(view, outer) & ~_filled(view, inner)
    ring = _filled(view, 2 * outer - inner) & ~_filled(view, outer)
    red = view[..., 0].astype(float) - view[..., 1]
    return float(red[lips].mean() - red[ring].mean())


def test_the_lips_are_traced_more_closely_than_by_the_plain_mesh(view: NDArray[np.uint8]) -> None:
    plain = Net(LANDMARKS, offset=0.0, scale=255.0)(view)[0]
    fine = FineMesh()(view)[0]
    assert _contrast(view, fine) > max(10.0, 1.1 * _contrast(view, plain))


def test_all_but_the_lips_stays_near_the_plain_mesh(view: NDArray[np.uint8]) -> None:
    plain = Net(LANDMARKS, offset=0.0, scale=255.0)(view)[0].reshape(-1, 3)
    fine = FineMesh()(view)[0]
    rigid = [33, 133, 362, 263, 10, 4, 6, 127, 356]
    assert np.abs(plain - fine)[rigid, :2].mean() < 3.0


def test_an_empty_picture_is_no_face() -> None:
    points, score = FineMesh()(np.zeros((192, 192, 3), np.uint8))
    assert points.shape == (468, 3) and np.isfinite(points).all()
    assert float(score.reshape(-1)[0]) < 0
