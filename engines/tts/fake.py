"""A voice for tests: it speaks the tone language (see `engines.stt.tones`)."""

import zlib
from collections.abc import Collection, Iterable, Iterator

import numpy as np

from core.clock import Clock
from core.errors import EngineFailed
from core.mouth import Phone
from core.types import Samples, Speech, Translation, Word
from engines.stt.tones import VOCABULARY, utter
from engines.tts.utterance import Utterance, pieces


class FakeVoice:
    """Each word is a tone of `seconds_per_character` a letter; a word that the tone language
    lacks is given one of its tones. A piece takes `delay` seconds on `clock`. The calls of
    `speak` whose numbers (from 0) are in `failures` raise EngineFailed."""

    def __init__(
        self,
        language: str = "es",
        *,
        rate: int = 16000,
        seconds_per_character: float = 0.06,
        clock: Clock | None = None,
        delay: float = 0.0,
        failures: Collection[int] = (),
    ) -> None:
        self.language = language
        self.rate = rate
        self._per_character = seconds_per_character
        self._clock = clock
        self._delay = delay
        self._failures = failures
        self.calls = 0
        self.closed = False

    def speak(self, translation: Translation) -> Iterable[Speech]:
        call, self.calls = self.calls, self.calls + 1
        if call in self._failures:
            raise EngineFailed("The fake voice failed as it was told to.")
        return pieces(translation, self._say, rate=self.rate, pause=0.2)

    def _say(self, sentence: str) -> Utterance:
        if self._clock is not None:
            self._clock.sleep(self._delay)
        gap = np.zeros(round(self._per_character * self.rate), np.float32)
        tones: list[Samples] = [gap]
        words: list[Word] = []
        start = self._per_character
        for text in sentence.split():
            tone = utter(_tone_word(text), rate=self.rate, word_s=self._per_character * len(text))
            tones.append(tone)
            words.append(Word(text, start, start + self._per_character * len(text)))
            start += len(tone) / self.rate
        phones = tuple(phone for word in words for phone in _letters(word))
        return Utterance(np.concatenate(tones), self.rate, phones, tuple(words))

    def close(self) -> None:
        self.closed = True


def _tone_word(text: str) -> str:
    word = "".join(filter(str.isalpha, text)).lower()
    return word if word in VOCABULARY else VOCABULARY[zlib.crc32(word.encode()) % len(VOCABULARY)]


def _letters(word: Word) -> Iterator[Phone]:
    """Every letter as the sound of that name in the phonetic alphabet."""
    length = (word.end - word.start) / len(word.text)
    for index, letter in enumerate(word.text.lower()):
        start = word.start + index * length
        yield Phone(letter, start, start + length)
