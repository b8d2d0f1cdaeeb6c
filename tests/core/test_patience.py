"""For how long somebody is waited for."""

import pytest

from core.patience import Patience


def waited(takes: float, times: int = 60) -> list[bool]:
    """Of each time, whether it was there while it was waited for."""
    patience, there = Patience(0.05, 0.1), []
    for _ in range(times):
        there.append(takes <= patience.seconds)
        patience.took(takes) if there[-1] else patience.lost()
    return there


def test_who_is_quick_is_not_waited_for_when_once_late():
    patience = Patience(0.05, 0.1)
    for _ in range(50):
        patience.took(0.01)
    patience.lost()
    assert patience.seconds == 0.05


@pytest.mark.parametrize("takes", [0.055, 0.07, 0.095])
def test_who_is_always_slow_is_waited_for_before_long(takes):
    there = waited(takes)
    assert all(there[20:])


def test_nobody_is_waited_for_longer_than_allowed():
    assert not any(waited(0.11))


def test_where_there_is_time_it_is_given_from_the_beginning():
    assert Patience(9.0, 9.0).seconds == 9.0
