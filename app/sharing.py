"""The engines of a session with several speakers: each is built once, whoever needs it."""

import threading
from collections.abc import Callable, Hashable
from dataclasses import replace

from core.pipeline import Spawn, thread_host
from core.sharing import SharedEngine
from engines.registry import Choice


class SharedEngines:
    """Of one session. Any thread."""

    def __init__(self, spawn: Spawn = thread_host) -> None:
        self._spawn = spawn
        self._built: dict[Hashable, tuple[Choice, SharedEngine]] = {}
        self._building = threading.RLock()

    def choose(self, wish: Hashable, build: Callable[[], Choice]) -> Choice:
        """What `build` gives, or gave to whoever had the same wish before. Who closes the engine
        closes their share of it."""
        with self._building:
            if wish not in self._built:
                choice = build()
                engine = SharedEngine(
                    choice.kind, choice.engine, lambda: self._forget(wish), self._spawn
                )
                self._built[wish] = choice, engine
            choice, engine = self._built[wish]
            return replace(choice, engine=engine.join())

    def _forget(self, wish: Hashable) -> None:
        with self._building:
            self._built.pop(wish, None)
