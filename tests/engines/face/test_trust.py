from dataclasses import replace

import cv2
import numpy as np
import pytest
from skimage import data

from core.head import fit_head, rotation
from core.types import Frame
from engines.face.mesh import MeshTracker
from engines.face.trust import Trust


@pytest.mark.parametrize(
    ("yaw", "pitch", "trusted"),
    [(0, 0, True), (-15, 0, True), (15, 20, True), (-24, 0, False), (24, 0, False), (0, 44, False)],
)
def test_a_head_that_is_turned_away_is_not_trusted(yaw: float, pitch: float, trusted: bool) -> None:
    image = cv2.resize(np.asarray(data.astronaut()), (1024, 1024))  # type: ignore[no-untyped-call]
    picture = np.asarray(image, np.uint8)
    tracker = MeshTracker()
    tracker.track(Frame(picture, 0.0, 0))
    assert tracker._crop is not None
    seen = tracker._landmarks.find(picture, tracker._crop)
    head = fit_head(seen.landmarks)
    turned = replace(head, rotation=rotation(np.radians(yaw), np.radians(pitch), 0.0))
    trust = Trust()
    confidence = trust.judge(seen, turned, (1024, 1024), 1 / 30)
    assert (confidence > 0.6) == trusted
    assert trusted or (confidence < 0.35 and trust.doubt == "turned away")
