"""Whose job is next."""

from dataclasses import dataclass

from app.service.fair import Turns


@dataclass(frozen=True)
class Waiting:
    id: str
    owner: str


def order(*waiting: tuple[str, str], at_once: int = 1) -> list[str]:
    """The ids as they are begun; each ends when `at_once` are at work."""
    turns, left, done = Turns(), [Waiting(*one) for one in waiting], []
    running: list[Waiting] = []
    while left:
        if len(running) == at_once:
            turns.end(running.pop(0).owner)
        chosen = turns.choose(left)
        assert chosen is not None
        left.remove(chosen)
        turns.begin(chosen.owner)
        running.append(chosen)
        done.append(chosen.id)
    return done


def test_one_owners_jobs_are_done_in_order():
    assert order(("1", "ada"), ("2", "ada"), ("3", "ada")) == ["1", "2", "3"]


def test_a_pile_does_not_keep_others_waiting():
    pile = [(f"a{number}", "ada") for number in range(5)]
    assert order(*pile, ("b0", "bob"), ("c0", "cy")) == ["a0", "b0", "c0", "a1", "a2", "a3", "a4"]


def test_of_several_at_work_at_once_each_owner_has_a_share():
    pile = [(f"a{number}", "ada") for number in range(4)]
    others = [(f"b{number}", "bob") for number in range(4)]
    begun = order(*pile, *others, at_once=2)
    assert begun == ["a0", "b0", "a1", "b1", "a2", "b2", "a3", "b3"]


def test_nobody_waits():
    assert Turns().choose([]) is None
