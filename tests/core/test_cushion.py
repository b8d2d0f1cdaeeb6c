"""How much sound is kept in hand, on a clock moved by hand."""

from core.cushion import Cushion


def test_each_underrun_makes_it_larger_up_to_a_limit():
    cushion = Cushion(100, 250, 100)
    assert not cushion.update(0, 0.0)
    assert cushion.update(1, 1.0)
    assert cushion.size == 200
    assert cushion.update(3, 2.0)
    assert cushion.size == 250
    assert not cushion.update(4, 3.0)


def test_two_quiet_minutes_make_it_smaller_again_down_to_where_it_began():
    cushion = Cushion(100, 300, 100)
    cushion.update(1, 0.0)
    cushion.update(2, 1.0)
    assert not cushion.update(2, 120.0)
    assert cushion.update(2, 121.5)
    assert cushion.size == 200
    assert cushion.update(2, 242.0)
    assert not cushion.update(2, 400.0)
    assert cushion.size == 100


def test_what_happens_while_everything_is_being_started_counts_for_nothing():
    cushion = Cushion(100, 300, 100, settling=3.0)
    assert not cushion.update(0, 10.0)
    assert not cushion.update(5, 12.0)
    assert not cushion.update(5, 13.5)
    assert cushion.update(6, 14.0)
    assert cushion.size == 200
