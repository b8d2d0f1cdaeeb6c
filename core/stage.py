"""What every step of a pipeline looks like to the lane that drives it."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

In = TypeVar("In", contravariant=True)
Out = TypeVar("Out", covariant=True)


class Stage(Protocol[In, Out]):
    """Turns each item into any number of items, in order, on one thread.

    It never sees threads, queues or its neighbours. What it cannot do it raises: that costs
    the item at hand and nothing else.
    """

    def process(self, item: In) -> Iterable[Out]: ...

    def flush(self) -> Iterable[Out]:
        """Give out what is still held back; the stream has ended."""
        ...

    def close(self) -> None:
        """Let go of everything. Called once, on the stage's own thread, whatever happened."""
        ...
