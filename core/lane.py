"""Runs one stage between two channels. Plain Python: any thread can host `run`."""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from core.channel import Channel, Closed
from core.stage import Stage

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Watch:
    """Who is told what a lane does; each is called on the lane's thread and must be quick.

    `current`: whether an item still counts (a late result of a cancelled turn does not).
    `passed`: the lane put this item out. `failed`: this item was lost here, and why.
    `took`: seconds that one item took.
    """

    current: Callable[[Any], bool] = lambda item: True
    passed: Callable[[str, Any], None] = lambda lane, item: None
    failed: Callable[[str, Any, Exception], None] = lambda lane, item, error: None
    took: Callable[[str, float], None] = lambda lane, seconds: None


class Lane:
    """One bad item costs that item, not the lane."""

    def __init__(
        self,
        name: str,
        stage: Stage[Any, Any],
        inbox: Channel[Any],
        outbox: Channel[Any],
        watch: Watch,
    ) -> None:
        self.name = name
        self._stage = stage
        self._inbox = inbox
        self._outbox = outbox
        self._watch = watch

    def run(self) -> None:
        """Until the inbox ends; then what the stage held back, then the outbox ends too."""
        try:
            self._work()
            self._forward(None, self._stage.flush)
        finally:
            self._outbox.close()
            self._stage.close()

    def _work(self) -> None:
        while True:
            try:
                item = self._inbox.get()
            except Closed:
                return
            if self._watch.current(item):
                start = time.perf_counter()
                self._forward(item, self._stage.process, item)
                self._watch.took(self.name, time.perf_counter() - start)
            self._inbox.ack()

    def _forward(self, item: Any, call: Callable[..., Iterable[Any]], *args: Any) -> None:
        try:
            for out in call(*args):
                if item is not None and not self._watch.current(item):
                    return  # what is not made yet is made for nobody
                if self._watch.current(out):
                    self._watch.passed(self.name, out)
                    self._outbox.put(out)
        except Exception as error:
            if item is not None and not self._watch.current(item):
                log.info("%s failed on an item that nobody waits for: %s", self.name, error)
                return
            log.exception("%s failed on an item", self.name)
            self._watch.failed(self.name, item, error)
