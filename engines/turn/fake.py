"""A turn judge for tests: a sentence is over when its last word says so."""

from collections.abc import Collection, Iterable

from core.errors import EngineFailed
from core.types import AudioChunk, Word


class FakeTurn:
    """0.95 when the last word is one of `ends` or ends with a full stop, else 0.1; `wordless`
    when there is no word. `script`, while it lasts, gives the answers instead. The calls whose
    numbers (from 0) are in `failures` raise EngineFailed."""

    def __init__(
        self,
        *,
        ends: Collection[str] = ("over",),
        wordless: float = 0.5,
        script: Iterable[float] = (),
        failures: Collection[int] = (),
    ) -> None:
        self._ends = ends
        self._wordless = wordless
        self._script = iter(script)
        self._failures = failures
        self.calls = 0
        self.closed = False

    def complete(self, audio: AudioChunk, words: tuple[Word, ...], language: str) -> float:
        call, self.calls = self.calls, self.calls + 1
        if call in self._failures:
            raise EngineFailed("The fake turn judge failed as it was told to.")
        return next(self._script, self._judge(words))

    def _judge(self, words: tuple[Word, ...]) -> float:
        if not words:
            return self._wordless
        last = words[-1].text
        return 0.95 if last in self._ends or last.endswith(".") else 0.1

    def close(self) -> None:
        self.closed = True
