"""A chain of lanes, started and stopped as one."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from core.channel import Channel
from core.lane import Lane, Watch
from core.stage import Stage


class Host(Protocol):
    """A thread that runs one lane; `threading.Thread` is one."""

    def start(self) -> None: ...

    def join(self, timeout: float | None = None) -> None: ...

    def is_alive(self) -> bool: ...


Spawn = Callable[[str, Callable[[], None]], Host]


def thread_host(name: str, target: Callable[[], None]) -> Host:
    return threading.Thread(target=target, name=name, daemon=True)


@dataclass(frozen=True)
class Step:
    """A stage, and the channel that its results leave by."""

    name: str
    stage: Stage[Any, Any]
    outbox: Channel[Any]


class Pipeline:
    """Items go in at `inbox` and come out at `outbox`, in order. Lanes run on what `spawn`
    gives them."""

    def __init__(
        self,
        inbox: Channel[Any],
        steps: Sequence[Step],
        watch: Watch | None = None,
        spawn: Spawn = thread_host,
    ) -> None:
        self.channels = [inbox, *(step.outbox for step in steps)]
        self._hosts: dict[str, Host] = {}
        for before, step in zip(self.channels, steps, strict=False):
            lane = Lane(step.name, step.stage, before, step.outbox, watch or Watch())
            self._hosts[step.name] = spawn(step.name, lane.run)

    @property
    def inbox(self) -> Channel[Any]:
        return self.channels[0]

    @property
    def outbox(self) -> Channel[Any]:
        return self.channels[-1]

    @property
    def pending(self) -> int:
        """Items on their way, the ones at work included."""
        return sum(channel.pending for channel in self.channels)

    def start(self) -> None:
        for host in self._hosts.values():
            host.start()

    def finish(self) -> None:
        """No more input; everything inside still comes out."""
        self.inbox.close()

    def stop(self, timeout: float = 2.0) -> list[str]:
        """Drop everything and end all lanes. Returns within `timeout`, with the names of the
        lanes that are stuck in their stage; those end by themselves if their stage ever does."""
        for channel in self.channels:
            channel.cancel()
        deadline = time.monotonic() + timeout
        for host in self._hosts.values():
            host.join(max(0.0, deadline - time.monotonic()))
        return [name for name, host in self._hosts.items() if host.is_alive()]
