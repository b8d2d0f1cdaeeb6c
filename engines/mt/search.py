"""How a neural translator looks for translations."""

from dataclasses import dataclass

LONGEST = 400
"""Tokens of one sentence; the models know places for 512."""


@dataclass(frozen=True)
class Search:
    """How translations are looked for: `beam` ways at a time (1 is fastest), `length` above 1
    favours long ones. One is never longer than `stretch` times its source and `extra` tokens."""

    beam: int = 1
    length: float = 1.0
    stretch: float = 2.5
    extra: int = 20

    def most(self, tokens: int) -> int:
        return min(LONGEST, round(tokens * self.stretch) + self.extra)
