"""Voices at their time on an output whose clock is not the session's."""

import numpy as np
import pytest

from app.live.desk import Row
from app.live.others.desk import OthersDesk
from app.live.others.player import Player
from core.devices import RATE
from core.shared.board import Board


class Clock:
    """Moved by hand."""

    def __init__(self) -> None:
        self.time = 10.0

    def now(self) -> float:
        return self.time


class Output:
    """An output whose second lasts `pace` seconds of the session."""

    def __init__(self, clock: Clock, pace: float = 1.0) -> None:
        self.clock, self.pace = clock, pace
        self.heard: list[tuple[float, np.ndarray]] = []

    def __call__(self, block: np.ndarray) -> None:
        self.heard.append((self.clock.time, block))
        self.clock.time += self.pace * len(block) / RATE

    @property
    def sound(self) -> np.ndarray:
        return np.concatenate([block for _, block in self.heard])

    @property
    def onset(self) -> float:
        return next(moment for moment, block in self.heard if block.any())


@pytest.fixture
def desk():
    board = Board(len(Row))
    desk = OthersDesk(board)
    yield desk
    desk.close()
    board.close()


VOICE = (0.5 * np.sin(np.arange(RATE) / 20)).astype(np.float32) + 0.1


@pytest.mark.parametrize("pace", [1.0, 0.999, 1.001])
def test_a_voice_is_heard_whole_at_its_time_whatever_the_pace_of_the_output(desk, pace):
    clock = Clock()
    output = Output(clock, pace)
    player = Player(desk, clock, output)
    while clock.time < 60:
        player.step()
    desk.voice.write(62 * RATE, VOICE)
    while clock.time < 65:
        player.step()
    assert output.onset == pytest.approx(62.02, abs=0.05)
    assert np.array_equal(output.sound[output.sound != 0.0], VOICE)


def test_while_an_output_is_held_up_the_voice_waits_and_is_not_cut(desk):
    clock = Clock()
    output = Output(clock)
    player = Player(desk, clock, output)
    desk.voice.write(11 * RATE, VOICE)
    while clock.time < 11.5:
        player.step()
    clock.time += 2.0
    desk.voice.write(16 * RATE, VOICE)
    while clock.time < 18:
        player.step()
    loud = output.sound[output.sound != 0.0]
    assert np.array_equal(loud, np.concatenate([VOICE, VOICE]))
    second = [moment for moment, block in output.heard if block.any() and moment > 15]
    assert second[0] == pytest.approx(16.02, abs=0.05)


def test_it_says_that_a_voice_is_near_before_it_is_heard(desk):
    clock = Clock()
    player = Player(desk, clock, Output(clock))
    assert not player.step()
    desk.voice.write(round((clock.time + 0.2) * RATE), VOICE)
    assert player.step()


def test_what_a_killed_player_has_left_is_not_heard_a_minute_later(desk):
    clock = Clock()
    desk.voice.write(8 * RATE, VOICE)
    output = Output(clock)
    player = Player(desk, clock, output)
    while clock.time < 75:
        player.step()
    assert not output.sound.any()


def test_what_was_heard_is_known_by_its_position(desk):
    clock = Clock()
    player = Player(desk, clock, Output(clock))
    desk.voice.write(11 * RATE, VOICE)
    while clock.time < 13:
        player.step()
    assert np.array_equal(desk.said.read(11 * RATE, RATE), VOICE)
