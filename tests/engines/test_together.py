"""The picture and the sound of one source, taken as camera and microphone, fit together."""

import numpy as np
import pytest

from core.clock import ManualClock
from core.devices import RATE, CameraMode, DeviceLost
from core.types import Frame
from engines.camera.opening import open_camera
from engines.camera.sources import DemoCamera
from engines.demo.performance import Performance
from engines.media.writer import MediaWriter, PictureFormat
from engines.microphone.opening import open_microphone
from engines.microphone.sources import DemoMicrophone
from engines.tts.fake import FakeVoice

SMALL = CameraMode(320, 180, 30.0)


@pytest.fixture(scope="module")
def clap(tmp_path_factory):
    """After one second a flash and a bang."""
    path = tmp_path_factory.mktemp("clap") / "clap.mp4"
    with MediaWriter(path, None, PictureFormat(320, 180, 30.0)) as writer:
        for number in range(60):
            lit = 250 if number >= 30 else 5
            writer.write_frame(Frame(np.full((180, 320, 3), lit, np.uint8), number / 30, number))
            loud = 0.5 * np.sin(np.arange(1600) / 4) * (number >= 30)
            writer.write_sound(np.repeat(loud[:, None], 2, axis=1).astype(np.float32))
        return writer.finish()


def until_ended(device):
    while True:
        try:
            yield device.read()
        except DeviceLost:
            return


def test_a_file(clap):
    camera = open_camera(f"file:{clap}", epoch=5.0, clock=ManualClock(auto=True))
    microphone = open_microphone(f"file:{clap}", epoch=5.0, clock=ManualClock(auto=True))
    flash = next(s.moment for s in until_ended(camera) if s is not None and s.image.mean() > 128)
    bang = next(
        heard.moment + np.argmax(np.abs(heard.samples) > 0.2) / RATE
        for heard in until_ended(microphone)
        if heard is not None and np.abs(heard.samples).max() > 0.2
    )
    assert flash == pytest.approx(6.0, abs=0.001)
    assert bang == pytest.approx(6.0, abs=0.005)


def test_the_demo_speaker_started_together_although_opened_one_after_the_other():
    clock = ManualClock(auto=True)
    performance = Performance(("one two three",), FakeVoice())
    camera = DemoCamera(0.0, SMALL, clock, performance)
    camera.read()
    clock.advance(0.7)
    microphone = DemoMicrophone(0.0, clock, performance)
    shot, heard = camera.read(), microphone.read()
    assert abs(shot.moment - heard.moment) < 0.05
    first = round(heard.moment * RATE)
    assert np.array_equal(heard.samples, performance.samples(first, len(heard.samples)))
