"""The mouth at rest, learnt from a mouth that talks."""

import numpy as np
import pytest

from core.head import Head
from core.types import Face
from engines.lips import points as at
from engines.lips.head import NosedHead
from engines.lips.rest import RestModel, breadth, opening


@pytest.fixture
def shape(face: Face) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    head, _ = NosedHead().fit(face.landmarks.astype(np.float64))
    return head.into(face.landmarks[at.POINTS].astype(np.float64))


def _turned(pitch: float) -> Head:
    c, s = np.cos(pitch), np.sin(pitch)
    return Head(np.array([[1, 0, 0], [0, c, s], [0, -s, c]], float), np.zeros(3), 100.0)


def test_rest_is_closed_after_a_single_frame_of_an_open_mouth(shape) -> None:  # type: ignore[no-untyped-def]
    model = RestModel()
    model.observe(shape, _turned(0.0))
    assert opening(shape) > 0.05
    assert opening(model.rest(_turned(0.0), shape)) == 0.0


def test_what_the_speakers_mouth_does_does_not_move_the_rest(shape) -> None:  # type: ignore[no-untyped-def]
    model, heads = RestModel(), _turned(0.0)
    noise = np.random.default_rng(1)
    shapes = []
    for gap in noise.uniform(0, 0.2, 200):
        talking = shape.copy()
        talking[at.LOWER_INNER[1:-1], 1] += gap
        talking[at.LOWER_OUTER[1:-1], 1] += gap
        shapes.append(talking)
        model.observe(talking, heads)
    rests = np.array([model.rest(heads, talking)[at.LIPS] for talking in shapes[-50:]])
    assert rests.std(0).max() < 0.02


def test_a_tilted_head_keeps_the_rest_its_size(shape) -> None:  # type: ignore[no-untyped-def]
    model = RestModel()
    noise = np.random.default_rng(2)
    for pitch in noise.uniform(-0.4, 0.4, 300):
        seen = shape.copy()
        seen[:, 1] *= 1 - 0.3 * np.sin(pitch)  # a mesh that shrinks when the head looks down
        model.observe(seen, _turned(pitch))
    seen = shape.copy()
    seen[:, 1] *= 1 - 0.3 * np.sin(0.35)
    rest = model.rest(_turned(0.35), seen)
    height = np.ptp(rest[at.LIPS, 1]) / (1 - 0.3 * np.sin(0.35))
    level = model.rest(_turned(0.0), shape)
    assert height == pytest.approx(np.ptp(level[at.LIPS, 1]), rel=0.05)
    assert breadth(rest) == pytest.approx(breadth(level), rel=0.05)
