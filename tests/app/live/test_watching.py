"""The camera's pictures on their way to be shown or drawn."""

import threading

import numpy as np
import pytest

from app.live.desk import Desk
from app.live.watching import Watching
from core.devices import SIZE


class Clock:
    """A session that began ten seconds ago."""

    def at(self, moment):
        return moment - 10.0


@pytest.fixture
def desk():
    desk = Desk()
    yield desk
    desk.close()


def picture(grey):
    return np.full((SIZE[1], SIZE[0], 3), grey, np.uint8)


def test_each_picture_is_given_once_with_its_time_in_the_session(desk):
    ended, given = threading.Event(), []

    def take(frame):
        given.append(frame)
        if len(given) == 2:
            ended.set()
        else:
            desk.taken.put(picture(2), 12.5, 8)

    desk.taken.put(picture(1), 12.0, 7)
    watching = Watching(desk, Clock(), lambda: True, take)
    watching.run(ended)
    assert [(frame.pts, frame.number, frame.image[0, 0, 0]) for frame in given] == [
        (2.0, 7, 1), (2.5, 8, 2),
    ]  # fmt: skip
    assert watching.taken.take() is given[-1]
    assert watching.fps == 2


def test_while_nobody_looks_nothing_is_taken(desk):
    ended, looks = threading.Event(), []

    def looked_at():
        looks.append(1)
        ended.set()
        return False

    desk.taken.put(picture(1), 12.0, 7)
    Watching(desk, Clock(), looked_at, lambda frame: pytest.fail("it was given")).run(ended)
    assert looks
