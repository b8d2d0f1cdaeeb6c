"""How a face looks, read off in compiled loops and in OpenCV."""

import cv2
import numpy as np
import pytest

from engines.face import looks, looks_loops

pytestmark = pytest.mark.skipif(looks_loops.edges is None, reason="numba does not work here")


def picture() -> np.ndarray:
    coarse = np.random.default_rng(3).integers(0, 255, (24, 24, 3), np.uint8)
    return np.asarray(cv2.resize(coarse, (192, 192), interpolation=cv2.INTER_CUBIC), np.uint8)


def places(low: float, high: float) -> np.ndarray:
    return np.random.default_rng(4).uniform(low, high, (468, 2)).astype(np.float32)


def test_both_ways_see_the_same_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    marks, skin = looks._marks(picture(), places(30, 160))
    monkeypatch.setattr(looks, "edges", None)
    plain, plain_skin = looks._marks(picture(), places(30, 160))
    assert marks == pytest.approx(plain, abs=0.01)
    assert skin == pytest.approx(plain_skin, abs=1e-5)


def test_both_ways_see_the_same_detail(monkeypatch: pytest.MonkeyPatch) -> None:
    sharp = looks._sharpness(picture(), places(30, 160))
    monkeypatch.setattr(looks, "detail", None)
    assert sharp == pytest.approx(looks._sharpness(picture(), places(30, 160)))


@pytest.mark.parametrize("place", [-50.0, 250.0])
def test_a_mouth_beyond_the_picture_is_looked_for_at_its_edge(place: float) -> None:
    marks, skin = looks._marks(picture(), np.full((468, 2), place, np.float32))
    assert np.isfinite(marks).all()
    assert np.isfinite(skin).all()
