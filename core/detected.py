"""The translation of what is spoken now in this language, now in that: a translator for each."""

from collections import OrderedDict
from collections.abc import Callable

from core.lag import LagStep
from core.ports import Translator
from core.text.care import TextCare
from core.translation import Translate
from core.types import Transcript

KEPT = 3
"""Translators that are kept: who goes to and fro between languages does so between few."""

Pair = tuple[Translator, TextCare]


class TranslateDetected(Translate):
    """Goes by the language of each transcript. What is in the `target` already is passed on."""

    def __init__(
        self,
        build: Callable[[str], Pair],
        target: str,
        step: Callable[[], LagStep] = lambda: LagStep.NORMAL,
    ) -> None:
        """`build` makes what translates from a language, when that is first heard; it raises
        EngineUnavailable where there is nothing, which costs the segment."""
        self._build = build
        self._target = target
        self._step = step
        self._pairs: OrderedDict[str, Pair] = OrderedDict()

    @property
    def target(self) -> str:
        return self._target

    def ahead(self, transcript: Transcript) -> None:
        """Nothing is begun before the translator is known to be there."""

    def close(self) -> None:
        while self._pairs:
            self._pairs.popitem()[1][0].close()

    def _owns(self, transcript: Transcript) -> bool:
        return transcript.language == self._target

    def _pair(self, transcript: Transcript) -> Pair:
        language = transcript.language
        if language not in self._pairs:
            self._pairs[language] = self._build(language)
        self._pairs.move_to_end(language)
        if len(self._pairs) > KEPT:
            self._pairs.popitem(last=False)[1][0].close()
        return self._pairs[language]
