from collections.abc import Iterable

from app.bench.simulate import Simulation
from core.clock import Clock


class Takes:
    """Each item takes so many seconds and comes out as often as it says."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.clock, self.seconds = clock, seconds

    def process(self, item: int) -> Iterable[int]:
        for _ in range(item):
            self.clock.sleep(self.seconds)
            yield item

    def flush(self) -> Iterable[int]:
        yield 0

    def close(self) -> None:
        pass


def times(*seconds: float, items: list[tuple[float, int]]) -> list[float]:
    makers = [lambda clock, s=s: Takes(clock, s) for s in seconds]
    return [moment for moment, item in Simulation(makers).run(items) if item]


def test_lanes_work_at_the_same_time_and_each_on_one_item_at_once():
    assert times(1.0, 2.0, items=[(0.0, 1), (0.0, 1), (0.0, 1)]) == [3.0, 5.0, 7.0]


def test_a_lane_waits_for_an_item_that_is_not_there_yet():
    assert times(1.0, items=[(0.0, 1), (10.0, 1)]) == [1.0, 11.0]


def test_what_one_item_became_moves_on_piece_by_piece():
    assert times(1.0, items=[(0.0, 3)]) == [1.0, 2.0, 3.0]
