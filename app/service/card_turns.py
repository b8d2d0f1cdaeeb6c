"""Which graphics card each of the service's processes has, of those that the service may use."""

import os
from collections import Counter
from threading import Lock

from app.card import named
from core.config import Config

_VISIBLE = "CUDA_VISIBLE_DEVICES"


class CardTurns:
    """Of so many cards that are found. Any thread may call."""

    def __init__(self, config: Config | None = None, found: int = 0) -> None:
        chosen = config is not None and named(config)
        self._had = Counter(dict.fromkeys([] if chosen else visible(found), 0))
        self._changing = Lock()

    def take(self) -> str:
        """The one that the fewest have; empty where the settings choose among them, or there is
        none."""
        with self._changing:
            card = min(self._had, key=self._had.__getitem__, default="")
            if card:
                self._had[card] += 1
            return card

    def give_back(self, card: str) -> None:
        with self._changing:
            if card:
                self._had[card] -= 1


def visible(found: int) -> list[str]:
    """By what CUDA knows the cards that are found. Whoever started this program may have kept some
    of them from it: they are counted from 0 all the same."""
    told = os.environ.get(_VISIBLE)
    if told is None:
        return [str(number) for number in range(found)]
    return [name.strip() for name in told.split(",")][:found]


def use(card: str) -> None:
    """From here on this process sees no other one. Before anything computes."""
    if card:
        os.environ[_VISIBLE] = card
