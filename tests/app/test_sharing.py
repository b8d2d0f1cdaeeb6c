"""Who shares an engine hears which one it is, whoever built it."""

import pytest

from app.sharing import SharedEngines, _Sharers
from engines.mt.fake import FakeTranslator
from engines.registry import Choice
from engines.rungs import Telling

TOP = Choice("mt", "top", FakeTranslator())
LOWER = Choice("mt", "lower", FakeTranslator())


class Speaker:
    """One of a session, and what it was told."""

    def __init__(self, budget=4.0, behind=False):
        self.told, self.changed = [], []
        self.telling = Telling(
            self.told.append,
            self.changed.append,
            behind=lambda: behind,
            budget=lambda: budget,
        )


@pytest.fixture
def shared():
    """A way to choose the engine that all share; `built` is what the engine tells."""
    engines, built = SharedEngines(), []

    def choose(speaker):
        return engines.choose("wish", lambda telling: built.append(telling) or TOP, speaker.telling)

    choose.built = built
    return choose


def test_all_who_share_an_engine_hear_that_another_took_over_and_one_tells_the_user(shared):
    ana, ben = Speaker(), Speaker()
    for one in (ana, ben):
        assert shared(one).name == "top"
    (telling,) = shared.built
    telling.changed(LOWER)
    telling.told("lower goes on.")
    assert ana.changed == ben.changed == [LOWER]
    assert (ana.told, ben.told) == (["lower goes on."], [])


def test_who_has_left_hears_nothing_and_the_others_still_do(shared):
    ana, ben = Speaker(), Speaker()
    choices = [shared(one) for one in (ana, ben)]
    choices[0].engine.close()
    (telling,) = shared.built
    telling.changed(LOWER)
    telling.told("lower goes on.")
    assert (ana.changed, ben.changed) == ([], [LOWER])
    assert (ana.told, ben.told) == ([], ["lower goes on."])


def test_who_joins_late_gets_the_name_of_the_engine_that_is_at_work(shared):
    ana, ben = Speaker(), Speaker()
    engine = shared(ana).engine._engine
    shared.built[0].changed(LOWER)
    late = shared(ben)
    assert late.name == "lower"
    assert late.engine._engine is engine


def test_a_shared_engine_hurries_for_whoever_is_behind_and_for_the_smallest_budget(shared):
    shared(Speaker(budget=4.0))
    (telling,) = shared.built
    assert (telling.behind(), telling.budget()) == (False, 4.0)
    shared(Speaker(budget=2.0, behind=True))
    assert (telling.behind(), telling.budget()) == (True, 2.0)


def test_what_is_told_while_the_engine_is_built_is_heard_by_who_wanted_it():
    ana = Speaker()

    def build(telling):
        telling.told("Its process had to be started again.")
        assert telling.budget() == 4.0
        return TOP

    SharedEngines().choose("wish", build, ana.telling)
    assert ana.told == ["Its process had to be started again."]


def test_who_comes_while_the_last_is_leaving_gets_an_engine_that_works(monkeypatch):
    engines, found = SharedEngines(), []

    def choose():
        def build(telling):
            return Choice("mt", "fake", FakeTranslator("en", "es"))

        return engines.choose("wish", build, Speaker().telling).engine

    leave = _Sharers.leave

    def come_meanwhile(sharers, telling):
        if not found:
            found.append(choose())
        leave(sharers, telling)

    monkeypatch.setattr(_Sharers, "leave", come_meanwhile)
    first = choose()
    first.close()
    (second,) = found
    assert second._engine is not first._engine
    assert second.translate("hello") == FakeTranslator("en", "es").translate("hello")
    third = choose()
    assert third._engine is second._engine
    for one in (second, third):
        one.close()
