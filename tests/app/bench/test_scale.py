"""What was not killed counts for nothing."""

import pytest

from app.bench import scale
from app.bench.kills import Toll
from core.errors import EngineUnavailable


class Nowhere:
    def __init__(self, *given):
        pass

    def choose(self, *given):
        raise EngineUnavailable("There is none.")


def test_without_an_engine_no_restart_is_in_time(monkeypatch):
    monkeypatch.setattr(scale, "Places", Nowhere)
    assert not scale.Figure(scale._restart(), "s", at_most=3).met


@pytest.mark.parametrize(("restarts", "met"), [(0, False), (2, False), (3, True), (4, True)])
def test_segments_get_through_only_if_every_worker_was_killed(restarts, met):
    figures = scale._survived(Toll(lost=0, duplicates=0, disorder=0, restarts=restarts))
    assert all(figure.met for figure in figures.values()) == met
