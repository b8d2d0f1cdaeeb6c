"""Somebody who feeds the virtual camera with numbered pictures, in a process of their own."""

import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_PATIENCE = 30.0


class Feeder:
    """What it says comes in `said`; `camera` is the first of it."""

    def __init__(self, environment: Mapping[str, str], wanted: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.numbered_pictures", wanted],
            cwd=ROOT, env=dict(environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._said: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        self.camera = self.says()

    def says(self) -> dict[str, Any]:
        """The next thing that it says."""
        return self._said.get(timeout=_PATIENCE)

    def wait_until_watched(self, watched: bool) -> None:
        while self.says().get("watched") is not watched:
            pass

    def kill(self) -> None:
        """At once, as the system does when memory runs out."""
        self.process.kill()
        self._end()

    def stop(self) -> None:
        if self.process.stdin is not None and not self.process.stdin.closed:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
        self._end()

    def _end(self) -> None:
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._thread.join(10)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.put(json.loads(line))


@contextlib.contextmanager
def feeding(environment: Mapping[str, str], wanted: str) -> Iterator[Feeder]:
    feeder = Feeder(environment, wanted)
    try:
        yield feeder
    finally:
        feeder.stop()
