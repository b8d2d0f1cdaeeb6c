"""Views of the speaker's own mouth from inside."""

import numpy as np
import pytest

from core.types import Face, Frame
from engines.lips import points as at
from engines.lips.bank import MouthBank, anchor_of
from engines.lips.head import NosedHead
from engines.lips.interior import Opening, compose
from engines.lips.rest import RestModel

_SKIN = np.array([200, 160, 140], np.float32)


@pytest.fixture
def bank(talk: list[tuple[Frame, Face]]) -> MouthBank:
    bank, nose, rest = MouthBank(), NosedHead(), RestModel()
    for frame, face in talk:
        head, _ = nose.fit(face.landmarks.astype(np.float64))
        own = head.into(face.landmarks[at.POINTS].astype(np.float64))
        rest.observe(own, head)
        if bank.wants(head, own, 0.0):
            bank.keep(frame.image, head, own, anchor_of(rest.rest(head, own)), _SKIN, 0.0)
    return bank


def test_ordinary_talk_fills_several_cells(bank: MouthBank) -> None:
    assert len(bank.views) >= 3


def test_a_blurred_view_is_not_kept(talk: list[tuple[Frame, Face]]) -> None:
    bank, face = MouthBank(), talk[4][1]
    head, _ = NosedHead().fit(face.landmarks.astype(np.float64))
    own = head.into(face.landmarks[at.POINTS].astype(np.float64))
    assert not bank.wants(head, own, speed=0.2)
    assert bank.wants(head, own, speed=0.0)


def test_the_view_with_the_nearest_opening_is_shown(bank: MouthBank) -> None:
    gaps = sorted(view.gap for view in bank.views.values())
    for gap in (gaps[0], gaps[-1]):
        fresh = MouthBank()
        fresh.views = bank.views
        shown = max(fresh.choose(gap, 0.9, (0.0, 0.1)), key=lambda pair: pair[1])[0]
        assert abs(shown.gap - gap) < 0.06


def test_views_change_without_a_jump(bank: MouthBank) -> None:
    gaps = sorted(view.gap for view in bank.views.values())
    for _ in range(10):
        shown = bank.choose(gaps[0], 0.9, (0.0, 0.1))
    before = shown[0][0]
    after = bank.choose(gaps[-1], 0.9, (0.0, 0.1))
    weight = sum(share for view, share in after if view is before)
    assert 0.3 < weight < 0.8
    assert sum(share for _, share in after) == pytest.approx(1, abs=0.05)


def test_an_empty_bank_shows_nothing() -> None:
    assert MouthBank().choose(0.1, 0.8, (0.0, 0.0)) == []


def _hole(rows: float) -> Opening:
    x = np.linspace(-1, 1, 192, dtype=np.float32)
    height = np.clip(1 - (x / 0.5) ** 2, 0, 1) ** 0.75 * np.float32(rows)
    return Opening(np.full(192, 28, np.float32), 28 + height)


def test_a_synthetic_mouth_has_teeth_above_and_dark_below(bank: MouthBank) -> None:
    inside = compose(_hole(40), [], _SKIN, 0.0).astype(float).mean(2)
    middle = inside.shape[1] // 2
    teeth = inside[6:14, middle].mean()
    assert teeth > 1.5 * inside[22:30, middle].mean()
    assert teeth < _SKIN.mean()


def test_the_inside_follows_the_light(bank: MouthBank) -> None:
    shown = bank.choose(0.15, 0.9, (0.0, 0.1))
    view = shown[0][0]
    bright = compose(_hole(25), shown, view.skin, 0.0).astype(float)
    dim = compose(_hole(25), shown, view.skin * np.float32(0.6), 0.0).astype(float)
    assert dim.mean() == pytest.approx(0.6 * bright.mean(), rel=0.03)
