"""A translator for tests: a table of words, with delays and failures on demand."""

import re
from collections.abc import Collection, Mapping

from core.clock import Clock
from core.errors import EngineFailed
from core.text.languages import language_code

_TABLE = {
    ("en", "es"): {
        "a": "un", "and": "y", "are": "son", "cat": "gato", "day": "día", "dog": "perro",
        "good": "buen", "hello": "hola", "house": "casa", "i": "yo", "in": "en", "is": "es",
        "morning": "mañana", "my": "mi", "no": "no", "one": "uno", "red": "rojo", "see": "ver",
        "thank": "gracias", "the": "el", "this": "este", "three": "tres", "two": "dos",
        "we": "nosotros", "world": "mundo", "yes": "sí", "you": "tú",
    },
}  # fmt: skip

_WORD = re.compile(r"[^\W\d_]+")


class FakeTranslator:
    """Translates word for word by `table` (lower-case words; a small English-Spanish one, read
    in either direction, if none is given). A word that is not in it is spelt backwards, so that
    it can be seen to have passed through here and be told from every other. Case, numbers and
    punctuation stay.

    Each call takes `delay` seconds of `clock`. The calls whose numbers (from 0) are in `failures`
    raise EngineFailed, after the delay. `calls` lists the texts so far.
    """

    def __init__(
        self,
        source: str = "en",
        target: str = "es",
        *,
        table: Mapping[str, str] | None = None,
        clock: Clock | None = None,
        delay: float = 0.0,
        failures: Collection[int] = (),
    ) -> None:
        if delay and clock is None:
            raise ValueError("A delay needs a clock to pass on.")
        self.source, self.target = language_code(source), language_code(target)
        self.route = (self.source, self.target)
        self.calls: list[str] = []
        self.closed = False
        self._table = _table(self.source, self.target) if table is None else table
        self._clock, self._delay = clock, delay
        self._failures = frozenset(failures)

    def translate(self, text: str) -> str:
        self.calls.append(text)
        if self._clock is not None:
            self._clock.sleep(self._delay)
        if len(self.calls) - 1 in self._failures:
            raise EngineFailed("The fake translator failed as it was told to.")
        return _WORD.sub(lambda match: self._word(match[0]), text)

    def close(self) -> None:
        self.closed = True

    def _word(self, word: str) -> str:
        translated = self._table.get(word.lower()) or word.lower()[::-1]
        if len(word) > 1 and word.isupper():
            return translated.upper()
        return translated.capitalize() if word[0].isupper() else translated


def _table(source: str, target: str) -> Mapping[str, str]:
    there = _TABLE.get((source, target))
    back = {word: meaning for meaning, word in _TABLE.get((target, source), {}).items()}
    return there or back
