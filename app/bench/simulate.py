"""A pipeline in simulated time: the real stages, each on a clock of its own, no threads.

A lane begins an item when the item is there and the lane is free; its engines sleep on the
lane's clock. That is exactly how lanes with room in their queues behave, on a machine that
never wavers.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from core.clock import Clock, ManualClock
from core.stage import Stage

MakeStage = Callable[[Clock], Stage[Any, Any]]


class Simulation:
    """Built from functions that make a stage on the clock of its lane."""

    def __init__(self, stages: Sequence[MakeStage]) -> None:
        self._clocks = [ManualClock(auto=True) for _ in stages]
        self._stages = [make(clock) for make, clock in zip(stages, self._clocks, strict=True)]

    def run(self, items: Iterable[tuple[float, Any]]) -> Iterator[tuple[float, Any]]:
        """Items with the time each one is there, ascending; results with the time each is."""
        last = 0.0
        for arrival, item in items:
            last = arrival
            yield from self._enter(0, arrival, item)
        for index in range(len(self._stages)):
            self._clocks[index].advance_to(last)
            yield from self._leave(index, self._stages[index].flush())

    def _enter(self, index: int, arrival: float, item: Any) -> Iterator[tuple[float, Any]]:
        if index == len(self._stages):
            yield arrival, item
            return
        self._clocks[index].advance_to(arrival)
        yield from self._leave(index, self._stages[index].process(item))

    def _leave(self, index: int, outs: Iterable[Any]) -> Iterator[tuple[float, Any]]:
        for out in outs:
            yield from self._enter(index + 1, self._clocks[index].now(), out)
