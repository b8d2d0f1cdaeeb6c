import numpy as np
import pytest

from core.head import RIGID, RIGID_MODEL, Head, fit_head
from core.mouth_shape import AVERAGE, Lips, RestingMouth, measure, mouth_shape
from core.types import MOUTH_PARAMETERS

JAW, WIDTH, ROUND, UPPER, PRESS, TUCK = range(len(MOUTH_PARAMETERS))


def mouth(gap: float = 0.02, width: float = 0.8) -> np.ndarray:
    """468 points of a head's frame with these lips."""
    points = np.zeros((468, 3))
    points[RIGID] = RIGID_MODEL
    points[2] = (0, 0.67, -0.44)
    for numbers, y in (
        ([37, 0, 267], 0.955),
        ([82, 13, 312], 1.07),
        ([87, 14, 317], 1.07 + gap),
        ([84, 17, 314], 1.235 + gap),
    ):
        points[numbers] = [(x, y, -0.4) for x in (-0.1, 0.0, 0.1)]
    points[61], points[291] = (-width / 2, 1.1, -0.15), (width / 2, 1.1, -0.15)
    return points


def test_an_average_mouth_at_rest_is_all_zero() -> None:
    assert mouth_shape(measure(mouth())) == pytest.approx(np.zeros(6), abs=0.02)


def test_opening_the_jaw_is_proportional_to_the_gap() -> None:
    half, whole = (mouth_shape(measure(mouth(gap=0.02 + g)))[JAW] for g in (0.19, 0.38))
    assert (half, whole) == pytest.approx((0.5, 1.0), abs=0.01)


def test_a_spread_mouth_is_wide_and_a_narrow_one_is_round() -> None:
    spread, narrow = (mouth_shape(measure(mouth(width=w))) for w in (0.95, 0.65))
    assert spread[WIDTH] > 0.5 and spread[ROUND] == 0
    assert narrow[ROUND] > 0.5 and narrow[WIDTH] == 0


def test_a_turned_head_has_the_same_mouth() -> None:
    yaw = np.radians(30)
    c, s = np.cos(yaw), np.sin(yaw)
    turn = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    points = mouth(gap=0.2, width=0.9)
    landmarks = Head(turn, np.array([500.0, 300.0, 0.0]), 90.0).out(points)
    seen = mouth_shape(measure(fit_head(landmarks).into(landmarks)))
    assert seen == pytest.approx(mouth_shape(measure(points)), abs=0.01)


def test_hidden_red_of_both_lips_is_a_press_and_of_the_lower_alone_a_tuck() -> None:
    pressed = Lips(AVERAGE.gap, AVERAGE.width, AVERAGE.lip, 0.07, 0.10)
    tucked = Lips(AVERAGE.gap, AVERAGE.width, AVERAGE.lip, AVERAGE.upper, 0.09)
    assert mouth_shape(pressed)[PRESS] > 0.9 and mouth_shape(pressed)[TUCK] < 0.1
    assert mouth_shape(tucked)[TUCK] > 0.9


def test_an_open_mouth_is_never_pressed() -> None:
    assert mouth_shape(Lips(0.3, 0.8, 0.4, 0.05, 0.05))[PRESS] == 0


def test_this_speakers_own_mouth_at_rest_becomes_the_zero() -> None:
    rest = RestingMouth()
    own = Lips(gap=0.03, width=0.9, lip=0.36, upper=0.13, lower=0.18)
    for _ in range(300):
        rest.observe(own, 1 / 30)
    assert mouth_shape(own, rest.lips) == pytest.approx(np.zeros(6), abs=0.05)


def test_talking_does_not_change_the_rest() -> None:
    rest = RestingMouth()
    for _ in range(300):
        rest.observe(Lips(gap=0.3, width=0.7, lip=0.3, upper=0.1, lower=0.1), 1 / 30)
    assert rest.lips == AVERAGE


def test_no_grimace_becomes_the_rest() -> None:
    rest = RestingMouth()
    for _ in range(300):
        rest.observe(Lips(gap=0.0, width=2.0, lip=0.0, upper=0.0, lower=0.0), 1 / 30)
    assert 0.95 < rest.lips.width <= 1.0
    assert rest.lips.lower > 0.1
