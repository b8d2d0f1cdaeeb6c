"""The recording, of a session whose clock is moved by hand."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.live.desk import Desk, Row
from app.live.recorder import Holes, Recorder
from core.devices import FPS, RATE, SIZE
from engines.media.pictures import read_frames
from engines.media.reader import read_audio


class Clock:
    """Listeners hear this position."""

    position = 0.0

    def heard(self) -> float:
        return self.position


class Meeting:
    """What was said, up to where it was said, and a recorder that looks when it is told to."""

    def __init__(self, desk: Desk, path: Path) -> None:
        self.desk, self.clock, self.path = desk, Clock(), path
        self.clock.position = 1.0
        self.said_until(1.0)
        self.recorder = Recorder(path, desk, self.clock, language="es")

    def said_until(self, seconds: float, *, unsaid: float = 0.0) -> None:
        """The samples count the milliseconds."""
        places = np.arange(max(0, round(seconds * RATE) - self.desk.said.capacity), seconds * RATE)
        self.desk.said.write(round(places[0]), (places / RATE / 100).astype(np.float32))
        self.desk.board.write(Row.CLOCK, 1.0, 0.0, 0, round(seconds * RATE), unsaid)

    def look(self, heard: float) -> None:
        self.clock.position = heard
        self.recorder._record(heard - self.recorder.start)

    def finish(self) -> Path:
        self.recorder.stop()
        self.recorder.run()
        return self.path


@pytest.fixture
def meeting(tmp_path) -> Iterator[Meeting]:
    desk = Desk()
    desk.sent.put(np.zeros((SIZE[1], SIZE[0], 3), np.uint8), 0.0)
    yield Meeting(desk, tmp_path / "meeting.mkv")
    desk.close()


def sound(path: Path) -> np.ndarray:
    """The second of the session that was said at each moment of the recording."""
    samples = np.concatenate([chunk.samples for chunk in read_audio(path, rate=RATE)])
    return samples * 100


def test_sound_and_pictures_are_there_once_and_in_time(meeting):
    for step in range(1, 41):
        meeting.said_until(1.0 + step / 20 + 0.05)
        meeting.look(1.0 + step / 20)
    path = meeting.finish()
    assert not meeting.recorder.holes
    assert str(meeting.recorder.holes) == ""
    assert sum(1 for _ in read_frames(path)) == 2 * FPS + 1
    assert len(sound(path)) == pytest.approx(2 * RATE, abs=2048)


def test_pictures_for_which_there_was_no_time_are_counted_and_told(meeting):
    meeting.said_until(6.1)
    meeting.look(6.0)
    path = meeting.finish()
    assert meeting.recorder.holes == Holes(pictures=2 * FPS)
    assert sum(1 for _ in read_frames(path)) == 3 * FPS + 1
    said = "The recording lacks 60 pictures (2.0 s stand still): this machine was too busy."
    assert str(meeting.recorder.holes) == said


def test_what_was_not_said_yet_is_waited_for(meeting):
    meeting.said_until(1.5)
    meeting.look(2.0)
    meeting.said_until(2.5)
    meeting.look(2.4)
    assert not meeting.recorder.holes
    assert len(sound(meeting.finish())) == pytest.approx(1.4 * RATE, abs=2048)


def test_sound_that_nobody_said_is_told(meeting):
    """The outputs were killed, and others took over."""
    meeting.said_until(1.5)
    meeting.look(1.5)
    meeting.said_until(2.5, unsaid=0.8)
    meeting.look(2.5)
    assert "0.8 s of sound" in str(meeting.recorder.holes)
    meeting.finish()


def test_sound_that_was_overwritten_before_it_was_read_is_silent_and_told(meeting):
    meeting.said_until(36.0)
    meeting.look(36.0)
    assert meeting.recorder.holes.sound == pytest.approx(6.0)
    heard = sound(meeting.finish())
    assert len(heard) == pytest.approx(35 * RATE, abs=2048)
    assert np.abs(heard[: round(5.9 * RATE)]).max() < 1


def test_until_it_is_finished_it_has_another_name(meeting):
    assert [path.name for path in meeting.path.parent.iterdir()] == ["meeting.partial.mkv"]
    meeting.said_until(2.0)
    meeting.look(2.0)
    meeting.finish()
    assert [path.name for path in meeting.path.parent.iterdir()] == ["meeting.mkv"]
