import numpy as np

from core.types import LipSight
from engines.enhance.care import Agreement, Movement
from engines.enhance.features import HOP, RATE


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


def _trusts(opening, seconds=6.0, trust=0.9):
    """Of lips beside a sound that is loud in every other third of a second."""
    rng, agreement, trusts = np.random.default_rng(0), Agreement(), []
    for number in range(round(seconds * RATE / HOP)):
        at = number * HOP / RATE
        loud = 0.1 if _loud(at) else 0.001
        agreement.hear((loud * rng.standard_normal(HOP)).astype(np.float32), at + HOP / RATE)
        if number % 2:
            trusts.append(agreement.judged(LipSight(at, opening(at), 0.0, trust)).trust)
    return trusts


def _loud(at):
    return at % 0.66 < 0.33


def test_lips_that_open_when_it_is_loud_are_believed_all_the_time():
    assert min(_trusts(lambda at: 0.4 * _loud(at + 0.06))) > 0.75


def test_lips_that_open_when_it_is_quiet_are_not_believed_for_long():
    trusts = _trusts(lambda at: 0.4 * (not _loud(at + 0.06)))
    assert trusts[0] == 0.9
    assert max(trusts[50:]) == 0.0


def test_a_mouth_that_moves_as_it_likes_is_hardly_believed():
    rng = np.random.default_rng(1)
    assert np.mean(_trusts(lambda at: rng.uniform(0, 0.5))[75:]) < 0.5


def test_lips_that_were_not_seen_are_not_believed_and_tell_nothing():
    assert not any(_trusts(lambda at: 0.0, trust=0.0))


def test_beside_silence_lips_are_not_believed():
    agreement = Agreement()
    for number in range(200):
        agreement.hear(np.zeros(HOP, np.float32), (number + 1) * HOP / RATE)
        sight = agreement.judged(LipSight(number * HOP / RATE, number % 2, 0.0, 1.0))
    assert sight.trust == 0.0
