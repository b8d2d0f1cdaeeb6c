"""An English voice by Debian's program flite, with the times of its sounds."""

import re
import shutil
import subprocess
import tempfile
import wave
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np

from core.errors import EngineFailed, EngineUnavailable
from core.mouth import Phone
from core.types import Samples, Speech, Translation, Word
from core.visemes import ARPABET
from engines.tts.spelled import spelled
from engines.tts.utterance import Utterance, pieces

_NATURAL_WPM = 175
_PAUSE = 0.28
_TIMEOUT_S = 20.0
_CLOSED = {"p": (0.0, 0.8), "b": (0.3, 1.0)}
"""The part of a stop in which the lips are closed; the burst is the rest."""

_PHONE = re.compile(r"(\S+):(\d+\.\d+)")


class FliteVoice:
    """`voice` is one of `flite -lv` (slt, rms, awb, kal, kal16)."""

    rate = 16000

    def __init__(self, language: str = "en", *, rate_wpm: int = 175, voice: str = "slt") -> None:
        if language.lower().replace("_", "-").split("-")[0] != "en":
            raise EngineUnavailable(f"flite speaks English (en) only, not {language!r}.")
        program = shutil.which("flite")
        if program is None:
            raise EngineUnavailable("flite is not installed; do: sudo apt install flite")
        self.language = language
        self._command = (program, "-voice", voice or "slt")
        self._stretch = _NATURAL_WPM / max(rate_wpm, 1)
        # flite takes its default for a voice that it does not know.
        if self._command[2] not in _run((program, "-lv")).split():
            raise EngineUnavailable(f"flite has no voice named {voice!r}; see flite -lv.")

    def speak(self, translation: Translation) -> Iterable[Speech]:
        pause = _PAUSE * self._stretch
        return pieces(translation, self.say, rate=self.rate, pause=pause)

    def say(self, sentence: str) -> Utterance:
        """One sentence, with the silence flite puts around it."""
        stretch = ("--setf", f"duration_stretch={self._stretch:.3f}")
        words, spoken = sentence.split(), spelled(sentence)
        text = " ".join(filter(None, spoken))
        with tempfile.TemporaryDirectory(prefix="flite-") as folder:
            sound = Path(folder, "voice.wav")
            told = _run((*self._command, *stretch, "-psdur", "-t", text, "-o", sound))
            samples, rate = _read(sound)
            by_word = Path(folder, "words.txt")
            # A paragraph each; something silent stands for what is not said.
            by_word.write_text("".join(f"{word or '-'}\n\n" for word in spoken), "ascii")
            alone = _run((*self._command, "-ps", "-f", by_word, "none"))
        sounds = list(_sounds(told))
        phones = tuple(phone for sound in sounds for phone in _closed(sound))
        said = tuple(_words(words, alone.splitlines(), [s for s in sounds if s.name != "pau"]))
        if rate != self.rate:
            raise EngineFailed(f"flite spoke at {rate} samples a second, not {self.rate}.")
        return Utterance(samples, rate, phones, said)

    def close(self) -> None:
        """Nothing to let go of: the program runs for one sentence at a time."""


def _run(command: Sequence[str | Path]) -> str:
    try:
        result = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=_TIMEOUT_S,
        )
    except (OSError, subprocess.SubprocessError) as exc:
        raise EngineFailed(f"flite did not speak: {type(exc).__name__}.") from exc
    return result.stdout.decode("ascii", "replace")


def _read(path: Path) -> tuple[Samples, int]:
    try:
        with wave.open(str(path)) as sound:
            data = sound.readframes(sound.getnframes())
            rate = sound.getframerate()
    except (OSError, EOFError, wave.Error) as exc:
        raise EngineFailed(f"flite left no sound: {type(exc).__name__}.") from exc
    return np.frombuffer(data, np.int16).astype(np.float32) / np.float32(32768), rate


def _sounds(told: str) -> Iterator[Phone]:
    """flite's own names; each line is an utterance that counts from 0."""
    begin = end = 0.0
    for line in told.splitlines():
        begin = end
        start = begin
        for name, until in _PHONE.findall(line):
            end = begin + float(until)
            yield Phone(name, start, end)
            start = end


def _closed(sound: Phone) -> Iterator[Phone]:
    """The sound in IPA; of a stop first or last its burst."""
    name = ARPABET.get(sound.name, sound.name)
    first, last = _CLOSED.get(name, (0.0, 1.0))
    length = sound.end - sound.start
    parts = (("h", 0.0, first), (name, first, last), ("h", last, 1.0))
    for part, a, b in parts:
        if b > a:
            yield Phone(part, sound.start + a * length, sound.start + b * length)


def _words(texts: Sequence[str], alone: Sequence[str], sounds: Sequence[Phone]) -> Iterator[Word]:
    """flite tells the times of sounds, not of words: the sounds of each word spoken `alone` (a
    line each) are found again in those of the sentence."""
    spelled = [line.replace("pau", "").split() for line in alone]
    if len(spelled) != len(texts) or not sounds:
        return
    apart = [name for word in spelled for name in word]
    blocks = SequenceMatcher(None, apart, [s.name for s in sounds], False).get_matching_blocks()
    known = [(b.a + i, b.b + i) for b in blocks for i in range(b.size)] + [
        (len(apart), len(sounds))
    ]
    first = 0
    for text, names in zip(texts, spelled, strict=True):
        last = first + len(names)
        begin, end = (_moved(index, known) for index in (first, last))
        if begin < end:
            yield Word(text.strip(_MARKS), sounds[begin].start, sounds[end - 1].end)
        first = last


_MARKS = ".,;:!?\"'()[]«»“”…¿¡"


def _moved(index: int, known: Sequence[tuple[int, int]]) -> int:
    """The sound of the sentence that answers to a sound of the words alone."""
    return known[bisect_left(known, (index, -1))][1]
