"""What of a wide mouth is a smile."""

import pytest

from engines.lips.smile import Smile


def _seen(smile: Smile, wider: float, frames: int, first: int = 0) -> float:
    for number in range(first, first + frames):
        smile.observe(number / 25, wider)
    return smile.wider


def test_a_mouth_that_stays_wide_smiles() -> None:
    assert 0.05 < _seen(Smile(), 0.2, 50) < 0.2


def test_a_syllable_is_no_smile() -> None:
    smile = Smile()
    _seen(smile, 0.0, 25)
    assert _seen(smile, 0.15, 3, first=25) < 0.01


def test_a_smile_goes_within_a_second_and_without_a_jump() -> None:
    smile = Smile()
    before = _seen(smile, 0.2, 50)
    steps = [_seen(smile, 0.0, 1, first=50 + number) for number in range(25)]
    assert max(a - b for a, b in zip([before, *steps], steps, strict=False)) < 0.02
    assert steps[-1] == 0.0


def test_a_grimace_does_not_tear_the_mouth_apart() -> None:
    assert _seen(Smile(), 5.0, 100) == pytest.approx(0.2)


def test_another_stream_begins_without_a_smile() -> None:
    smile = Smile()
    _seen(smile, 0.2, 50)
    smile.observe(100.0, 0.2)
    assert smile.wider == 0.0


def test_a_late_frame_says_nothing() -> None:
    smile = Smile()
    before = _seen(smile, 0.2, 50)
    smile.observe(1.5, 0.0)
    assert smile.wider == before
