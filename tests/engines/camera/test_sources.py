import numpy as np
import pytest

from core.clock import ManualClock
from core.devices import CameraMode, SourceEnded
from core.errors import UnreadableInput
from core.types import Frame
from engines.camera.opening import open_camera
from engines.camera.pattern import Pattern, read_number
from engines.camera.sources import DemoCamera, FileCamera, PatternCamera
from engines.media.writer import MediaWriter, PictureFormat

SMALL = CameraMode(320, 180, 30.0)


@pytest.fixture
def clock():
    return ManualClock(auto=True)


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """Two seconds whose pictures carry their numbers."""
    path = tmp_path_factory.mktemp("clip") / "numbered.mp4"
    pattern = Pattern((320, 180))
    with MediaWriter(path, None, PictureFormat(320, 180, 30.0)) as writer:
        for number in range(60):
            writer.write_frame(Frame(pattern.frame(number), number / 30, number))
            writer.write_sound(np.zeros((1600, 2), np.float32))
        return writer.finish()


def numbers(camera, count):
    return [read_number(camera.read().image) for _ in range(count)]


def test_a_pattern_comes_at_its_rate_with_its_moments(clock):
    camera = PatternCamera(0.0, SMALL, clock)
    shots = [camera.read() for _ in range(30)]
    assert [read_number(shot.image) for shot in shots] == list(range(30))
    assert [shot.moment for shot in shots] == pytest.approx([n / 30 for n in range(30)])
    assert clock.now() == pytest.approx(29 / 30, abs=1e-6)


def test_who_reads_too_late_gets_the_newest(clock):
    camera = PatternCamera(0.0, SMALL, clock)
    numbers(camera, 2)
    clock.advance(1.0)
    assert numbers(camera, 2) == [31, 32]


def test_nothing_in_time_is_none(clock):
    camera = PatternCamera(5.0, SMALL, clock)
    assert camera.read(timeout=1.0) is None
    assert clock.now() == pytest.approx(1.0)


def test_a_start_in_the_past_leaves_out_what_was(clock):
    clock.advance(2.0)
    assert numbers(PatternCamera(0.0, SMALL, clock), 2) == [60, 61]


def test_a_file_comes_in_real_time(clock, clip):
    camera = FileCamera(clip, 10.0, clock)
    assert (camera.mode.width, camera.mode.height, round(camera.mode.fps)) == (320, 180, 30)
    first = None
    while first is None:
        first = camera.read()
    assert first.moment == pytest.approx(10.0)
    assert numbers(camera, 3) == [1, 2, 3]
    assert clock.now() == pytest.approx(10.1, abs=0.01)


def test_of_a_file_too_the_newest_is_given(clock, clip):
    camera = FileCamera(clip, 0.0, clock)
    numbers(camera, 1)
    clock.advance(0.5)
    assert numbers(camera, 2) == [15, 16]


def test_a_file_ends_after_its_last_picture(clock, clip):
    camera = FileCamera(clip, 0.0, clock)
    assert numbers(camera, 60) == list(range(60))
    with pytest.raises(SourceEnded, match=r"numbered\.mp4 has ended"):
        camera.read()
    camera.close()


def test_the_demo_speaker_moves_the_mouth_while_talking(clock):
    class Talker:
        def mouth(self, seconds):
            return np.full(6, 0.8 if seconds > 0.5 else 0.0, np.float32)

    camera = DemoCamera(0.0, SMALL, clock, Talker())
    shots = [camera.read() for _ in range(31)]
    calm = np.abs(shots[10].image.astype(int) - shots[11].image).sum()
    opened = np.abs(shots[14].image.astype(int) - shots[17].image).sum()
    assert shots[0].image.shape == (180, 320, 3)
    assert opened > 2 * calm


def test_one_way_opens_them_all(clock, clip):
    camera = open_camera(f"file:{clip}", epoch=0.0, clock=clock)
    assert isinstance(camera, FileCamera)
    assert isinstance(open_camera("pattern", mode=SMALL, clock=clock), PatternCamera)
    with pytest.raises(UnreadableInput, match="does not exist"):
        open_camera("file:/nowhere.mp4", clock=clock)
