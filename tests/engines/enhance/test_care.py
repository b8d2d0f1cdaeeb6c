from core.types import LipSight
from engines.enhance.care import Movement


def test_lips_that_have_moved_are_believed_for_some_seconds():
    movement = Movement()
    movement.judged(LipSight(0.0, 0.1, 0.0, 1.0))
    assert movement.judged(LipSight(0.1, 0.4, 0.0, 0.9)).trust == 0.9
    assert movement.judged(LipSight(3.0, 0.4, 0.0, 0.9)).trust == 0.9


def test_a_still_photo_is_not_believed():
    movement = Movement()
    assert not any(movement.judged(LipSight(n / 25, 0.3, 0.0, 1.0)).trust for n in range(200))


def test_lips_that_have_stopped_moving_long_ago_are_not_believed():
    movement = Movement()
    sights = [LipSight(n / 25, 0.5 * (n % 2) if n < 25 else 0.2, 0.0, 1.0) for n in range(200)]
    trusts = [movement.judged(sight).trust for sight in sights]
    assert trusts[20] == 1.0
    assert trusts[-1] == 0.0
