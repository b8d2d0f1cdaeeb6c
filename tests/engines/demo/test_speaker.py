import numpy as np
import pytest

from engines.demo.speaker import DemoSpeaker

REST = np.zeros(6, np.float32)


@pytest.fixture(scope="module")
def speaker():
    return DemoSpeaker()


def talk(count: int) -> np.ndarray:
    """Mouth shapes that wander smoothly; the mouth is not pressed shut meanwhile."""
    rng = np.random.default_rng(4)
    kernel = np.hanning(9) / np.hanning(9).sum()
    wander = [np.convolve(rng.random(count + 8), kernel, "valid") for _ in range(6)]
    shapes = np.stack([(one - one.min()) / np.ptp(one) for one in wander], axis=1)
    shapes[:, 4:] = 0
    return shapes.astype(np.float32)


@pytest.mark.filterwarnings("ignore")
def test_the_face_tracker_follows_the_drawn_face_and_its_mouth(speaker):
    from mediapipe.python.solutions.face_mesh import FaceMesh

    shapes = talk(120)
    opened, wide = np.full(120, np.nan), np.full(120, np.nan)
    with FaceMesh() as mesh:
        for number, shape in enumerate(shapes):
            found = mesh.process(speaker.frame(shape, number / 30)).multi_face_landmarks
            if found:
                points = np.array([(p.x * 1280, p.y * 720) for p in found[0].landmark])
                face = np.linalg.norm(points[10] - points[2])
                opened[number] = np.linalg.norm(points[13] - points[14]) / face
                wide[number] = np.linalg.norm(points[78] - points[308]) / face
    seen = ~np.isnan(opened)
    assert seen.mean() >= 0.99
    assert np.corrcoef(opened[seen], shapes[seen, 0])[0, 1] > 0.8
    assert np.corrcoef(wide[seen], shapes[seen, 1] - 2 * shapes[seen, 2])[0, 1] > 0.7


@pytest.mark.parametrize("size", [(1280, 720), (640, 480), (360, 640), (97, 65)])
def test_any_size_can_be_drawn(size):
    image = DemoSpeaker(size).frame(REST, 0.0)
    assert image.shape == (size[1], size[0], 3) and image.dtype == np.uint8
    assert image.std() > 20


def test_the_same_moment_gives_the_same_picture(speaker):
    assert np.array_equal(speaker.frame(REST, 1.25), speaker.frame(REST, 1.25))


def test_opening_the_jaw_moves_only_the_lower_face(speaker):
    still, opened = speaker.frame(REST, 0.0), speaker.frame(np.eye(6, dtype=np.float32)[0], 0.0)
    changed = np.flatnonzero((still != opened).any(axis=(1, 2)))
    assert changed.min() > 720 * 0.43
    assert changed.max() < 720 * 0.82


def test_the_eyes_blink_and_open_again(speaker):
    frames = [speaker.frame(REST, at) for at in np.arange(0, 5, 1 / 30)]
    dark = [float((frame[270:350, 540:740].mean(axis=2) < 60).mean()) for frame in frames]
    usual = np.median(dark)
    shut = [value < 0.5 * usual for value in dark]
    assert 2 <= sum(shut) < 0.15 * len(shut)


def test_shapes_beyond_their_range_are_cut_to_it(speaker):
    wild = np.float32([9, -3, 2, 5, -1, 4])
    assert np.array_equal(speaker.frame(wild, 0.0), speaker.frame(wild.clip(0, 1), 0.0))
