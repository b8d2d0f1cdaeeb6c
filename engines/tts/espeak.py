"""A voice by espeak-ng: some 100 languages, milliseconds a sentence, exact times of every sound."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from core.errors import EngineUnavailable
from core.mouth import Phone
from core.types import Speech, Translation, Word
from engines.tts.espeak_library import Spoken, library
from engines.tts.utterance import Utterance, pieces

_FAVOURITES = {"en": "en-us", "fr": "fr-fr", "no": "nb", "pt": "pt", "zh": "cmn"}
_CLOSURE = 0.045
"""espeak dates a stop from its burst; the lips have been closed for about so long by then."""

_STOPS = frozenset("pbɓ")
_PAUSE = 0.28 * 175


class EspeakVoice:
    """Speaks one language. `rate_wpm` is espeak's words a minute (80 to 450); `voice` one of
    espeak's own names ("es-419", "en-gb+f3") in place of the language's usual one, or how that is
    to sound ("+f3", "+m7")."""

    def __init__(self, language: str, *, rate_wpm: int = 175, voice: str = "") -> None:
        self._library = library()
        self.language = language
        self.rate = self._library.rate
        self._rate_wpm = rate_wpm
        if not voice or voice.startswith("+"):
            voice = _voice_of(language.lower(), self._library.languages) + voice
        self._voice = voice
        if not self._library.has_voice(self._voice):
            raise EngineUnavailable(f"espeak-ng has no voice named {self._voice!r}.")

    def speak(self, translation: Translation) -> Iterable[Speech]:
        return pieces(translation, self.say, rate=self.rate, pause=_PAUSE / max(self._rate_wpm, 1))

    def say(self, sentence: str) -> Utterance:
        """One sentence, with the silence espeak puts around it."""
        spoken = self._library.say(sentence, self._voice, self._rate_wpm)
        samples = spoken.samples
        phones = tuple(_phones(spoken, len(samples), self.rate))
        words = tuple(_words(spoken, sentence, phones, self.rate))
        return Utterance(samples, self.rate, phones, words)

    def close(self) -> None:
        """Nothing to let go of: the library stays for the other voices of this process."""


def _voice_of(language: str, languages: Mapping[str, str]) -> str:
    """espeak's voice for a language code, with or without a region."""
    full = language.replace("_", "-")
    for code in (full, full.split("-")[0]):
        tag = _FAVOURITES.get(code, code)
        if tag in languages:
            return languages[tag]
    known = ", ".join(sorted(tag for tag in languages if len(tag) <= 3))
    raise EngineUnavailable(f"espeak-ng does not speak {language!r}. It speaks: {known}.")


def _phones(spoken: Spoken, size: int, rate: int) -> Iterator[Phone]:
    """The sounds from beginning to end; a stop is moved to where the lips are closed."""
    starts = [sample / rate for sample, _ in spoken.phonemes]
    held: Phone | None = None
    for (_, name), start, end in zip(
        spoken.phonemes, starts, (*starts[1:], size / rate), strict=True
    ):
        phone = Phone(name, start, end)
        if held is None:
            held = phone
        elif _is_stop(name):
            closing = max(start - _CLOSURE, 0.6 * held.start + 0.4 * held.end)
            yield Phone(held.name, held.start, closing)
            yield Phone(name, closing, start)
            held = Phone("h", start, end)  # the burst: the lips go where the next sound wants them
        else:
            yield held
            held = phone
    if held is not None:
        yield held


def _is_stop(name: str) -> bool:
    return name.strip("ˈˌːʰʲʷ") in _STOPS


def _words(spoken: Spoken, text: str, phones: Sequence[Phone], rate: int) -> Iterator[Word]:
    """espeak tells about where words begin; each lasts from its first sound to its last. A word
    that it announces again inside one already told ("25": twenty, five) is part of that."""
    begun: list[tuple[float, str]] = []
    told = 0
    for sample, position, length in spoken.words:
        if position >= told and (word := text[position : position + length].strip()):
            begun.append((sample / rate, word))
            told = position + length
    for (start, word), (until, _) in zip(begun, (*begun[1:], (float("inf"), "")), strict=False):
        sounds = [p for p in phones if p.name and start <= (p.start + p.end) / 2 < until]
        if sounds:
            yield Word(word, sounds[0].start, sounds[-1].end)
