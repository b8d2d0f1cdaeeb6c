"""The engines of a session with several speakers: each is built once, whoever needs it."""

import threading
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import replace

from core.errors import EngineFailed
from core.pipeline import Spawn, thread_host
from core.sharing import SharedEngine
from engines.registry import Choice
from engines.rungs import Telling


class SharedEngines:
    """Of one session. Any thread."""

    def __init__(self, spawn: Spawn = thread_host) -> None:
        self._spawn = spawn
        self._built: dict[Hashable, tuple[_Sharers, SharedEngine]] = {}
        self._building = threading.RLock()

    def choose(
        self, wish: Hashable, build: Callable[[Telling], Choice], telling: Telling
    ) -> Choice:
        """What `build` gives, or gave to whoever had the same wish before. What it is given tells
        everybody who shares the engine at that time. Who closes the engine closes their share."""
        with self._building:
            if wish in self._built:
                with suppress(EngineFailed):  # its last user is just leaving
                    return self._join(wish, telling)
            self._built[wish] = self._build(wish, build, telling)
            return self._join(wish, telling)

    def _join(self, wish: Hashable, telling: Telling) -> Choice:
        sharers, engine = self._built[wish]
        share = engine.join(lambda: sharers.leave(telling))
        return replace(sharers.join(telling), engine=share)

    def _build(
        self, wish: Hashable, build: Callable[[Telling], Choice], telling: Telling
    ) -> "tuple[_Sharers, SharedEngine]":
        sharers = _Sharers()
        choice = build(sharers.telling(telling))
        sharers.choice = choice
        engine = SharedEngine(
            choice.kind, choice.engine, lambda: self._forget(wish, sharers), self._spawn
        )
        return sharers, engine

    def _forget(self, wish: Hashable, sharers: "_Sharers") -> None:
        """Unless there is another engine for this wish already."""
        with self._building:
            if wish in self._built and self._built[wish][0] is sharers:
                del self._built[wish]


class _Sharers:
    """Those who use an engine together. `choice` is the one at work. Any thread."""

    choice: Choice

    def __init__(self) -> None:
        self._joined: list[Telling] = []
        self._changing = threading.Lock()

    def telling(self, first: Telling) -> Telling:
        """For the engine that they share. `first` wants it, before anybody has joined."""
        return Telling(
            lambda text: self._told(text, first),
            self._changed,
            behind=lambda: any(one.behind() for one in self._now()),
            budget=lambda: min((one.budget() for one in self._now()), default=first.budget()),
            hurry=first.hurry,
        )

    def join(self, telling: Telling) -> Choice:
        """The engine at work; of another one that takes its place they are told."""
        with self._changing:
            self._joined.append(telling)
            return self.choice

    def leave(self, telling: Telling) -> None:
        with self._changing:
            self._joined = [one for one in self._joined if one is not telling]

    def _now(self) -> list[Telling]:
        with self._changing:
            return list(self._joined)

    def _told(self, text: str, first: Telling) -> None:
        """One sentence is for the whole session, whoever passes it on."""
        (self._now() or [first])[0].told(text)

    def _changed(self, choice: Choice) -> None:
        with self._changing:
            self.choice = choice
            joined = list(self._joined)
        for one in joined:
            one.changed(choice)
