"""What workers do in the tests of `core.process`: whatever an engine may do to its process."""

import os
import signal
import threading
import time
from pathlib import Path

import numpy  # noqa: F401 - as an engine does, while arrays may already be arriving

from core.errors import EngineUnavailable, UsageError


class Odd(Exception):
    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


class Bench:
    def __init__(self, refuse="", grave=None, busy=None):
        while busy and Path(busy).exists():
            if Path(busy).read_text() != "soon":
                raise OSError("The device is busy.")
            time.sleep(0.001)
        if refuse:
            raise EngineUnavailable(refuse)
        self.grave, self.told = grave, 0

    def pid(self):
        return os.getpid()

    def echo(self, value):
        return value

    def double(self, samples):
        return samples * 2

    def count(self):
        self.told += 1
        return self.told

    def numbers(self, n):
        yield from range(n)

    def loud(self):
        print("noise from a library")
        os.write(1, b"raw noise")
        return "done"

    def usage(self):
        raise UsageError("That makes no sense.")

    def odd(self):
        raise Odd("this", "that")

    def unsendable(self):
        return threading.Lock()

    def sleep(self, seconds):
        time.sleep(seconds)
        return "slept"

    def vanish(self):
        return Vanishing(os.getpid())

    def die(self):
        os.kill(os.getpid(), signal.SIGKILL)

    def timeout(self):
        raise TimeoutError("its own")

    def die_until(self, path):
        lives = Path(path)
        left = int(lives.read_text())
        lives.write_text(str(left - 1))
        if left > 0:
            os._exit(3)
        return "survived"

    def waiting(self, path, at_hand=None):
        yield "first"
        if at_hand:
            at_hand.touch()
        while not Path(path).exists():
            time.sleep(0.001)
        yield "second"

    def stops(self, n, error=None):
        try:
            yield from range(n)
            if error:
                raise error
        finally:
            self.told = "let go"

    def what(self):
        return self.told

    def dies_at(self, life, path, start, stop):
        lives = Path(path)
        for number in range(start, stop):
            if number in life and not (lives / str(number)).exists():
                (lives / str(number)).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield number

    def sleeps_behind(self, n, seconds):
        yield from range(n)
        time.sleep(seconds)

    def pieces_with(self, kind):
        yield 1
        yield threading.Lock() if kind == "unsendable" else Vanishing(os.getpid())
        yield 3

    def close(self):
        if self.grave:
            Path(self.grave).write_text("closed")

    def orphaned(self):
        self.close()


class Vanishing:
    # Can be packed everywhere and unpacked nowhere else than at home.
    def __init__(self, home):
        self.home = home

    def __reduce__(self):
        return (at_home, (self.home,))


def at_home(home):
    if os.getpid() != home:
        raise RuntimeError("not at home")
    return Vanishing(home)


class Doubler:
    def process(self, item):
        return [item, item]

    def flush(self):
        yield "rest"

    def close(self):
        pass


def until(condition, patience=20.0):
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)
