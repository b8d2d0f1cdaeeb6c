"""A chain of Apertium's programs that is kept running: one text in, one text out, many times."""

import contextlib
import os
import select
import subprocess
import time
from collections.abc import Sequence

from core.errors import EngineFailed, EngineUnavailable

_MARK = b"[][\n]"
"""The end of a text as Apertium's own formatters write it: format, not words. Without it some
programs wait for what comes next. It comes out again at the end of every answer that is whole."""

_FLUSH = b"\0"
"""Makes every program of the chain give out all it has."""

LONGEST = 8192
"""Bytes a text may have: a pipe takes 64 KiB, so that writing never waits for reading."""


class Chain:
    """Programs joined by pipes. One thread at a time. After EngineFailed it is of no more use.

    The programs read until their input ends. It ends, without any doing of ours, when this
    process dies in whatever way, so that none outlives it.
    """

    def __init__(self, programs: Sequence[Sequence[str]]) -> None:
        self._processes: list[subprocess.Popen[bytes]] = []
        try:
            for command in programs:
                self._join(command)
        except OSError as exc:
            self.close()
            raise EngineUnavailable(
                f"Apertium's program {command[0]} cannot be started ({exc.strerror}); "
                "install it with `sudo apt-get install apertium`."
            ) from exc

    @property
    def pids(self) -> tuple[int, ...]:
        return tuple(process.pid for process in self._processes)

    def ask(self, text: bytes, timeout: float) -> bytes:
        """The chain's answer to one text in Apertium's stream format, or EngineFailed."""
        if len(text) > LONGEST:
            raise ValueError(f"A text for Apertium may have {LONGEST} bytes, not {len(text)}.")
        first, last = self._processes[0].stdin, self._processes[-1].stdout
        assert first is not None and last is not None
        try:
            first.write(text + _MARK + _FLUSH)
        except OSError as exc:
            raise EngineFailed("One of Apertium's programs has died.") from exc
        return self._read(last.fileno(), time.monotonic() + timeout)

    def close(self) -> None:
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
        self._processes.clear()

    def _join(self, command: Sequence[str]) -> None:
        before = self._processes[-1].stdout if self._processes else None
        process = subprocess.Popen(
            command,
            stdin=before or subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
            process_group=0,  # Ctrl-C in a terminal is for us to handle, not for them
        )
        self._processes.append(process)
        if before is not None:
            before.close()

    def _read(self, pipe: int, until: float) -> bytes:
        answer = b""
        poll = select.poll()  # select() fails on descriptors above 1023
        poll.register(pipe, select.POLLIN)
        while not answer.endswith(_FLUSH):
            if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
                raise EngineFailed("Apertium does not answer.")
            some = os.read(pipe, 65536)
            if not some:
                raise EngineFailed("One of Apertium's programs has died.")
            answer += some
        whole, mark, _ = answer.rpartition(_MARK)
        if not mark:  # programs behind one that died still flush what reached them
            raise EngineFailed("One of Apertium's programs has died.")
        return whole
