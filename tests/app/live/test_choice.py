"""Which picture goes out at each tick."""

import pytest

from app.live.choice import Chooser, Kind

TICK = 1 / 30


def test_the_drawn_picture_goes_out_while_it_keeps_up():
    chooser = Chooser()
    for tick in range(60):
        kind = chooser.choose(tick * TICK, True, (tick + 1, 0.01), 0.03)
        assert kind is Kind.DRAWN


def test_the_original_goes_out_when_it_is_wanted():
    assert Chooser().choose(0.0, False, (1, 0.0), 0.0) is Kind.ORIGINAL


def test_the_original_takes_over_within_a_tenth_of_a_second_when_drawing_hangs():
    chooser = Chooser()
    chooser.choose(0.0, True, (1, 0.0), 0.0)
    kinds = [chooser.choose(tick * TICK, True, (1, tick * TICK), 0.01) for tick in range(1, 8)]
    first = kinds.index(Kind.ORIGINAL) + 1
    assert first * TICK <= 0.1 + 1e-9
    assert set(kinds[kinds.index(Kind.ORIGINAL) :]) == {Kind.ORIGINAL}


def test_drawing_that_goes_on_is_shown_again_at_once():
    chooser = Chooser()
    for tick in range(10):
        kind = chooser.choose(tick * TICK, True, (1, tick * TICK), 0.01)
    assert kind is Kind.ORIGINAL
    assert chooser.choose(10 * TICK, True, (2, 0.0), 0.01) is Kind.DRAWN


def test_a_camera_of_five_pictures_a_second_does_not_look_like_one_that_hangs():
    chooser = Chooser()
    for tick in range(60):
        since = (tick % 6) * TICK  # a picture each 0.2 s, drawn within 10 ms
        kind = chooser.choose(tick * TICK, True, (1 + tick // 6, since), since + 0.01)
        assert kind is Kind.DRAWN


@pytest.mark.parametrize("lasts", [0.04, 0.05, 0.066, 0.08, 0.095])
def test_drawing_that_is_always_slow_does_not_take_turns_with_the_original(lasts):
    chooser, kinds = Chooser(), []
    for tick in range(300):
        now = tick * TICK
        done = int(now / lasts)
        kinds.append(chooser.choose(now, True, (done, now - done * lasts), now % TICK))
    assert set(kinds[30:]) == {Kind.DRAWN}


def test_a_slate_goes_out_when_the_camera_gives_nothing():
    endless = float("inf")
    assert Chooser().choose(0.0, True, (0, endless), endless) is Kind.SLATE
    assert Chooser().choose(9.0, True, (5, 3.0), 3.0) is Kind.SLATE
