"""From mouth parameters to landmarks."""

import numpy as np
import pytest
from numpy.typing import NDArray

from core.types import Face
from engines.lips import points as at
from engines.lips.head import NosedHead
from engines.lips.rest import RestModel, breadth, opening
from engines.lips.shapes import OPENING, asked_lips, keep_texture


@pytest.fixture
def rest(face: Face) -> NDArray[np.float64]:
    head, _ = NosedHead().fit(face.landmarks.astype(np.float64))
    own = head.into(face.landmarks[at.POINTS].astype(np.float64))
    model = RestModel()
    model.observe(own, head)
    return model.rest(head, own)


def _asked(rest: NDArray[np.float64], *values: float) -> NDArray[np.float64]:
    return asked_lips(rest, np.array(values, np.float32))


def test_asking_for_nothing_is_rest(rest: NDArray[np.float64]) -> None:
    assert np.allclose(_asked(rest, 0, 0, 0, 0, 0, 0), rest)


def test_the_jaw_opens_the_mouth(rest: NDArray[np.float64]) -> None:
    gaps = [opening(_asked(rest, jaw, 0, 0, 0, 0, 0)) for jaw in (0, 0.5, 1)]
    assert gaps[0] == 0 and gaps[1] == pytest.approx(gaps[2] / 2, rel=0.05)
    assert gaps[2] == pytest.approx(OPENING, rel=0.1)


@pytest.mark.parametrize("jaw", [0.0, 0.3, 1.0])
def test_pressed_lips_are_closed_whatever_the_jaw_does(
    rest: NDArray[np.float64], jaw: float
) -> None:
    assert opening(_asked(rest, jaw, 0, 0.3, 0.2, 0.9, 0)) < 0.01


def test_lips_on_their_way_to_a_closure_are_as_open_as_the_jaw_says(
    rest: NDArray[np.float64],
) -> None:
    gaps = [opening(_asked(rest, 0.5, 0, 0, 0, press, 0)) for press in (0.0, 0.3, 0.6, 0.9)]
    assert gaps[1] == pytest.approx(gaps[0])
    assert 0.2 * gaps[0] < gaps[2] < 0.8 * gaps[0]
    assert gaps[3] < 0.02


def test_a_rounded_mouth_is_narrow_and_its_sides_are_shut(rest: NDArray[np.float64]) -> None:
    lips = _asked(rest, 0.3, 0, 1, 0, 0, 0)
    gaps = lips[at.LOWER_INNER, 1] - lips[at.UPPER_INNER, 1]
    assert breadth(lips) < 0.85 * breadth(rest)
    assert gaps[1] < 0.25 * gaps[5]


def test_a_tucked_lower_lip_nearly_touches_the_upper_teeth(rest: NDArray[np.float64]) -> None:
    assert 0.01 < opening(_asked(rest, 0.1, 0, 0, 0.35, 0, 1)) < 0.08


def test_lips_never_cross(rest: NDArray[np.float64]) -> None:
    draws = np.random.default_rng(0).uniform(-0.5, 1.5, (200, 6))
    for values in draws:
        lips = _asked(rest, *values)
        assert (lips[at.LOWER_INNER, 1] >= lips[at.UPPER_INNER, 1]).all()


def test_thin_lips_are_not_blown_up(rest: NDArray[np.float64]) -> None:
    own = rest.copy()
    own[at.UPPER_OUTER, 1] = own[at.UPPER_INNER, 1] - 0.02
    lips = _asked(rest, 0, 0, 1, 0, 0, 0)
    keep_texture(lips, own)
    red = lips[at.UPPER_INNER, 1] - lips[at.UPPER_OUTER, 1]
    assert red[1:-1].max() < 0.035
