import os
import signal
import sys
import time

import numpy as np
import pytest

from core.patience import Patience
from core.placed_lips import PlacedLips
from core.types import AudioChunk, Face, Frame, Moment, Segment, Speech, Transcript, Translation

WORKSHOP = """
import time
from core.placed_lips import LipsDesk
from core.types import Frame

class Lips:
    # Paints the top row with what it was told; knows how many frames it has observed.
    def __init__(self): self.seen = 0
    def observe(self, frame, face): self.seen += 1
    def render(self, frame, face, moment, strength=1.0):
        if moment.strength == 7: time.sleep(60)
        if moment.strength == 8: return frame
        image = frame.image.copy()
        image[0] = self.seen
        image[1] = round(100 * strength)
        image[2] = len(moment.speech.audio.samples) if moment.speech else 0
        return Frame(image, frame.pts, frame.number)
    def forget(self): self.seen = 0
    def save(self, path): path.write_text(str(self.seen))
    def load(self, path):
        while path.with_suffix(".slow").exists(): time.sleep(0.01)
        self.seen = int(path.read_text())
    def close(self): pass

def desk():
    return LipsDesk(Lips(), {"name": "painted", "refusals": ("x: no",), "notice": "Paint."})
"""

FACE = Face(np.zeros((468, 3), np.float32), np.zeros(6, np.float32), np.zeros(6, np.float32), 1, 0)
MOMENT = Moment(np.zeros(6, np.float32), 1.0)
SHAPE = (48, 64, 3)


def frame(number: int, value: int = 9, shape=SHAPE) -> Frame:
    return Frame(np.full(shape, value, np.uint8), number / 30, number)


def speech(samples: int) -> Speech:
    audio = AudioChunk(np.zeros(samples, np.float32), 16000, 0.0)
    return Speech(Translation(Transcript(Segment(0, audio), "", "en"), "", "es"), audio)


@pytest.fixture
def lips(tmp_path, monkeypatch):
    (tmp_path / "workshop.py").write_text(WORKSHOP)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "workshop", raising=False)
    lips = PlacedLips("workshop:desk", patience=Patience(1.0, 1.0))
    yield lips
    lips.close()


def drawn(lips, given: Frame) -> Frame:
    """Renders until it works: a process that starts takes its time."""
    end = time.monotonic() + 20
    while True:
        shown = lips.render(given, FACE, MOMENT)
        if shown is not given:
            return shown
        assert time.monotonic() < end
        time.sleep(0.01)


def test_pictures_are_drawn_there_and_come_back_with_their_times(lips):
    given = frame(3)
    lips.observe(given, FACE)
    shown = lips.render(given, FACE, MOMENT, 0.5)
    assert (shown.pts, shown.number) == (given.pts, 3)
    assert (shown.image[0] == 1).all()
    assert (shown.image[1] == 50).all()
    assert (shown.image[3:] == 9).all()
    assert (given.image == 9).all()


def test_it_says_what_it_is(lips):
    assert (lips.name, lips.notice, lips.refusals) == ("painted", "Paint.", ("x: no",))


def test_at_no_strength_and_where_nothing_is_drawn_the_frame_itself_is_shown(lips):
    given = frame(1)
    assert lips.render(given, FACE, MOMENT, 0.0) is given
    assert lips.render(given, FACE, Moment(MOMENT.shape, 8.0)) is given


def test_the_voice_is_sent_once_and_known_to_every_picture(lips):
    for samples in (5, 5, 11, 0):
        moment = Moment(MOMENT.shape, 1.0, speech(samples) if samples else None)
        for number in range(2):
            shown = lips.render(frame(number), FACE, moment)
            assert (shown.image[2] == samples).all()


def test_pictures_of_another_size_go_the_same_way(lips):
    for shape in (SHAPE, (20, 10, 3), SHAPE):
        given = frame(1, shape=shape)
        shown = lips.render(given, FACE, MOMENT)
        assert shown.image.shape == shape
        assert shown is not given


def test_a_killed_process_shows_the_frame_as_it_is_and_comes_back_knowing_the_speaker(
    lips, monkeypatch
):
    monkeypatch.setattr("core.placed_lips._REMEMBER_EVERY", 5)
    for number in range(5):
        given = frame(number)
        lips.observe(given, FACE)
        drawn(lips, given)
    os.kill(lips.remote.pid, signal.SIGKILL)
    assert (drawn(lips, frame(9)).image[0] == 5).all()
    assert lips.remote.restarts == 1
    assert lips.late >= 1


def test_no_picture_waits_for_a_process_that_starts(lips):
    given = frame(1)
    drawn(lips, given)
    lips._memory.write_text("4")
    lips._memory.with_suffix(".slow").touch()
    os.kill(lips.remote.pid, signal.SIGKILL)
    while not lips._life:
        lips.render(given, FACE, MOMENT)
    for number in range(20):
        assert lips._busy
        later = frame(number)
        assert lips.render(later, FACE, MOMENT) is later
    lips._memory.with_suffix(".slow").unlink()
    assert (drawn(lips, given).image[0] == 4).all()


def test_nor_does_the_first_one_of_another_voice(lips, monkeypatch):
    drawn(lips, frame(1))
    lips._memory.write_text("4")
    lips._memory.with_suffix(".slow").touch()
    before = lips.remote.pid
    os.kill(before, signal.SIGKILL)
    while lips.remote.pid == before:
        time.sleep(0.01)
    given = frame(2)
    with monkeypatch.context() as still:
        still.setattr(lips, "_awaited_from", lambda answer: pytest.fail("it waits"))
        assert lips.render(given, FACE, Moment(MOMENT.shape, 1.0, speech(5))) is given
    assert lips._busy
    lips._memory.with_suffix(".slow").unlink()
    assert (drawn(lips, given).image[0] == 4).all()


def test_a_process_that_hangs_is_replaced_and_nobody_waits_for_it_twice(lips, monkeypatch):
    monkeypatch.setattr("core.placed_lips._HANGS_S", 0.3)
    monkeypatch.setattr(lips.remote, "_timeout", 0.3)
    given = frame(1)
    assert lips.render(given, FACE, Moment(MOMENT.shape, 7.0)) is given
    assert lips._busy
    drawn(lips, frame(2))
    assert lips.remote.restarts == 1


def test_what_was_learnt_can_be_kept_and_forgotten(lips, tmp_path):
    for number in range(4):
        given = frame(number)
        lips.observe(given, FACE)
        drawn(lips, given)
    lips.save(tmp_path / "kept")
    lips.forget()
    assert (drawn(lips, frame(5)).image[0] == 0).all()
    lips.load(tmp_path / "kept")
    assert (drawn(lips, frame(6)).image[0] == 4).all()
