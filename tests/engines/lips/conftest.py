"""Speakers to draw lips on: a portrait whose mouth is moved by known amounts, with its
landmarks, and the synthetic speaker."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.data import astronaut

from core.head import fit_head
from core.mouth_shape import Lips, measure
from core.types import Face, Frame
from engines.demo.speaker import DemoSpeaker
from engines.face.mesh import MeshTracker
from engines.lips.own_mouth import OwnMouth

Track = Callable[[NDArray[np.uint8]], Face]


@pytest.fixture(scope="session")
def track() -> Track:
    def tracked(image: NDArray[np.uint8]) -> Face:
        tracker = MeshTracker()
        for number in range(3):  # the first look is only a guess at where the face is
            face = tracker.track(Frame(image, number / 25, number))
        tracker.close()
        assert face is not None
        return face

    return tracked


@pytest.fixture(scope="session")
def portrait() -> Frame:
    return Frame(np.ascontiguousarray(astronaut()), 0.0, 0)


@pytest.fixture(scope="session")
def face(portrait: Frame, track: Track) -> Face:
    return track(portrait.image)


@pytest.fixture(scope="session")
def talk(portrait: Frame, face: Face, track: Track) -> list[tuple[Frame, Face]]:
    """The portrait with its mouth going through several shapes."""
    lips = OwnMouth()
    frames = []
    for number, jaw in enumerate((0.0, 0.15, 0.3, 0.5, 0.7, 0.85, 0.8, 0.5, 0.3, 0.1)):
        shape = np.array([jaw, 0.3 * jaw, 0, 0.1, 0, 0], np.float32)
        image = lips.render(portrait, face, shape).image
        frame = Frame(image, number / 25, number)
        frames.append((frame, track(image)))
    return frames


@pytest.fixture(scope="session")
def seen() -> Callable[[Face], Lips]:
    """What is measured on a face's mouth."""
    return lambda face: measure(fit_head(face.landmarks).into(face.landmarks))


@pytest.fixture(scope="session")
def seen_speaker():
    """Two frames of the synthetic speaker, mouth closed and open, with the face in each."""
    speaker, tracker = DemoSpeaker((640, 480)), MeshTracker()
    shapes = np.zeros((2, 6), np.float32)
    shapes[1, 0] = 0.8
    seen = []
    for number, shape in enumerate(shapes):
        frame = Frame(speaker.frame(shape, 0.0), 10.0 * number, number)
        face = tracker.track(frame)
        assert face is not None
        seen.append((frame, face))
    return seen
