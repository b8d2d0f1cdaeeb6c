"""The follower of a microphone whose clock is not that of the player, on a simulated clock."""

import numpy as np
import pytest

from core.devices import RATE
from core.drift import Follower
from core.types import Samples

BLOCK = RATE // 100
PITCH = 440.0


def tone(position: int, count: int) -> Samples:
    """A microphone that hears a tone for ever."""
    places = np.arange(position, position + count, dtype=np.float64)
    return (0.5 * np.sin(2 * np.pi * PITCH / RATE * places)).astype(np.float32)


class Room:
    """A microphone that delivers `BLOCK`s, each up to `late` seconds after its time, and a player
    that asks for as much by its own clock."""

    def __init__(self, ppm: float, *, late: float = 0.004, read=tone) -> None:
        self.follower = Follower(read)
        self.out: list[Samples] = []
        self.behind: list[float] = []
        """Milliseconds from the moment at which the end of a block was heard to its being taken."""
        self._random = np.random.default_rng(1)
        self._rate, self._late = RATE * (1 + ppm * 1e-6), late
        self._played = 0
        self.end = 0

    def run(self, seconds: float, *, stopped: bool = False, keep: bool = True) -> None:
        for _ in range(round(seconds * RATE / BLOCK)):
            now = self._played / RATE
            if not stopped:
                delivered = (now - self._random.uniform(0, self._late)) * self._rate
                self.end = max(0, int(delivered)) // BLOCK * BLOCK
            block = self.follower.take(BLOCK, self.end, now * self._rate)
            assert len(block) == BLOCK
            self._played += BLOCK
            if keep:
                self.out.append(block)
            self.behind.append((now - self.follower._position / self._rate) * 1000)


def roughness(sound: Samples) -> float:
    """The largest part of the sound that is not a tone of this pitch at that place: what is left
    after the recurrence x[n+1] = 2 cos(w) x[n] - x[n-1]."""
    factor = 2 * np.cos(2 * np.pi * PITCH / RATE)
    return float(np.abs(sound[2:] - factor * sound[1:-1] + sound[:-2]).max())


@pytest.mark.slow
@pytest.mark.parametrize("ppm", [-200, 200])
def test_ten_minutes_of_two_clocks_are_one_sound_without_a_gap(ppm):
    room = Room(ppm)
    room.run(600)
    sound = np.concatenate(room.out)[RATE // 2 :]
    assert room.follower.underruns == 0
    assert room.follower.skipped == 0
    assert roughness(sound) < 2e-5
    assert room.follower.rate == pytest.approx(ppm * 1e-6, abs=20e-6)
    assert max(room.behind[100:]) < 22
    assert np.ptp(room.behind[12000:]) < 2.5


def test_equal_clocks_pass_every_sample_unchanged():
    noise = np.random.default_rng(2).standard_normal(RATE * 20).astype(np.float32)
    room = Room(0, read=lambda position, count: noise[position : position + count])
    room.run(15)
    sound = np.concatenate(room.out)
    first = int(np.flatnonzero(sound)[0])
    begun = first + BLOCK
    place = int(np.flatnonzero(noise == sound[begun])[0])
    np.testing.assert_array_equal(sound[begun:], noise[place : place + len(sound) - begun])


def test_the_pitch_is_never_off_by_more_than_a_thousandth():
    room = Room(2000)
    rates = []
    for _ in range(200):
        room.run(0.1)
        rates.append(abs(room.follower.rate))
    assert max(rates) <= 0.001
    assert rates[-1] > 0.0005


def test_a_microphone_that_stops_ends_softly_and_comes_back_softly():
    room = Room(0)
    room.run(2)
    room.run(1, stopped=True)
    room.run(2)
    sound = np.concatenate(room.out)
    assert room.follower.underruns == 1
    assert not sound[round(2.1 * RATE) : round(2.9 * RATE)].any()
    assert sound[round(3.2 * RATE) :].std() == pytest.approx(0.5 / np.sqrt(2), rel=0.02)
    steepest = np.abs(np.diff(tone(0, RATE))).max()
    assert np.abs(np.diff(sound)).max() < steepest + 0.5 / (RATE / 200)
    assert max(room.behind[350:]) < 60


def test_lumps_that_come_later_than_before_make_it_keep_more():
    room = Room(0)
    room.run(5)
    room._late = 0.03
    room.run(20)
    learnt = room.follower.underruns
    room.run(60)
    assert room.follower.underruns == learnt


def test_a_delivery_that_is_a_little_late_is_waited_for_without_a_gap():
    follower, block = Follower(tone), BLOCK // 2
    blocks = []
    for number in range(1, 4001):
        late = 880 if number % 1000 == 700 else 500
        blocks.append(follower.take(block, max(0, number * block - late), number * block))
    assert follower.repeated == 1
    assert follower.underruns == 0
    sound = np.concatenate(blocks)[RATE // 10 :]
    assert np.abs(sound).reshape(-1, block).max(axis=1).min() > 0.2
    steepest = np.abs(np.diff(tone(0, RATE))).max()
    assert np.abs(np.diff(sound)).max() < steepest + 1.0 / (RATE / 1000)


def test_deliveries_that_were_late_only_at_the_start_delay_nothing_afterwards():
    follower, block = Follower(tone), BLOCK // 2
    behind = []
    for number in range(1, 1001):
        late = 900 if number == 100 else 500
        follower.take(block, max(0, number * block - late), number * block)
        behind.append(number * block - follower._position)
    assert behind[300] > 900
    assert behind[-1] < 900
    assert follower.underruns == 0


def test_sound_that_has_piled_up_is_caught_up_with_at_once():
    """As after a player that stood still."""
    room = Room(0)
    room.run(3)
    room._played += RATE // 5
    room.run(3)
    assert room.follower.skipped == 1
    assert room.behind[-1] < 30
    sound = np.concatenate(room.out)[RATE // 2 :]
    assert np.abs(np.diff(sound)).max() < 0.05


def test_high_tones_stay_what_they_are():
    def read(position: int, count: int) -> Samples:
        places = np.arange(position, position + count, dtype=np.float64)
        return np.sin(2 * np.pi * 15_000 / RATE * places).astype(np.float32)

    room = Room(150, read=read)
    room.run(20)
    sound = np.concatenate(room.out)[-RATE:]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    peak = int(spectrum.argmax())
    assert peak == pytest.approx(15_000, abs=20)
    spectrum[peak - 20 : peak + 20] = 0
    assert 20 * np.log10(spectrum.max() / (len(sound) / 4)) < -70
