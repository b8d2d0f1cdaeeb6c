"""Ctrl-C and the other ways of asking a program to end, all as KeyboardInterrupt; and not twice."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_ENDINGS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


def listen() -> None:
    """From here on each of them raises KeyboardInterrupt in the main thread."""
    for number in _ENDINGS:
        signal.signal(number, signal.default_int_handler)


@contextmanager
def undisturbed() -> Iterator[None]:
    """What is done here is short and must be complete: a further Ctrl-C is ignored. Main thread
    only."""
    before = [(number, signal.signal(number, signal.SIG_IGN)) for number in _ENDINGS]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
