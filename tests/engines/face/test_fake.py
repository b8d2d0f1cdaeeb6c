import numpy as np
import pytest

from core.errors import EngineFailed
from core.ports import FaceTracker
from core.types import Frame
from engines.face.fake import FakeTracker
from engines.face.mesh import MeshTracker


def frame(number: int) -> Frame:
    return Frame(np.zeros((240, 320, 3), np.uint8), number / 30, number)


def test_the_fake_and_the_mesh_are_trackers() -> None:
    trackers: tuple[FaceTracker, ...] = (FakeTracker(), MeshTracker())
    for tracker in trackers:
        tracker.choose(1.0, 2.0)
        tracker.track(frame(0))
        assert isinstance(tracker.doubt, str)
        tracker.close()


def test_the_fake_face_is_upright_in_the_middle_and_moves_as_told() -> None:
    tracker = FakeTracker(motion=lambda pts: (30 * pts, 0.0))
    first, later = tracker.track(frame(0)), tracker.track(frame(30))
    assert first is not None and later is not None
    assert first.pose[:3] == pytest.approx([0, 0, 0])
    assert later.pose[3] - first.pose[3] == pytest.approx(30)
    assert first.pose[5] == pytest.approx(120)


def test_the_fake_loses_its_face_and_breaks_on_demand() -> None:
    tracker = FakeTracker(confidence=lambda pts: float(pts < 0.5), breaks=40)
    assert tracker.track(frame(0)) is not None
    assert tracker.track(frame(20)) is None and tracker.doubt == "no face"
    with pytest.raises(EngineFailed):
        tracker.track(frame(40))
